# SPDX-License-Identifier: Apache-2.0
# size.sh runs this over the exceptions and then all sources. Functions are seen by clang-format's
# layout: a body is what stands between a "{" and a "}" in the first column, both counted.
function wrong(where, text)
{
	printf "%s: %s\n", where, text
	bad = 1
}

function judge(what, size, limit)
{
	if (what in exception) {
		used[what] = 1
		if (size != exception[what])
			wrong(what, "has " size " lines, its exception says " exception[what])
		else if (size <= limit)
			wrong(what, "needs no exception any more")
	} else if (size > limit) {
		wrong(what, "has " size " lines, more than " limit)
	}
}

function end_file()
{
	if (file != "" && file !~ /exceptions/)
		judge(file, lines, 500)
}

FNR == 1 {
	end_file()
	file = FILENAME
	body = 0
	name = ""
}

{ lines = FNR }

file ~ /exceptions/ {
	if ($0 !~ /^(#|$)/)
		exception[$1] = $3
	next
}

{
	width = $0
	tabs = gsub(/\t/, "", width)
	gsub(/[\200-\277]/, "", width) # the further bytes of a character in UTF-8
	if (length(width) + 4 * tabs > 100)
		wrong(file ":" FNR, "a line of " length(width) + 4 * tabs " columns")
}

file !~ /\.[ch]$/ { next }

/^[A-Za-z_].*\(/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}
/^\{/ { body = FNR }
/^\}/ && body {
	judge(file ":" name, FNR - body + 1, 70)
	body = 0
}

END {
	end_file()
	for (what in exception)
		if (!(what in used))
			wrong(what, "needs no exception any more")
	exit bad
}
