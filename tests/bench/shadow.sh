#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: an instruction is a nanosecond, 1 CPU
# Kernels: trixie
#
# Shadow variables: what a call takes when there are few and many, and how long
# interrupts are off while all are freed, beside in-kernel livepatch where it is. Each
# result is one line for the rig:
#
#	result system=SYSTEM case=shadow variables=N alloc_ns=N hit_ns=N miss_ns=N
#	       free_all_ns=N late_ns=N

suite=${0%/*}/../suite
parameters=/sys/module/xlp_bench_shadow/parameters

# figures SYSTEM COUNT IN-KERNEL
figures() {
	local name line

	insmod "$suite/modules/xlp_bench_shadow.ko" n="$2" in_kernel="$3" || {
		echo "problem: xlp_bench_shadow does not load"
		exit 1
	}
	line="result system=$1 case=shadow variables=$2"
	for name in alloc_ns hit_ns miss_ns free_all_ns late_ns; do
		line="$line $name=$(cat $parameters/$name)"
	done
	echo "$line"
	rmmod xlp_bench_shadow
}

insmod "$suite/../xlp.ko" || exit 1
for variables in 10 1000 100000; do
	figures xlp $variables 0
	# In compat mode xlp makes a link of that name.
	[ ! -d /sys/kernel/livepatch ] || [ -L /sys/kernel/livepatch ] || figures in-kernel $variables 1
done
