#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two patches of one function: the one enabled last is called.
. "$(dirname "$0")/lib.sh"

plan 7

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

done_testing
