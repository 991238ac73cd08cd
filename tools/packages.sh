#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# packages.sh NAME…: installs what packages/NAME.txt list, as root or with sudo. Does nothing,
# quickly and without root, when everything is there. A line is a package, and possibly a command:
# where that exists the package is not wanted. Daemons are installed without being started.
set -euo pipefail
cd "$(dirname "$0")/.."

lists=("$@")
wanted=()
for name in "${lists[@]}"; do
	while read -r package command _; do
		[[ -n $package && $package != \#* ]] || continue
		# Another distribution's package may bring the command, and exclude Debian's.
		[[ -n $command ]] && command -v "$command" >/dev/null || wanted+=("$package")
	done <"packages/$name.txt"
done
[[ ${#wanted[@]} -gt 0 ]] || exit 0

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	echo "packages: not a Debian system; going on with what is installed of: ${wanted[*]}" >&2
	exit 0
fi

missing=()
for package in "${wanted[@]}"; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[[ $status == *' ok installed' ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

# Made before sudo, so that they are not root's.
log=build/packages.log
mkdir -p build
touch "$log"

if [[ $(id -u) != 0 ]]; then
	if ! command -v sudo >/dev/null; then
		echo "packages: please install as root: apt-get install ${missing[*]}" >&2
		exit 1
	fi
	echo "packages: installing with sudo: ${missing[*]}"
	exec sudo -- "$PWD/tools/packages.sh" "${lists[@]}"
fi
echo "packages: installing ${missing[*]}"

# Debian asks policy-rc.d before it starts a service: 101 means no. Whatever was there comes back.
policy=/usr/sbin/policy-rc.d
saved=$policy.before-urna
restore()
{
	rm -f "$policy"
	[[ ! -e $saved ]] || mv "$saved" "$policy"
}
[[ -e $saved || ! -e $policy ]] || mv "$policy" "$saved"
trap restore EXIT
trap 'exit 130' INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

install()
{
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null
}

if ! install >"$log" 2>&1; then
	echo "packages: a second try with fresh package lists"
	if ! { apt-get update && install; } >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		echo "packages: apt-get install failed; see $log" >&2
		exit 1
	fi
fi
