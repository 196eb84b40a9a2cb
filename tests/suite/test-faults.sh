#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own allocations fail, one after the other, in whoever works for a patch: the
# process that asks, or a thread of xlp's. Unlike failures of xlp's own allocations, which
# debugfs has a switch for, these are also in what xlp calls, such as ftrace and sysfs.
. "$(dirname "$0")/lib.sh"

slab=/sys/kernel/debug/failslab
pages=/sys/kernel/debug/fail_page_alloc

if [ ! -e /proc/self/fail-nth ] || [ ! -e $slab ]; then
	skip_all "this kernel cannot let allocations fail (CONFIG_FAULT_INJECTION, CONFIG_FAILSLAB)"
fi
[ -x "$suite/faults" ] || skip_all "no $suite/faults"
plan 8

# try WHO WHAT ARGUMENT
try() {
	"$suite/faults" "$modules" "$@" || problem "see above"
}

set_to 0 $slab/verbose
set_to N $slab/ignore-gfp-wait
if [ -e $pages ]; then
	set_to 0 $pages/verbose
	set_to N $pages/ignore-gfp-wait
fi
load xlp_test_targeta	# whose functions are called all the time

for model in 1 2 3; do
	scenario "a patch is loaded, model $model: no memory at every allocation"
	try asker load "model=$model imports=1 callbacks=1 objects=3"
done

load xlp_test_patcha number=7 stays=1 imports=1 objects=3
disable xlp_test_patcha
for who in asker xlp_transition; do
	scenario "a patch is enabled and disabled, no memory for $who"
	try $who switch xlp_test_patcha
done

scenario "a target goes whose functions were hooked with others, no memory for who lets them go"
try xlp_unhook part xlp_test_targeta

scenario "a target of a patch comes, no memory for who loads it"
enable xlp_test_patcha
unload xlp_test_targeta
try asker target xlp_test_targeta
load xlp_test_targeta
disable xlp_test_patcha
unload xlp_test_patcha

scenario "a patch goes for good, no memory for who looks whether it may"
try xlp_release load "imports=1 objects=3"

unload xlp_test_targeta
done_testing
