# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# admins.sh - verbs for tests with the modules of several administrators, see admins/, in
# addition to lib.sh's

program=$suite/admins/admins
# With a letter behind it, as machine.c has them.
target=xlp_test_target
patch=xlp_test_patch

build_admins() {
	program=$(mktemp "${TMPDIR:-/tmp}/xlp.XXXXXX")
	cc -O2 -o "$program" "$suite"/admins/*.c 2> /dev/null
}

[ -x "$program" ] || build_admins || skip_all "no $program, and no compiler"

# load_as NAME PARAMETER=VALUE...: what is known under that name
load_as() {
	local as="$1"

	shift
	message=$("$program" load "$as" "$modules" "$*" 2>&1) ||
		problem "$as does not load: $message"
	loaded="$as $loaded"
	settle "$as"
}

# refuse_as ERRNO NAME PARAMETER=VALUE...
refuse_as() {
	local errno="$1" as="$2"

	shift 2
	! message=$("$program" load "$as" "$modules" "$*" 2>&1) || problem "$as is loaded"
	is_errno "$errno" "$message" || problem "$as: '$message' instead of $errno"
}
