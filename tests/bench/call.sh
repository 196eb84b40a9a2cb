#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: an instruction is a nanosecond, 1 CPU
# Kernels: bookworm trixie sid
# Kernels of i386: bookworm
# Kernels of loongarch: sid
# Kernels of riscv: trixie sid
#
# What a call of a replaced function takes on top of one that is not replaced: by
# the number of functions that the patch replaces, all of which are called by turns;
# with a second patch, of 100 other functions; at rest and in a transition that a task
# inside holds up, called by a task that has changed over; by ftrace's handlers and, where
# there are such, by direct calls. Each result is a line for the rig:
#
#	result system=SYSTEM method=METHOD functions=N patches=N phase=PHASE instructions=N
#
# SYSTEM is also "none", what the function itself takes, and "handler": with a handler of ftrace that does nothing.
# With LEVEL=short there are patches of 1 and of 100 functions, by xlp only.
. "$(dirname "$0")/lib.sh"

parameters=/sys/module/xlp_bench_call/parameters
stay=/sys/kernel/debug/xlp_bench_call/stay

# How this kernel's calls are caught, in xlp's words; in-kernel livepatch knows ftrace only.
method_of_system() {
	if [ "$system" = xlp ]; then
		dmesg | sed -n 's/.*; redirect: \([^;]*\);.*/\1/p' | tail -n 1
	else
		echo ftrace
	fi
}

is_open() {
	[ "$(cat "$state/transition")" = 1 ]
}

# measure FUNCTIONS PATCHES PHASE
measure() {
	local instructions answered

	echo "$1" > $parameters/functions
	read -r instructions answered < $parameters/instructions
	[ "$answered" = "$expected" ] || problem "$answered functions have answered: $system, $*"
	echo "result system=$system method=$method functions=$1 patches=$2 phase=$3" \
		"instructions=$instructions"
}

steady() {
	patch_on object=xlp_bench_call functions="$1"
	measure "$1" "$2" steady
	patch_off
	unload
}

transition() {
	local inside

	echo 1 > $parameters/hold
	cat $stay &
	inside=$!
	sleep 0.5
	insmod "$modules/$patch.ko" object=xlp_bench_call functions="$1" ||
		problem "$patch does not load"
	# In-kernel livepatch looks at all tasks once a second.
	sleep 3
	is_open || problem "the transition is over: $system, $*"
	measure "$1" "$2" transition
	echo 0 > $parameters/hold
	wait $inside
	settle
	patch_off
	unload
}

# floor FUNCTIONS NAMES: what is there without live patching. Calls may be caught before ftrace has them.
floor() {
	expected=old
	system=none method=none
	measure "$1" 1 steady
	echo "$2" > $parameters/handler || return 0
	system=handler method=ftrace
	measure "$1" 1 steady
	echo > $parameters/handler
}

# phases PATCHES
phases() {
	local functions

	expected=new
	for functions in $amounts; do
		steady "$functions" "$1"
		transition "$functions" "$1"
	done
}

second_on() {
	insmod "$modules/${patch}_2.ko" object=xlp_test_many_target functions=100 ||
		problem "${patch}_2 does not load"
	sleep 3
}

second_off() {
	echo 0 > "${state}_2/enabled"
	until rmmod "${patch}_2" 2>/dev/null; do sleep 0.1; done
}

# with_system SYSTEM [DIRECT]
with_system() {
	use "$@" || return 0
	method=$(method_of_system)
	phases 1
	[ "${XLP_LEVEL:-full}" = full ] || return 0
	second_on
	phases 2
	second_off
}

insmod "$modules/xlp_bench_call.ko" || problem "xlp_bench_call does not load"
insmod "$modules/xlp_test_many_target.ko" || problem "xlp_test_many_target does not load"
amounts="1 10 100 500"
[ "${XLP_LEVEL:-full}" = full ] || amounts="1 100"
floor 1 xtm_000
floor 100 'xtm_0*'
with_system xlp never
with_system xlp always
[ "${XLP_LEVEL:-full}" = short ] || with_system in-kernel
