# SPDX-License-Identifier: Apache-2.0
# layers.sh runs this over all sources, with modules="src/core/base src/core/hash …".
BEGIN {
	allowed["core"] = "core"
	allowed["protocol"] = "core protocol"
	allowed["platform"] = "core platform"
	allowed["services"] = "core protocol platform services"
	allowed["apps"] = "core protocol platform services apps"

	# Headers every freestanding compiler has, and the four memory functions.
	freestanding = "stdbool.h stddef.h stdint.h stdalign.h limits.h string.h immintrin.h cpuid.h"
	# core and protocol compute: what does input, output, time or threads is not theirs.
	pure = freestanding " inttypes.h stdlib.h stdarg.h"

	# Each library is spoken to from one folder.
	owner["jansson.h"] = "src/core/json"
	owner["sodium.h"] = "src/core/identity"
	owner["seccomp.h"] = "src/platform/host"
	owner["cairo.h"] = owner["cairo-pdf.h"] = "src/apps/report"
	owner["pango/pangocairo.h"] = "src/apps/report"

	split("argp.h assert.h ctype.h dirent.h errno.h fcntl.h float.h getopt.h inttypes.h " \
	      "locale.h math.h poll.h pthread.h sched.h signal.h spawn.h stdarg.h stdatomic.h " \
	      "stdio.h stdlib.h strings.h termios.h time.h unistd.h wchar.h", list, " ")
	for (i in list)
		system_header[list[i]] = 1
}

function wrong(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}

function has(words, word)
{
	return index(" " words " ", " " word " ") > 0
}

# The folder of src that a file belongs to or, in tests/unit, the one it mirrors.
function home_of(file,   part)
{
	sub(/^tests\/unit\//, "src/", file)
	split(file, part, "/")
	if (part[1] != "src")
		return ""
	layer = part[2]
	return "src/" part[2] "/" part[3]
}

FNR == 1 {
	if (!module_count) {
		module_count = split(modules, all, " ")
		for (i = 1; i <= module_count; i++) {
			name = all[i]
			sub(/.*\//, "", name)
			folder_of[name] = all[i]
		}
	}
	layer = ""
	home = home_of(FILENAME)
	is_test = FILENAME ~ /^tests\//
	is_free = home ~ /^src\/core\// && home !~ /^src\/core\/(json|identity)$/ ||
		home == "src/protocol/ballot"
}

/^[ \t]*#[ \t]*include/ {
	text = $0
	if (text ~ /"/) {
		sub(/^[^"]*"/, "", text)
		sub(/".*/, "", text)
		check_own(text)
	} else if (text ~ /</) {
		sub(/^[^<]*</, "", text)
		sub(/>.*/, "", text)
		check_system(text)
	}
}

function check_own(path,   part, target, target_part)
{
	if (path ~ /\.\.\//) {
		wrong("an include with ../")
		return
	}
	split(path, part, "/")
	if (is_test && part[1] == "support")
		return
	target = folder_of[part[1]]
	if (path !~ /\// || target == "") {
		if (FILENAME ~ /^src\//)
			wrong("\"" path "\" names no module; say \"module/file.h\"")
		return
	}
	split(target, target_part, "/")
	if (path ~ /_internal\.h$/ && home != target)
		wrong("\"" path "\" is internal to " target)
	if (home == "")
		return
	# Tests take their folders and workers from platform, whatever they test.
	if (!has(allowed[layer], target_part[2]) && !(is_test && target_part[2] == "platform"))
		wrong(layer " may not include " target_part[2] ": \"" path "\"")
	if (layer == "services" && target_part[2] == "services" && home != target)
		wrong("services do not include each other: \"" path "\"")
}

function check_system(name)
{
	if (name in owner) {
		if (home != owner[name] && !is_test)
			wrong("<" name "> belongs to " owner[name])
		return
	}
	if (is_test || home == "")
		return
	if (is_free) {
		if (!has(freestanding, name))
			wrong("freestanding code may not include <" name ">")
	} else if (layer == "core" || layer == "protocol") {
		if (!has(pure, name))
			wrong(layer " does no input, output, time or threads: <" name ">")
	} else if (!has(pure, name) && !(name in system_header) &&
	           name !~ /^(sys|linux|netinet|arpa|net)\//) {
		wrong("<" name "> has no owner; say in tools/lint/layers.awk who speaks to it")
	}
}

END { exit bad }
