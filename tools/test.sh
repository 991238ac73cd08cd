#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test.sh [PART…]: builds and runs the tests; without a PART, all of them.
#
#   web      the second verifier in node and Chromium; npm ci fetches what it needs
#   release  gcc, release flags: every suite; urna-verify built twice is the same
#   asan     clang, AddressSanitizer and UBSan: every suite but what is long, fuzz replays too
#   clang    clang, release flags: what does not need a second whole run
#   tsan     clang, ThreadSanitizer: the threads, and what runs on several of them
#   ct       constant time under memcheck: gcc and clang, -O2 and -O3
#
# A part leaves "passed failed skipped seconds" in build/results/PART. Ends with status 1 when
# something failed, and after every part has had its turn.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

parts=("$@")
[[ ${#parts[@]} -gt 0 ]] || parts=(web release asan clang tsan ct)
export ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1
results=build/results
mkdir -p "$results"

# compile NAME [TARGET…]: quiet when it works.
compile()
{
	local name=$1 log=build/$1.compile.log
	shift
	if ! ninja -C "build/$name" "$@" >"$log" 2>&1; then
		sed -n '/FAILED:\|ERROR\|error:/,$p' "$log" |
			grep -vE '^\[[0-9]+/[0-9]+\] (Compiling|Linking|Generating)' | head -n 60
		echo "test: build/$name does not compile; the whole text is in $log"
		return 1
	fi
}

# run_suites NAME ARGUMENT…: adds to passed, failed, skipped.
run_suites()
{
	local name=$1 status=0 counts
	shift
	local log=build/$name/meson-logs/testlog.txt
	rm -f "$log"
	meson test -C "build/$name" --no-rebuild --quiet --print-errorlogs "$@" 2>&1 |
		grep -vE '^(Ok|Expected Fail|Fail|Unexpected Pass|Skipped|Timeout): |^Full log|^$'
	status=${PIPESTATUS[0]}
	if [[ ! -f $log ]]; then # meson has none when no test is selected
		[[ $status == 0 ]] || echo "test: nothing to run in build/$name with: $*"
		return 0
	fi
	read -r -a counts < <(awk -f tools/count.awk "$log")
	passed=$((passed + counts[0]))
	failed=$((failed + counts[1]))
	skipped=$((skipped + counts[2]))
	if [[ $status != 0 && ${counts[1]} == 0 ]]; then # never lose a failure to the counting
		failed=$((failed + 1))
	fi
}

# build_and_run NAME TARGET ARGUMENT…
build_and_run()
{
	local name=$1 target=$2 options=()
	shift 2
	[[ $name != release && $name != clang ]] || options=(-Dtests=enabled)
	if tools/configure.sh "$name" "${options[@]}" && compile "$name" "$target"; then
		run_suites "$name" "$@"
	else
		failed=$((failed + 1))
	fi
}

# The second verifier's own tests. Without node or a registry they are skipped, as one.
run_web()
{
	local log=$PWD/build/web.log counts status
	if [[ ! -d web/verifier/noble/curves ]] && ! (cd web/verifier && npm ci) >"$log" 2>&1; then
		echo "test: npm ci in web/verifier did not work; see $log"
		skipped=$((skipped + 1))
		return
	fi
	(cd web/verifier &&
		node --test --test-concurrency=2 --test-reporter=tap \
			../../tests/unit/web/verifier/*.test.mjs ../../tests/browser/*.test.mjs) >"$log" 2>&1
	status=$?
	read -r -a counts < <(awk '/^# pass /{p=$3} /^# fail /{f=$3} /^# skipped /{s=$3}
		END {print p + 0, f + 0, s + 0}' "$log")
	passed=$((passed + counts[0]))
	failed=$((failed + counts[1]))
	skipped=$((skipped + counts[2]))
	if [[ $status != 0 ]]; then
		grep -A 25 '^not ok' "$log" || tail -n 25 "$log"
		[[ ${counts[1]} != 0 ]] || failed=$((failed + 1))
	fi
}

# Two builds of urna-verify, elsewhere and otherwise, are the same bytes.
run_reproducible()
{
	if tests/reproducible.sh; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

run_part()
{
	case $1 in
	web) run_web ;;
	release)
		build_and_run release all --no-suite ct
		run_reproducible
		;;
	asan) build_and_run asan all --no-suite ct --no-suite long --timeout-multiplier 4 ;;
	clang) build_and_run clang all --suite unit --suite vectors ;;
	tsan) build_and_run tsan threads --suite threads --timeout-multiplier 10 ;;
	ct)
		local build
		for build in gcc-O2 gcc-O3 clang-O2 clang-O3; do
			build_and_run "ct-$build" ct --suite ct --timeout-multiplier 2
		done
		;;
	*)
		echo "test: no part is called '$1'; there are web, release, asan, clang, tsan and ct" >&2
		exit 2
		;;
	esac
}

bad=0
all=(0 0 0)
table=$(printf '%-10s %8s %8s %8s %8s' part passed failed skipped seconds)
for part in "${parts[@]}"; do
	echo "== $part"
	passed=0 failed=0 skipped=0
	start=$SECONDS
	rm -f "$results/$part"
	run_part "$part"
	took=$((SECONDS - start))
	echo "$passed $failed $skipped $took" >"$results/$part"
	table+=$(printf '\n%-10s %8d %8d %8d %8d' "$part" "$passed" "$failed" "$skipped" "$took")
	all=($((all[0] + passed)) $((all[1] + failed)) $((all[2] + skipped)))
	[[ $failed == 0 ]] || bad=1
done
echo
echo "$table"
printf '%-10s %8d %8d %8d %8d\n' all "${all[@]}" "$SECONDS"
if [[ ${all[0]} == 0 ]]; then
	echo "test: no test ran, which is no success"
	bad=1
fi
exit "$bad"
