# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts of samples/livepatch share. They speak as the kernel's own
# do: "TEST: title ... ok", and end at the first mistake.

set -uo pipefail

patience=600	# tenths of a second

die() {
	echo "not ok"
	echo "$*"
	exit 1
}

# start_test TITLE
start_test() {
	title=$1
	echo "sample: $$ $title" >/dev/kmsg
	echo -n "TEST: $title ... "
}

end_test() { echo ok; }

# The kernel's log since the scenario began.
log() { dmesg --notime | awk -v mark="sample: $$ $title" 'begun; $0 == mark { begun = 1 }'; }

# eventually CMD...
eventually() {
	local tries=$patience
	while ((tries--)); do
		"$@" && return
		sleep 0.1
	done
	die "never so: $*"
}

logs() { log | grep -q -e "$1"; }

# expect_log_of MODULE: it has logged the lines of standard input, and no others
expect_log_of() {
	local want got
	want=$(cat)
	got=$(log | grep "^$1: ")
	[[ $got == "$want" ]] || die "$(diff -u --label expected --label result <(echo "$want") <(echo "$got"))"
}

# insert FILE [PARAMETER=VALUE]...
insert() {
	local message
	message=$(insmod "samples/$1.ko" "${@:2}" 2>&1) || die "$message"
}

# home MODULE: the patch's directory
home() { echo "/sys/kernel/livepatch/$1"; }

transition() { cat "$(home "$1")/transition" 2>/dev/null; }
in_transition() { [[ $(transition "$1") == 1 ]]; }
settled() { [[ $(transition "$1") == 0 ]]; }
gone() { [[ ! -e $1 ]]; }
unused() { [[ $(cat "/sys/module/$1/refcnt") == 0 ]]; }

# patch FILE [PARAMETER=VALUE]...: and until it is in effect
patch() {
	insert "$@"
	eventually settled "${1//-/_}"
}

# unpatch NAME: and until it is gone
unpatch() {
	echo 0 >"$(home "$1")/enabled" || die "cannot disable $1"
	eventually gone "$(home "$1")"
}

remove() {
	local message
	eventually unused "$1"
	message=$(rmmod "$1" 2>&1) || die "$message"
}
