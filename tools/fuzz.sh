#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh SECONDS [TARGET]: libFuzzer on tests/fuzz/TARGET.c, or on all of them in turn.
#
# The corpus grows in build/fuzz/corpus/TARGET, starting from tests/fuzz/corpus/TARGET. An input
# that fails stays in build/fuzz/found; once repaired it belongs into tests/fuzz/corpus/TARGET,
# where `make test` replays it.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$1
shift
tools/configure.sh fuzz
log=build/fuzz.compile.log
ninja -C build/fuzz fuzz >"$log" 2>&1 || {
	tail -n 40 "$log"
	exit 1
}
targets=("$@")
if [[ ${#targets[@]} == 0 ]]; then
	for file in build/fuzz/tests/fuzz/fuzz_*; do
		[[ ! -f $file || ! -x $file ]] || targets+=("$(basename "$file" | sed 's/^fuzz_//')")
	done
fi
mkdir -p build/fuzz/found
bad=0
for target in "${targets[@]}"; do
	corpus=build/fuzz/corpus/$target
	mkdir -p "$corpus"
	known=()
	[[ ! -d tests/fuzz/corpus/$target ]] || known=("tests/fuzz/corpus/$target")
	echo "== $target, $seconds s"
	if ! "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -print_final_stats=1 \
		-timeout=20 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/found/$target-" \
		"$corpus" "${known[@]}" >"build/fuzz/$target.log" 2>&1; then
		bad=1
		tail -n 40 "build/fuzz/$target.log"
		echo "fuzz: $target FAILED; the input is in build/fuzz/found"
	else
		sed -n 's/^stat::number_of_executed_units: */   inputs: /p' "build/fuzz/$target.log"
	fi
done
exit "$bad"
