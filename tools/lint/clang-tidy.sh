#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy 14 with the checks of .clang-tidy on everything in src, headers included.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
tool=$(command -v clang-tidy-14 || command -v clang-tidy)
tools/configure.sh lint-clang || exit
# Generated tables must be there before anything that includes them is read. Whether all compiles
# is another check's question.
ninja -k 0 -C build/lint-clang >/dev/null 2>&1
log=build/clang-tidy.log
bad=0
# The compile database, not the folder: it knows which file is compiled once per back end.
sed -n 's/^ *"file": "\.\.\/\.\.\/\(src\/.*\.c\)".*/\1/p' build/lint-clang/compile_commands.json |
	sort -u | grep -v '^src/core/base/error\.c$' |
	xargs -r -P 2 -n 1 "$tool" -p build/lint-clang --quiet \
		--extra-arg=-include --extra-arg="$PWD/tools/lint/analyzer_model.h" >"$log" 2>&1 || bad=1
"$tool" -p build/lint-clang --quiet src/core/base/error.c >>"$log" 2>&1 || bad=1
grep -vE '^([0-9]+ warnings? generated\.|Suppressed [0-9]+ warnings|Use -header-filter)' "$log"
exit "$bad"
