#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# samples/livepatch/livepatch-callbacks-*: what the head of -demo.c says one sees.

cd "${0%/*}" && . ./sample.sh || exit

demo=livepatch_callbacks_demo
live='livepatch_callbacks_mod -> [MODULE_STATE_LIVE] Normal state'
coming='livepatch_callbacks_mod -> [MODULE_STATE_COMING] Full formed, running module_init'
going='livepatch_callbacks_mod -> [MODULE_STATE_GOING] Going away'

start_test "callbacks of the kernel and of a module that is there"
insert livepatch-callbacks-mod
patch livepatch-callbacks-demo
unpatch $demo
remove $demo
remove livepatch_callbacks_mod
expect_log_of $demo <<-END
	$demo: pre_patch_callback: vmlinux
	$demo: pre_patch_callback: $live
	$demo: post_patch_callback: vmlinux
	$demo: post_patch_callback: $live
	$demo: pre_unpatch_callback: vmlinux
	$demo: pre_unpatch_callback: $live
	$demo: post_unpatch_callback: vmlinux
	$demo: post_unpatch_callback: $live
END
end_test

start_test "callbacks of a module that comes and goes"
patch livepatch-callbacks-demo
insert livepatch-callbacks-mod
remove livepatch_callbacks_mod
unpatch $demo
remove $demo
expect_log_of $demo <<-END
	$demo: pre_patch_callback: vmlinux
	$demo: post_patch_callback: vmlinux
	$demo: pre_patch_callback: $coming
	$demo: post_patch_callback: $coming
	$demo: pre_unpatch_callback: $going
	$demo: post_unpatch_callback: $going
	$demo: pre_unpatch_callback: vmlinux
	$demo: post_unpatch_callback: vmlinux
END
end_test

start_test "a callback refuses a module"
patch livepatch-callbacks-demo
echo -19 >/sys/module/$demo/parameters/pre_patch_ret
message=$(insmod samples/livepatch-callbacks-mod.ko 2>&1) && die "the module loaded"
[[ $message == *"No such device"* ]] || die "$message"
unpatch $demo
remove $demo
end_test

start_test "a busy function holds the transition up, and disabling turns it round"
insert livepatch-callbacks-busymod sleep_secs=10
eventually logs 'busymod_work_func, sleeping 10 seconds'
insert livepatch-callbacks-demo
in_transition $demo || die "the transition does not wait"
insert livepatch-callbacks-mod
remove livepatch_callbacks_mod
in_transition $demo || die "the transition did not wait"
unpatch $demo
remove $demo
remove livepatch_callbacks_busymod
expect_log_of $demo <<-END
	$demo: pre_patch_callback: vmlinux
	$demo: pre_patch_callback: livepatch_callbacks_busymod -> [MODULE_STATE_LIVE] Normal state
	$demo: pre_patch_callback: $coming
	$demo: post_unpatch_callback: $going
	$demo: post_unpatch_callback: vmlinux
	$demo: post_unpatch_callback: livepatch_callbacks_busymod -> [MODULE_STATE_LIVE] Normal state
END
end_test
