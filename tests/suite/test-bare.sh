#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The redirect item by itself: what the test redirect asks, with a handler of the test's own
# in place of xlp's core. It is the first test that a new architecture can pass.
. "$(dirname "$0")/lib.sh"
. "$suite/redirect.sh"

reason=$(fact no_bare_redirect)
[ -z "$reason" ] || skip_all "$reason"

plan $((2 + $(count_all)))

scenario "a handler redirects all victims"
load xlp_test_target
load xlp_test_driver
ask_all before
load xlp_test_bare
ask_all patched

scenario "its end brings the originals back"
unload xlp_test_bare
ask_all after

judge_all
done_testing
