#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The per-task model: how transitions begin, are held up, turn round and end.
# What kinds of tasks do in them is in test-tasks.sh.
# shellcheck disable=SC2034 # loops that count only
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"

old_block="uninterruptible [1-9][0-9]* xk_block+.* \[xlp_test_tasks\]"
new_block="uninterruptible [1-9][0-9]* new_block+.* \[xlp_test_change\]"

# recorded: what is on record of the last switch is what the log says of it
recorded() {
	expect_log "^xlp: 'xlp_test_change': $(switched xlp_test_change checks) passes over the tasks in $(($(switched xlp_test_change moved_ns) / 1000)) us, $(switched xlp_test_change woken) woken$"
	[ "$(switched xlp_test_change moved_ns)" -gt 0 ] || problem "no time on record"
	[ "$(switched xlp_test_change checks)" -gt 0 ] || problem "no passes on record"
}

# in_ms: since the machine has started
in_ms() {
	awk '{ print int($1 * 1000) }' /proc/uptime
}

plan 32
load_tasks
load xlp_test_target

scenario "without tasks inside a transition is over before long, both ways"
begin xlp_test_change
over xlp_test_change
expect new value "$tasks/leaf"
expect_log "^xlp: 'xlp_test_change': starting patching transition$"
expect_log "^xlp: 'xlp_test_change': patching complete$"
recorded
expect "xlp_test_change per-task 1 tries 0" record_of xlp_test_change
expect 0 switched xlp_test_change woken
ask 0 xlp_test_change
over xlp_test_change
expect old value "$tasks/leaf"
expect_log "^xlp: 'xlp_test_change': starting unpatching transition$"
expect_log "^xlp: 'xlp_test_change': unpatching complete$"

scenario "it can be enabled again and again, and each time all tasks follow"
start_thread elsewhere
for round in 1 2 3 4 5; do
	ask 1 xlp_test_change
	over xlp_test_change
	expect new value "$tasks/leaf"
	expect_soon new thread elsewhere
	ask 0 xlp_test_change
	over xlp_test_change
	expect old value "$tasks/leaf"
	expect_soon old thread elsewhere
done
stop_threads
unload xlp_test_change

scenario "a task asleep in a function holds up that it is replaced"
fall_asleep block
started=$(in_ms)
begin xlp_test_change
in_transition xlp_test_change
held_by "xlp_test_change enabled $sleeper cat $old_block"
met=$(times_met $sleeper)
expect new value "$tasks/leaf"
sleep 0.6
in_transition xlp_test_change
[ "$(times_met $sleeper)" -gt "$met" ] || problem "it was met $(times_met $sleeper) times, before $met"
met=$(times_met $sleeper)
expect_log "^xlp: 'xlp_test_change': task cat/$sleeper holds up that it is enabled, uninterruptible in xk_block+.* \[xlp_test_tasks\], and 0 more: waking those that sleep$"

scenario "it stays in the old world to its end"
wake_up
answers "old old none" $sleeper
over xlp_test_change
recorded
passes=$(switched xlp_test_change checks)
[ "$passes" -gt "$met" ] || problem "$passes passes, and it was met $met times"
[ "$(switched xlp_test_change moved_ns)" -gt 600000000 ] || problem "too little time on record"
[ $(($(switched xlp_test_change moved_ns) / 1000000)) -le $(($(in_ms) - started)) ] ||
	problem "more time on record than it took"
expect 0 switched xlp_test_change woken

scenario "a task asleep in a replacement holds up that it goes"
fall_asleep block
ask 0 xlp_test_change
in_transition xlp_test_change
held_by "xlp_test_change disabled $sleeper cat $new_block"
expect old value "$tasks/leaf"
stays xlp_test_change
wake_up
answers "new new none" $sleeper
over xlp_test_change
unload xlp_test_change

scenario "turned round, nobody has to go anywhere"
fall_asleep block
begin xlp_test_change
in_transition xlp_test_change
ask 0 xlp_test_change
over xlp_test_change
expect old value "$tasks/leaf"
expect_log "^xlp: 'xlp_test_change': starting unpatching transition$"
is_asleep $sleeper || problem "the sleeper is gone"
unload xlp_test_change
wake_up
answers "old old none" $sleeper

