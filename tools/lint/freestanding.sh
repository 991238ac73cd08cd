#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The freestanding libraries of the release build ask for four memory functions and each other.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/lint-gcc
tools/configure.sh lint-gcc

names=(core_base core_hash core_group core_elgamal core_proof protocol_ballot)
libraries=()
for name in "${names[@]}"; do
	library=$build/src/${name/_//}/lib$name.a
	if [[ -f src/${name/_//}/meson.build ]]; then
		ninja -C "$build" "src/${name/_//}/lib$name.a" >/dev/null
		libraries+=("$library")
	fi
done
[[ ${#libraries[@]} -gt 0 ]] || exit 0

# _GLOBAL_OFFSET_TABLE_ is the linker's, for position-independent code.
strange=$({
	printf '%s\n' memcpy memmove memset memcmp _GLOBAL_OFFSET_TABLE_
	nm --defined-only -g "${libraries[@]}" 2>/dev/null | awk 'NF == 3 { print $3 }'
} | sort -u | comm -13 - <(nm -u "${libraries[@]}" 2>/dev/null |
	awk '$1 == "U" { print $2 }' | sort -u))
if [[ -n $strange ]]; then
	echo "freestanding code asks for:"
	while read -r symbol; do
		nm -uA "${libraries[@]}" 2>/dev/null | grep -E " U $symbol\$"
	done <<<"$strange"
	exit 1
fi
