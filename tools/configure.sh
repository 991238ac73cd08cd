#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# configure.sh NAME [OPTION…]: makes build/NAME ready for ninja, once per set of options.
#
#   release              gcc, what is installed
#   clang                the same with clang
#   asan, tsan           clang with AddressSanitizer and UBSan, with ThreadSanitizer
#   fuzz                 clang with libFuzzer, AddressSanitizer and UBSan
#   ct-CC-OPT            the constant-time tests' compilers: ct-gcc-O2, ct-clang-O3, …
#   lint-gcc, lint-clang warnings are errors
set -euo pipefail
cd "$(dirname "$0")/.."

name=$1
shift
# A sanitizer's finding must end the program, not only print. The names by which gcc tells sources
# that a sanitizer is at work are given to clang as well.
strict=('-Db_sanitize=address,undefined'
	'-Dc_args=-D__SANITIZE_ADDRESS__=1 -fno-sanitize-recover=all')
debug=(-Ddebug=true -Doptimization=1)
case $name in
release) cc=gcc options=() ;;
clang) cc=clang options=() ;;
asan) cc=clang options=("${debug[@]}" "${strict[@]}") ;;
tsan) cc=clang options=("${debug[@]}" -Db_sanitize=thread -Dc_args=-D__SANITIZE_THREAD__=1) ;;
fuzz)
	strict[1]+=' -fsanitize=fuzzer-no-link'
	cc=clang options=("${debug[@]}" "${strict[@]}" -Dfuzzer=true)
	;;
ct-gcc-O[23] | ct-clang-O[23])
	cc=${name#ct-} cc=${cc%-O*}
	# The reader of debug information in valgrind 3.19 ends at clang's DWARF 5.
	options=(-Ddebug=true "-Doptimization=${name##*-O}" -Dc_args=-gdwarf-4)
	;;
lint-gcc | lint-clang) cc=${name#lint-} options=(-Dwerror=true) ;;
*)
	echo "configure: no build is called '$name'; see tools/configure.sh" >&2
	exit 2
	;;
esac
[[ $name == release || $name == clang ]] || options+=(-Dtests=enabled)
[[ $cc == gcc ]] || options+=(-Db_lundef=false)
options+=("$@")

folder=build/$name
stamp=$folder/options.txt
now="$cc ${options[*]}"
# What was configured with the tests serves whoever does not ask for them, too.
if [[ -f $folder/build.ninja && -f $stamp ]]; then
	then=$(<"$stamp")
	[[ $then != "$now" && $then != "$now -Dtests=enabled" ]] || exit 0
fi
mkdir -p build
log=build/$name.configure.log
if [[ -f $folder/build.ninja ]]; then
	again=(--wipe)
else
	again=()
fi
if ! CC=$cc meson setup "${again[@]}" "${options[@]}" "$folder" >"$log" 2>&1; then
	grep ERROR "$log" >&2 || tail -n 20 "$log" >&2
	echo "configure: meson refused; the whole text is in $log" >&2
	exit 1
fi
echo "$now" >"$stamp"
