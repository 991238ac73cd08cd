#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Who may include what: the five layers, *_internal.h, and which folder speaks to which library.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/lint/files.sh

# One name of a module stands for one folder, whatever the layer: includes do not say the layer.
twice=$(find src -mindepth 2 -maxdepth 2 -type d -printf '%f\n' | sort | uniq -d)
if [[ -n $twice ]]; then
	echo "src: a module's name is used in two layers: $twice"
	exit 1
fi

modules=$(find src -mindepth 2 -maxdepth 2 -type d | tr '\n' ' ')
our_files 'src/*.c' 'src/*.h' 'tests/unit/*.c' 'tests/unit/*.h' 'bench/*.c' 'bench/*.h' |
	xargs -r awk -f tools/lint/layers.awk modules="$modules"