scenario "turned round ten times with tasks inside on both sides"
fall_asleep block
first=$sleeper
begin xlp_test_change
fall_asleep block
for round in 1 2 3 4 5; do
	ask 0 xlp_test_change
	in_transition xlp_test_change
	refuse_write EINVAL 0 $change/enabled
	held_by "xlp_test_change disabled $sleeper cat $new_block"
	expect old value "$tasks/leaf"
	ask 1 xlp_test_change
	in_transition xlp_test_change
	refuse_write EINVAL 1 $change/enabled
	held_by "xlp_test_change enabled $first cat $old_block"
	expect new value "$tasks/leaf"
done
wake_up
answers "old old none" "$first"
answers "new new none" "$sleeper"
over xlp_test_change
expect new value "$tasks/leaf"
refuse_write EINVAL 1 $change/enabled

scenario "and while it is being disabled"
fall_asleep block
first=$sleeper
ask 0 xlp_test_change
fall_asleep block
ask 1 xlp_test_change
held_by "xlp_test_change enabled $sleeper cat $old_block"
ask 0 xlp_test_change
held_by "xlp_test_change disabled $first cat $new_block"
wake_up
answers "new new none" "$first"
answers "old old none" "$sleeper"
over xlp_test_change
refuse_write EINVAL 0 $change/enabled
expect old value "$tasks/leaf"
unload xlp_test_change

# refused_by_name PATCH CHANGE FIRST_CHANGE COUNT: the log says so, so many times
refused_by_name() {
	local line="patch '$1' cannot be $2: patch 'xlp_test_change' is just being $3"

	[ "$(log | grep -c "^xlp: $line\$")" -ge "$4" ] || problem "not $4 times: $line"
}

scenario "no other patch is switched meanwhile, by whatever model"
load xlp_test_b model=1
load xlp_test_other model=1
disable xlp_test_other
fall_asleep block
begin xlp_test_change
for model in 1 2 3; do
	refuse EBUSY xlp_test_a model=$model
	refused_by_name xlp_test_a enabled enabled $model
done
refuse_write EBUSY 0 $sysfs/xlp_test_b/enabled
refused_by_name xlp_test_b disabled enabled 1
refuse_write EBUSY 1 $other/enabled
refused_by_name xlp_test_other enabled enabled 1
refuse_write EINVAL 1 $other/force
unload xlp_test_other
wake_up
over xlp_test_change
fall_asleep block
ask 0 xlp_test_change
refuse_write EBUSY 0 $sysfs/xlp_test_b/enabled
refused_by_name xlp_test_b disabled disabled 1
expect b world
wake_up
over xlp_test_change
disable xlp_test_b
unload xlp_test_b
unload xlp_test_change

scenario "replacing: the other patch counts as enabled until the end"
load xlp_test_change
fall_asleep block
begin xlp_test_other replace=1
in_transition xlp_test_other
expect 0 value $change/transition
expect 1 value $change/enabled
expect 1 value $change/xlp_test_tasks/patched
expect a value "$tasks/leaf"
refuse_write EBUSY 0 $change/enabled
refuse_write EINVAL 1 $change/force
held_by "xlp_test_other enabled $sleeper cat $new_block"
stays xlp_test_change

scenario "turned round, it stays in effect"
ask 0 xlp_test_other
over xlp_test_other
expect new value "$tasks/leaf"
expect 1 value $change/enabled
unload xlp_test_other
wake_up
answers "new new none" $sleeper

scenario "to its end, it goes"
fall_asleep block
begin xlp_test_other replace=1
wake_up
answers "new new none" $sleeper
over xlp_test_other
expect a value "$tasks/leaf"
expect 0 value $change/enabled
expect 0 value $change/xlp_test_tasks/patched
unload xlp_test_change

