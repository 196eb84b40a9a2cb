# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What every program of the rig shares: paths, messages, locks.

set -euo pipefail

# A git that has called this, as a hook does, names its own repository to all that are run.
# shellcheck disable=SC2046	# a list of words
[[ ! "${!GIT_@}" ]] || unset $(git rev-parse --local-env-vars 2>/dev/null)

# With it cd goes elsewhere, and says so.
unset CDPATH
rig=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
top=$(cd "$rig/../.." && pwd)
# shellcheck disable=SC2034	# read by whoever sources this file
build=$top/build
cache=${XDG_CACHE_HOME:-${HOME:?set HOME or XDG_CACHE_HOME}/.cache}/xlp

# Exit codes of a run; the first three are kselftest's.
# shellcheck disable=SC2034
readonly pass=0 fail=1 skip=4 timed_out=124 cannot_build=125 not_run=126 dead_guest=255

note() { printf '%s\n' "$*" >&2; }

# The rig could not do its part: nothing is known about xlp. Where a disk is full, that is why.
die() {
	local full
	[[ $* == *'make room on'* ]] || ! full=$(full_disk) || set -- "the disk of $full is full, make room there: $*"
	note "error: $*"
	exit "$cannot_build"
}

# full_disk prints a directory of the rig with less than 1 MB left; fails if there is none.
full_disk() {
	local dir at free
	for dir in "$cache" "${CELL_DIR:-$build}" "${TMPDIR:-/tmp}"; do
		at=$dir
		until [[ -e $at ]]; do at=$(dirname "$at"); done
		free=$(df --output=avail -k "$at" 2>/dev/null | tail -n 1)
		((${free:-1024} >= 1024)) || { echo "$dir" && return; }
	done
	return 1
}

# network_or_disk LOG: what to look after where apt could not fetch.
network_or_disk() {
	if grep -qE 'No space left on device|enough free space' "$1"; then
		echo "make room on the disk of $cache"
	else
		echo 'check the network'
	fi
}

now_ms() { date +%s%3N; }

# seconds_since MS
seconds_since() {
	local ms=$(($(now_ms) - $1))
	printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

# take_lock FILE WHAT waits for the lock on descriptor 9, which is open on
# FILE. The lock is the kernel's: it goes with its process, however that ends.
take_lock() {
	flock --nonblock 9 && return
	note "waiting for another run that works on $2 (at most ${LOCK_WAIT:=900} s)"
	flock --timeout "$LOCK_WAIT" 9 ||
		die "another run still works on $2: wait for it to end, then run again (lock: $1)"
}

# locked NAME CMD... runs CMD while no other run works on that part of the cache.
locked() (
	file=$cache/lock/$1
	mkdir -p "${file%/*}" && : >>"$file" || die "cannot write in $cache: make it writable, or set XDG_CACHE_HOME"
	exec 9>>"$file"
	take_lock "$file" "$1"
	shift
	# What CMD starts must not keep the lock.
	"$@" 9>&-
)

# tmp_beside PATH makes a scratch directory that can be renamed to PATH: what
# is in the cache under its final name is complete.
tmp_beside() {
	mkdir -p "${1%/*}"
	rm -rf "$1".tmp.*
	mktemp -d "$1.tmp.XXXXXX"
}

# Where times and sizes of downloads are noted: one line "ms kB" each.
downloads=${XLP_DOWNLOADS:-/dev/null}

# as_download LOG CMD... notes how long CMD, an apt-get, took and what it
# fetched by its own account; what it says goes to LOG.
as_download() {
	local log=$1 start
	shift
	start=$(now_ms)
	LC_ALL=C "$@" >"$log" 2>&1 || return
	echo "$(($(now_ms) - start)) $(apt_fetched "$log")" >>"$downloads"
}

# apt_fetched LOG finds "Fetched 9,632 kB in 2s" and prints kB.
apt_fetched() {
	sed -n 's/^Fetched \([0-9.,]*\) \([kMG]\?\)B in.*/\1 \2/p' "$1" | tr -d , |
		awk '{ kb += $1 * ($2 == "G" ? 1e6 : $2 == "M" ? 1e3 : $2 == "k" ? 1 : 1e-3) } END { printf "%d", kb }'
}

# downloads_said sums them up in words.
downloads_said() {
	awk '{ ms += $1; kb += $2 } END {
		if (kb) printf "%d MB in %.1f s\n", kb / 1e3, ms / 1000
		else print "none"
	}' "$downloads"
}
