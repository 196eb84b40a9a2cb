#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What xlp sees on stacks: chains of calls that are known. The scan must show
# every frame. The walk must show every frame or fail, and must not fail where a
# patch could then wait for ever.
. "$(dirname "$0")/lib.sh"

walk=$debug
walk=${walk%/*}/xlp_test_walk

# seen CASE: what became of it, for the verbs below; every result is shown
seen() {
	seen=$(cat "$walk/$1")
	comment "$1: $seen"
	case $seen in
	"skip: "*)	skip "${seen#skip: }" ;;
	FAIL*|"")	problem "$1 failed" ;;
	*)		return 0 ;;
	esac
	return 1
}

# resolves CASE: the walk shows everything
resolves() {
	seen "$1" || return
	case $seen in
	resolved*)	;;
	*)		problem "$1 must be resolved" ;;
	esac
}

# survives CASE: the walk shows everything or fails
survives() {
	seen "$1"
}

# fails CASE: the walk fails
fails() {
	seen "$1" || return
	case $seen in
	unreliable*)	;;
	*)		problem "$1 must be unreliable" ;;
	esac
}

# gives ANSWER CASE
gives() {
	seen "$2" || return
	case $seen in
	"$1"*)	;;
	*)	problem "$2: not '$1'" ;;
	esac
}

was_hooked() {
	case $seen in
	*" 0 hooked"*)	problem "no return address was replaced" ;;
	esac
}

was_hooked_by_graph() {
	! is_fact sees_graph || was_hooked
}

# Where the walker in use can look behind return probes.
resolves_probes() {
	if is_fact walks_probes; then resolves "$1"; else survives "$1"; fi
}

# Where it can follow an interrupt or exception.
follows_interrupts() {
	if is_fact walks_interrupts; then resolves "$1"; else fails "$1"; fi
}

graph_on() {
	filtered=yes
	set_to "$1" "$tracing/set_ftrace_filter"
	set_to function_graph "$tracing/current_tracer"
}

graph_off() {
	set_to "$tracer" "$tracing/current_tracer"
	set_to "" "$tracing/set_ftrace_filter"
}

has_graph() {
	grep -q function_graph "$tracing/available_tracers" || {
		skip "no function graph tracer"
		return 1
	}
}

plan 27
load xlp_test_target
load xlp_test_walk

scenario "a chain of calls, asleep"
resolves plain

scenario "a recursion of more than a hundred calls"
resolves recursion

scenario "frames of variable size"
resolves alloca

scenario "every callee-saved register in use"
resolves registers

scenario "the saved registers are what a task has gone to sleep with"
gives saved saved

scenario "asleep in a page fault in a copy from user space"
follows_interrupts page_fault

scenario "return addresses replaced by two return probes"
resolves_probes kretprobe
was_hooked

scenario "all return addresses of a recursion replaced by return probes"
resolves_probes kretprobe_recursion
was_hooked

scenario "return addresses replaced by the graph tracer"
if has_graph; then
	graph_on "xw_*"
	resolves plain
	was_hooked_by_graph
	resolves alloca
	was_hooked_by_graph
	graph_off
fi

scenario "replaced by the graph tracer and by return probes"
if has_graph; then
	graph_on "xw_*"
	survives kretprobe
	was_hooked
	graph_off
fi

scenario "a chain through a replaced function"
load xlp_test_walkpatch
resolves replaced

scenario "the same with the graph tracer"
if has_graph; then
	graph_on "xw_in_* xt_nap new_nap"
	survives replaced
	graph_off
fi
disable xlp_test_walkpatch
unload xlp_test_walkpatch

make_preemptible

scenario "preempted in a loop"
follows_interrupts preempted

scenario "preempted in a handler of ftrace"
fails preempted_handler

scenario "preempted in a handler of ftrace that gets all registers"
fails preempted_handler_regs

scenario "preempted while a return probe has replaced a return address"
survives preempted_probed

restore_preemption

scenario "a running task"
gives running running

scenario "a thread that was created and not woken"
resolves created

scenario "tasks that never ran"
set_to 1 "$walk/arm"
(:)
seen never_ran

scenario "a zombie"
sh -c 'sleep 0.3 & echo $! > /tmp/xlp_zombie; exec sleep 1000' >/dev/null 2>&1 &
sleeper=$!
sleep 1
set_to "$(cat /tmp/xlp_zombie)" "$walk/pid"
gives "no stack" zombie
kill $sleeper

scenario "a task that reaps itself"
gives "no stack" exiting

scenario "corrupt return addresses"
boot_code=$(sed -n 's/^\([0-9a-f]*\) [tT] start_kernel$/0x\1/p' /proc/kallsyms)
if [ -n "$boot_code" ]; then
	set_to "$boot_code" "$walk/boot_code"
else
	problem "no start_kernel() in /proc/kallsyms"
fi
fails corrupt_returns

scenario "corrupt links between frames"
fails corrupt_links

scenario "every task: the scan shows what the walk shows"
resolves tasks

scenario "the idle task of every CPU"
resolves idle

scenario "links of idle tasks that leave frames out"
fails idle_links

scenario "every task, with return addresses replaced by tracer and probes"
if has_graph; then
	stay_on_one_cpu
	graph_on "schedule schedule_timeout do_nanosleep *pipe_read* kernel_wait4 do_wait"
	write "r:xlp_return hrtimer_nanosleep" "$tracing/kprobe_events" &&
		set_to 1 "$tracing/events/kprobes/xlp_return/enable"
	sleep 5 >/dev/null 2>&1 &
	(sleep 5 | cat) >/dev/null 2>&1 &
	sleep 0.5
	survives tasks
	remove_kprobe_events
	use_all_cpus
	graph_off
fi
done_testing
