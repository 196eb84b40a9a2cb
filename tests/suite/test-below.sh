#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Functions below which xlp itself runs: what its threads, work, timers and notifiers
# call and are called from. Each is replaced by a stub that counts a call and passes
# it on to the original's body, so any can be, on every kernel.
#
# XLP_BELOW=full: each function by itself with each model, too.
# shellcheck disable=SC2046,SC2086 # lists are words
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/transition.sh"

count=$sysfs/xlp_test_count
counts=/sys/module/xlp_test_count/parameters/counts
immediate=1		# enum xlp_model
stop=2
per_task=3
patience_ms=/sys/module/xlp/parameters/patience_ms
patience_before=$(cat $patience_ms)

# A group a line, its name first. Kernels differ: what one has not, or has inlined,
# or ftrace cannot trace, is left out.
#
# Tasks leave all of them soon, but for the last groups:
#   writing	whoever writes to sysfs is inside
#   asking	insmod is inside when it asks for a switch
#   perhaps	the same, unless the compiler has made the last call there a jump
#   stopping	the CPUs are inside while the machine is stopped
#   dwelling	some kernel threads or the idle tasks are always inside
# seldom: the exercise below need not call them.
groups() {
	cat <<-END
	work process_one_work queue_work_on __queue_work insert_work
	time call_timer_fn run_timer_softirq mod_timer update_process_times
	time tick_sched_handle tick_sched_timer __hrtimer_run_queues hrtimer_interrupt
	time scheduler_tick sched_tick
	memory __kmalloc kmalloc_trace __kmalloc_noprof __kmalloc_cache_noprof kfree vfree
	memory kvmalloc_node __kvmalloc_node_noprof kvfree kmem_cache_alloc
	memory kmem_cache_alloc_noprof kmem_cache_free
	locks mutex_lock mutex_unlock down_read up_read down_write
	locks _raw_spin_lock _raw_spin_lock_irqsave _raw_spin_unlock_irqrestore
	log _printk vprintk vprintk_emit
	tasks task_call_func try_to_wake_up wake_up_process copy_process
	tasks kernel_clone wake_up_new_task do_exit release_task delayed_put_task_struct
	tasks __put_task_struct task_work_run idle_task
	modules try_module_get module_put free_module blocking_notifier_call_chain
	modules blocking_notifier_call_chain_robust
	rcu synchronize_rcu_tasks synchronize_rcu call_rcu rcu_core __wait_rcu_gp
	cpus smp_call_function_many_cond cpus_read_lock cpus_read_unlock
	cpus cpu_stop_queue_work
	seldom kallsyms_lookup_size_offset arch_stack_walk_reliable unwind_next_frame
	seldom msleep usleep_range_state add_timer_on __mutex_lock set_cpus_allowed_ptr
	seldom notifier_call_chain tracepoint_probe_register smp_call_function_single
	seldom wake_up_state put_task_stack task_work_add is_module_text_address
	seldom core_kernel_text devkmsg_write tick_nohz_handler delayed_work_timer_fn
	seldom console_unlock mod_delayed_work_on flush_work __flush_work start_flush_work
	writing kernfs_fop_write_iter vfs_write ksys_write
	asking do_init_module stop_machine stop_machine_cpuslocked
	perhaps load_module ${syscall}finit_module wait_for_completion
	stopping multi_cpu_stop cpu_stopper_thread
	dwelling $dwelling
	END
}
through="work time memory locks log tasks modules rcu cpus seldom"
syscall=$(fact syscall_prefix)
dwelling="schedule_timeout do_idle kthread_worker_fn worker_thread smpboot_thread_fn kthread schedule"

# Where the way back from a replacement leads through a stub of xlp.ko, xlp counts on the
# replacement being on the stack as long as that is, but these stubs are not: whoever sleeps
# in the original for ever would come back to where xlp.ko was.
inside=dwelling
[ -z "$(fact return_stub)" ] || inside=

# A group, a name as ftrace knows it, and the name above in each line: compilers change
# the names of static functions. Which one of several is not for this test.
find_functions() {
	groups | awk '
		NR == FNR { for (i = 2; i <= NF; i++) group[$i] = $1; next }
		NF > 1 { next }
		{ name = $1; sub(/\.(isra|constprop)\..*/, "", name) }
		name in group { line[name] = group[name] " " $1 " " name; times[name]++ }
		END { for (name in line) if (times[name] == 1) print line[name] }
		' - "$tracing/available_filter_functions" > "$scratch/functions"
}

# functions GROUP...
functions() {
	local group

	for group; do
		sed -n "s/^$group \([^ ]*\) .*/\1/p" "$scratch/functions"
	done
}

# what_is NAME: as ftrace knows it, if it does
what_is() {
	sed -n "s/^[a-z]* \([^ ]*\) $1\$/\1/p" "$scratch/functions" | head -n 1
}

absent() {
	groups | awk '
		NR == FNR { there[$3]; next }
		{ for (i = 2; i <= NF; i++) if (!($i in there)) printf " %s", $i }
		' "$scratch/functions" -
}

now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

