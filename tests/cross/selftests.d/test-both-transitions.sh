#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In-kernel livepatch and xlp while tasks change over: the transition of one does
# not hold up the other's. A work item sleeps in a function of the callbacks' demo.

cd "${0%/*}" && . ./both.sh || exit

busy=livepatch_callbacks_busymod demo=livepatch_callbacks_demo

# switch_meanwhile DEMO OTHER: patch and unpatch OTHER while DEMO waits
switch_meanwhile() {
	insert livepatch-callbacks-busymod sleep_secs=10
	eventually logs 'busymod_work_func, sleeping 10 seconds'
	insert "${1//_/-}"
	in_transition "$1" || die "the transition does not wait"
	patch "${2/xlp_/xlp-}"
	expect "$2" in_effect cmdline
	in_transition "$1" || die "the transition did not wait"
	take_out "$2"
	expect "the kernel" in_effect cmdline
	eventually settled "$1"
	expect 1 cat "$(home "$1")/$busy/patched"
	take_out "$1"
	remove $busy
}

start_test "xlp's patch comes and goes while in-kernel livepatch waits for a task"
switch_meanwhile $demo xlp_test_klp_livepatch
end_test

start_test "in-kernel livepatch's patch comes and goes while xlp waits for a task"
switch_meanwhile xlp_$demo test_klp_livepatch
end_test

# come_to_both FIRST SECOND: a module with a function that both are to replace
come_to_both() {
	local message
	patch "${1//_/-}"
	patch "${2//_/-}"
	message=$(insmod samples/livepatch-callbacks-busymod.ko 2>&1) && die "the module loaded"
	[[ $message == *"Device or resource busy"* ]] || die "$message"
	expect no loaded $busy
	logs "patch '.*$demo' failed for module '$busy', refusing to load module '$busy'" || die "$(log)"
	expect 0 cat "$(home "$1")/$busy/patched"
	expect 0 cat "$(home "$2")/$busy/patched"
	take_out "$2"
	insert livepatch-callbacks-busymod
	expect 1 cat "$(home "$1")/$busy/patched"
	take_out "$1"
	remove $busy
}

start_test "a module whose function both would replace does not load, in-kernel livepatch first"
come_to_both $demo xlp_$demo
end_test

start_test "a module whose function both would replace does not load, xlp first"
come_to_both xlp_$demo $demo
end_test
