#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: an instruction is a nanosecond, 1 CPU
# Memory: 8G
# Kernels: trixie
# Kernels of x86_64: bookworm trixie
#
# What xlp costs a machine as its tasks become many: nine of ten are threads of one process,
# one of ten is a process; and of 50,000 that have exited and are not reaped. Runs in a guest;
# for each number of tasks there is one line for the rig:
#
#	result tasks=N NAME=NUMBER...
#
#	pass_ns		the pass that moves all tasks
#	longest_hold_ns	of RCU or of a CPU by these; longest_with_checks_ns: or by the checks below
#	moved_ns	until all tasks have changed over
#	check_ns	looking at all stacks before the machine is stopped
#	freeze_ns	and how long it is then
#	fork_ns...	of processes that exit at once: in their parent, until they are reaped,
#			and all together for each; plain_... is without xlp.ko, idle_... with
#			it and no patch, patched_... with one in effect

suite=${0%/*}/../suite
xlp_debug=/sys/kernel/debug/xlp
patch=xlp_test_a
rounds=5
children=500

problem() {
	echo "problem: $*"
	exit 1
}

load() {
	insmod "$suite/modules/$1.ko" ${2:+"$2"} || problem "$1 does not load"
}

# of_switch NAME: a figure of the patch's last switch
of_switch() {
	sed -n "s/^$patch .* $1 \([0-9]*\).*/\1/p" $xlp_debug/switches
}

# of_passes NAME
of_passes() {
	sed -n "s/^$1 //p" $xlp_debug/passes
}

median() {
	sort -n | sed -n "$(((rounds + 1) / 2))p"
}

# How many tasks there are besides: the kernel's, and this shell.
number_of_tasks() {
	sed 's|.*/\([0-9]*\) [0-9]*$|\1|' /proc/loadavg
}

settle() {
	until [ "$(cat /sys/kernel/xlp/$patch/transition)" = 0 ]; do sleep 0.1; done
}

released() {
	until [ "$(cat /sys/module/$patch/refcnt)" = 0 ]; do sleep 0.1; done
}

# children NAME: what they take, as words NAME_fork_ns=N...
children() {
	"$suite/crowd" -c $children | sed "s/\([a-z_]*_ns\) \([0-9]*\)/$1_\1=\2/g"
}

switch_off_and_on() {
	echo 0 > /sys/kernel/xlp/$patch/enabled
	released
	echo 1 > /sys/kernel/xlp/$patch/enabled
	settle
}

# medians MODEL FIELD...: of several switches on, as words FIELD=N
medians() {
	local n=$rounds field

	load $patch "model=$1"
	settle
	shift
	for field; do : > "/tmp/$field"; done
	while [ $n -gt 0 ]; do
		switch_off_and_on
		for field; do
			case $field in
			pass_ns) of_passes last_pass_ns ;;
			*) of_switch "$field" ;;
			esac >> "/tmp/$field"
		done
		n=$((n - 1))
	done
	for field; do printf ' %s=%s' "$field" "$(median < "/tmp/$field")"; done
}

unload() {
	echo 0 > /sys/kernel/xlp/$patch/enabled
	released
	rmmod $patch
}

# with_crowd ARGUMENTS COMMAND...
with_crowd() {
	local pid

	rm -f /tmp/said
	# shellcheck disable=SC2086	# words are what is wanted
	"$suite/crowd" $1 > /tmp/said &
	pid=$!
	until grep -qs ready /tmp/said; do
		sleep 0.2
		kill -0 $pid || problem "no crowd $1"
	done
	shift
	"$@"
	kill $pid
	wait $pid 2>/dev/null
	until [ "$(number_of_tasks)" -lt 500 ]; do sleep 0.5; done
}

measure() {
	local tasks plain idle moves patched stops hold

	tasks=$(number_of_tasks)
	plain=$(children plain)
	insmod "$suite/../xlp.ko" || problem "xlp does not load"
	load xlp_test_target
	idle=$(children idle)
	moves=$(medians 3 pass_ns moved_ns)
	patched=$(children patched)
	unload
	hold=$(of_passes longest_hold_ns)
	stops=$(medians 2 freeze_ns check_ns)
	unload
	echo "result tasks=$tasks$moves longest_hold_ns=$hold$stops" \
		"longest_with_checks_ns=$(of_passes longest_hold_ns) $plain $idle $patched"
	rmmod xlp_test_target xlp
}

# They exit while xlp.ko is there, so each is noted, and does not go.
measure_zombies() {
	local idle moves stops

	idle=$(children idle)
	load xlp_test_target
	moves=$(medians 3 pass_ns moved_ns)
	unload
	stops=$(medians 2 freeze_ns check_ns)
	unload
	echo "result tasks=$(number_of_tasks) zombies=50000$moves$stops" \
		"longest_with_checks_ns=$(of_passes longest_hold_ns) $idle"
}

echo 200000 > /proc/sys/kernel/pid_max
echo 200000 > /proc/sys/kernel/threads-max
ulimit -u unlimited 2>/dev/null
"$suite/crowd" -c $children > /dev/null
for count in 1000 5000 20000 50000; do
	with_crowd "$((count - count / 10)) $((count / 10))" measure
done
insmod "$suite/../xlp.ko" || problem "xlp does not load"
with_crowd "-z 50000" measure_zombies