# What xlp does meanwhile: it enables, disables and releases another patch.
exercise() {
	echo "xlp_test: below" > /dev/kmsg
	load xlp_test_target
	load xlp_test_any object=xlp_test_target function=xt_leaf model="$1"
	expect new world
	disable xlp_test_any
	unload xlp_test_any
	unload xlp_test_target
}

# put_in MODEL FUNCTION...: these count
put_in() {
	local model="$1" started

	shift
	started=$(now_ms)
	load xlp_test_count model="$model" functions="$(echo "$@" | tr ' ' ,)"
	comment "$# in $(($(now_ms) - started)) ms: $1 ..."
}

# Where no walk can tell, a stale word on a stack may be in the way for a while, as on an
# idle task's whose CPU has little to do. That is not refused here, but said.
off() {
	local patience=$((3 * slow))

	! write 0 $count/enabled || return
	comment "$(log | grep "'xlp_test_count' cannot be disabled" | tail -n 1)"
	eventually write 0 $count/enabled || problem "disabling: $message"
}

is_free() {
	local patience=$1

	eventually unpinned xlp_test_count
}

take_out() {
	off
	settle xlp_test_count
	is_free $((5 * slow)) || {
		comment "not free yet: $(cat $xlp_debug/blocked)"
		is_free $((60 * slow)) || problem "not free: $(cat $xlp_debug/blocked)"
	}
	unload xlp_test_count
}

# Where no clock has a high resolution, as on a slow machine, ticks come another way.
without_high_resolution() {
	grep -q 'event_handler: *hrtimer_interrupt' /proc/timer_list || echo hrtimer_interrupt
}

# Newer kernels wait for RCU without it, and for RCU's tasks only where there is preemption.
without_wait_for_rcu() {
	local wakes=/sys/module/rcutree/parameters/rcu_normal_wake_from_gp

	if [ -e $wakes ] && [ "$(value $wakes)" -ge 1 ] && ! has_function synchronize_rcu_tasks; then
		echo __wait_rcu_gp
	fi
}

# All but those that need not be.
not_called() {
	awk -v unused=" $(without_high_resolution) $(without_wait_for_rcu) " '
		NR == FNR { quiet[$2] = $1 == "seldom" || $1 == "dwelling"; next }
		$2 == 0 && !quiet[$1] && !index(unused, " " $1 " ") { print $1 }
		' "$scratch/functions" $counts
}

# If not, ftrace is asked whether it has them hooked: once that was all there was to go by.
all_have_counted() {
	local function

	for function in $(not_called); do
		problem "$function was not called; ftrace: $(grep -F "$function " $tracing/enabled_functions)"
	done
}

# one_by_one MODEL FUNCTION...
one_by_one() {
	local model="$1" function

	shift
	for function; do
		put_in "$model" "$function"
		take_out
	done
}

# in_turn MODEL GROUPS...: some groups, or each function of them, after the other
in_turn() {
	local model="$1" some

	shift
	for some; do
		set -- $(functions $some)
		if [ "${XLP_BELOW:-}" = full ]; then
			one_by_one "$model" "$@"
		elif [ "$model" = $per_task ]; then
			put_in "$model" "$@"
			take_out
		fi
	done
}

# all_at_once MODEL GROUP...: they count while xlp does what it does
all_at_once() {
	local model="$1"

	shift
	put_in "$model" $(functions "$@")
	exercise $stop
	exercise $per_task
	all_have_counted
	take_out
}

# in_the_way FUNCTION: the stop model says so, and of whom
in_the_way() {
	refuse EBUSY xlp_test_count model=$stop functions="$1"
	[ ! -e $count ] || take_out
	log | grep -q "'xlp_test_count' cannot be enabled: task .*/[0-9]* is in the way, .* in $1+" ||
		problem "nobody was in the way of $1"
}

has_line() {
	log | grep -q "$1"
}

is_decided() {
	is_settled xlp_test_count || has_line "holds up that it is enabled"
}

# Whoever has changed over and sleeps in the function is in the way back: for some
# functions that is for ever, and somebody has to decide that it does not matter.
turn_round() {
	local patience=$((3 * slow))

	ask 0 xlp_test_count
	! eventually is_settled xlp_test_count || return
	comment "$(cat $xlp_debug/blocked)"
	only_blocked "xlp_test_count disabled [0-9]* .* $1+.*\|# xlp_test_count: .*" ||
		eventually is_settled xlp_test_count || problem "reported: $(cat $xlp_debug/blocked)"
	# The last of them may leave just before that.
	echo 1 2> "$scratch/said" > $count/force || eventually is_settled xlp_test_count ||
		problem "'1' to $count/force: $(cat "$scratch/said")"
	over xlp_test_count
	set_to 1 /sys/module/xlp_test_count/parameters/let_go
}

# An idle task begins anew when its CPU does: as inside as all the others.
let_a_cpu_go_and_come() {
	local online=/sys/devices/system/cpu/cpu1/online

	[ -w $online ] || return 0
	set_to 0 $online
	sleep 0.5
	set_to 1 $online
	sleep 0.5
}