scenario "stacked: a patch goes from below another, held up meanwhile"
disable xlp_test_other
unload xlp_test_other
load xlp_test_other
disable xlp_test_other
load xlp_test_change
fall_asleep block
enable xlp_test_other &
reported "xlp_test_other enabled $sleeper .*"
wake_up
wait
answers "new new none" $sleeper
over xlp_test_other
expect a value "$tasks/leaf"
fall_asleep block
ask 0 xlp_test_change
in_transition xlp_test_change
expect a value "$tasks/leaf"
wake_up
answers "a a none" $sleeper
over xlp_test_change
expect a value "$tasks/leaf"
unload xlp_test_change
disable xlp_test_other
expect old value "$tasks/leaf"
unload xlp_test_other

scenario "a target that comes meanwhile follows each task's world"
fall_asleep block
first=$sleeper
begin xlp_test_change
expect 0 value $change/xlp_test_late/patched
load xlp_test_late
expect 1 value $change/xlp_test_late/patched
fall_asleep block
stays xlp_test_change
! rmmod xlp 2>/dev/null || problem "xlp.ko could be unloaded"
wake_up
answers "old old old" "$first"
answers "new new new" "$sleeper"
over xlp_test_change

scenario "and one that goes, comes again, and what is turned round afterwards"
fall_asleep block
first=$sleeper
ask 0 xlp_test_change
unload xlp_test_late
in_transition xlp_test_change
expect 0 value $change/xlp_test_late/patched
load xlp_test_late
expect 1 value $change/xlp_test_late/patched
fall_asleep block
ask 1 xlp_test_change
held_by "xlp_test_change enabled $sleeper cat $old_block"
wake_up
answers "new new new" "$first"
answers "old old old" "$sleeper"
over xlp_test_change
disable xlp_test_change
expect 0 value $change/xlp_test_late/patched
unload xlp_test_late
unload xlp_test_change

# The task goes from one old function, in which it is when the target comes, to
# another one, the target's, and nowhere in between can it be met outside.
scenario "a task asleep in an old function of a target that came meanwhile holds it up"
fall_asleep relay
begin xlp_test_change
in_transition xlp_test_change
load xlp_test_late
wake_up
held_by "xlp_test_change enabled $sleeper cat uninterruptible [1-9][0-9]* xk_late+.* \[xlp_test_late\]"
sleep 0.5
in_transition xlp_test_change
expect new value "$tasks/leaf"
wake_up
answers "old old" "$sleeper"
over xlp_test_change

scenario "and one in a new function of such a target holds up that it goes"
unload xlp_test_late
fall_asleep relay
ask 0 xlp_test_change
in_transition xlp_test_change
load xlp_test_late
wake_up
held_by "xlp_test_change disabled $sleeper cat uninterruptible [1-9][0-9]* new_late+.* \[xlp_test_change\]"
sleep 0.5
in_transition xlp_test_change
expect old value "$tasks/leaf"
wake_up
answers "new new" "$sleeper"
over xlp_test_change
unload xlp_test_late
unload xlp_test_change

# Who was seen inside is asked to move when it leaves the kernel, and goes to
# sleep elsewhere before it does. So what it was asked for has to be taken back.
scenario "asked to move, moved without, asked again: all is taken back in time"
fall_asleep stages
staged=$sleeper
begin xlp_test_change
reported "xlp_test_change enabled $staged .*"
wake_up
over xlp_test_change
is_asleep "$staged" || problem "it is not asleep any more"
for round in 1 2; do
	fall_asleep stages
	ask 0 xlp_test_change
	reported "xlp_test_change disabled $sleeper .*"
	wake_up
	over xlp_test_change
	fall_asleep stages
	ask 1 xlp_test_change
	reported "xlp_test_change enabled $sleeper .*"
	ask 0 xlp_test_change
	over xlp_test_change
	wake_up
	enable xlp_test_change
done
disable xlp_test_change
unload xlp_test_change
is_asleep "$staged" || problem "it is not asleep any more"

scenario "xlp.ko itself goes and comes, while those that were asked still sleep"
if has_xlp; then
	unload_xlp
	load_xlp compat=0
	go_on
	answers "old old none" "$staged"
	wait
	load xlp_test_change
	expect new value "$tasks/leaf"
	disable xlp_test_change
	unload xlp_test_change
else
	go_on
	wait
	skip "$(why_no_xlp)"
fi

