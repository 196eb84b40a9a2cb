#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A patch goes on and off while every CPU calls its functions: each call sees
# the old function or the new one, never anything else.
. "$(dirname "$0")/lib.sh"

stress=$debug/stress
rounds=${XLP_ROUNDS:-$(amount 10 30)}
reloads=${XLP_RELOADS:-$(amount 2 5)}

# Reads cpus, old, new and bad; a builtin, because it happens all the time.
# shellcheck disable=SC2034 # used by name
ask() {
	read -r _ cpus _ old _ new _ bad < $stress
}

count() {
	ask
	eval "echo \"\$$1\""
}

# more WORD THAN
more() {
	ask
	eval "[ \"\$$1\" -gt $2 ]"
}

called() {
	eventually more "$1" "$(count "$1")" || problem "no $1 answers any more"
}

plan 4
load xlp_test_target
load xlp_test_driver

scenario "every CPU calls"
set_to 1 $stress
expect "$(grep -c '^processor' /proc/cpuinfo)" count cpus
called old

scenario "$rounds rounds of enabling and disabling"
load xlp_test_redirect
round=0
while [ $round -lt "$rounds" ] && [ -z "$failed" ]; do
	round=$((round + 1))
	# Most rounds are as fast as they can be.
	[ $((round % 10)) != 0 ] || called new
	disable xlp_test_redirect
	[ $((round % 10)) != 0 ] || called old
	enable xlp_test_redirect
done
disable xlp_test_redirect
unload xlp_test_redirect
expect 0 count bad

scenario "$reloads rounds of loading and unloading"
round=0
while [ $round -lt "$reloads" ] && [ -z "$failed" ]; do
	load xlp_test_redirect
	called new
	disable xlp_test_redirect
	unload xlp_test_redirect
	called old
	round=$((round + 1))
done
expect 0 count bad

scenario "the callers end in the old world"
called old
set_to 0 $stress
expect 0 count bad

done_testing
