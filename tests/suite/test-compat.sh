#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In the place of in-kernel livepatch: its directory, its lines in the log.
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"

compat=/sys/kernel/livepatch
has_own=
[ ! -d $compat ] || [ -L $compat ] || has_own=yes

# reload [PARAMETER=VALUE]: xlp.ko, which nothing else needs now
reload() {
	unload_xlp
	load_xlp "$@"
}

# The lines about a patch: whoever waits for in-kernel livepatch's finds them alone.
lines() {
	log | grep -v '\(tainting\|taints\) kernel' | grep 'livepatch: \|xlp: \|xlp_test' |
		grep -v '^xlp_test: '
}

has_xlp || skip_all "$(why_no_xlp)"
plan 6

scenario "the directory and the lines of in-kernel livepatch"
reload compat=1
expect Y value /sys/module/xlp/parameters/compat
if [ -z "$has_own" ]; then
	expect /sys/kernel/xlp readlink -f $compat
fi
load xlp_test_target
scenario "the lines of a patch's life, and no others"
load xlp_test_a
unload xlp_test_target
load xlp_test_target
disable xlp_test_a
expect "livepatch: enabling patch 'xlp_test_a'
livepatch: 'xlp_test_a': starting patching transition
livepatch: 'xlp_test_a': patching complete
livepatch: reverting patch 'xlp_test_a' on unloading module 'xlp_test_target'
livepatch: applying patch 'xlp_test_a' to loading module 'xlp_test_target'
livepatch: 'xlp_test_a': starting unpatching transition
livepatch: 'xlp_test_a': unpatching complete" lines
unload xlp_test_a

scenario "a patch by the kernel's names, with its helpers for patches"
if insert xlp_test_helpers; then
	why=$(fact no_klp_syscall)
	[ -z "$why" ] || comment "no system call: $why"
	expect b world
	expect_log "^xlp_test_helpers: pre_patch$"
	disable xlp_test_helpers
	expect old world
	expect_log "^xlp_test_helpers: post_unpatch$"
	unload xlp_test_helpers
else
	is_errno EOPNOTSUPP "$message" ||
		problem "xlp_test_helpers does not load: $message"
	skip "this kernel brings none"
fi

scenario "and for dynamic debug in the files where it is"
control=/sys/kernel/debug/dynamic_debug/control
if [ -e $control ]; then
	set_to "file kernel/livepatch/* +p" $control
	load xlp_test_a
	disable xlp_test_a
	expect "livepatch: enabling patch 'xlp_test_a'
livepatch: 'xlp_test_a': initializing patching transition
livepatch: 'xlp_test_a': starting patching transition
livepatch: 'xlp_test_a': completing patching transition
livepatch: 'xlp_test_a': patching complete
livepatch: 'xlp_test_a': initializing unpatching transition
livepatch: 'xlp_test_a': starting unpatching transition
livepatch: 'xlp_test_a': completing unpatching transition
livepatch: 'xlp_test_a': unpatching complete" lines
	unload xlp_test_a
	set_to "file kernel/livepatch/* -p" $control
else
	skip "no dynamic debug"
fi

scenario "and those of a transition that is reversed, and of one that is forced"
load_tasks
[ ! -e $control ] || set_to "file kernel/livepatch/* +p" $control
load xlp_test_change
fall_asleep block
ask 0 xlp_test_change
ask 1 xlp_test_change
over xlp_test_change
ask 0 xlp_test_change
set_to 1 $change/force
over xlp_test_change
wake_up
wait
if [ -e $control ]; then
	expect_log "^livepatch: 'xlp_test_change': reversing transition from unpatching to patching$"
	set_to "file kernel/livepatch/* -p" $control
fi
expect_log "^livepatch: forcing remaining tasks to the unpatched state$"
set_to 1 /sys/module/xlp_test_change/parameters/let_go
unload xlp_test_change
unload xlp_test_tasks

scenario "without it: no link, and xlp's name"
unload xlp_test_target
reload compat=0
if [ -z "$has_own" ]; then
	expect no present $compat
fi
load xlp_test_target
load xlp_test_a
expect_log "^xlp: enabling patch 'xlp_test_a'$"
disable xlp_test_a
unload xlp_test_a
unload xlp_test_target

done_testing
