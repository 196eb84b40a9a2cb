#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What patches use that is not exported: functions and data, of the kernel and of
# modules, there and not there.
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"

parameters=/sys/module/xlp_test_import/parameters
import="xlp: patch 'xlp_test_import'"

load_with_late() {
	load xlp_test_import of=xlp_test_late function=xk_late "$@"
}

# row WHAT ERRNO PATTERN [PARAMETER=VALUE]...: refused, with a line like that
row() {
	local what="$1" errno="$2" pattern="$3"

	shift 3
	scenario "refused: $what"
	refuse "$errno" xlp_test_import "$@"
	expect_log "^$import: $pattern$"
}

if ! is_fact imports_functions; then
	plan 3
	load_tasks
	row "a function, where calls through pointers are checked" EOPNOTSUPP \
		"object 'vmlinux': import 'nr_processes': this kernel compares the types of what pointers call (CFI) .*"

	scenario "a module whose function a patch wants is refused there"
	load xlp_test_import processes_too=0 of=xlp_test_late function=xk_late
	refuse EOPNOTSUPP xlp_test_late
	expect_log "^$import: object 'xlp_test_late': import 'xk_late': this kernel compares the types of what pointers call (CFI) .*"
	disable xlp_test_import
	unload xlp_test_import

	scenario "data is no matter of types"
	load xlp_test_import processes_too=0 data=max_threads
	expect "$(cat /proc/sys/kernel/threads-max)" value $parameters/value
	expect none value $parameters/processes
	disable xlp_test_import
	unload xlp_test_import
	rm -r "$scratch"
	done_testing
fi

plan 26
load_tasks

scenario "a function of the kernel"
load xlp_test_import
[ "$(cat $parameters/processes)" -gt 1 ] || problem "$(cat $parameters/processes) processes"
expect none value $parameters/answer
disable xlp_test_import
unload xlp_test_import

scenario "data of the kernel"
if lists_data; then
	load xlp_test_import data=max_threads
	expect "$(cat /proc/sys/kernel/threads-max)" value $parameters/value
	disable xlp_test_import
	unload xlp_test_import
else
	refuse EINVAL xlp_test_import data=max_threads
	expect_log "^$import: object 'vmlinux': import 'max_threads': not found; this kernel does not list data (CONFIG_KALLSYMS_ALL)$"
fi

# Processes may come and go between the two looks, so there are several.
same_sum() {
	[ "$(cat "$parameters/processes")" = "$(cat "$parameters/value")" ]
}

scenario "a per-CPU variable of the kernel"
if lists_data; then
	load xlp_test_import data=process_counts per_cpu=1
	eventually same_sum || problem "$(cat $parameters/processes) processes, counted $(cat $parameters/value)"
	disable xlp_test_import
	unload xlp_test_import
else
	skip "this kernel does not list data (CONFIG_KALLSYMS_ALL)"
fi

scenario "a function of a module that is there"
load xlp_test_late
load_with_late
expect 1 value $parameters/answer

scenario "the module goes, and comes again"
unload xlp_test_late
expect none value $parameters/answer
load xlp_test_late
expect 1 value $parameters/answer
unload xlp_test_late
disable xlp_test_import
unload xlp_test_import

scenario "a module that comes later, its data too"
load_with_late data=xk_late_number
expect none value $parameters/answer
expect none value $parameters/value
load xlp_test_late
expect 1 value $parameters/answer
expect 4711 value $parameters/value
unload xlp_test_late
expect none value $parameters/value

disable xlp_test_import
unload xlp_test_import

scenario "its per-CPU variable"
if lists_data; then
	load_with_late data=xk_late_counter per_cpu=1
	load xlp_test_late
	expect 42 value $parameters/value
	unload xlp_test_late
	disable xlp_test_import
	unload xlp_test_import
else
	skip "this kernel does not list data (CONFIG_KALLSYMS_ALL)"
fi

scenario "a disabled patch wants nothing of a module"
load_with_late
disable xlp_test_import
load xlp_test_late
expect none value $parameters/answer
unload xlp_test_late
unload xlp_test_import

scenario "a function that is replaced itself"
load xlp_test_late
load xlp_test_change
load_with_late
expect 2 value $parameters/answer
disable xlp_test_change
expect 1 value $parameters/answer
disable xlp_test_import
unload xlp_test_import
unload xlp_test_change
unload xlp_test_late

