#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: an instruction is a nanosecond, 1 CPU
# Kernels: trixie
#
# The stop model's costs: how long the machine stands still, and what looking at
# a task takes. Runs in a guest; each result is one line for the rig:
#
#	result case=CASE NAME=NUMBER...

suite=${0%/*}/../suite
xlp_debug=/sys/kernel/debug/xlp
rounds=5

load() {
	insmod "$suite/modules/$1.ko" || { echo "problem: $1 does not load"; exit 1; }
}

# field NAME: of the last switch of xlp_test_a
field() {
	sed -n "s/^xlp_test_a .* $1 \([0-9]*\).*/\1/p" $xlp_debug/switches
}

median() {
	sort -n | sed -n "$(((rounds + 1) / 2))p"
}

switch_on() {
	echo 0 > /sys/kernel/xlp/xlp_test_a/enabled
	# The disabled patch's module is looked for on all stacks; let that end.
	while [ "$(cat /sys/module/xlp_test_a/refcnt)" != 0 ]; do sleep 0.1; done
	echo 1 > /sys/kernel/xlp/xlp_test_a/enabled
}

# with_sleepers COUNT COMMAND...
with_sleepers() {
	local said=/tmp/load.said pid

	"$suite/load" -s "$1" > $said &
	pid=$!
	until grep -q ready $said; do sleep 0.2; done
	shift
	"$@"
	kill $pid
	wait $pid 2>/dev/null || :
}

freeze() {
	local n=$rounds

	: > /tmp/freeze; : > /tmp/check
	while [ $n -gt 0 ]; do
		switch_on
		field freeze_ns >> /tmp/freeze
		field check_ns >> /tmp/check
		n=$((n - 1))
	done
	echo "result case=freeze tasks=$(field tasks) freeze_ns=$(median < /tmp/freeze)" \
		"check_ns=$(median < /tmp/check) rechecked=$(field rechecked)"
}

# Instructions for each task: to hold it still, and on top of that to visit every
# word of the scan, or every frame of the walk, through a function pointer.
stacks() {
	awk '$3 {
		each = $7 / $3
		if ($1 == "hold")
			hold = each
		printf "result case=%s tasks=%d addresses=%d instructions_per_task=%d\n",
			$1, $3, $5, $1 == "hold" ? hold : each - hold
	}' /sys/kernel/debug/xlp_bench/stacks
}

insmod "$suite/../xlp.ko" || exit 1
load xlp_test_target
load xlp_bench_stack
insmod "$suite/modules/xlp_test_a.ko" model=2 || exit 1
for sleepers in 100 1000 3000; do
	with_sleepers $sleepers freeze
done
with_sleepers 1000 stacks
