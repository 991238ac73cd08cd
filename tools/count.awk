# SPDX-License-Identifier: Apache-2.0
# Counts single tests in meson's testlog.txt: cmocka's own where a program uses it, else the
# program as one. Prints "passed failed skipped". A program that died counts as one failed test
# beside those it had finished.
function close_program()
{
	if (!open)
		return
	if (result ~ /exit status 77/)
		skipped_here = skipped_here ? skipped_here : 1
	else if (result !~ /exit status 0/)
		failed_here = failed_here ? failed_here : 1
	else if (!passed_here && !skipped_here)
		passed_here = 1
	passed += passed_here
	failed += failed_here
	skipped += skipped_here
	open = 0
}
/^=+ [0-9]+\/[0-9]+ =+$/ {
	close_program()
	open = 1
	result = ""
	passed_here = failed_here = skipped_here = 0
}
/^result: / && result == "" { result = $0 }
/^\[       OK \] / { passed_here++ }
/^\[  FAILED  \] [0-9]+ test\(s\)/ { failed_here += $4 }
/^\[  SKIPPED \] [0-9]+ test\(s\)/ { skipped_here += $4 }
END {
	close_program()
	print passed + 0, failed + 0, skipped + 0
}
