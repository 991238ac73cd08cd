#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No secret is divided: the time of a division depends on its operands, and memcheck does not see
# it. In the freestanding libraries, as both compilers made them, only functions that divide public
# lengths do so; divisions.txt lists them, each with what it divides.
set -euo pipefail
cd "$(dirname "$0")/../.."

names=(core_base core_hash core_group core_group_64 core_group_29 core_elgamal core_proof
	protocol_ballot)
bad=0
for build in lint-gcc lint-clang; do
	tools/configure.sh "$build"
	for name in "${names[@]}"; do
		library=$(find "build/$build/src" -name "lib$name.a" | head -n 1)
		[[ -n $library ]] || continue
		while read -r function; do
			if ! grep -q "^$function " tools/lint/divisions.txt; then
				echo "$build: $name: $function divides; of what is public: tools/lint/divisions.txt"
				bad=1
			fi
		done < <(objdump -d "$library" | awk '
			/^[0-9a-f]+ <.*>:$/ { name = substr($2, 2, length($2) - 3) }
			/\t(v?div[sp][sd]|i?div[bwlq]?) / { sub(/\..*/, "", name); print name }' | sort -u)
	done
done
exit "$bad"
