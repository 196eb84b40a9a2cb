#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One patch: its directory in sysfs, on, off, on again, and away. And xlp.ko without memory.
. "$(dirname "$0")/lib.sh"

a=$sysfs/xlp_test_a

plan 11

scenario "a loaded patch is enabled and sysfs shows it"
load xlp_test_target
expect old world
load xlp_test_a
expect a world
expect 1 value $a/enabled
expect rw-r--r-- mode $a/enabled
expect 1 value $a/xlp_test_target/patched
expect r--r--r-- mode $a/xlp_test_target/patched
expect yes present "$a/xlp_test_target/xt_leaf,1"

scenario "the current value and nonsense are refused"
refuse_write EINVAL 1 $a/enabled
refuse_write EINVAL 2 $a/enabled
refuse_write EINVAL garbage $a/enabled
refuse_write EINVAL "" $a/enabled
expect 1 value $a/enabled
expect a world

scenario "an enabled patch, its core and its target stay"
stays xlp_test_a
# A part of the kernel has nowhere to go.
xlp_is_built_in || stays xlp
expect a world

scenario "a disabled patch is not called any more"
disable xlp_test_a
expect old world
expect 0 value $a/enabled
expect 0 value $a/xlp_test_target/patched
refuse_write EINVAL 0 $a/enabled

scenario "and nothing is hooked or pinned for it"
expect_soon "$hooked_before" hooked
expect_soon 0 value /sys/module/xlp_test_a/refcnt

scenario "it can be enabled again"
enable xlp_test_a
expect a world
expect 1 value $a/enabled
expect 1 value $a/xlp_test_target/patched
stays xlp_test_a

scenario "also while the disabling has not been finished"
disable xlp_test_a
enable xlp_test_a
disable xlp_test_a
expect old world
enable xlp_test_a
expect a world
sleep 1
expect a world
stays xlp_test_a

scenario "a disabled patch unloads and leaves nothing"
disable xlp_test_a
unload xlp_test_a
expect no present $a
expect old world
expect "$hooked_before" hooked

scenario "it can be loaded again"
load xlp_test_a
expect a world
disable xlp_test_a
unload xlp_test_a
expect old world

scenario "a position chooses between functions of one name"
load xlp_test_any object=xlp_test_target function=xt_twin position=1
one="$(world first_twin) $(world second_twin)"
expect yes present "$sysfs/xlp_test_any/xlp_test_target/xt_twin,1"
disable xlp_test_any
unload xlp_test_any
load xlp_test_any object=xlp_test_target function=xt_twin position=2
two="$(world first_twin) $(world second_twin)"
expect yes present "$sysfs/xlp_test_any/xlp_test_target/xt_twin,2"
disable xlp_test_any
unload xlp_test_any
expect "new old" echo "$(printf '%s\n%s\n' "$one" "$two" | sort | head -n 1)"
expect "old new" echo "$(printf '%s\n%s\n' "$one" "$two" | sort | tail -n 1)"

# The kernel's own switches: also what xlp calls is without memory then.
slab=/sys/kernel/debug/failslab

scenario "xlp.ko has no memory, at every allocation"
if [ ! -e /proc/self/fail-nth ] || [ ! -e $slab ]; then
	skip "this kernel cannot let allocations fail (CONFIG_FAULT_INJECTION, CONFIG_FAILSLAB)"
elif ! has_xlp; then
	skip "$(why_no_xlp)"
elif [ ! -x "$suite/nomem" ]; then
	skip "no $suite/nomem"
else
	set_to 0 $slab/verbose
	set_to N $slab/ignore-gfp-wait
	unload xlp_test_target
	unload_xlp
	if insert xlp_test_hold how=asleep function=register_kprobe nap=0; then
		"$suite/nomem" "$XLP_KO" xlp /sys/module/xlp_test_hold/parameters ||
			problem "see above"
		unload xlp_test_hold
	else
		is_errno EOPNOTSUPP "$message" || problem "xlp_test_hold: $message"
		skip "no direct callers: $(why_no_caller sleeping_trampoline)"
	fi
	expect "" cat /sys/kernel/debug/kprobes/list
	load_xlp compat=0
fi

done_testing
