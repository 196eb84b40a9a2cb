#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Names that patches leave to xlp.ko, which binds them while the patch is loaded
# (common/bind.c).
. "$(dirname "$0")/lib.sh"

xlp_debug=/sys/kernel/debug/xlp

answer() { value "/sys/module/$1/parameters/answer"; }

references() { value /sys/module/xlp/refcnt; }

# row WHAT MODULE LINE: refused by this line and no other (some insmod tries twice), and
# xlp.ko is not kept
row() {
	local before

	scenario "refused: $1"
	before=$(references)
	refuse EINVAL "$2"
	expect "xlp: module '$2': $3" eval "log | grep -e '^xlp: ' -e 'Unknown symbol' -e relocation | sort -u"
	expect "$before" references
}

# keep_loading MODULE FILE: again and again, for as long as the file is there
keep_loading() {
	while [ -e "$2" ]; do
		insmod "$modules/$1.ko" 2>/dev/null
		sleep 0.1
	done
}

case $(uname -m) in
x86_64 | i?86 | aarch64 | arm* | loongarch64 | ppc64le | riscv64 | s390x) ;;
*) skip_all "xlp.ko binds no names on this architecture yet: see doc/porting.md" ;;
esac
plan 14
load xlp_test_target

scenario "a function of the kernel"
load xlp_test_bound
settle xlp_test_bound
expect new world
[ "$(answer xlp_test_bound)" -gt 1 ] || problem "$(answer xlp_test_bound) processes"
disable xlp_test_bound
unload xlp_test_bound
expect old world

scenario "data of the kernel"
if lists_data; then
	load xlp_test_bounddata
	settle xlp_test_bounddata
	expect "$(cat /proc/sys/kernel/threads-max)" answer xlp_test_bounddata
	disable xlp_test_bounddata
	unload xlp_test_bounddata
else
	refuse EINVAL xlp_test_bounddata
	expect_log "^xlp: module 'xlp_test_bounddata': 'max_threads': not found; this kernel does not list data (CONFIG_KALLSYMS_ALL)$"
fi

# The probe stands behind ftrace's call, and is there when that is written and taken away.
scenario "while calls of the loader's function are traced where names are bound"
if grep -q "\\<function\\>" "$tracing/available_tracers" &&
   grep -Fqx module_frob_arch_sections "$tracing/available_filter_functions"; then
	filtered=yes
	set_to module_frob_arch_sections "$tracing/set_ftrace_filter"
	set_to function "$tracing/current_tracer"
	set_to 1 "$tracing/tracing_on"
	load xlp_test_bound
	settle xlp_test_bound
	[ "$(answer xlp_test_bound)" -gt 1 ] || problem "$(answer xlp_test_bound) processes"
	grep -q "module_frob_arch_sections <-" "$tracing/trace" || problem "no call was traced"
	set_to nop "$tracing/current_tracer"
	set_to "" "$tracing/set_ftrace_filter"
	disable xlp_test_bound
	unload xlp_test_bound
else
	skip "no function tracer, or not of that function"
fi

row "a name that is not there" xlp_test_boundnone "'no_such_function': not found$(
	lists_data || echo "; this kernel does not list data (CONFIG_KALLSYMS_ALL)")"

scenario "refused: one of several"
refuse EINVAL xlp_test_boundtwin
expect_log "^xlp: module 'xlp_test_boundtwin': 'init_once': ambiguous, [0-9]* symbols have this name; set its position: 1 ([0-9]* bytes), 2 .*$"

row "what is there during boot only" xlp_test_boundinit "'start_kernel': only there during boot"

scenario "a function of a module, which stays meanwhile"
load xlp_test_boundfar
settle xlp_test_boundfar
expect new world
expect 2 answer xlp_test_boundfar	# XT_NEW
stays xlp_test_target
disable xlp_test_boundfar
unload xlp_test_boundfar
expect old world

scenario "refused: a name of a module that is not there"
unload xlp_test_target
before=$(references)
refuse ENOENT xlp_test_boundfar
expect_log "^xlp: module 'xlp_test_boundfar': 'answer_leaf': module 'xlp_test_target' is not loaded: load it first$"
expect "$before" references
load xlp_test_target

scenario "refused: in a module that is no patch"
refuse EINVAL xlp_test_boundbare
expect_log "^xlp: module 'xlp_test_boundbare': 'vmlinux.nr_processes.0': bound for patches only, which link to __xlp_enable_patch()$"

# What it wants is called only, and a call reaches everywhere but on riscv: no other relocation
# refuses it before.
scenario "refused: while kprobes are off"
set_to 0 /sys/kernel/debug/kprobes/enabled
case $(uname -m) in
riscv64)
	refuse EINVAL xlp_test_boundinit
	expect 1 eval "log | grep 'xlp_test_boundinit: target 0* can not be addressed' | sed 's/ by the .*//' | sort -u | wc -l"
	;;
*)
	refuse EAGAIN xlp_test_boundinit
	expect_log "^xlp: module 'xlp_test_boundinit': 'vmlinux.start_kernel.0': not bound, as kprobes are off (debugfs: kprobes/enabled), or xlp.ko came meanwhile: load it again$"
	;;
esac
set_to 1 /sys/kernel/debug/kprobes/enabled

scenario "no memory, at every allocation"
tries=0
set_to 1 $xlp_debug/fail_allocation
until insert xlp_test_bound || [ $tries = 50 ]; do
	tries=$((tries + 1))
	set_to $((tries + 1)) $xlp_debug/fail_allocation
done
set_to 0 $xlp_debug/fail_allocation
[ $tries -gt 3 ] || problem "only $tries allocations"
settle xlp_test_bound
expect new world
disable xlp_test_bound
unload xlp_test_bound

scenario "two at the same time, over and over"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xlp.XXXXXX")
touch "$scratch/go_on"
keep_loading xlp_test_boundnone "$scratch/go_on" &
keep_loading xlp_test_boundtwin "$scratch/go_on" &
for round in $(seq "$(amount 2 5)"); do
	load xlp_test_bound
	settle xlp_test_bound
	[ "$(answer xlp_test_bound)" -gt 1 ] || problem "round $round: $(answer xlp_test_bound) processes"
	disable xlp_test_bound
	unload xlp_test_bound
done
rm "$scratch/go_on"
wait
expect no present /sys/module/xlp_test_boundnone
expect no present /sys/module/xlp_test_boundtwin

scenario "xlp.ko goes and comes while they are loaded"
if has_xlp; then
	touch "$scratch/go_on"
	keep_loading xlp_test_boundnone "$scratch/go_on" &
	keep_loading xlp_test_boundtwin "$scratch/go_on" &
	for round in $(seq "$(amount 2 5)"); do
		unload_xlp
		load_xlp compat=0
	done
	rm "$scratch/go_on"
	wait
	load xlp_test_bound
	settle xlp_test_bound
	[ "$(answer xlp_test_bound)" -gt 1 ] || problem "$(answer xlp_test_bound) processes"
	disable xlp_test_bound
	unload xlp_test_bound
else
	skip "$(why_no_xlp)"
fi

scenario "without xlp.ko the kernel refuses them"
if has_xlp; then
	unload_xlp
	refuse ENOENT xlp_test_bound
	expect_log "^xlp_test_bound: Unknown symbol __xlp_enable_patch (err -2)$"
	load_xlp compat=0
else
	skip "$(why_no_xlp)"
fi

rm -r "$scratch"
done_testing
