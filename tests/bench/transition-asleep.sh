#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: wall time, 2 CPUs
# Kernels: trixie
# Kernels of x86_64: bookworm trixie
#
# How long tasks that sleep in the patched function hold up a patch, from insmod
# until all have changed over. They wait for nothing that would come by itself, so
# they have to be woken.
. "$(dirname "$0")/lib.sh"

sleepers=30

# The patch is of use when those have gone who would sleep in it.
wake_them() {
	patch_on object=xlp_bench_target function=xlb_sleep
	took 'xlp-bench: begin' 'patching complete' >> /tmp/asleep
}

asleep() {
	local n="$rounds"

	: > /tmp/asleep
	while [ "$n" -gt 0 ]; do
		with_load "/sys/kernel/debug/xlp_bench_target/sleep:$sleepers:100000" 0 wake_them
		patch_off
		unload
		n=$((n - 1))
	done
	result asleep+in+the+patched+function $sleepers 1 "$(median < /tmp/asleep)"
	echo "all rounds, ms: $(tr '\n' ' ' < /tmp/asleep)"
}

insmod "$modules/xlp_bench_target.ko" || exit 1
use xlp
asleep
# In-kernel livepatch waits for 15 s before it wakes anybody.
rounds=3
if use in-kernel; then
	asleep
fi
