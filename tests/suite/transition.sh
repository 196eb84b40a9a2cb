# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# transition.sh - verbs for tests of the per-task model, in addition to lib.sh's

change=$sysfs/xlp_test_change
other=$sysfs/xlp_test_other
tasks=${debug}_tasks
xlp_debug=/sys/kernel/debug/xlp
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xlp.XXXXXX")
sleeper=

# What "block" calls before a task that was woken asks who answers. None where
# the kernel hides addresses.
task_work_run() {
	symbols task_work_run | sed -n 's/^\([0-9a-f]*\) [tT] task_work_run$/0x\1/p' | head -n 1
}

load_tasks() {
	load xlp_test_tasks task_work_run="$(task_work_run)"
}

# waits_inside PID: xlp_test_tasks has it; most kernels cannot tell by the task's stack
waits_inside() {
	local pid

	while read -r pid; do
		[ "$pid" != "$1" ] || return 0
	done < "$tasks/asleep"
	return 1
}

# is_asleep_inside PID: and not on its way there, where it may sleep as well
is_asleep_inside() {
	waits_inside "$1" && is_asleep "$1"
}

# fall_asleep FILE: a task calls a function that sleeps and is its only reader;
# $sleeper is its PID
fall_asleep() {
	# shellcheck disable=SC2016 # for that shell, which becomes cat
	sh -c 'exec cat "$1" > "$2/$$" 2>&1' - "$tasks/$1" "$scratch" &
	sleeper=$!
	eventually is_asleep_inside $sleeper || problem "nobody fell asleep in $1"
}

# answers WANT PID: when it is at its end
answers() {
	local got

	wait "$2" 2>/dev/null
	got=$(cat "$scratch/$2" 2>&1)
	[ "$got" = "$1" ] || problem "task $2: '$got' instead of '$1'"
}

wake_up() {
	set_to 1 "$tasks/wake"
}

go_on() {
	set_to 1 "$tasks/go_on"
}

# begin PATCH [PARAMETER=VALUE]...: load it and do not wait for tasks
begin() {
	insert "$@" || problem "$1 does not load: $message"
	expect 1 value "$sysfs/$1/enabled"
}

# ask VALUE PATCH: to enable or disable it, and do not wait for tasks
ask() {
	local state

	write "$1" "$sysfs/$2/enabled" || problem "$1 to $2: $message"
	# One that is disabled, and does not stay, may have left by now.
	if { read -r state < "$sysfs/$2/enabled"; } 2> /dev/null; then
		[ "$state" = "$1" ] || problem "$2: enabled is $state instead of $1"
	elif [ "$1" = 1 ] || [ -e "$sysfs/$2" ]; then
		problem "$2: there is nothing to read in enabled"
	fi
}

# in_transition PATCH, while others may still be on their way
in_transition() {
	expect 1 value "$sysfs/$1/transition"
}

# over PATCH: every task has changed over
over() {
	settle "$1"
	! grep -q "^$1 \(enabled\|disabled\) " $xlp_debug/blocked ||
		problem "still reported: $(cat $xlp_debug/blocked)"
}

# is_blocked PATTERN: a line of the report is like this
is_blocked() {
	grep -q "^$1\$" $xlp_debug/blocked
}

# only_blocked PATTERN: all are
only_blocked() {
	is_blocked "$1" && ! grep -qv "^$1\$" $xlp_debug/blocked
}

# held_by PATTERN: soon that is all that is reported
held_by() {
	eventually only_blocked "$1" ||
		problem "reported: $(cat $xlp_debug/blocked), not $1"
}

# reported PATTERN: soon that is reported, perhaps among others
reported() {
	eventually is_blocked "$1" ||
		problem "reported: $(cat $xlp_debug/blocked), not $1"
}

# log_says PATTERN: a line since the scenario began is like this
log_says() {
	log | grep -q "$1"
}

# switched PATCH FIELD: of the record of its last switch
switched() {
	sed -n "s/^$1 .* $2 \([0-9]*\).*/\1/p" $xlp_debug/switches
}

# record_of PATCH: the words of that before its figures, with the number of stops
record_of() {
	sed -n "s/^\($1 .* tries [0-9]*\) .*/\1/p" $xlp_debug/switches
}

# times_met PID: how often that task was in the way so far
times_met() {
	awk -v pid="$1" '$3 == pid { print $6 }' $xlp_debug/blocked
}

# load_is_ready FILE: soon that has what load says when all its tasks are there. CPUs wait for each
# other in every fork, which was 75 ms in emulation on a machine with other work.
load_is_ready() {
	local usual="$patience"

	patience=$((60 * slow))
	eventually grep -qs ready "$1" || problem "no load"
	patience=$usual
}

start_thread() {
	set_to "$1" "$tasks/threads"
}

stop_threads() {
	set_to stop "$tasks/threads"
}

# thread KIND: who has answered it last
thread() {
	sed -n "s/^$1 //p" "$tasks/threads"
}

wakes_and_answers() {
	wake_up
	prints "$1" thread "$2"
}

# woken_thread ANSWER KIND: that is what it answers before long, if it is woken
woken_thread() {
	eventually wakes_and_answers "$@" || expect "$1" thread "$2"
}
