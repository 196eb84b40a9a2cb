#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The per-task model: what kinds of tasks do while a transition is under way.
# How transitions go is in test-transition.sh.
# shellcheck disable=SC2034 # loops that count only
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"

signal_ms=/sys/module/xlp/parameters/signal_ms
signal_ms_before=$(cat $signal_ms)
patience_ms=/sys/module/xlp/parameters/patience_ms
patience_ms_before=$(cat $patience_ms)
cpu1=/sys/devices/system/cpu/cpu1/online
load=$suite/load
parameters=/sys/module/xlp_test_tasks/parameters
interrupted=$parameters/interrupted
background=

# in_background COMMAND...: until stop_background
in_background() {
	"$@" > /dev/null 2>&1 &
	background="$background $!"
}

stop_background() {
	# shellcheck disable=SC2086 # one word for each
	kill $background 2>/dev/null
	# shellcheck disable=SC2086
	wait $background 2>/dev/null
	background=
}

# Within a second, not $patience of them.
quickly_over() {
	local tries=10

	until is_settled "$1" || [ $tries = 0 ]; do
		sleep 0.1
		tries=$((tries - 1))
	done
	is_settled "$1" || problem "not over within a second: $(cat $xlp_debug/blocked)"
	over "$1"
}

# doze FILE NUMBER: tasks that sleep in it interruptibly, their PIDs in $dozers
doze() {
	local n="$2"

	dozers=
	while [ "$n" -gt 0 ]; do
		# shellcheck disable=SC2016 # for that shell
		sh -c 'exec cat "$1" > "$2/$$" 2>&1' - "$tasks/$1" "$scratch" &
		dozers="$dozers $!"
		n=$((n - 1))
	done
	for n in $dozers; do
		eventually dozes "$n" || problem "task $n does not sleep in $1"
	done
}

dozes() {
	local state comm

	read -r _ comm state _ < "/proc/$1/stat" &&
		[ "$comm $state" = "(cat) S" ]
}

# how_many ANSWER: of the dozers have read it
how_many() {
	local n=0 dozer

	for dozer in $dozers; do
		grep -q "$1" "$scratch/$dozer" && n=$((n + 1))
	done
	echo "$n"
}

# none_reported CHANGE COMM...: no task of such a name is in the way of that
none_reported() {
	local change="$1" comm

	shift
	for comm; do
		! grep -q "^xlp_test_change $change [0-9]* $comm " "$xlp_debug/blocked" || return 1
	done
}

# One that has just been asked to move may be on its way back to sleep, and miss a call.
wake_dozers() {
	local waker

	while wake_up; do sleep 0.2; done &
	waker=$!
	# shellcheck disable=SC2086 # one word for each
	wait $dozers 2>/dev/null
	kill $waker
}

# right_behind FUNCTION LINES: what kallsyms has there in the module; words of patterns
right_behind() {
	# Not the marks of arm's and riscv's assemblers.
	echo "$2" | sed -n 's/^\([0-9a-f]*\) . \([^$ 	][^ 	]*\)[ 	]*\[xlp_test_tasks]$/\1 \2/p' | sort |
		awk -v name="$1" '
			$1 != address { if (found && at != address) exit; address = $1 }
			found && address != at { print $2 }
			$2 == name { found = 1; at = address }'
}

# patterns_of_inside: where in the kernel it counts as inside of the functions that are replaced. What
# stands right behind one does, too: a call may be the last of its instructions.
patterns_of_inside() {
	local function behind lines

	# To read all lines takes a second or two in an emulated guest.
	lines=$(grep -F '[xlp_test_tasks]' /proc/kallsyms)
	printf 'xk_\(block\|sleep\|busy\|leaf\)[+.]'
	for function in xk_block xk_sleep xk_busy xk_leaf; do
		for behind in $(right_behind $function "$lines"); do
			printf '\|%s+0x0/' "$behind"
		done
	done
	! echo "$lines" | grep -q '^0* . xk_block[[:space:]]' || printf '\|[a-z_]*+0x0/'
}

plan 30
load_tasks

