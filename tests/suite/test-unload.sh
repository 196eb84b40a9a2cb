#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A task asleep in a replacement keeps its module, however deep it is and
# whatever hides the way back, and only as long as it sleeps.
. "$(dirname "$0")/lib.sh"

nap=$sysfs/xlp_test_nap
hold=/sys/module/xlp_test_hold/parameters
leaf=/sys/module/xlp_test_target/parameters/leaf
ignore_walker=/sys/kernel/debug/xlp/ignore_walker
sleeper=
answer=$(mktemp "${TMPDIR:-/tmp}/xlp.XXXXXX")

fall_asleep() {
	cat $debug/nap > "$answer" &
	sleeper=$!
	eventually is_asleep $sleeper || problem "nobody fell asleep"
}

wake_up() {
	set_to 1 $debug/wake
	wait $sleeper
}

# The disabled patch cannot go, and the log says on whose behalf.
pinned_by_sleeper() {
	expect_soon 1 told
	stays xlp_test_nap
	expect_log "^xlp: 'xlp_test_nap': module stays loaded: task cat/$sleeper may return into "
	sleep 0.5
	stays xlp_test_nap
}

told() {
	log | grep -c "module stays loaded"
}

plan 9
load xlp_test_target
load xlp_test_driver

scenario "a task sleeps in a replacement"
expect old value $debug/nap
load xlp_test_nap
fall_asleep
expect 1 value $nap/enabled

scenario "its disabled patch stays loaded, new calls are the original's"
disable xlp_test_nap
expect old value $debug/nap
pinned_by_sleeper
expect_log "may return into it, .* in new_nap+.* \[xlp_test_nap\]"

scenario "it can be enabled again meanwhile"
enable xlp_test_nap
sleep 0.5
stays xlp_test_nap
disable xlp_test_nap
expect old value $debug/nap

scenario "after waking up it finishes the replacement"
wake_up
expect new value "$answer"

scenario "and the module goes"
unload xlp_test_nap
expect no present $nap

scenario "a return address taken by the function graph tracer counts as well"
if grep -q function_graph "$tracing/available_tracers"; then
	filtered=yes
	set_to xt_wait "$tracing/set_ftrace_filter"
	set_to function_graph "$tracing/current_tracer"
	load xlp_test_nap
	fall_asleep
	set_to "$tracer" "$tracing/current_tracer"
	set_to "" "$tracing/set_ftrace_filter"
	disable xlp_test_nap
	pinned_by_sleeper
	wake_up
	expect new value "$answer"
	unload xlp_test_nap
else
	skip "no function graph tracer"
fi

scenario "and one taken by a return probe"
if write "r:xlp_return xt_wait" "$tracing/kprobe_events"; then
	set_to 1 "$tracing/events/kprobes/xlp_return/enable"
	load xlp_test_nap
	fall_asleep
	disable xlp_test_nap
	pinned_by_sleeper
	wake_up
	expect new value "$answer"
	remove_kprobe_events
	unload xlp_test_nap
else
	skip "no return probes: $message"
fi

# The task sleeps after a handler of ftrace has chosen and before the jump, where
# only the new function's entry leads into the module.
kept_from_entry() {
	load xlp_test_a model=1
	set_to Y $hold/keep
	cat "$leaf" > "$answer" &
	sleeper=$!
	eventually is_asleep $sleeper || problem "nobody fell asleep"
	disable xlp_test_a
	expect_soon 1 told
	stays xlp_test_a
	expect_log "^xlp: 'xlp_test_a': module stays loaded: task cat/$sleeper may return into it"
	sleep 0.5
	stays xlp_test_a
	set_to N $hold/keep
	wait $sleeper
	expect a value "$answer"
	unload xlp_test_a
}

for what in "" ", without walker"; do
	scenario "a task sleeps in a direct caller, on its way into the new function$what"
	[ -z "$what" ] || set_to 1 $ignore_walker
	if by_direct_calls; then
		skip "no other direct caller shares a patched function here"
	elif insert xlp_test_hold how=asleep function=xt_leaf; then
		kept_from_entry
		unload xlp_test_hold
	elif is_errno EOPNOTSUPP "$message"; then
		skip "$(why_no_caller sleeping_trampoline)"
	else
		problem "xlp_test_hold: $message"
	fi
	set_to 0 $ignore_walker
done

rm -f "$answer"
done_testing
