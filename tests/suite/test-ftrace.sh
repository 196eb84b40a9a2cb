#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Tracers, probes and other users of ftrace on a patched function: who goes
# together does so in both orders, who does not is refused.
. "$(dirname "$0")/lib.sh"

trace=$tracing/trace
kprobes=$tracing/kprobe_events
a="^xlp: patch 'xlp_test_a': object 'xlp_test_target': function 'xt_leaf': "

start_tracer() {
	filtered=yes
	set_to xt_leaf "$tracing/set_ftrace_filter"
	set_to "$1" "$tracing/current_tracer"
	set_to 1 "$tracing/tracing_on"
}

stop_tracer() {
	set_to nop "$tracing/current_tracer"
	set_to "" "$tracing/set_ftrace_filter"
}

# traced: has the tracer seen a call since the last question? Which of the two
# functions the graph tracer shows depends on the architecture.
traced() {
	local found

	found=$(grep -v '^#' "$trace" | grep -c -e xt_leaf -e stacked_leaf)
	: > "$trace"
	if [ "$found" != 0 ]; then echo yes; else echo no; fi
}

# s390's graph tracer filters by where the call goes, not by where it was made.
expect_traced() {
	case $1-$(uname -m) in
	function_graph-s390*)	;;
	*)			expect yes traced ;;
	esac
}

hits() {
	sed -n 's/^ *xlp_probe *\([0-9]*\) .*/\1/p' "$tracing/kprobe_profile"
}

set_probe() {
	set_to "p:xlp_probe xt_leaf" "$kprobes"
	set_to 1 "$tracing/events/kprobes/xlp_probe/enable"
}

tracer_and_patch() {
	scenario "the $1 tracer first, then a patch"
	grep -q "\\<$1\\>" "$tracing/available_tracers" || {
		skip "no $1 tracer"
		return
	}
	start_tracer "$1"
	expect old world
	expect yes traced
	load xlp_test_a
	expect a world
	expect_traced "$1"
	disable xlp_test_a
	expect old world
	unload xlp_test_a
	stop_tracer

	scenario "a patch first, then the $1 tracer"
	load xlp_test_a
	start_tracer "$1"
	expect a world
	expect_traced "$1"
	stop_tracer
	expect a world
	disable xlp_test_a
	unload xlp_test_a
	expect old world
}

# who_holds HOW TITLE: refused in both orders
who_holds() {
	scenario "$2: a patch that comes later is refused"
	if ! insert xlp_test_hold how="$1" function=xt_leaf; then
		echo "$message" | grep -q "$(errno_text EOPNOTSUPP)" ||
			problem "xlp_test_hold: $message"
		skip "not in this kernel"
		scenario "$2: one that comes later than a patch is refused"
		skip "not in this kernel"
		return
	fi
	refuse EBUSY xlp_test_a
	expect_log "$a"
	expect old world
	unload xlp_test_hold

	scenario "$2: one that comes later than a patch is refused"
	load xlp_test_a
	if [ "$1" = kprobe ] && insert xlp_test_hold how=kprobe; then
		# Linux 7.2 takes it when asked twice, as busybox's insmod does,
		# and does not arm it.
		skip "the kernel takes the probe without arming it"
		expect a world
		expect 0 value /sys/module/xlp_test_hold/parameters/hits
		unload xlp_test_hold
	else
		refuse EBUSY xlp_test_hold how="$1" function=xt_leaf
	fi
	expect a world
	disable xlp_test_a
	unload xlp_test_a
}

# Where kprobes do not use ftrace nothing has to be refused.
probe_beside_ftrace() {
	scenario "a probe with a post_handler does not need ftrace: patched later"
	load xlp_test_hold how=kprobe function=xt_leaf
	load xlp_test_a
	expect a world
	unload xlp_test_hold
	expect a world

	scenario "a probe with a post_handler does not need ftrace: probed later"
	load xlp_test_hold how=kprobe function=xt_leaf
	expect a world
	unload xlp_test_hold
	expect a world
	disable xlp_test_a
	unload xlp_test_a
}

plan 12
load xlp_test_target

tracer_and_patch function
tracer_and_patch function_graph

scenario "a probe armed before the patch"
set_probe
expect old world
load xlp_test_a
before=$(hits)
expect a world
expect a world
expect $((before + 2)) hits
remove_kprobe_events
expect a world

scenario "a probe armed after the patch"
set_probe
before=$(hits)
expect a world
expect a world
expect $((before + 2)) hits
disable xlp_test_a
expect old world
expect $((before + 3)) hits
remove_kprobe_events
unload xlp_test_a

who_holds direct "a direct caller"
if has_function kprobe_ftrace_handler; then
	who_holds kprobe "a probe with a post_handler"
else
	probe_beside_ftrace
fi

scenario "the kernel's own live patching: a patch that comes later is refused"
klp=/sys/kernel/livepatch/xlp_test_klp
if insert xlp_test_klp; then
	expect b world
	refuse EBUSY xlp_test_a
	expect_log "$a"
	expect b world
	set_to 0 $klp/enabled
	expect_soon no present $klp
	unload xlp_test_klp
	scenario "the kernel's own live patching is refused later than a patch"
	load xlp_test_a
	refuse EBUSY xlp_test_klp
	expect a world
	disable xlp_test_a
	unload xlp_test_a
else
	skip "the kernel has none: $message"
	scenario "the kernel's own live patching is refused later than a patch"
	skip "the kernel has none"
fi

done_testing
