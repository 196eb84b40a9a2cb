#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two who change the same thing at once, held still where it matters. By chance, and with
# everything else: test-admins.sh. The modules are xlp_test_targeta and xlp_test_patcha.
# Append: slub_debug=FZPU
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"
. "$suite/admins.sh"

both=6			# targets a and b, for a patch that has both in one batch
only_a=2
only_b=4
rounds=$(amount 1 3)
called=/proc/$target

answered_by() {
	cat "$called$1/leaf"
}

load_both() {
	load_as "${target}a"
	load_as "${target}b"
	load_as "${patch}a" objects=$both "$@"
}

unload_targets() {
	unload "${target}b"
	unload "${target}a"
}

# linger: a task is inside xa_work() of target a for a moment, and closes a file afterwards,
# which it does not come to the end of until go_on
linger() {
	cat "${called}a/linger" > /dev/null &
	lingers=$!
	eventually is_asleep $lingers || problem "nobody is inside"
}

closes() {
	prints 1 cat "${called}a/closing"
}

is_decided_or_over() {
	eventually closes || problem "nobody closes a file"
	sleep 0.5
}

# Busybox's insmod makes a second attempt.
has_failed() {
	! kill -0 "$1" 2> /dev/null || [ "$(log | grep -c '^xlp_test_first: init$')" = 2 ]
}

hold=/sys/module/xlp_test_hold/parameters

has_ended() {
	! kill -0 "$1" 2> /dev/null
}

somebody_naps() {
	[ "$(cat "$hold/asleep")" -gt "$1" ]
}

plan 19

# Somebody is inside xa_work() of target a for as long as there is no end.
keep_inside() {
	while [ ! -e "$scratch/end" ]; do
		# More than once, so that a task is inside for most of the time and not in fork().
		cat "${called}a/stay" "${called}a/stay" "${called}a/stay" "${called}a/stay" > /dev/null
	done
}

# Enabled by its init, which goes on, disabled, and enabled by somebody whose first tries
# are in vain: then init fails.
scenario "a module gives up while its patch is tried again: nothing stays hooked"
patience_ms=/sys/module/xlp/parameters/patience_ms
patience_ms_before=$(cat $patience_ms)
load_as "${target}a"
set_to $((20000 * slow)) $patience_ms
"$program" load "${patch}a" "$modules" "number=1 model=2 stays=1 objects=$only_a fails=1 held=1" > /dev/null &
loader=$!
eventually prints 1 cat "$sysfs/${patch}a/enabled" || problem "it is not enabled"
write 0 "$sysfs/${patch}a/enabled" || problem "it is not disabled: $message"
# So many that at no try all of them are on their way out and in again.
for _ in 1 2 3 4 5 6 7 8; do
	keep_inside &
	sleep 0.04
done
write 1 "$sysfs/${patch}a/enabled" &
writer=$!
eventually grep -q "^${patch}a enabled " $xlp_debug/blocked || problem "nobody is in the way"
set_to 0 "/sys/module/${patch}a/parameters/held"
wait $loader && problem "init has not failed"
: > "$scratch/end"
wait $writer
wait
expect_soon "" hooks_of xa_work
expect 0 answered_by a
unload "${target}a"
set_to "$patience_ms_before" $patience_ms

scenario "a module gives up while its patch is tried again: its end waits for no task inside"
load_tasks
set_to $((100000 * slow)) $patience_ms
insmod "$modules/xlp_test_first.ko" model=2 stays=1 version=0 late=-16 linger=1 2> "$scratch/loader" &
loader=$!
eventually prints 1 cat "$sysfs/xlp_test_first/enabled" || problem "it is not enabled"
write 0 "$sysfs/xlp_test_first/enabled" || problem "it is not disabled: $message"
fall_asleep block
sh -c "echo 1 > $sysfs/xlp_test_first/enabled" 2> "$scratch/writer" &
writer=$!
reported "xlp_test_first enabled $sleeper .*"
go_on
eventually has_failed $loader || problem "its end waits for tasks"
set_to 0 $patience_ms
! wait $loader || problem "init has not failed"
! wait $writer || problem "it is enabled"
is_errno ENODEV "$(cat "$scratch/writer")" || problem "the writer is told: $(cat "$scratch/writer")"
wake_up
answers "old old none" "$sleeper"
set_to "$patience_ms_before" $patience_ms
unload xlp_test_tasks