scenario "tasks that sleep interruptibly inside are woken, and begin anew outside"
doze sleep 15
begin xlp_test_change
quickly_over xlp_test_change
# Perhaps some of them twice.
woken=$(switched xlp_test_change woken)
if [ "$woken" -lt 15 ] || [ "$woken" -gt 30 ]; then
	problem "$woken woken"
fi
expect 0 how_many old
wake_dozers
expect 15 how_many new

scenario "likewise when it is disabled"
doze sleep 15
ask 0 xlp_test_change
quickly_over xlp_test_change
wake_dozers
expect 15 how_many old

scenario "a call that is not begun anew fails with EINTR"
doze eintr 1
ask 1 xlp_test_change
quickly_over xlp_test_change
expect_soon 1 value $interrupted
# Busybox's cat reads again, others give up.
wake_dozers
expect 0 how_many old

announced() {
	log | grep -q '^xlp: signaling remaining tasks$'
}

# By default after 15 seconds, as in-kernel livepatch does.
scenario "one that takes long is announced by the kernel's own line"
set_to 10 $signal_ms
fall_asleep block
ask 0 xlp_test_change
! announced || problem "announced at once"
eventually announced || problem "not announced"
in_transition xlp_test_change
wake_up
over xlp_test_change
[ "$(log | grep -c 'signaling remaining')" = 1 ] || problem "more than once"
wait $sleeper
ask 1 xlp_test_change
over xlp_test_change
set_to "$signal_ms_before" $signal_ms

scenario "with signal_ms=0 nobody is woken"
set_to 0 $signal_ms
doze sleep 1
ask 0 xlp_test_change
held_by "xlp_test_change disabled ${dozers# } cat sleeping [0-9]* new_sleep+.*"
sleep 1
in_transition xlp_test_change
wake_dozers
expect 1 how_many new
over xlp_test_change
expect 0 switched xlp_test_change woken
set_to "$signal_ms_before" $signal_ms

# Where cond_resched() does nothing, who does nothing else is always interrupted
# when it is looked at, and few walkers can follow that.
if is_fact walks_interrupts; then spinning=spinning; else spinning=yielding; fi

scenario "threads of the kernel: asleep elsewhere, asleep inside, never asleep"
for kind in elsewhere sleeping $spinning; do
	start_thread "$kind"
done
ask 1 xlp_test_change
over xlp_test_change
expect_soon new thread elsewhere
expect_soon new thread $spinning
woken_thread new sleeping
ask 0 xlp_test_change
over xlp_test_change
expect_soon old thread elsewhere
expect_soon old thread $spinning
woken_thread old sleeping
stop_threads

scenario "inside uninterruptibly, or busy: in the way until it leaves"
start_thread blocked
start_thread stuck
start_thread $spinning
eventually grep -q "$spinning old" "$tasks/threads"
sleep 0.2
ask 1 xlp_test_change
reported "xlp_test_change enabled [0-9]* xk_blocked uninterruptible [0-9]* xk_block+.*"
reported "xlp_test_change enabled [0-9]* xk_stuck [a-z]* [0-9]* .*"
expect_soon new thread $spinning
sleep 0.5
in_transition xlp_test_change
expect none thread blocked
wake_up
expect_soon old thread blocked
expect_soon old thread stuck
over xlp_test_change
woken_thread new blocked
woken_thread new stuck
stop_threads
disable xlp_test_change

# A shell that calls nothing that is not its own; nice to whoever has to see the end.
scenario "tasks that stay in user space, some for each CPU"
for task in 1 2 3 4; do
	in_background sh -c 'while :; do :; done'
done
# shellcheck disable=SC2086 # a list of words
renice 19 $background || problem "they are not nice"
sleep 0.2
for task in $background; do
	kill -0 "$task" || problem "one does not run"
done
for round in $(seq "$(amount 1 3)"); do
	ask 1 xlp_test_change
	over xlp_test_change
	expect new value "$tasks/leaf"
	ask 0 xlp_test_change
	over xlp_test_change
	expect old value "$tasks/leaf"
done
stop_background

# It is outside on its way out of the kernel, and only there.
call_all_the_time() {
	local answer

	while read -r answer < "$tasks/busy"; do
		echo "$answer" > "$scratch/busy.$1"
	done
}

scenario "tasks that are nearly always inside"
for task in 1 2 3; do
	in_background call_all_the_time $task