# all_fail WORLD MODULE [PARAMETER=VALUE]...: with the first allocation failing,
# then the next, until it works, which makes the world WORLD; disabling likewise
all_fail() {
	local n=1 was module="$2" goal="$1"

	shift
	was=$(value "$tasks/leaf")
	while [ $n -lt 100 ]; do
		set_to $n $xlp_debug/fail_allocation
		insert "$@" && break
		said ENOMEM "allocation $n for $module"
		expect no present "$sysfs/$module"
		expect "$was" value "$tasks/leaf"
		n=$((n + 1))
	done
	comment "$module: $((n - 1)) allocations"
	if [ $n -le 5 ] || [ $n -ge 100 ]; then
		problem "$module: $((n - 1)) failures"
	fi
	set_to 0 $xlp_debug/fail_allocation
	over "$module"
	expect "$goal" value "$tasks/leaf"
	n=1
	while [ $n -lt 100 ]; do
		set_to $n $xlp_debug/fail_allocation
		write 0 "$sysfs/$module/enabled" && break
		said ENOMEM "allocation $n to disable $module"
		expect 1 value "$sysfs/$module/enabled"
		n=$((n + 1))
	done
	comment "$module: $((n - 1)) allocations to disable it"
	if [ $n -le 3 ] || [ $n -ge 100 ]; then
		problem "$module: $((n - 1)) failures to disable it"
	fi
	set_to 0 $xlp_debug/fail_allocation
	over "$module"
	expect old value "$tasks/leaf"
	unload "$module"
}

scenario "no memory, at every allocation"
before=$(hooked)
all_fail new xlp_test_change model=3
load xlp_test_change
all_fail a xlp_test_other model=3 replace=1
expect 0 value $change/enabled
unload xlp_test_change
expect_soon "$before" hooked

# Writers of what they like, for a while; what is refused does not matter.
write_at_random() {
	local seed="$1" patch

	while [ -e "$scratch/go" ]; do
		seed=$(((seed * 75 + 74) % 65537))
		patch=$change
		[ $((seed & 2)) = 0 ] || patch=$other
		write $((seed & 1)) $patch/enabled
		cat $patch/transition $xlp_debug/blocked $xlp_debug/switches
	done > /dev/null
}

scenario "many write to two patches at the same time"
load xlp_test_change
load xlp_test_other
start_thread elsewhere
start_thread yielding
: > "$scratch/go"
for seed in 11 222 3333 44444; do
	write_at_random $seed &
	writers="${writers:-} $!"
done
for round in $(seq "$(amount 2 5)"); do
	cat "$tasks/block" > /dev/null &
	sleep 1
	wake_up
done
rm "$scratch/go"
# shellcheck disable=SC2086 # one word for each
wait $writers
wake_up
wait
settle xlp_test_change
settle xlp_test_other
for patch in xlp_test_change xlp_test_other; do
	[ "$(value $sysfs/$patch/enabled)" = 0 ] || disable $patch
done
expect old value "$tasks/leaf"
expect_soon old thread elsewhere
expect_soon old thread yielding
stop_threads
unload xlp_test_change
unload xlp_test_other

# Nobody may unload it then, but there is a back door for tests.
give_up_ms=/sys/module/xlp/parameters/give_up_ms

# given_up CHANGE TASK CODE: the log says so of xlp_test_change
given_up() {
	expect_log "^xlp: 'xlp_test_change': given up, going back: task cat/$2 holds up that it is $1, uninterruptible in $3+.* and 0 more$"
}

# It is read in each pass, and lowered when tasks are where they are to be, however long that took.
give_up_soon() {
	set_to "${1:-300}" $give_up_ms
}

give_up_never() {
	set_to 0 $give_up_ms
}

# Nobody who was in the way there is in the way of going back.
back_without() {
	expect 0 eval "log | grep -c 'task cat/$2 holds up that it is $1'"
}

told() {
	[ "$(grep -c complete "$scratch/uevents")" = "$1" ]
}

said_in_the_end() {
	grep complete "$scratch/uevents" | sort -u
}