# What was hooked for it has no version yet.
scenario "a target goes, and comes again, while its patch waits for a task in another one"
load_tasks
load xlp_test_late
set_to $((100000 * slow)) $patience_ms
fall_asleep block
insmod "$modules/xlp_test_change.ko" model=2 &
loader=$!
reported "xlp_test_change enabled $sleeper .*"
expect_soon 1 hooks_of xk_late
unload xlp_test_late
expect "" hooks_of xk_late
load xlp_test_late
wake_up
answers "old old old" "$sleeper"
wait $loader || problem "xlp_test_change does not load"
loaded="xlp_test_change $loaded"
fall_asleep block
wake_up
answers "new new new" "$sleeper"
disable xlp_test_change
unload xlp_test_change
unload xlp_test_late
unload xlp_test_tasks
set_to "$patience_ms_before" $patience_ms

# Text is changed while the machine is stopped: by xlp itself, or by ftrace. Who spins has to be
# preempted for that, and until then all other CPUs wait, too.
stops_for_text() {
	[ -e "$own_hooks" ] || is_fact ftrace_stops || return
	case $(uname -v) in
	*PREEMPT*) return 1 ;;
	esac
}

# Somebody else is in the way when the next try comes: by then tasks have had no time to leave.
patience_stands_still() {
	load_tasks
	load xlp_test_late
	load_both number=1 model=1 objects=$only_b
	set_to 3000 $patience_ms
	fall_asleep block
	first=$sleeper
	insmod "$modules/xlp_test_change.ko" model=2 2> "$scratch/loader" &
	loader=$!
	reported "xlp_test_change enabled $first .*"
	# What tasks are looked for in changes from one try to the next.
	unload xlp_test_late
	# Twice the patience; nobody can end it while the machine is stopped.
	set_to $((6000 * slow)) "/sys/module/${target}a/parameters/spin_ms"
	cat "${called}a/spin" > /dev/null &
	spinner=$!
	rmmod "${target}b" &
	unloader=$!
	sleep 0.5
	wake_up
	answers "old old none" "$first"
	fall_asleep block
	sleep 0.5
	if prints coming cat /sys/module/xlp_test_change/initstate; then
		wait $unloader || problem "target b does not unload"
		reported "xlp_test_change enabled $sleeper .*"
		want="old old none"
	else
		# Where ftrace waits for no task, or lets go of the module in no time.
		comment "there was nothing to wait for"
		want="new new none"
	fi
	wake_up
	wait $loader || problem "xlp_test_change does not load: $(cat "$scratch/loader")"
	# Busybox's insmod makes a second attempt.
	! log_says "'xlp_test_change' cannot be enabled" || problem "it was given up once"
	wait $spinner
	wait $unloader
	loaded="xlp_test_change $loaded"
	answers "$want" "$sleeper"
	set_to "$patience_ms_before" $patience_ms
	disable xlp_test_change
	unload xlp_test_change
	disable "${patch}a"
	unload "${patch}a"
	unload "${target}a"
	unload xlp_test_tasks
}

scenario "the patience of a patch with tasks does not run while functions are let go of"
# Where xlp writes text itself, all CPUs stand as long as the task spins, which counts for nothing.
if [ ! -e "$own_hooks" ] && stops_for_text; then
	skip "while a task spins and text is to be changed nothing else runs where nobody is preempted"
else
	patience_stands_still
fi

scenario "two targets of one patch go at once"
round=0
while [ $round -lt "$rounds" ] && [ -z "$failed" ]; do
	round=$((round + 1))
	load_both number=1 model=1
	expect 1 answered_by a
	expect 1 answered_by b
	rmmod "${target}a" &
	rmmod "${target}b" || problem "target b does not unload"
	wait $! || problem "target a does not unload"
	expect_soon "$hooked_before" hooked
	disable "${patch}a"
	unload "${patch}a"
done

scenario "a target goes while its patch is disabled"
round=0
while [ $round -lt "$rounds" ] && [ -z "$failed" ]; do
	round=$((round + 1))
	load_both number=1 model=1
	rmmod "${target}a" &
	disable "${patch}a"
	wait $! || problem "target a does not unload"
	expect 0 answered_by b
	expect_soon "$hooked_before" hooked
	unload "${patch}a"
	unload "${target}b"
done

scenario "a switch is over although a task on its way out closes a file that takes long"
load_both number=1 model=3 stays=1
linger
write 0 "$sysfs/${patch}a/enabled" &
is_decided_or_over
patience_before=$patience
eventually is_settled "${patch}a" || problem "the end waits for somebody's close"
patience=$patience_before
closes || problem "the file is closed already"
wait_for=$!
write 1 "${called}a/go_on"
wait $wait_for
wait $lingers
settle "${patch}a"
expect 0 answered_by a

