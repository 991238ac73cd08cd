#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Words: the licence line in every source, no notes to ourselves, no paths of one machine, no
# source under somebody else's licence.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/lint/files.sh
bad=0

while read -r file; do
	if ! head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0'; then
		echo "$file: no SPDX line at the top"
		bad=1
	fi
done < <(our_files '*.c' '*.h' '*.awk' '*.js' '*.mjs' Makefile && our_scripts)

# found WHAT PATTERN FILE…
found()
{
	local what=$1 pattern=$2
	shift 2
	if LC_ALL=C grep -nIE -- "$pattern" "$@" /dev/null; then
		echo "↑ $what"
		bad=1
	fi
}

# The brackets keep these lines from finding themselves.
mapfile -t all < <(our_files '*' | grep -vE '^LICENSE$')
mapfile -t code < <(our_files '*.c' '*.h' '*.sh' '*.awk' '*.js' '*.mjs' '*/meson.build' \
	meson.build Makefile)
[[ ${#all[@]} -gt 0 ]] || exit 0
found 'a note to ourselves belongs into an issue' '\b(TO[D]O|FI[X]ME|XX[X]|HA[C]K)\b' "${all[@]}"
found 'a path of one machine' '(/wor[k]/|/hom[e]/[a-z]|/roo[t]/|/tm[p]/(build|bash))' "${all[@]}"
found 'a licence or a copyright that is not ours' \
	'(Copyrigh[t] |Permission is hereb[y]|Redistribution and us[e]|GNU .*General Publi[c])' \
	"${code[@]}"
found 'the licence is Apache-2.0' 'SPDX-License-Identifie[r]: *($|[^A ]|A[^p])' "${all[@]}"
found 'code that is commented out' '^\s*//.*[;{}]\s*$' "${code[@]}"
exit "$bad"
