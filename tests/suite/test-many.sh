#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Hundreds of functions in one patch are hooked in one pass over the text.
. "$(dirname "$0")/lib.sh"

answers=/sys/module/xlp_test_many_target/parameters/answers

hooked_many() {
	hooked | grep -c '^xtm_'
}

# took FROM TO: milliseconds between two lines of the log; only to be read
took() {
	dmesg | awk -v from="$1" -v to="$2" '
		match($0, /[0-9]+\.[0-9]+\]/) { now = substr($0, RSTART, RLENGTH - 1) }
		index($0, from) { start = now }
		index($0, to) { end = now }
		END { printf "%.1f ms", (end - start) * 1000 }'
}

plan 4
load xlp_test_many_target

scenario "500 functions are replaced"
load xlp_test_many
expect "0 old, 500 new" cat $answers
expect 500 hooked_many
comment "enabled in $(took "enabling patch 'xlp_test_many'" "'xlp_test_many': patching complete")"

scenario "and given back"
disable xlp_test_many
expect "500 old, 0 new" cat $answers
expect_soon 0 hooked_many

scenario "they are replaced again"
enable xlp_test_many
expect "0 old, 500 new" cat $answers

scenario "and can be unloaded"
disable xlp_test_many
unload xlp_test_many
expect "500 old, 0 new" cat $answers

done_testing
