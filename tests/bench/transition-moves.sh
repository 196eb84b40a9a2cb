#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: an instruction is a nanosecond, 1 CPU
# Kernels: trixie
# Kernels of x86_64: bookworm trixie
#
# How long it takes to look at all tasks and to move them, by the number of tasks
# and by that of functions; and a whole insmod when there is little to do.
. "$(dirname "$0")/lib.sh"

rounds=3
one=function=cmdline_proc_show

tasks() {
	find /proc -maxdepth 1 -name '[0-9]*' | grep -c .
}

# repeat COMMAND...
repeat() {
	local n="$rounds"

	while [ "$n" -gt 0 ]; do
		"$@"
		n=$((n - 1))
	done
}

# To the later of the two: insmod is back, all tasks have changed over.
whole_insmod() {
	patch_on $one
	took 'xlp-bench: begin' 'xlp-bench: returned|patching complete' >> /tmp/insmod
	took 'xlp-bench: begin' 'enabling patch' >> /tmp/insmod.load
	took 'enabling patch' 'starting patching' >> /tmp/insmod.hook
	moved >> /tmp/insmod.moved
	patch_off
	unload
}

idle() {
	rm -f /tmp/insmod*
	repeat whole_insmod
	result idle+guest,+whole+insmod "$(tasks)" 1 "$(median < /tmp/insmod)"
	echo "of that: the module loads $(median < /tmp/insmod.load) ms," \
		"functions are hooked $(median < /tmp/insmod.hook) ms," \
		"tasks move $(median < /tmp/insmod.moved) ms"
}

# enable_disable PARAMETER...: the times are left in /tmp/on and /tmp/off
enable_disable() {
	patch_on "$@"
	moved >> /tmp/on
	patch_off
	moved >> /tmp/off
	took 'starting .*patching transition' 'patching complete' >> /tmp/off.complete
	unload
}

busy() {
	rm -f /tmp/on /tmp/off /tmp/off.complete
	repeat enable_disable $one
	result 5000+sleeping,+2+spinning+enable 5002 1 "$(median < /tmp/on)"
	result 5000+sleeping,+2+spinning+disable 5002 1 "$(median < /tmp/off)"
	echo "disabling, until it is complete: $(median < /tmp/off.complete) ms"
}

by_tasks() {
	rm -f /tmp/on
	repeat enable_disable $one
	result tasks "$1" 1 "$(median < /tmp/on)"
}

by_functions() {
	rm -f /tmp/on
	repeat enable_disable object=xlp_test_many_target functions="$1"
	result functions 1000 "$1" "$(median < /tmp/on)"
}

few_functions() {
	by_functions 1
	by_functions 100
}

# In-kernel livepatch takes minutes to disable so many: the guest ends before.
many_functions() {
	if [ "$system" = xlp ]; then
		by_functions 500
	else
		patch_on object=xlp_test_many_target functions=500
		result functions 1000 500 "$(moved)"
	fi
}

all() {
	local n

	idle
	with_load '-s 5000 -b 2' 2 busy
	for n in 100 1000 5000; do
		with_load "-s $n" 0 by_tasks $n
	done
	with_load '-s 1000' 0 few_functions
	with_load '-s 1000' 0 many_functions
}

echo 20000 > /proc/sys/kernel/threads-max
insmod "$modules/xlp_test_many_target.ko" || exit 1
use xlp
all
if use in-kernel; then
	all
fi
