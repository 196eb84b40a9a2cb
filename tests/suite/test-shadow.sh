#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Shadow variables: every call and every error, everybody at once, many of them, and
# what is left when xlp goes.
. "$(dirname "$0")/lib.sh"

shadow=/sys/kernel/debug/xlp_test_shadow
race=$shadow/race
seconds=$(((${XLP_RACES:-$(amount 4 16)} + 5) / 6))
ignore_loglevel=/sys/module/printk/parameters/ignore_loglevel

# try CASE TITLE
try() {
	scenario "$2"
	expect ok value "$shadow/$1"
}

# The warnings that are wanted here are none of the kernel's complaints. They would be
# if they reached the console.
splats() {
	log 1 | grep -e 'BUG:' -e 'WARNING:' -e 'Oops' -e 'rcu.*stall' \
		-e 'INFO: task .* blocked' -e 'Unable to handle' |
		grep -v 'WARNING: .* xlp_shadow_alloc+'
}

# without_console COMMAND...: a moment longer, as messages may be printed later
without_console() {
	local level ignored

	read -r level _ < /proc/sys/kernel/printk
	ignored=$(cat $ignore_loglevel)
	echo N > $ignore_loglevel
	echo 1 > /proc/sys/kernel/printk
	"$@"
	sleep 1
	echo "$level" > /proc/sys/kernel/printk
	echo "$ignored" > $ignore_loglevel
}

# Reads what the race has counted; a builtin, because it waits for it.
# shellcheck disable=SC2034 # used by name
ask() {
	read -r _ calls _ interrupts _ made _ undone _ filled _ wrong why < $race
}

count() {
	ask
	eval "echo \"\$$1\""
}

# happened WHAT: during the race
happened() {
	ask
	eval "[ \"\$$1\" -gt 0 ]" || problem "$1 is 0"
}

# The table has grown twice at least, if it was new.
has_grown() {
	[ "$(count filled)" -gt 5000 ]
}

plan 18
load xlp_test_shadow

try none "nothing is found where there is nothing"

try alloc "a new variable is zeroed, found by object and id, by nothing else"

try constructor "a constructor runs once, before anybody finds the variable, uninterrupted"

try get_or_alloc "what exists is returned as it is, what does not is made"

try failing_constructor "a constructor that fails leaves nothing behind"
expect 3 eval 'log | grep -c "^xlp: shadow variable .*: its constructor failed (-*[0-9]*)$"'

try too_large "a size that there cannot be"

scenario "no memory, with and without sleeping"
for file in fail_allocation fail_atomic_allocation; do
	set_to 1 /sys/kernel/debug/xlp/$file
done
expect ok value $shadow/no_memory
for file in fail_allocation fail_atomic_allocation; do
	set_to 0 /sys/kernel/debug/xlp/$file
done

try free "one is freed: its destructor runs once, for what nobody finds any more"

try free_all "all of an id are freed, and no others"

scenario "a second one is refused with a warning, and the first stays as it is"
if [ "$(cat /proc/sys/kernel/panic_on_warn)" = 0 ]; then
	without_console expect ok value $shadow/duplicate
	expect 2 eval 'log | grep -c "WARNING: .* xlp_shadow_alloc+"'
	expect 2 eval 'log | grep -c "xlp: there is a shadow variable .* already$"'
else
	skip "panic_on_warn is set"
fi

try without_object "an object may be NULL"

try under_lock "without sleeping, under a lock"

try interrupt "in a hard interrupt"

scenario "without memory for a larger table all are found as well"
set_to 1 /sys/kernel/debug/xlp/fail_allocation
expect ok value $shadow/crowded
set_to 0 /sys/kernel/debug/xlp/fail_allocation

scenario "threads and interrupts of all CPUs, and the table grows, for $seconds s"
set_to 1 $race
sleep "$seconds"
eventually has_grown || problem "the table has not been filled"
set_to 0 $race
comment "$(cat $race)"
expect 0 count wrong
# On PREEMPT_RT the calls take a lock that sleeps, so not in interrupts.
case $(uname -v) in
*PREEMPT_RT*) expect 0 count interrupts ;;
*) happened interrupts ;;
esac
for what in calls made undone; do
	happened $what
done

scenario "each that was made was undone, once"
ask
[ "$made" = "$undone" ] || problem "$made were made, $undone undone"

try many "100,000 at once"

scenario "variables outlive the module that made them, and can be found by the next"
unload xlp_test_shadow
load xlp_test_shadow leave=5000
unload xlp_test_shadow
load xlp_test_shadow
expect 5000 value /sys/module/xlp_test_shadow/parameters/left
unload xlp_test_shadow

done_testing