scenario "two write the same to enabled: one of them is told that it is so already"
enable "${patch}a"
linger
write 0 "$sysfs/${patch}a/enabled" &
is_decided_or_over
for one in 1 2; do
	sh -c "echo 1 > $sysfs/${patch}a/enabled" 2> "$scratch/writer.$one" &
done
sleep 0.5
write 1 "${called}a/go_on"
wait
settle "${patch}a"
expect 1 value "$sysfs/${patch}a/enabled"
expect 1 answered_by a
# There the second may come before the first is through, and is told that it is being done.
on_rt=
case $(uname -v) in
*PREEMPT_RT*) on_rt=yes ;;
esac
refused=0
for one in 1 2; do
	told=$(cat "$scratch/writer.$one")
	if is_errno EINVAL "$told" || { [ -n "$on_rt" ] && is_errno EBUSY "$told"; }; then
		refused=$((refused + 1))
	fi
done
expect 1 echo $refused
disable "${patch}a"
unload "${patch}a"
unload_targets

scenario "a patch that waits for functions to be let go of is through before another begins"
load_tasks
load_as "${target}a"
load_as "${target}b"
load_as "${patch}a" number=1 model=1 replace=1 stays=1 objects=$only_a
disable "${patch}a"
expect_soon "$hooked_before" hooked
load_as "${patch}b" number=2 model=1 objects=$only_b
load xlp_test_change model=3
fall_asleep block
# Until then nothing can be hooked: what the other patch leaves is being let go of.
cat "${called}a/spin" > /dev/null &
disable "${patch}b"
sleep 0.2
sh -c "echo 1 > $sysfs/${patch}a/enabled" 2> "$scratch/writer" &
writer=$!
sleep 0.2
# Where ftrace waits for tasks: not on kernels that are never preempted.
prints 0 cat "$sysfs/${patch}a/enabled" || comment "there was nothing to wait for"
# It is replaced by the time that it could be disabled.
sh -c "echo 0 > $sysfs/xlp_test_change/enabled" 2> "$scratch/second" &
second=$!
sleep 0.2
set_to 1 "${called}a/go_on"
wait $writer || problem "$(cat "$scratch/writer")"
! wait $second || problem "what had been replaced was disabled"
is_errno EINVAL "$(cat "$scratch/second")" || grep -q "nonexistent\|No such" "$scratch/second" ||
	problem "$(cat "$scratch/second")"
expect 1 answered_by a
expect old value "$tasks/leaf"
wake_up
answers "new old none" "$sleeper"
unload xlp_test_change
disable "${patch}a"
expect 0 answered_by a
unload "${patch}a"
unload "${patch}b"
unload_targets

# While all tasks are looked at the change might be over soon, and that is waited for.
scenario "whoever waits for a change is refused once that waits for tasks"
load_as "${target}a"
load_as "${patch}a" number=1 model=1 stays=1 objects=$only_a
disable "${patch}a"
# Or what is found out about that wakes the writer.
eventually unpinned "${patch}a" || problem "${patch}a stays pinned"
fall_asleep block
set_to $((100000 * slow)) $patience_ms
set_to 1 $xlp_debug/crawl
insmod "$modules/xlp_test_change.ko" model=2 stays=0 2> "$scratch/loader" &
loader=$!
eventually test -e "$sysfs/xlp_test_change"
sleep 0.1
sh -c "echo 1 > $sysfs/${patch}a/enabled" 2> "$scratch/writer" &
writer=$!
eventually is_asleep $writer || comment "the writer need not wait"
set_to 0 $xlp_debug/crawl
reported "xlp_test_change enabled $sleeper .*"
eventually has_ended $writer || problem "the writer waits for tasks"
refuse_write EBUSY 1 "$sysfs/xlp_test_change/enabled"
set_to 0 $patience_ms
! wait $loader || problem "xlp_test_change is enabled"
! wait $writer || problem "${patch}a is enabled"
is_errno EBUSY "$(cat "$scratch/writer")" || problem "the writer is told: $(cat "$scratch/writer")"
set_to "$patience_ms_before" $patience_ms
wake_up
answers "old old none" "$sleeper"
unload "${patch}a"
unload "${target}a"