done
for task in 1 2 3; do
	expect_soon old cat "$scratch/busy.$task"
done
ask 1 xlp_test_change
over xlp_test_change
for task in 1 2 3; do
	expect_soon new cat "$scratch/busy.$task"
done
ask 0 xlp_test_change
over xlp_test_change
for task in 1 2 3; do
	expect_soon old cat "$scratch/busy.$task"
done
stop_background

# Stopped on the way into each call and out of it, where task work is run as well.
scenario "a traced task"
if [ -x "$load" ]; then
	in_background "$load" -t "$tasks/busy"
	sleep 0.3
	for round in 1 2 3; do
		ask 1 xlp_test_change
		over xlp_test_change
		ask 0 xlp_test_change
		over xlp_test_change
	done
	stop_background
else
	skip "no $load"
fi

# Of io_uring, on behalf of $background: it never leaves the kernel.
worker_sleeps() {
	cat /proc/"${background# }"/task/*/stat 2>/dev/null | grep -q "iou-wrk.*) D "
}

scenario "a worker of an io_uring, which never leaves the kernel"
[ ! -x "$load" ] || in_background "$load" -u "$tasks/block"
sleep 0.3
if [ ! -x "$load" ]; then
	skip "no $load"
elif ! kill -0 "${background# }" 2>/dev/null; then
	background=
	skip "no io_uring"
else
	eventually worker_sleeps || problem "no worker sleeps in xk_block()"
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled [0-9]* iou-wrk-[0-9]* uninterruptible [0-9]* xk_block+.*"
	sleep 0.3
	in_transition xlp_test_change
	wake_up
	over xlp_test_change
	eventually worker_sleeps || problem "no worker sleeps in new_block()"
	ask 0 xlp_test_change
	held_by "xlp_test_change disabled [0-9]* iou-wrk-[0-9]* uninterruptible [0-9]* new_block+.*"
	wake_up
	over xlp_test_change
	eventually worker_sleeps
	kill "${background# }"
	wake_up
	stop_background
	in_background "$load" -u "$tasks/busy"
	sleep 0.3
	for round in 1 2 3; do
		ask 1 xlp_test_change
		over xlp_test_change
		ask 0 xlp_test_change
		over xlp_test_change
	done
	stop_background
fi

worker_dozes() {
	cat /proc/"${background# }"/task/*/stat 2>/dev/null | grep -q "iou-wrk.*) S "
}

# Its request would end with an error, which nobody expects so soon.
scenario "one that sleeps interruptibly keeps its request until all who are left are woken"
[ ! -x "$load" ] || in_background "$load" -u "$tasks/sleep"
sleep 0.3
if [ ! -x "$load" ]; then
	skip "no $load"
elif ! kill -0 "${background# }" 2>/dev/null; then
	background=
	skip "no io_uring"
else
	eventually worker_dozes || problem "no worker sleeps in xk_sleep()"
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled [0-9]* iou-wrk-[0-9]* sleeping [0-9]* xk_sleep+.*"
	sleep 1
	in_transition xlp_test_change
	wake_up
	over xlp_test_change
	expect 0 switched xlp_test_change woken
	eventually worker_dozes || problem "no worker sleeps in new_sleep()"
	set_to 5 $signal_ms
	ask 0 xlp_test_change
	over xlp_test_change
	announced || problem "woken before that was announced"
	set_to "$signal_ms_before" $signal_ms
	kill "${background# }"
	wake_up
	stop_background
fi

scenario "some task is always inside, in turn: it goes on, and can be turned round"
fall_asleep block
first=$sleeper
ask 1 xlp_test_change
for round in 1 2 3 4 5; do
	ask 0 xlp_test_change
	over xlp_test_change
	expect old value "$tasks/leaf"
	fall_asleep block
	ask 1 xlp_test_change
	reported "xlp_test_change enabled [0-9]* cat uninterruptible [0-9]* xk_block+.*"
	in_transition xlp_test_change
	expect new value "$tasks/leaf"
done
ask 0 xlp_test_change
over xlp_test_change
wake_up
answers "old old none" "$first"
answers "old old none" "$sleeper"
wait