# On one CPU, where the listener preempts the writer that wakes it, if the kernel lets it.
tell_the_listener() {
	load xlp_test_change model="$1"
	disable xlp_test_change
	taskset 1 "$suite/uevents" look > "$scratch/uevents" &
	listener=$!
	eventually grep -q ready "$scratch/uevents" || problem "nobody listens: $(cat "$scratch/uevents")"
	for nr in $(seq "$(amount 4 12)"); do
		taskset 1 sh -c "echo $((nr % 2)) > $change/enabled" || problem "model $1: $((nr % 2))"
		eventually told "$nr" || problem "model $1: uevent $nr has not come"
	done
	kill $listener
	expect "xlp_test_change complete disabled 0 0
xlp_test_change complete enabled 1 0" said_in_the_end
	unload xlp_test_change
}

scenario "whoever is told that a change is complete finds it so"
make_preemptible
for model in 1 2 3; do
	tell_the_listener $model
done
restore_preemption

scenario "held up for too long: it is given up, and goes back"
"$suite/uevents" > "$scratch/uevents" &
listener=$!
eventually grep -q ready "$scratch/uevents" || problem "nobody listens"
fall_asleep block
# The pass that gives up is to be the one that wakes and reports tasks.
signal_ms=/sys/module/xlp/parameters/signal_ms
signal_ms_before=$(cat $signal_ms)
set_to 1000 $signal_ms
begin xlp_test_change
give_up_soon 980
over xlp_test_change
set_to "$signal_ms_before" $signal_ms
expect 0 value $change/enabled
expect old value "$tasks/leaf"
given_up enabled $sleeper xk_block
back_without disabled $sleeper
eventually grep -q complete "$scratch/uevents" || problem "no uevent of its end"
expect "ready
xlp_test_change given-up disabled
xlp_test_change complete disabled" cat "$scratch/uevents"
wake_up
answers "old old none" $sleeper

scenario "and so it is while it is being disabled"
give_up_never
enable xlp_test_change
fall_asleep block
ask 0 xlp_test_change
give_up_soon
over xlp_test_change
expect 1 value $change/enabled
expect new value "$tasks/leaf"
given_up disabled $sleeper new_block
back_without enabled $sleeper
wake_up
answers "new new none" $sleeper
expect "xlp_test_change complete enabled
xlp_test_change given-up enabled
xlp_test_change complete enabled" tail -n 3 "$scratch/uevents"
disable xlp_test_change

# Nobody can leave then, nor look whether somebody has.
scenario "time in which the machine stands is none that it is held up for"
fall_asleep block
give_up_soon $((3000 * slow))
ask 1 xlp_test_change
for _ in $(seq $slow); do
	set_to 3000 "$tasks/stand"
done
# Longer than from one look to the next.
sleep 0.5
in_transition xlp_test_change
expect 1 value $change/enabled
over xlp_test_change
expect 0 value $change/enabled
given_up enabled $sleeper xk_block
wake_up
answers "old old none" $sleeper

# A pass goes to each CPU if somebody who runs is in the way, and so waits for that one: its
# own cost is what the next one is spaced by, and not that.
scenario "a pass that waits for a CPU makes the next one no later"
keep_ms=/sys/module/xlp_test_tasks/parameters/keep_ms
give_up_soon $((4000 * slow))
start_thread stuck
ask 1 xlp_test_change
reported "xlp_test_change enabled [0-9]* xk_stuck .*"
# One only: a second one would be over before the next pass where that is late.
set_to 2500 "$keep_ms"
eventually prints 0 cat "$keep_ms" || problem "nobody has kept the CPU"
in_transition xlp_test_change
expect 1 value $change/enabled
began=$(in_ms)
wake_up
over xlp_test_change
took=$(($(in_ms) - began))
[ $took -lt $((2000 * slow)) ] || problem "it was over $took ms after nobody was in the way"
expect 1 value $change/enabled
stop_threads
give_up_never
disable xlp_test_change

scenario "it is given up once, whoever is in the way of that"
give_up_never
fall_asleep block
first=$sleeper
ask 1 xlp_test_change
fall_asleep block
give_up_soon
held_by "xlp_test_change disabled $sleeper cat $new_block"
# Four times as long.
sleep 1.2
held_by "xlp_test_change disabled $sleeper cat $new_block"
in_transition xlp_test_change
wake_up
answers "old old none" $first
answers "new new none" $sleeper
over xlp_test_change
expect old value "$tasks/leaf"