refused_at_once() {
	load_as "${target}a"
	load_as "${patch}a" number=1 model=1 stays=1 objects=$only_a
	load xlp_test_change model=2
	fall_asleep block
	set_to $((100000 * slow)) $patience_ms
	# What the patch leaves is being let go of until nobody spins any more.
	cat "${called}a/spin" > /dev/null &
	spinner=$!
	sleep 0.2
	disable "${patch}a"
	sh -c "echo 0 > $sysfs/xlp_test_change/enabled" 2> "$scratch/second" &
	second=$!
	reported "xlp_test_change disabled $sleeper .*"
	sh -c "echo 1 > $sysfs/${patch}a/enabled" 2> "$scratch/writer" &
	writer=$!
	eventually has_ended $writer || problem "the writer waits"
	! has_ended $spinner || problem "the writer has waited"
	set_to 1 "${called}a/go_on"
	! wait $writer || problem "${patch}a is enabled"
	is_errno EBUSY "$(cat "$scratch/writer")" || problem "the writer is told: $(cat "$scratch/writer")"
	wake_up
	wait $second || problem "it stays enabled: $(cat "$scratch/second")"
	wait $sleeper $spinner
	set_to "$patience_ms_before" $patience_ms
	unload xlp_test_change
	unload "${patch}a"
	unload "${target}a"
}

scenario "whoever is refused is not kept until what others have hooked is let go of"
if stops_for_text; then
	skip "whoever changes text waits for a task that spins where nobody is preempted"
else
	refused_at_once
fi

# Who has a function is found out without hooking anything: what is hooked has to be let go of,
# for which ftrace waits until nobody spins any more.
told_at_once() {
	case $(uname -v) in
	*PREEMPT*) ;;
	*)
		skip "whoever changes text waits for a task that spins where nobody is preempted"
		return
		;;
	esac
	make_preemptible
	load_as "${target}a"
	load_as "${patch}a" number=1 model=1 stays=1 objects=$only_a
	disable "${patch}a"
	# Or ftrace waits for the task because of that.
	expect_soon "$hooked_before" hooked
	load xlp_test_target
	load xlp_test_hold how=ipmodify function=xt_leaf
	use_first_cpu
	taskset 2 cat "${called}a/spin" > /dev/null &
	spinner=$!
	sleep 0.2
	insmod "$modules/xlp_test_any.ko" object=$target function=xt_leaf "$@" 2> "$scratch/loader" &
	loader=$!
	sleep 0.2
	write 1 "$sysfs/${patch}a/enabled" || problem "another patch is not enabled: $message"
	! wait $loader || problem "what somebody else has is hooked"
	! has_ended $spinner || problem "who is refused, or enables another patch, has waited for the task"
	set_to 1 "${called}a/go_on"
	wait $spinner
	use_all_cpus
	is_errno EBUSY "$(cat "$scratch/loader")" || problem "$(cat "$scratch/loader")"
	expect_log "function 'xt_leaf': it cannot be hooked (-16): another one redirects its calls"
	expect 1 answered_by a
	unload xlp_test_hold
	unload xlp_test_target
	disable "${patch}a"
	unload "${patch}a"
	unload "${target}a"
	restore_preemption
}

scenario "why a function cannot be had is said at once, although a task spins in the kernel"
told_at_once

scenario "which one of several functions cannot be had is said at once, too"
if lists_data; then
	told_at_once batch=1
else
	skip "without KALLSYMS_ALL all but that one are hooked to find it"
fi

scenario "a patch that is enabled while an older one waits to be applied to a module is above it"
load_as "${patch}a" number=1 model=1 objects=$only_b
load_as "${patch}b" number=2 model=1 stays=1 objects=$only_b
disable "${patch}b"
set_to 1 $xlp_debug/hold_coming
"$program" load "${target}b" "$modules" "" &
loader=$!
eventually log_says "applying patch '${patch}a' to loading module '${target}b'" ||
	problem "the module does not come"
[ ! -e "${called}b" ] || problem "the module is not held"
write 1 "$sysfs/${patch}b/enabled" || problem "it is not enabled: $message"
# By its name: for whoever enables another patch the module is not there yet.
refuse_as EBUSY "${patch}c" number=3 set=7 model=1 objects=$only_b
expect "" hooks_of xa_leaf
set_to 0 $xlp_debug/hold_coming
wait $loader || problem "the module does not load"
loaded="${target}b $loaded"
expect 2 answered_by b
expect_log "applying patch '${patch}b' to loading module '${target}b'$"
expect 1 value "$sysfs/${patch}a/stack_order"
expect 2 value "$sysfs/${patch}b/stack_order"
disable "${patch}b"
expect 1 answered_by b
disable "${patch}a"
unload "${patch}b"
unload "${patch}a"
unload "${target}b"

