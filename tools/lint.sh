#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh [CHECK…]: everything that is checked without running; without a CHECK, all of them.
# A check is a script in tools/lint/: it prints what is wrong and ends with status 1, or says
# nothing. Leaves "passed failed skipped seconds" in build/results/lint.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

checks=("$@")
if [[ ${#checks[@]} == 0 ]]; then
	# The compilers go first: what does not compile is not worth a closer look.
	checks=(gcc clang layers freestanding division text size format javascript
		shell)
	checks+=(clang-tidy cppcheck analyzer)
fi
mkdir -p build/results
passed=0 failed=0
for check in "${checks[@]}"; do
	if [[ ! -x tools/lint/$check.sh ]]; then
		echo "lint: no check is called '$check'; see tools/lint" >&2
		exit 2
	fi
	start=$SECONDS
	log=build/results/lint-$check.log
	if "tools/lint/$check.sh" >"$log" 2>&1; then
		verdict=ok passed=$((passed + 1))
		rm -f "$log"
	else
		verdict=FAILED failed=$((failed + 1))
	fi
	printf '%-14s %-6s %4d s\n' "$check" "$verdict" $((SECONDS - start))
	[[ ! -s $log ]] || head -n 100 "$log"
done
rm -f build/results/lint-*.log
echo "$passed $failed 0 $SECONDS" >build/results/lint
echo "lint: $passed checks passed, $failed failed, in $SECONDS s"
[[ $failed == 0 ]]