# Forked while it is held up: the shell itself has moved, its children are born so.
scenario "children begin in the new world, and many come and go"
fall_asleep block
ask 1 xlp_test_change
held_by "xlp_test_change enabled $sleeper .*"
for task in 1 2 3 4 5 6 7 8 9 10; do
	for burst in 1 2 3 4 5 6 7 8 9 10; do
		expect new value "$tasks/leaf"
	done
done
in_transition xlp_test_change
ask 0 xlp_test_change
for task in 1 2 3 4 5 6 7 8 9 10; do
	expect old value "$tasks/leaf"
done
over xlp_test_change
for task in 1 2 3 4 5 6 7 8 9 10; do
	expect old value "$tasks/leaf"
done
wake_up
answers "old old none" "$sleeper"

number_of_tasks() {
	sed 's|.*/\([0-9]*\) [0-9]*$|\1|' /proc/loadavg
}

# The load's tasks end after it, and a transition has room for all that are there.
few_tasks() {
	[ "$(number_of_tasks)" -lt 300 ]
}

# So many begin meanwhile that there is a second table of tasks and worlds. Whoever
# is noted in the first one only, and cannot be met outside, has to be found there.
scenario "so many come meanwhile that there is no room: all stay in the world they are in"
if [ -x "$load" ]; then
	eventually few_tasks || problem "there are $(number_of_tasks) tasks"
	fall_asleep block
	first=$sleeper
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled $first .*"
	fall_asleep block
	"$load" -s 600 > "$scratch/many" &
	background=$!
	load_is_ready "$scratch/many"
	sleep 1
	in_transition xlp_test_change
	held_by "xlp_test_change enabled $first cat uninterruptible [1-9][0-9]* xk_block+.* \[xlp_test_tasks\]"
	wake_up
	answers "old old none" "$first"
	answers "new new none" "$sleeper"
	over xlp_test_change
	stop_background
	disable xlp_test_change
	expect old value "$tasks/leaf"
else
	skip "no $load"
fi

places_lost() {
	sed -n 's/^places_lost //p' $xlp_debug/passes
}

# lost_since COUNT: that is so many more
lost_since() {
	[ "$(places_lost)" -ge $(($1 + 20)) ]
}

# Who is missed counts as moved, and who was asleep inside all the time must not be.
scenario "walks go on where they paused, whoever is gone, and miss nobody"
if [ -x "$load" ]; then
	eventually few_tasks || problem "there are $(number_of_tasks) tasks"
	fall_asleep block
	first=$sleeper
	in_background "$load" -f 100
	fall_asleep block
	set_to 1 $xlp_debug/crawl
	lost=$(places_lost)
	ask 1 xlp_test_change
	# Whether a task goes while the walk pauses at it is a matter of luck; tests/tasklist has
	# it happen. What counts here is that nobody is missed.
	waited=0
	until lost_since "$lost" || [ $waited -ge 12 ]; do
		sleep 0.25
		waited=$((waited + 1))
	done
	lost_since "$lost" || comment "no place has been lost"
	in_transition xlp_test_change
	for task in $first $sleeper; do
		reported "xlp_test_change enabled $task cat uninterruptible [0-9]* xk_block+.*"
	done
	set_to 0 $xlp_debug/crawl
	wake_up
	answers "old old none" "$first"
	answers "old old none" "$sleeper"
	over xlp_test_change
	stop_background
	disable xlp_test_change
	expect old value "$tasks/leaf"
else
	skip "no $load"
fi

# Whoever cannot be noted as clear before the stop is looked at in it.
scenario "stop: there is room for all that sleep, so few are looked at again"
if [ -x "$load" ]; then
	"$load" -s 600 > "$scratch/sleepers" &
	background=$!
	load_is_ready "$scratch/sleepers"
	unload xlp_test_change
	load xlp_test_change model=2
	[ "$(switched xlp_test_change tasks)" -gt 600 ] ||
		problem "only $(switched xlp_test_change tasks) tasks were looked at"
	[ "$(switched xlp_test_change rechecked)" -lt 300 ] ||
		problem "$(switched xlp_test_change rechecked) tasks were looked at again"
	stop_background
	disable xlp_test_change
	unload xlp_test_change
	load xlp_test_change
	disable xlp_test_change
else
	skip "no $load"
fi

