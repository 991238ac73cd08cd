#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# reproducible.sh: builds urna-verify twice from this tree, in folders of different names, with
# another time zone, locale, home, user name and umask and without any cache, and compares the two
# programs byte for byte. Prints the SHA-256 and what it depends on; ends with status 1 when they
# differ. Whoever builds the same commit with the same compiler and libraries gets the same digest.
set -euo pipefail
cd "$(dirname "$0")/.."

program=build/release/src/apps/verify/urna-verify
room=$(mktemp -d --tmpdir urna-reproducible.XXXXXX)
trap 'rm -rf "$room"' EXIT

# build FOLDER [NAME=VALUE…]: git's ignored files aside, as in a fresh clone.
build()
{
	local folder=$room/$1 log=$room/log
	shift
	mkdir -p "$folder"
	git ls-files -z --cached --others --exclude-standard |
		tar --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -xf - -C "$folder"
	if ! (cd "$folder" && env CCACHE_DISABLE=1 "$@" sh -c "
			tools/configure.sh release -Dtests=disabled && nice ninja -j ${JOBS:-$(nproc)} \
				-C build/release src/apps/verify/urna-verify") >"$log" 2>&1; then
		tail -n 30 "$log"
		echo 'reproducible: it does not compile' >&2
		exit 1
	fi
}

build a TZ=UTC LC_ALL=C
(
	umask 077
	build 'another/folder of a longer name' TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 \
		USER=auditor LOGNAME=auditor HOME="$room"
)
if ! cmp "$room/a/$program" "$room/another/folder of a longer name/$program"; then
	echo 'reproducible: two builds of urna-verify differ' >&2
	exit 1
fi
sha256sum "$room/a/$program" | sed "s| .*|  urna-verify|"
echo "$(gcc --version | head -n 1), $(ld --version | head -n 1), $(uname -m)"
dpkg-query -W -f '${Package} ${Version}\n' libc6-dev libsodium-dev libjansson-dev \
	2>/dev/null || true
