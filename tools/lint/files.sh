# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Read by the other checks: which files are ours. Git is asked where there is a repository, so that
# what it ignores is not looked at; an unpacked archive is taken as it is.

# our_files PATTERN…: names relative to the root, those that exist, in order.
our_files()
{
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		local pattern
		for pattern in "$@"; do
			find . -path ./build -prune -o -type f -path "./$pattern" -print
		done | sed 's/^\.\///'
	fi | sort -u | while read -r name; do
		[[ ! -f $name ]] || echo "$name"
	done
}

our_scripts()
{
	our_files '*' | while read -r name; do
		if [[ $name == *.sh ]] || head -n 1 "$name" | LC_ALL=C grep -qaE '^#!.*/(ba)?sh'; then
			echo "$name"
		fi
	done
}