scenario "no memory to note whom it has moved: it goes on until there is"
if [ -x "$load" ]; then
	eventually few_tasks || problem "there are $(number_of_tasks) tasks"
	fall_asleep block
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled $sleeper .*"
	set_to 1 $xlp_debug/fail_allocation
	"$load" -s 600 > "$scratch/ready" &
	background=$!
	load_is_ready "$scratch/ready"
	reported "xlp_test_change enabled 0 ? unrecorded 1 unknown"
	wake_up
	answers "old old none" "$sleeper"
	sleep 1
	in_transition xlp_test_change
	reported "xlp_test_change enabled 0 ? unrecorded 1 unknown"
	set_to 0 $xlp_debug/fail_allocation
	over xlp_test_change
	expect new value "$tasks/leaf"
	stop_background
	disable xlp_test_change
	expect old value "$tasks/leaf"
else
	skip "no $load"
fi

scenario "no memory to ask a task to move itself: it is met another time"
in_background call_all_the_time 1
expect_soon old cat "$scratch/busy.1"
set_to 1 $xlp_debug/fail_atomic_allocation
ask 1 xlp_test_change
sleep 0.5
set_to 0 $xlp_debug/fail_atomic_allocation
stop_background
wait
eventually is_settled xlp_test_change ||
	problem "in transition: $(cat $xlp_debug/blocked)"
expect new value "$tasks/leaf"
disable xlp_test_change

scenario "a task that exits and cannot be noted, until there is memory for it"
set_to 1 $xlp_debug/fail_atomic_allocation
# A zombie, until its parent, which has become something else, is gone.
sh -c 'sleep 0 & exec sleep 1000' &
parent=$!
sleep 0.5
ask 1 xlp_test_change
held_by "xlp_test_change enabled 0 ? unrecorded 1 unknown"
fall_asleep block
ask 0 xlp_test_change
reported "xlp_test_change disabled 0 ? unrecorded 1 unknown"
sleep 0.5
in_transition xlp_test_change
set_to 0 $xlp_debug/fail_atomic_allocation
held_by "xlp_test_change disabled $sleeper .*"
ask 1 xlp_test_change
over xlp_test_change
wake_up
answers "new new none" "$sleeper"
kill $parent
wait $parent 2>/dev/null
disable xlp_test_change
unload xlp_test_change

# Whoever looks sees it run, and only the stop finds it inside.
scenario "stop: one that is busy inside is waited for, as one that sleeps"
set_to 60000 $patience_ms
start_thread stuck
sleep 0.2
insmod "$modules/xlp_test_change.ko" model=2 2>/dev/null &
insmod=$!
sleep "$(amount 1 3)"
kill -0 $insmod 2>/dev/null || problem "given up: $(log | tail -n 1)"
wake_up
wait $insmod || problem "xlp_test_change does not load"
[ "$(switched xlp_test_change tries)" -gt 1 ] || problem "no stop in vain"
stop_threads
set_to "$patience_ms_before" $patience_ms
disable xlp_test_change
unload xlp_test_change

# Patience is for tasks to leave, which nobody can then.
scenario "stop: time in which the machine stands is none that tasks are waited for"
set_to $((3000 * slow)) $patience_ms
fall_asleep block
insmod "$modules/xlp_test_change.ko" model=2 2>/dev/null &
insmod=$!
reported "xlp_test_change enabled $sleeper .*"
for _ in $(seq $slow); do
	set_to 3000 "$tasks/stand"
done
sleep 0.5
wake_up
wait $insmod || problem "xlp_test_change does not load"
# Busybox's insmod makes a second attempt.
! log_says "'xlp_test_change' cannot be enabled" || problem "it was given up once"
answers "old old none" "$sleeper"
set_to "$patience_ms_before" $patience_ms
disable xlp_test_change
unload xlp_test_change

# Off the task list: see xlp_test_exit. More than the table of such tasks has buckets,
# so that some share one.
leavers=300
leave_and_sleep() {
	set_to $leavers /sys/module/xlp_test_exit/parameters/exit
	expect_soon $leavers value /sys/module/xlp_test_exit/parameters/inside
}