scenario "a stop that was in vain once, and has no memory the second time, fails"
fall_asleep block
insmod "$modules/xlp_test_change.ko" model=2 2> "$scratch/loader" &
loader=$!
reported "xlp_test_change enabled $sleeper .*"
set_to 1 $xlp_debug/fail_allocation
wake_up
answers "old old none" "$sleeper"
! wait $loader || problem "it is loaded"
set_to 0 $xlp_debug/fail_allocation
is_errno ENOMEM "$(cat "$scratch/loader")" || problem "$(cat "$scratch/loader")"
expect "" splats
load xlp_test_change model=2
expect new value "$tasks/leaf"
disable xlp_test_change
unload xlp_test_change

scenario "an insmod that waits for tasks is killed: what it has asked for happens all the same"
set_to $((100000 * slow)) $patience_ms
fall_asleep block
insmod "$modules/xlp_test_change.ko" model=2 &
loader=$!
reported "xlp_test_change enabled $sleeper .*"
kill -9 $loader
sleep 0.5
prints coming cat /sys/module/xlp_test_change/initstate || problem "it does not wait any more"
wake_up
answers "old old none" "$sleeper"
wait $loader
prints live cat /sys/module/xlp_test_change/initstate || problem "it is not loaded"
loaded="xlp_test_change $loaded"
set_to "$patience_ms_before" $patience_ms
expect 1 value "$sysfs/xlp_test_change/enabled"
expect new value "$tasks/leaf"
disable xlp_test_change
unload xlp_test_change

write_while_there() {
	while [ -e "$sysfs/xlp_test_change" ]; do
		echo "$1" > "$sysfs/xlp_test_change/$2"
	done 2> /dev/null
}

scenario "many write in a loop to the files of a patch that leaves"
round=0
while [ $round -lt "$rounds" ] && [ -z "$failed" ]; do
	round=$((round + 1))
	load xlp_test_change stays=0
	write_while_there 1 enabled &
	write_while_there 0 enabled &
	write_while_there 0 enabled &
	write_while_there 0 force &
	wait
	unload xlp_test_change
done
expect old value "$tasks/leaf"

# With pm_test the machine goes as far as to stop its tasks, and comes back after a while,
# for which a CPU is busy.
scenario "the machine is suspended while a transition is held up"
if [ ! -w /sys/power/pm_test ]; then
	skip "no /sys/power/pm_test"
else
	start_thread blocked
	begin xlp_test_change
	in_transition xlp_test_change
	set_to freezer /sys/power/pm_test
	pm_test_delay=/sys/module/suspend/parameters/pm_test_delay
	pm_test_delay_before=$(cat $pm_test_delay)
	set_to 1 $pm_test_delay
	write mem /sys/power/state || write freeze /sys/power/state || problem "$message"
	set_to "$pm_test_delay_before" $pm_test_delay
	set_to none /sys/power/pm_test
	in_transition xlp_test_change
	wake_up
	expect_soon old thread blocked
	over xlp_test_change
	wake_up
	stop_threads
	expect new value "$tasks/leaf"
	disable xlp_test_change
	unload xlp_test_change
fi
unload xlp_test_tasks

scenario "a task asleep in a direct caller, on its way to a new function, keeps the module"
load_as "${target}a"
load_as "${patch}a" number=1 model=1 objects=$only_a
if by_direct_calls; then
	skip "no other direct caller shares a patched function here"
elif ! insert xlp_test_hold how=asleep function=xa_leaf nap=1000000; then
	is_errno EOPNOTSUPP "$message" || problem "xlp_test_hold: $message"
	skip "no direct callers that share: $(why_no_caller sleeping_trampoline)"
else
	# The target's own thread is one.
	eventually somebody_naps 0 || problem "nobody sleeps there"
	cat "${called}a/leaf" > "$scratch/leaf" &
	reader=$!
	eventually somebody_naps 1 || problem "the reader does not sleep there"
	disable "${patch}a"
	sleep 1
	stays "${patch}a"
	set_to 0 "$hold/nap"
	wait $reader
	expect 1 value "$scratch/leaf"
	unload xlp_test_hold
fi
[ ! -e "$sysfs/${patch}a" ] || write 0 "$sysfs/${patch}a/enabled"
unload "${patch}a"
unload "${target}a"

loaded=
rm -r "$scratch"
done_testing