# All of them have the number 0.
each_idle_task_is_named() {
	[ "$(grep -c swapper/ $xlp_debug/blocked)" = "$(nproc)" ]
}

# dwell NAME: who is inside holds up that it is replaced, is named, and not harmed
dwell() {
	local function

	[ -n "$inside" ] || {
		skip "calls come back through xlp.ko here, which may have gone by then"
		return
	}
	function=$(what_is "$1")
	[ -n "$function" ] || {
		skip "there is no such function, or it is not traced"
		return
	}
	begin xlp_test_count model=$per_task functions="$function"
	eventually is_decided || problem "nothing has been decided"
	if is_settled xlp_test_count; then
		comment "nobody is inside for long"
		take_out
		return
	fi
	is_blocked "xlp_test_count enabled [0-9]* .* $function+.*" ||
		problem "reported: $(cat $xlp_debug/blocked)"
	has_line "task .*/[0-9]* holds up that it is enabled, .* in $function+" ||
		problem "no line says who holds it up"
	expect works echo works
	if [ "$1" = do_idle ]; then
		eventually each_idle_task_is_named || problem "reported: $(cat $xlp_debug/blocked)"
		let_a_cpu_go_and_come
		# No idle task has changed over.
		ask 0 xlp_test_count
		over xlp_test_count
	else
		turn_round "$function"
	fi
	unload xlp_test_count
}

start_bystanders() {
	mkfifo "$scratch/fifo"
	cat "$scratch/fifo" > "$scratch/heard" &
	listener=$!
	sleep 1000 &
	dozer=$!
}

bystanders_are_well() {
	echo well > "$scratch/fifo"
	wait $listener || problem "the reader of a FIFO: $?"
	expect well cat "$scratch/heard"
	kill $dozer || problem "somebody has ended a sleep"
	wait $dozer 2>/dev/null
}

# What is refused where calls are caught by a branch: functions out of its reach, and those whose
# first instruction is not one that can be executed elsewhere.
leave_out_refused() {
	local function all="$through writing asking perhaps stopping $inside"
	local reason='\(it is [0-9]* KiB away\|its first instruction\) '

	[ -e "$own_hooks" ] || return 0
	set -- $(functions $all)
	until insert xlp_test_count model=$immediate functions="$(echo "$@" | tr ' ' ,)"; do
		function=$(log | sed -n "s/.*function '\(.*\)': $reason.*/\1/p" | tail -n 1)
		[ -n "$function" ] || {
			problem "$message"
			return
		}
		comment "left out: $(log | grep -o "'$function': $reason.*" | tail -n 1)"
		sed -i "/^[a-z]* $function /d" "$scratch/functions"
		set -- $(functions $all)
	done
	take_out
}

is_fact imports_functions || skip_all "no patch can import a function here"
if insert xlp_test_count model=$immediate; then
	take_out
elif is_errno EOPNOTSUPP "$message"; then
	skip_all "$(fact no_count)"
fi

plan 15
find_functions

scenario "there are functions below xlp"
leave_out_refused
nr=$(wc -l < "$scratch/functions")
comment "$nr functions; not there or not traced:$(absent)"
[ "$nr" -ge 25 ] || problem "$nr are too few"

scenario "immediate: all of them, while xlp changes other patches"
in_turn $immediate $through writing asking perhaps stopping $inside
all_at_once $immediate $through writing asking perhaps stopping $inside

scenario "per task: those that tasks leave soon, in turn"
in_turn $per_task work time "memory locks" "log tasks" "modules rcu" \
	"cpus seldom" "writing asking perhaps stopping"

scenario "per task: all of those, while xlp changes other patches"
all_at_once $per_task $through writing asking perhaps stopping

scenario "stop: those that nobody on the way to it is inside of"
in_turn $stop $through
all_at_once $stop $through

scenario "stop: whoever asks for it, and whoever makes it, is in the way"
echo 100 > $patience_ms
for function in $(functions asking stopping); do
	in_the_way "$function"
done

scenario "stop: a function that some thread is always inside of is refused"
for function in schedule kthread worker_thread; do
	if [ -n "$(what_is $function)" ]; then
		in_the_way $function
	else
		comment "$function was left out"
	fi
done
echo "$patience_before" > $patience_ms

scenario "stop: whoever writes to enabled is in the way, so another patch has to help"
put_in $stop $(functions writing)
echo 100 > $patience_ms
refuse_write EBUSY 0 $count/enabled
has_line "'xlp_test_count' cannot be disabled: task .*/[0-9]* is in the way, .* in [a-z_]*write[a-z_]*+" ||
	problem "nobody was in the way"
expect 1 value $count/enabled
load xlp_test_any model=$immediate replace=1
expect 0 value $count/enabled
unload xlp_test_count
disable xlp_test_any
unload xlp_test_any
echo "$patience_before" > $patience_ms

start_bystanders
for function in $dwelling; do
	scenario "per task: $function waits for whoever is always inside, and is given up"
	dwell "$function"
done

[ -z "${listener:-}" ] || bystanders_are_well
done_testing
