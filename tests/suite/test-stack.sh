#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two patches of one function: the one enabled last is called.
. "$(dirname "$0")/lib.sh"

# hooks_of_batch COUNT: on each function that xlp_test_any has beside xt_leaf()
hooks_of_batch() {
	local function

	for function in xt_int0 xt_int1 xt_tail_end xt_tail_out xt_recurse xt_nap; do
		expect_soon "$1" hooks_of $function
	done
}

plan 10

scenario "the second patch covers the first"
load xlp_test_target
load xlp_test_a
expect a world
load xlp_test_b
expect b world

scenario "they share one hook"
expect 1 hooks_of xt_leaf

scenario "without the second the first is called again"
disable xlp_test_b
expect a world

scenario "the one enabled last is on top, whichever was loaded first"
enable xlp_test_b
expect b world
disable xlp_test_a
expect b world
enable xlp_test_a
expect a world

scenario "the lower one can be unloaded first"
disable xlp_test_b
unload xlp_test_b
expect a world
disable xlp_test_a
expect old world

scenario "and so can the upper one"
enable xlp_test_a
load xlp_test_b
disable xlp_test_b
unload xlp_test_b
expect a world

scenario "nothing stays hooked when the last one goes"
disable xlp_test_a
unload xlp_test_a
expect old world
expect_soon "$hooked_before" hooked

# By direct calls, functions of one object leave together.
left=
! by_direct_calls || left=1

scenario "of functions that were hooked together one stays, for another patch"
load xlp_test_any object=xlp_test_target function=xt_leaf batch=1
hooks_of_batch 1
load xlp_test_a
expect a world
disable xlp_test_any
hooks_of_batch "$left"
expect 1 hooks_of xt_leaf
expect a world

scenario "the others are hooked again, beside it"
enable xlp_test_any
hooks_of_batch 1
expect 1 hooks_of xt_leaf
expect new world
disable xlp_test_a
unload xlp_test_a
expect new world

scenario "and what is left of both leaves with the last patch"
disable xlp_test_any
unload xlp_test_any
expect old world
expect_soon "$hooked_before" hooked

done_testing