scenario "a module without it is refused, until nobody asks for it"
load xlp_test_import of=xlp_test_late function=xk_missing
refuse EINVAL xlp_test_late
expect_log "^$import: object 'xlp_test_late': import 'xk_missing': not found$"
expect_log "^xlp: patch 'xlp_test_import' failed for module 'xlp_test_late', refusing to load module 'xlp_test_late'$"
expect none value $parameters/answer
disable xlp_test_import
load xlp_test_late
unload xlp_test_late
unload xlp_test_import

row "a function that does not exist" EINVAL \
	"object 'vmlinux': import 'no_such_function': not found" function=no_such_function

row "an ambiguous name" EINVAL \
	"object 'vmlinux': import 'init_once': ambiguous, [0-9]* symbols have this name; set its position: 1 ([0-9]* bytes), 2 .*" \
	function=init_once

row "a position past the end" EINVAL \
	"object 'vmlinux': import 'nr_processes': position 2 is past the end, 1 symbol has this name" \
	function=nr_processes position=2

if lists_data; then
	row "data as a function" EINVAL \
		"object 'vmlinux': import 'max_threads': not a function" function=max_threads
else
	row "data as a function" EINVAL \
		"object 'vmlinux': import 'max_threads': not found" function=max_threads
fi

row "a function of the kernel's init section" EINVAL \
	"object 'vmlinux': import 'start_kernel': it is only there during boot" \
	function=start_kernel

# 64-bit powerpc does not tell a module's init functions from the others.
load xlp_test_target
scenario "refused: a function of a module's init section"
if has_function xt_gone; then
	skip "this architecture keeps them"
	unload xlp_test_target
else
	unload xlp_test_target
	load xlp_test_import of=xlp_test_target function=xt_gone
	refuse EINVAL xlp_test_target
	expect_log "^$import: object 'xlp_test_target': import 'xt_gone': it is only there during its module's init$"
	disable xlp_test_import
	unload xlp_test_import
fi

row "no name" EINVAL "object 'vmlinux': import '': no name" fault=no-name

row "an empty name" EINVAL "object 'vmlinux': import '': no name" fault=empty-name

row "a name too long" EINVAL \
	"object 'vmlinux': import 'x*': name longer than a symbol's can be" fault=long-name

row "an object's name too long" EINVAL \
	"object 'x*': import 'nr_processes': name longer than a module's can be" fault=long-object

row "vmlinux by name" EINVAL \
	"object 'vmlinux': import 'nr_processes': vmlinux is meant by leaving the name out" \
	fault=vmlinux

row "neither data nor a function" EINVAL \
	"object 'vmlinux': import 'nr_processes': neither data nor a function, or both" \
	fault=nothing

row "both" EINVAL \
	"object 'vmlinux': import 'nr_processes': neither data nor a function, or both" fault=both

# Whether the module is there or not.
row "of a module that the patch has no object of" EINVAL \
	"object 'xlp_test_late': import 'xk_late': the patch has no object of that name, whose functions alone may use it" \
	of=xlp_test_late function=xk_late fault=no-object

# Its module stays because a task is inside, which may use them.
scenario "a patch that is disabled and cannot be enabled again keeps them"
load xlp_test_late
load_with_late model=1
fall_asleep block
disable xlp_test_import
expect old value "$tasks/leaf"
set_to 1 $xlp_debug/fail_allocation
refuse_write ENOMEM 1 $sysfs/xlp_test_import/enabled
set_to 0 $xlp_debug/fail_allocation
expect 1 value $parameters/answer
wake_up
wait
unload xlp_test_import
unload xlp_test_late

scenario "no memory, at every allocation"
tries=0
set_to 1 $xlp_debug/fail_allocation
until insert xlp_test_import || [ $tries = 50 ]; do
	tries=$((tries + 1))
	set_to $((tries + 1)) $xlp_debug/fail_allocation
done
set_to 0 $xlp_debug/fail_allocation
[ $tries -gt 3 ] || problem "only $tries allocations"
settle xlp_test_import
[ "$(cat $parameters/processes)" -gt 1 ] || problem "no processes"
disable xlp_test_import
unload xlp_test_import

rm -r "$scratch"
done_testing
