#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Patches of different sets come and go independently: see &xlp_patch.replace_set.
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"
. "$suite/admins.sh"

# Objects of a patch: see xlp_test_patcha.c.
vmlinux=1
only_a=2
only_b=4
called=/proc/$target

answered_by() {
	cat "$called$1/leaf"
}

in_effect() {
	expect 1 value "$sysfs/$1/enabled"
}

# in_set N PATCH
in_set() {
	grep -q "^$2 .* set $1$" $xlp_debug/switches || problem "$2: $(cat $xlp_debug/switches)"
}

is_gone() {
	[ ! -e "$sysfs/$1" ]
}

# gone PATCH: it is not disabled only, it has left
gone() {
	eventually is_gone "$1" || problem "$1 is still there"
}

plan 7
load_as "${target}a"
load_as "${target}b"

# There are four names of patches, so one that has gone lends its own to the next.
gone_for_good() {
	gone "$1"
	unload "$1"
}

scenario "a patch replaces those of its own set, and no other"
load_as "${patch}a" number=1 set=1 replace=1 objects=$only_a
load_as "${patch}b" number=2 set=2 replace=1 objects=$only_b
in_effect "${patch}a"
in_effect "${patch}b"
load_as "${patch}c" number=3 set=1 replace=1 objects=$only_a
gone_for_good "${patch}a"
in_effect "${patch}b"
expect 3 answered_by a
expect 2 answered_by b
in_set 1 "${patch}c"
in_set 2 "${patch}b"

scenario "nor does one that names no set"
load_as "${patch}d" number=4 replace=1 objects=$vmlinux
in_effect "${patch}c"
in_effect "${patch}b"
in_set 0 "${patch}d"
load_as "${patch}a" number=5 replace=1 objects=$vmlinux
gone_for_good "${patch}d"
expect 3 answered_by a
expect 2 answered_by b

scenario "a function that is in another set is refused"
refuse_as EBUSY "${patch}d" number=6 set=2 objects=$only_a
expect_log "patch '${patch}d': object '${target}a': function 'xa_leaf': patch '${patch}c' of set 1 replaces it, and this one is of set 2$"
expect 3 answered_by a

scenario "by whatever name"
load xlp_test_target
load xlp_test_a function=xt_named
refuse EBUSY xlp_test_any object=xlp_test_target function=xt_alias set=3
expect_log "function 'xt_alias': patch 'xlp_test_a' of set 0 replaces it, and this one is of set 3$"
load xlp_test_any object=xlp_test_target function=xt_alias
disable xlp_test_any
unload xlp_test_any
disable xlp_test_a
unload xlp_test_a
unload xlp_test_target

# Or it would be the module that is refused when it comes.
scenario "also of a module that is not there"
unload "${target}a"
refuse_as EBUSY "${patch}d" number=6 set=2 objects=$only_a
expect_log "patch '${patch}d': object '${target}a': function 'xa_leaf': patch '${patch}c' of set 1 replaces it, and this one is of set 2$"
load_as "${target}a"
expect 3 answered_by a

scenario "it is free when the other set's patch is out of effect"
disable "${patch}c"
gone_for_good "${patch}c"
load_as "${patch}d" number=6 set=2 objects=$only_a
expect 6 answered_by a
disable "${patch}d"
gone_for_good "${patch}d"

scenario "states are checked within a set"
disable "${patch}a"
gone_for_good "${patch}a"
load_as "${patch}c" number=7 set=1 state=2 objects=$vmlinux
load_as "${patch}a" number=8 set=2 state=1 objects=$only_b
expect 8 answered_by b
refuse_as EINVAL "${patch}d" number=9 set=1 state=1 objects=$vmlinux
expect_log "patch '${patch}d': it does not know state 1 of patch '${patch}c' in version 2$"
for letter in a b c; do
	disable "${patch}$letter"
	gone_for_good "${patch}$letter"
done
unload "${target}b"
unload "${target}a"

rm -r "$scratch"
done_testing
