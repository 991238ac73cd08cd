#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fresh.sh [--keep] [--worktree] [--only demo|test]: proves on a fresh Debian 12 that `make demo`
# and `make test` need nothing before them but one line:
#     apt-get update && apt-get install -y git make
#
# Debian is debootstrapped into a temporary folder, once; each command has its own copy, so that
# neither lives on what the other installed. Where packages come from, with which keys and through
# which proxy, is taken from this machine's apt at run time and only written into that folder.
# The tree is a clone of HEAD, or with --worktree what lies here, git's ignored files aside.
# Needs root, debootstrap and git. --keep leaves the folders for a look inside (chroot FOLDER).
set -euo pipefail
cd "$(dirname "$0")/.."

keep=no worktree=no wanted=(demo test)
while [[ $# -gt 0 ]]; do
	case $1 in
	--keep) keep=yes ;;
	--worktree) worktree=yes ;;
	--only)
		wanted=("${2:?--only demo or --only test}")
		shift
		;;
	*)
		sed -n '3,12s/^# \?//p' "$0"
		exit 2
		;;
	esac
	shift
done
if [[ $(id -u) != 0 ]] || ! command -v debootstrap >/dev/null; then
	echo 'fresh: needs root and debootstrap' >&2
	exit 2
fi
# In a namespace of our own no mount outlives us, whatever happens.
if [[ ${FRESH_NAMESPACE:-} != yes ]]; then
	args=()
	[[ $keep == no ]] || args+=(--keep)
	[[ $worktree == no ]] || args+=(--worktree)
	[[ ${#wanted[@]} == 2 ]] || args+=(--only "${wanted[0]}")
	FRESH_NAMESPACE=yes exec unshare --mount --propagation private -- "$0" "${args[@]}"
fi

room=$(mktemp -d --tmpdir urna-fresh.XXXXXX)
mounted=()
clean_up()
{
	local i
	for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do
		umount "${mounted[i]}" || umount --lazy "${mounted[i]}" || true
	done
	mounted=()
	if [[ $keep == yes ]]; then
		echo "fresh: kept in $room"
	elif ! grep -qF " $room/" /proc/self/mounts; then
		rm -rf --one-file-system "$room"
	fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mount_in() # TYPE FOLDER [OPTIONS]
{
	mount -t "$1" -o "${3:-defaults}" "$1" "$2"
	mounted+=("$2")
}

# Debian's own archives as apt here knows them: "URI RELEASE COMPONENT KEYRING" in $room/archives,
# with "-" for apt's default keys. Other people's archives are no part of a fresh Debian.
read_apt()
{
	# shellcheck disable=SC2016 # these are apt's variables
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(SOURCESENTRY)' \
		'Created-By: Packages' 'Origin: Debian' |
		while read -r uri release component entry; do
			[[ $release == bookworm* && $component == main ]] || continue
			key=$(sed -nE 's/^Signed-By: *(\/[^ ]+).*/\1/p; s/.*\[.*signed-by=(\/[^] ]+).*/\1/p' \
				"${entry%:*}" | head -n 1)
			echo "$uri $release $component ${key:--}"
		done >"$room/archives"
	if ! read -r mirror _ _ keyring < <(grep ' bookworm main ' "$room/archives"); then
		echo 'fresh: apt on this machine knows no bookworm main; is apt-get update done?' >&2
		exit 3
	fi
}

# The same archives, keys, proxy and credentials, so that apt inside works as apt does here.
write_apt()
{
	local root=$1 uri release component key
	while read -r uri release component key; do
		if [[ -f $key ]]; then
			mkdir -p "$root$(dirname "$key")"
			cp "$key" "$root$key"
			echo "deb [signed-by=$key] $uri $release $component"
		else
			echo "deb $uri $release $component"
		fi
	done <"$room/archives" >"$root/etc/apt/sources.list"
	[[ ! -f /etc/apt/auth.conf ]] || cp -a /etc/apt/auth.conf "$root/etc/apt/"
	[[ ! -d /etc/apt/auth.conf.d ]] || cp -a /etc/apt/auth.conf.d "$root/etc/apt/"
	apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries|ForceIPv4)' \
		>"$root/etc/apt/apt.conf.d/90fresh" || true
}

make_base()
{
	local options=(--variant=minbase) proxy
	[[ ! -f ${keyring:-} ]] || options+=("--keyring=$keyring")
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[[ -z ${proxy:-} ]] || export http_proxy=$proxy
	local log=$room/debootstrap.log
	if ! debootstrap "${options[@]}" bookworm "$room/base" "$mirror" >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		echo 'fresh: debootstrap failed' >&2
		exit 3
	fi
	write_apt "$room/base"
}

inside() # ROOT COMMAND
{
	local name environment=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8)
	[[ ! -f $1/run/certificates.pem ]] || environment+=(NODE_EXTRA_CA_CERTS=/run/certificates.pem)
	for name in http_proxy https_proxy no_proxy; do
		[[ -z ${!name:-} ]] || environment+=("$name=${!name}")
	done
	env -i "${environment[@]}" chroot "$1" /bin/bash -c "$2" </dev/null
}

bring_tree()
{
	local to=$1
	if [[ $worktree == yes ]]; then
		mkdir -p "$to"
		git ls-files -z --cached --others --exclude-standard |
			while IFS= read -r -d '' name; do
				[[ ! -e $name ]] || printf '%s\0' "$name"
			done | tar --null --files-from=- -c | tar -x -C "$to"
	else
		git clone -q --no-hardlinks . "$to"
	fi
}

prove() # demo | test
{
	local root=$room/$1 start log=$room/$1.log
	cp -a "$room/base" "$root"
	mount_in proc "$root/proc"
	mkdir -p "$root/dev/shm"
	mount_in tmpfs "$root/dev/shm"
	mkdir -p "$root/dev/pts"
	mount_in devpts "$root/dev/pts" newinstance,ptmxmode=0666
	ln -sf pts/ptmx "$root/dev/ptmx"
	bring_tree "$root/srv/urna"
	# Whom npm here trusts beside the well-known ones: a proxy's certificate, mostly.
	[[ ! -f ${NODE_EXTRA_CA_CERTS:-} ]] || cp "$NODE_EXTRA_CA_CERTS" "$root/run/certificates.pem"
	start=$SECONDS
	inside "$root" 'apt-get update && apt-get install -y git make' >"$log" 2>&1
	printf 'fresh: %-32s %5d s\n' 'apt-get install git make' $((SECONDS - start))
	start=$SECONDS
	if inside "$root" "cd /srv/urna && make $1" 2>&1 | tee -a "$log"; then
		verdict+=("make $1: ok in $((SECONDS - start)) s, packages included")
	else
		verdict+=("make $1: FAILED after $((SECONDS - start)) s")
		bad=1
	fi
}

bad=0 verdict=()
start=$SECONDS
read_apt
make_base
printf 'fresh: %-32s %5d s\n' 'Debian 12' $((SECONDS - start))
for command in "${wanted[@]}"; do
	prove "$command"
done
printf 'fresh: %s\n' "${verdict[@]}"
exit "$bad"
