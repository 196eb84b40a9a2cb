#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Targets that are modules: there before the patch, after it, away and back.
. "$(dirname "$0")/lib.sh"

patched=$sysfs/xlp_test_a/xlp_test_target/patched
xlp_debug=/sys/kernel/debug/xlp
any="xlp: patch 'xlp_test_any': object 'xlp_test_target'"

plan 11

# Of the platform: without it a module that is loaded where another one was is not what runs.
scenario "code that is copied over other code is what runs"
if [ -x "$suite/copied" ]; then
	why=$("$suite/copied" 2>&1) || problem "$why"
else
	skip "no $suite/copied, to be built from copied.c"
fi

scenario "a patch waits for its target"
load xlp_test_a
expect 1 value $sysfs/xlp_test_a/enabled
expect 0 value $patched
expect "$hooked_before" hooked

scenario "the target is patched when it comes"
load xlp_test_target
expect a world
expect 1 value $patched

scenario "the target can go, and its hooks with it"
unload xlp_test_target
expect 0 value $patched
expect_soon "$hooked_before" hooked
expect 1 value $sysfs/xlp_test_a/enabled

scenario "and is patched again when it comes back"
load xlp_test_target
expect a world
expect 1 value $patched
unload xlp_test_target

scenario "a disabled patch leaves a coming target alone"
disable xlp_test_a
load xlp_test_target
expect old world
expect 0 value $patched
enable xlp_test_a
expect a world
unload xlp_test_target
disable xlp_test_a
unload xlp_test_a

scenario "two patches are stacked on a coming target in their order"
load xlp_test_a
load xlp_test_b
load xlp_test_target
expect b world
unload xlp_test_target
expect 0 value $patched
expect 0 value $sysfs/xlp_test_b/xlp_test_target/patched
expect_soon "$hooked_before" hooked
load xlp_test_target
expect b world
disable xlp_test_b
expect a world
disable xlp_test_a
expect old world
unload xlp_test_a
unload xlp_test_b
unload xlp_test_target

scenario "a target for which there is no memory is refused, at every allocation"
load xlp_test_a
n=1
while [ $n -lt 100 ]; do
	set_to $n $xlp_debug/fail_allocation
	insert xlp_test_target && break
	said ENOMEM "allocation $n"
	expect 0 value $patched
	expect "$hooked_before" hooked
	n=$((n + 1))
done
set_to 0 $xlp_debug/fail_allocation
if [ $n -le 3 ] || [ $n -ge 100 ]; then
	problem "$((n - 1)) failures"
fi
expect a world
unload xlp_test_target
disable xlp_test_a
unload xlp_test_a

scenario "a target without the function is refused"
load xlp_test_any object=xlp_test_target function=xt_missing
refuse EINVAL xlp_test_target
expect_log "^$any: function 'xt_missing': not found$"
disable xlp_test_any
unload xlp_test_any

scenario "a target with a function that cannot be hooked is refused"
load xlp_test_any object=xlp_test_target function=xt_untraced batch=1
refuse EINVAL xlp_test_target
expect_log "^$any: function 'xt_untraced': its calls cannot be caught (notrace, init or assembly code, or not a function)$"
disable xlp_test_any
unload xlp_test_any

scenario "and loads when the patch is gone"
load xlp_test_target
expect old world
unload xlp_test_target

done_testing
