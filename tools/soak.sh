#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# soak.sh SUITE [SEED]: the same tests at length (URNA_SOAK=1), in the background.
#
# The seed is printed and kept in build/soak/SUITE.seed; a program that has passed is written to
# SUITE.done. Started again without a seed, a soak that was interrupted goes on with the same seed
# at the first program not done; one that had ended, or a new SEED, starts from the beginning.
# A failing test is repeated by hand with: URNA_SOAK=1 URNA_SEED=… build/release/tests/…/program
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${1:-}
if [[ -z $suite ]]; then
	echo "soak: say which suite: make soak SUITE=property [SEED=…]" >&2
	exit 2
fi
here=build/soak/$suite
mkdir -p build/soak

# Runs in the background: `soak.sh SUITE --loop`.
soak_loop()
{
	local name bad=0
	trap 'echo "soak: interrupted; start it again to go on"; exit 130' INT TERM
	while read -r name; do
		grep -qxF -- "$name" "$here.done" && continue
		echo "== $name"
		if meson test -C build/release --no-rebuild --timeout-multiplier 0 \
			--logbase "soak-$suite" --print-errorlogs "$name"; then
			echo "$name" >>"$here.done"
		else
			bad=1
		fi
	done <"$here.names"
	if [[ $bad == 0 ]]; then
		touch "$here.ended"
		echo "soak: $suite passed with seed $URNA_SEED"
	else
		echo "soak: $suite FAILED with seed $URNA_SEED"
	fi
	return "$bad"
}

if [[ ${2:-} == --loop ]]; then
	soak_loop
	exit
fi

if [[ -f $here.pid ]] && kill -0 "$(<"$here.pid")" 2>/dev/null; then
	echo "soak: $suite is running since $(date -r "$here.pid" +%H:%M)"
	echo "soak: follow it with: tail -f $here.log"
	exit 0
fi
tools/configure.sh release -Dtests=enabled
ninja -C build/release >"$here.compile.log" || {
	tail -n 40 "$here.compile.log"
	exit 1
}
{ meson test -C build/release --no-rebuild --list --suite "$suite" 2>/dev/null || true; } |
	sed -n 's/^.* \/ //p; t; /^[^ ]*$/p' | sort -u >"$here.names"
if [[ ! -s $here.names ]]; then
	echo "soak: no test is in a suite called '$suite'" >&2
	exit 2
fi
if [[ -n ${2:-} || ! -f $here.seed || -f $here.ended ]]; then
	rm -f "$here.ended"
	: >"$here.done"
	: >"$here.log"
	echo "${2:-$(od -An -N7 -tu8 /dev/urandom | tr -d ' ')}" >"$here.seed"
fi
export URNA_SOAK=1 URNA_SEED
URNA_SEED=$(<"$here.seed")
setsid nohup "$0" "$suite" --loop >>"$here.log" 2>&1 </dev/null &
echo $! >"$here.pid"
echo "soak: $suite runs in the background with seed $URNA_SEED"
echo "soak: $(wc -l <"$here.done") of $(wc -l <"$here.names") programs are done"
echo "soak: follow it with: tail -f $here.log"
echo "soak: stop it with: kill -- -$(<"$here.pid")"
