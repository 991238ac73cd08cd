#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every module of JavaScript can be read by node; its lines and words are size.sh's and text.sh's.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/lint/files.sh
bad=0
while read -r file; do
	node --check "$file" || bad=1
done < <(our_files '*.js' '*.mjs')
exit "$bad"
