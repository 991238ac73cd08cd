#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# demo.sh: builds urna and holds the bundled example election with it: three authorities, any two
# of whom can open the urn. What it leaves for a look is in build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/configure.sh release
log=build/demo.compile.log
echo 'Building urna (the log is in build/demo.compile.log) …'
urna=src/apps/cli/urna
if ! ninja -C build/release "$urna" >"$log" 2>&1; then
	tail -n 40 "$log" >&2
	echo "demo: urna does not compile; the whole text is in $log" >&2
	exit 1
fi
out=build/demo
rm -rf "$out"
"build/release/$urna" run examples/allotment-board.blt --authorities 3 --threshold 2 \
	--rule scotland --out "$out"
