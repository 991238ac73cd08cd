#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh [BUILD]: builds with release flags and runs every benchmark of bench/, one at a time.
set -euo pipefail
cd "$(dirname "$0")/.."

build=${1:-release}
# With the tests, whose libraries are what we are compared with.
tools/configure.sh "$build" -Dtests=enabled
log=build/$build.compile.log
ninja -C "build/$build" >"$log" || {
	tail -n 40 "$log"
	exit 1
}
echo "commit    $(git describe --always --dirty 2>/dev/null || echo unknown)"
echo "processor $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
echo "build     $build: $(<"build/$build/options.txt")"
for program in "build/$build"/bench/bench_*; do
	if [[ -f $program && -x $program ]]; then
		echo "== $(basename "$program")"
		"$program"
	fi
done