scenario "tasks that sleep inside after they have left the task list, each of them"
if has_function proc_exit_connector; then
	load xlp_test_target
	load xlp_test_driver
	load xlp_test_exit model=3
	leave_and_sleep
	ask 0 xlp_test_exit
	reported "xlp_test_exit disabled [1-9][0-9]* xlp_test_exit uninterruptible [1-9][0-9]* new_proc_exit_connector+.* \[xlp_test_exit\]"
	expect_soon "# xlp_test_exit: $((leavers - 16)) more" eval "tail -n 1 $xlp_debug/blocked"
	expect 17 eval "grep -c . $xlp_debug/blocked"
	sleep 0.3
	in_transition xlp_test_exit
	set_to 1 $debug/wake
	over xlp_test_exit
	unload xlp_test_exit
	unload xlp_test_driver
	unload xlp_test_target
else
	skip "no function that is called so late"
fi
load xlp_test_change
disable xlp_test_change

# idle_are ANSWER: each CPU's idle task answers so
idle_are() {
	cat "$tasks/idle" > "$scratch/idle"
	[ "$(sort -u -k 2 "$scratch/idle" | cut -d ' ' -f 2)" = "$1" ]
}

expect_idle() {
	eventually idle_are "$1" ||
		problem "idle tasks answer $(tr '\n' ' ' < "$scratch/idle"), not $1"
}

scenario "idle tasks"
if [ -n "$(cat "$tasks/idle")" ]; then
	expect_idle old
	fall_asleep block
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled $sleeper .*"
	expect_idle new
	ask 0 xlp_test_change
	over xlp_test_change
	expect_idle old
	enable xlp_test_change &
	reported "xlp_test_change enabled $sleeper .*"
	wake_up
	wait
	over xlp_test_change
	expect_idle new
	disable xlp_test_change
	expect_idle old
else
	skip "only one CPU"
fi

# cpu1_is VALUE: 0 down, 1 up
cpu1_is() {
	set_to "$1" $cpu1
}

scenario "a CPU goes and comes before, while and after tasks change over"
if [ -e $cpu1 ] && write 0 $cpu1; then
	ask 1 xlp_test_change
	over xlp_test_change
	cpu1_is 1
	expect_idle new
	fall_asleep block
	ask 0 xlp_test_change
	held_by "xlp_test_change disabled $sleeper .*"
	cpu1_is 0
	sleep 0.3
	held_by "xlp_test_change disabled $sleeper .*"
	cpu1_is 1
	expect_idle old
	cpu1_is 0
	ask 1 xlp_test_change
	over xlp_test_change
	cpu1_is 1
	expect_idle new
	ask 0 xlp_test_change
	wake_up
	answers "new new none" "$sleeper"
	over xlp_test_change
	expect_idle old
	fall_asleep block
	cpu1_is 0
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled $sleeper .*"
	cpu1_is 1
	expect_idle new
	wake_up
	over xlp_test_change
	expect_idle new
	disable xlp_test_change
	expect_idle old
else
	skip "CPUs do not go here"
fi

scenario "a task preempted on its way into the function, in a handler of ftrace"
make_preemptible
unload xlp_test_change
parked=
write parked "$tasks/threads" && parked=yes
sleep 0.5
if [ -n "$parked" ] && prints none thread parked; then
	begin xlp_test_change
	reported "xlp_test_change enabled [0-9]* xk_parked [a-z]* [0-9]* .*"
	sleep 0.5
	in_transition xlp_test_change
	reported "xlp_test_change enabled [0-9]* xk_parked [a-z]* [0-9]* .*"
	comment "$(grep xk_parked $xlp_debug/blocked)"
	expect none thread parked
	expect new value "$tasks/leaf"
	wake_up
	over xlp_test_change
	expect_soon new thread parked
	stop_threads
	disable xlp_test_change
else
	skip "nobody can be preempted there"
	stop_threads
	load xlp_test_change
	disable xlp_test_change
fi

is_optimized() {
	grep -q 'xk_detour.*\[OPTIMIZED\]' /sys/kernel/debug/kprobes/list
}