scenario "nor is one that was reversed before"
give_up_never
fall_asleep block
first=$sleeper
ask 1 xlp_test_change
fall_asleep block
ask 0 xlp_test_change
give_up_soon
sleep 1.2
held_by "xlp_test_change disabled $sleeper cat $new_block"
in_transition xlp_test_change
wake_up
answers "old old none" $first
answers "new new none" $sleeper
over xlp_test_change
give_up_never
kill $listener

# A pass takes its time then, but those in the old function are where they are to be.
scenario "who reverses it is back when all tasks have been looked at that way"
crawl=/sys/kernel/debug/xlp/crawl
backs=0
fall_asleep block
for _ in 1 2 3 4 5; do
	ask 1 xlp_test_change
	held_by "xlp_test_change enabled $sleeper .*"
	set_to 1 $crawl
	write 0 $change/enabled || problem "it is not reversed: $message"
	[ "$(cat $change/transition)" = 1 ] || backs=$((backs + 1))
	set_to 0 $crawl
	over xlp_test_change
done
# Somebody may have run all the time that the pass took.
[ $backs -ge 1 ] || problem "it was never over by then"
wake_up
answers "old old none" $sleeper
unload xlp_test_change

scenario "forced: it is over at once, and the module stays"
load xlp_test_change
for nonsense in 2 -1 yess "" x1; do
	refuse_write EINVAL "$nonsense" $change/force
done
refuse_write EINVAL 1 $change/force
disable xlp_test_change
refuse_write EINVAL 1 $change/force
fall_asleep block
ask 1 xlp_test_change
set_to 0 $change/force
sleep 0.3
in_transition xlp_test_change
set_to 1 $change/force
over xlp_test_change
expect 1 value $change/enabled
is_asleep $sleeper || problem "the sleeper is gone"
expect_log "^xlp: forcing remaining tasks to the patched state$"
expect_log "^xlp: 'xlp_test_change': its module will stay loaded for ever$"
wake_up
answers "old new none" $sleeper
disable xlp_test_change
expect old value "$tasks/leaf"
enable xlp_test_change
expect new value "$tasks/leaf"
disable xlp_test_change
sleep 1
stays xlp_test_change
expect 1 value /sys/module/xlp_test_change/refcnt
set_to 1 /sys/module/xlp_test_change/parameters/let_go
unload xlp_test_change

is_gone() {
	[ ! -e "$change" ]
}

scenario "forced, and it does not stay: it leaves sysfs, but not memory"
fall_asleep block
begin xlp_test_change stays=0
set_to 1 $change/force
over xlp_test_change
wake_up
answers "old new none" "$sleeper"
disable xlp_test_change
expect old value "$tasks/leaf"
eventually is_gone || problem "it is still in sysfs"
sleep 1
expect 1 value /sys/module/xlp_test_change/refcnt
stays xlp_test_change
set_to 1 /sys/module/xlp_test_change/parameters/let_go
unload xlp_test_change

scenario "disabled right after it was forced: that is not forced"
# So that the pass takes its time; not every machine has the program.
crowd=
if [ -x "$suite/load" ]; then
	"$suite/load" -s 300 > "$scratch/crowd" &
	crowd=$!
	load_is_ready "$scratch/crowd"
fi
fall_asleep block
begin xlp_test_change
in_transition xlp_test_change
# One right after the other, while the pass is being made behind which all are moved.
{
	echo 1 >&3
	echo 0 >&4 || problem "it is not disabled"
} 3> $change/force 4> $change/enabled
expect 0 value $change/enabled
sleep 0.3
in_transition xlp_test_change
wake_up
answers "old new none" "$sleeper"
over xlp_test_change
expect old value "$tasks/leaf"
[ -z "$crowd" ] || kill $crowd
set_to 1 /sys/module/xlp_test_change/parameters/let_go
unload xlp_test_change

rm -r "$scratch"
done_testing
