#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Conformance of redirection: every case called before, during and after a
# patch, all arguments and results compared by the driver.
. "$(dirname "$0")/lib.sh"
. "$suite/redirect.sh"

plan $((3 + $(count_all)))

scenario "the driver has these cases and no others"
load xlp_test_target
load xlp_test_driver
# shellcheck disable=SC2086 # words are meant
expect "$(printf '%s\n' $cases | sort)" ls "$debug/cases"

scenario "all victims are patched in one go"
ask_all before
load xlp_test_redirect
ask_all patched

scenario "unloading brings the originals back"
disable xlp_test_redirect
unload xlp_test_redirect
ask_all after

judge_all
done_testing