# Nothing on its stack leads into the function but where it was preempted, and that is
# in generated code.
scenario "a task preempted in an optimized kprobe's copy of the function's instructions"
if write detour "$tasks/threads"; then
	eventually is_optimized || problem "$(cat /sys/kernel/debug/kprobes/list)"
	begin xlp_test_any object=xlp_test_tasks function=xk_detour
	reported "xlp_test_any enabled [0-9]* xk_detour [a-z]* [0-9]* .*"
	sleep 0.5
	in_transition xlp_test_any
	comment "$(grep xk_detour $xlp_debug/blocked)"
	expect none thread detour
	wake_up
	over xlp_test_any
	expect_soon new thread detour
	stop_threads
	disable xlp_test_any
	unload xlp_test_any
else
	why=$(fact no_long_instruction)
	skip "${why:-nobody can be preempted there}"
fi
restore_preemption

# moved_calls old|new: how often that has answered the thread that is moved
moved_calls() {
	value "$parameters/moved_calls" | if [ "$1" = old ]; then cut -d, -f1; else cut -d, -f2; fi
}

# more N WHAT COMMAND...: what the command counts grows by that
more() {
	local n="$1" what="$2" before

	shift 2
	before=$("$@")
	eventually is_above $((before + n)) "$@" ||
		problem "$what: only $(($("$@") - before)) more"
}

is_above() {
	local limit="$1"

	shift
	[ "$("$@")" -gt "$limit" ]
}

# Behind ftrace it must find itself on the CPU where it is, redirected or not.
scenario "a task that is moved from CPU to CPU while it calls"
if [ -e $cpu1 ]; then
	moves=$(amount 40 200)
	calls=$(amount 200 1000)
	start_thread moved
	start_thread moving
	more "$moves" "moves before" value "$parameters/moves"
	ask 1 xlp_test_change
	reported "xlp_test_change enabled [0-9]* xk_moved [a-z]* .*"
	more "$calls" "calls of the original during a transition" moved_calls old
	more "$moves" "moves during a transition" value "$parameters/moves"
	if insert xlp_test_hold how=shared function=xk_leaf; then
		more "$moves" "moves with a direct caller" value "$parameters/moves"
		[ "$(value /sys/module/xlp_test_hold/parameters/hits)" -gt 0 ] || is_fact callers_passed_over ||
			problem "the direct caller has seen nothing"
		unload xlp_test_hold
	elif by_direct_calls; then
		is_errno EBUSY "$message" || problem "xlp_test_hold: $message"
	else
		is_errno EOPNOTSUPP "$message" || problem "xlp_test_hold: $message"
		comment "no direct caller: $(why_no_caller trampoline)"
	fi
	wake_up
	over xlp_test_change
	more "$calls" "calls of the replacement" moved_calls new
	more "$moves" "moves inside the replacement" value "$parameters/moves"
	ask 0 xlp_test_change
	wake_up
	over xlp_test_change
	stop_threads
	expect 0 value "$parameters/strangers"
else
	skip "only one CPU"
fi

# Threads that have nothing to do with it may have stale words of it, too, and keep
# them: on a stack that was another task's, or where they have looked for it.
scenario "without walker: who cannot be cleared moves when it leaves the kernel"
set_to 1 $xlp_debug/ignore_walker
start_thread blocked
sleep 0.2
fall_asleep block
ask 1 xlp_test_change
inside=$(patterns_of_inside)
reported "xlp_test_change enabled [0-9]* xk_blocked unwalkable [0-9]* \($inside\).*"
reported "xlp_test_change enabled $sleeper cat unwalkable [0-9]* \($inside\).*"
expect new value "$tasks/leaf"
sleep 0.5
in_transition xlp_test_change
wake_up
answers "old old none" "$sleeper"
stop_threads
eventually none_reported enabled cat xk_blocked ||
	problem "still inside: $(cat $xlp_debug/blocked)"
set_to 0 $xlp_debug/ignore_walker
over xlp_test_change

scenario "without walker: who sleeps is woken and moves on its way out"
set_to 1 $xlp_debug/ignore_walker
doze sleep 5
ask 0 xlp_test_change
# Where they sleep again there may be stale words, which keep the module.
eventually none_reported disabled cat || problem "still inside: $(cat $xlp_debug/blocked)"
expect old value "$tasks/leaf"
wake_dozers
expect 5 how_many old
set_to 0 $xlp_debug/ignore_walker
over xlp_test_change

unload xlp_test_change
rm -r "$scratch"
done_testing
