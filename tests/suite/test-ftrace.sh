#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Who else uses a patched function through ftrace, or keeps it from being used, and
# what comes of it, whoever comes first: the table at the end.
#
# beside	both work, for as long as both are there
# refused	who comes later gets EBUSY (BPF may get EINVAL) and changes nothing
# unseen	the patch works; the other sees nothing until it is gone
# unable	who comes later is told that it cannot share (ENOTSUPP), and changes nothing
. "$(dirname "$0")/lib.sh"

trace=$tracing/trace
kprobes=$tracing/kprobe_events
hold=/sys/module/xlp_test_hold/parameters
ftrace_switch=/proc/sys/kernel/ftrace_enabled
programs=/sys/fs/bpf/xlp_test
leaf=/sys/module/xlp_test_target/parameters/leaf
meanwhile=/tmp/xlp_meanwhile
wrong_answers=/tmp/xlp_wrong_answers
switched=/tmp/xlp_switched
bpf_count=/proc/sys/kernel/bpf_stats_enabled

# Each USER of ftrace below has
#   start_USER	what it is about; false: it is refused, $message says why
#   stop_USER
#   seen_USER	has it seen a call since the last question? Not all can tell.
# and may have
#   needs_USER	sets $why if it cannot be here
#   held_by_USER	what the line says of it that refuses a patch

### Tracers ###################################################################

# start_tracer NAME FUNCTION
start_tracer() {
	filtered=yes
	set_to "$2" "$tracing/set_ftrace_filter"
	set_to "$1" "$tracing/current_tracer"
	set_to 1 "$tracing/tracing_on"
}

stop_tracer() {
	set_to nop "$tracing/current_tracer"
	set_to "" "$tracing/set_ftrace_filter"
}

# Which of the two functions the graph tracer shows depends on the architecture.
traced() {
	local found

	found=$(grep -v '^#' "$trace" | grep -c -e xt_leaf -e stacked_leaf -e cmdline_proc_show)
	: > "$trace"
	calls=$found
	[ "$found" != 0 ]
}

needs_tracer() {
	grep -q "\\<$1\\>" "$tracing/available_tracers" || why="no $1 tracer"
}

needs_function_tracer() { needs_tracer function; }
start_function_tracer() { start_tracer function xt_leaf; }
stop_function_tracer() { stop_tracer; }
seen_function_tracer() { traced; }

needs_graph_tracer() { needs_tracer function_graph; }

start_graph_tracer() {
	if is_of_kernel; then
		start_tracer function_graph cmdline_proc_show
	else
		start_tracer function_graph xt_leaf
	fi
}

stop_graph_tracer() { stop_tracer; }

# It may be filtered by where the call goes, not by where it was made.
seen_graph_tracer() {
	if is_fact graph_filters_target && [ "$(answer)" = a ]; then return; fi
	traced
}

### Probes ####################################################################

# one_more COUNT: since the last question, whose count is in $counted; $calls were made
one_more() {
	calls=$((${1:-0} - ${counted:-0}))
	counted=$1
	[ "$calls" = 1 ]
}

probe_hits() {
	sed -n 's/^ *xlp_probe *\([0-9]*\) .*/\1/p' "$tracing/kprobe_profile"
}

start_probe() {
	set_to "p:xlp_probe xt_leaf+$(fact probe_offset)" "$kprobes"
	set_to 1 "$tracing/events/kprobes/xlp_probe/enable"
}

stop_probe() { remove_kprobe_events; }
seen_probe() { one_more "$(probe_hits)"; }
held_by_probe() { echo "a kprobe is on its first instruction"; }

start_probe_with_post_handler() { insert xlp_test_hold how=kprobe function=xt_leaf; }
stop_probe_with_post_handler() { unload xlp_test_hold; }

held_by_probe_with_post_handler() {
	if caught_before_ftrace; then
		held_by_probe
	else
		echo "a kprobe with a post_handler is on it"
	fi
}

# Where it is no use of ftrace, what it sees is not xlp's business.
seen_probe_with_post_handler() { true; }

# Linux 7.2 and busybox's insmod, which asks twice.
is_unarmed() {
	answer > /dev/null
	[ "$(value "$hold"/hits)" = 0 ]
}

### Direct callers ############################################################

needs_hold() {
	if insert xlp_test_hold how="$1" function=xt_leaf; then
		unload xlp_test_hold
	elif is_errno EOPNOTSUPP "$message"; then
		why=$(why_no_caller trampoline)
	fi
}

needs_direct_caller() { needs_hold direct; }
start_direct_caller() { insert xlp_test_hold how=direct function=xt_leaf; }
stop_direct_caller() { unload xlp_test_hold; }
seen_direct_caller() { one_more "$(value "$hold"/hits)"; }

# The lock under which one can be asked for is data.
tells_direct_callers() {
	lists_data || ! has_function ftrace_find_rec_direct
}

if tells_direct_callers; then
	direct_caller="the direct caller xt_trampoline \[xlp_test_hold\] does not share it"
	another="another one redirects its calls, such as in-kernel livepatch"
else
	another="another one redirects its calls: in-kernel livepatch or a direct caller"
	direct_caller=$another
fi

held_by_direct_caller() { echo "$direct_caller"; }

needs_caller_unable_to_share() { needs_hold unable; }
start_caller_unable_to_share() { insert xlp_test_hold how=unable function=xt_leaf; }
stop_caller_unable_to_share() { unload xlp_test_hold; }
seen_caller_unable_to_share() { one_more "$(value "$hold"/hits)"; }
held_by_caller_unable_to_share() { held_by_direct_caller; }

needs_sharing_caller() { needs_hold shared; }
start_sharing_caller() { insert xlp_test_hold how=shared function=xt_leaf; }
stop_sharing_caller() { unload xlp_test_hold; }
seen_sharing_caller() { one_more "$(value "$hold"/hits)"; }

# The real thing. It knows functions of the kernel only.
needs_bpf() {
	if [ ! -e "$suite/fentry" ]; then
		why="no $suite/fentry, to be built from fentry.c"
		return
	elif [ ! -e "$bpf_count" ]; then
		why="this kernel counts no runs of BPF programs"
		return
	fi
	mount_once bpf bpf /sys/fs/bpf
	message=$("$suite/fentry" "$1" cmdline_proc_show "$programs" 2>&1)
	case $? in
	0)	rm -r "$programs" ;;
	4)	why=$message ;;
	*)	;;	# The scenarios tell.
	esac
}

# attach entry|exit
attach() {
	local said

	bpf_count_before=$(cat "$bpf_count")
	set_to 1 "$bpf_count"
	said=$("$suite/fentry" "$1" cmdline_proc_show "$programs" 2>&1) || {
		set_to "$bpf_count_before" "$bpf_count"
		message=$said
		return 1
	}
}

detach() {
	rm -r "$programs"
	set_to "$bpf_count_before" "$bpf_count"
}

bpf_runs() { one_more "$("$suite/fentry" count "$programs")"; }

held_by_bpf() {
	if tells_direct_callers; then
		echo "the direct caller bpf_trampoline_[0-9]* does not share it"
	else
		echo "$another"
	fi
}

needs_bpf_fentry() { needs_bpf entry; }
start_bpf_fentry() { attach entry; }

# Linux 7.2 remembers that a trampoline was beside a patch for as long as it is there, which is
# longer than its program is. Where BPF cannot share, it does not build another one meanwhile.
stop_bpf_fentry() {
	detach
	is_fact bpf_shares || eventually trampoline_is_gone
}

trampoline_is_gone() { ! symbols bpf_trampoline_ | grep -q ' bpf_trampoline_[0-9]'; }

seen_bpf_fentry() { bpf_runs; }
held_by_bpf_fentry() { held_by_bpf; }

needs_bpf_fexit() { needs_bpf exit; }
start_bpf_fexit() { attach exit; }
stop_bpf_fexit() { detach; }
seen_bpf_fexit() { bpf_runs; }
held_by_bpf_fexit() { held_by_bpf; }

### Those that want the function for themselves ###############################

start_instruction_pointer() { insert xlp_test_hold how=ipmodify function=xt_leaf; }
stop_instruction_pointer() { unload xlp_test_hold; }
seen_instruction_pointer() { true; }

held_by_instruction_pointer() { echo "$another"; }

klp=/sys/kernel/livepatch/xlp_test_klp

needs_in_kernel_livepatch() {
	if insert xlp_test_klp; then
		stop_in_kernel_livepatch
	else
		why="the kernel has none: $message"
	fi
}

start_in_kernel_livepatch() { insert xlp_test_klp; }

stop_in_kernel_livepatch() {
	set_to 0 "$klp"/enabled
	expect_soon no present "$klp"
	unload xlp_test_klp
}

seen_in_kernel_livepatch() { [ "$(answer)" = b ]; }

# From some version on ftrace cannot be switched off as a whole.
needs_ftrace_off() {
	if write 0 "$ftrace_switch"; then
		set_to 1 "$ftrace_switch"
	elif is_errno EOPNOTSUPP "$message"; then
		why="this kernel does not let ftrace be switched off"
	fi
}

held_by_in_kernel_livepatch() { held_by_instruction_pointer; }

start_ftrace_off() { write 0 "$ftrace_switch"; }
stop_ftrace_off() { set_to 1 "$ftrace_switch"; }
seen_ftrace_off() { true; }
held_by_ftrace_off() { echo "kernel.ftrace_enabled is 0"; }

### The patch #################################################################

# What is patched: a function of the test's target, which has no frame, or one of the kernel.
is_of_kernel() {
	case $user in
	bpf_*)		true ;;
	graph_tracer)	is_fact graph_needs_frame ;;
	*)		false ;;
	esac
}

answer() {
	if is_of_kernel; then
		cat /proc/cmdline
	else
		world leaf
	fi
}

choose_patch() {
	if is_of_kernel; then
		patch=xlp_cmdline
		new="this has been live patched by xlp"
		line="object 'vmlinux': function 'cmdline_proc_show': "
	else
		patch=xlp_test_a
		new=a
		line="object 'xlp_test_target': function 'xt_leaf': "
	fi
	old=$(answer)
}

apply() {
	load $patch
	expect "$new" answer
}

take_off_if_on() {
	if [ "$(value "$sysfs/$patch/enabled")" = 1 ]; then
		take_off
	else
		expect "$old" answer
		unload $patch
	fi
}

take_off() {
	disable $patch
	expect "$old" answer
	unload $patch
}

gets_all_registers() {
	case $user in
	probe*|instruction_pointer)	true ;;
	*)				false ;;
	esac
}

### Both orders ###############################################################

# Those who count have counted one; what was before does not matter.
must_see() {
	"seen_$user"
	answer > /dev/null
	"seen_$user" || problem "$user: has not seen a call, or more than one"
}

# For those who count.
must_not_see() {
	"seen_$user"
	answer > /dev/null
	"seen_$user"
	[ "$calls" = 0 ] || problem "$user: has seen $calls calls"
}

start() {
	if gets_all_registers; then stay_on_one_cpu; fi
	counted=
	"start_$user" || problem "$user: $message"
}

# Whoever shares where that is not possible is a direct caller like any other.
held() {
	echo "it cannot be hooked (-16): $(
		if command -v "held_by_$user" > /dev/null; then
			"held_by_$user"
		else
			held_by_direct_caller
		fi)"
}

user_first() {
	start
	must_see
	case $1 in
	beside | unseen)
		apply
		if [ "$1" = beside ]; then must_see; else must_not_see; fi
		take_off
		must_see
		apply
		;;
	refused)
		refuse EBUSY $patch
		expect_log "^xlp: patch '$patch': $line$(held)$"
		expect_log "^xlp: failed to register ftrace handler for function '.*' (-16)$"
		expect_log "^xlp: failed to patch object '.*'$"
		expect_log "^xlp: failed to enable patch '$patch'$"
		must_see
		;;
	esac
	"stop_$user"
	[ "$1" = refused ] || {
		expect "$new" answer
		take_off
	}
	expect "$old" answer
}

# A BPF program on a function that has a direct caller. Where BPF has one ops for all programs, and
# ftrace takes it into the filter of that (x86_64's 7.2, but not arm64's), that is EINVAL.
errno_of_refusal() {
	case $user in
	bpf_*)
		if by_direct_calls && has_function update_ftrace_direct_add && is_fact bpf_has_one_ops; then
			echo EINVAL
			return
		fi
		;;
	esac
	echo EBUSY
}

# ENOTSUPP is of the kernel only, so C libraries have no word for it.
is_refusal() {
	if [ "$outcome" = unable ]; then
		case $message in
		*ENOTSUPP*)	true ;;
		*)		false ;;
		esac
	else
		is_errno "$(errno_of_refusal)" "$message"
	fi
}

must_be_refused() {
	local outcome="$1"

	if gets_all_registers; then stay_on_one_cpu; fi
	if ! "start_$user"; then
		is_refusal || problem "$user: $message"
	elif [ "$user" = probe_with_post_handler ] && is_unarmed; then
		comment "$user: this kernel takes it when asked twice, and does not arm it"
		"stop_$user"
	else
		problem "$user: was not refused"
		"stop_$user"
	fi
}

patch_first() {
	apply
	case $1 in
	beside)
		start
		expect "$new" answer
		must_see
		;;
	unseen)
		start
		expect "$new" answer
		must_not_see
		;;
	refused | unable)
		must_be_refused "$1"
		expect "$new" answer
		;;
	esac
	take_off
	[ "$1" = refused ] || [ "$1" = unable ] || {
		must_see
		"stop_$user"
	}
	expect "$old" answer
}

# What the outcomes depend on: what the kernel does, and what the suite knows of the architecture.
always() { true; }
probes_by_ftrace() { has_function kprobe_ftrace_handler; }
probes_behind_entry() { [ "$(fact probe_offset)" != 0 ]; }
bpf_alone() { ! is_fact bpf_shares; }
callers_alone() { ! is_fact callers_share; }
callers_passed_over() { is_fact callers_passed_over; }
caught_before_ftrace() { [ -e "$own_hooks" ]; }

find_columns() {
	local column

	columns=
	for column; do
		if "$column"; then columns="$columns yes"; else columns="$columns no"; fi
	done
}

# row USER OUTCOMES...: a column for each of find_columns, of which the last one counts
# that is so and is not "-": the outcome if the user is first, and the outcome if the patch is
row() {
	local column outcomes=

	user=$1
	shift
	for column in $columns; do
		[ "$1" = - ] || [ "$column" = no ] || outcomes=$1
		shift
	done
	in_both_orders "${outcomes%:*}" "${outcomes#*:}"
}

# in_both_orders OUTCOME-IF-THE-USER-IS-FIRST OUTCOME-IF-THE-PATCH-IS
in_both_orders() {
	local what why=

	what=$(echo "$user" | tr _ ' ')
	choose_patch
	if command -v "needs_$user" > /dev/null; then "needs_$user"; fi
	scenario "$what, then a patch: $1"
	if [ -n "$why" ]; then skip "$why"; else user_first "$1"; fi
	scenario "a patch, then $what: $2"
	if [ -n "$why" ]; then skip "$why"; else patch_first "$2"; fi
	use_all_cpus
}

finish_ftrace() {
	rm -f "$meanwhile" "$wrong_answers" "$switched"
	[ ! -e "$programs" ] || detach
	[ ! -e "$programs-2" ] || detach_second
	finish
}

plan 30
trap finish_ftrace EXIT
load xlp_test_target

# Where probes are no use of ftrace there is nothing to refuse. One that cannot stand at the
# entry is in the original. BPF's trampoline for a program at an exit calls the function, and
# sharing it takes a compiler that knows how. Where ftrace's way out of an entry is one of the two
# only, a direct caller has its function alone, or is passed over; where that does not know direct
# callers at all, they are passed over for whoever comes. Where calls are caught at an
# entry before ftrace has them, tracers are in the original, and a probe that is there first
# has the entry; who comes later sees the branch there. Where xlp is a direct caller itself
# there is no other.
find_columns		always		probes_by_ftrace probes_behind_entry bpf_alone	callers_alone	callers_passed_over caught_before_ftrace	by_direct_calls
row function_tracer	beside:beside	-		-		-		-		-		unseen:unseen	-
row graph_tracer	beside:beside	-		-		-		-		-		unseen:unseen	-
row probe		beside:beside	-		unseen:unseen	-		-		-		refused:beside	-
row probe_with_post_handler beside:beside refused:refused -		-		-		-		refused:beside	-
row direct_caller	refused:refused	-		-		-		-		-		-	-
row caller_unable_to_share refused:refused -		-		-		-		-		-	-
row sharing_caller	beside:beside	-		-		-		refused:unseen	unseen:unseen	-	refused:refused
row bpf_fentry		beside:beside	-		-		-		refused:unseen	-		-	refused:refused
row bpf_fexit		beside:beside	-		-		refused:unable	refused:unseen	-		-	refused:refused
row instruction_pointer	refused:refused	-		-		-		-		-		beside:beside	-
row in_kernel_livepatch	refused:refused	-		-		-		-		-		-	-
row ftrace_off		refused:refused	-		-		-		-		-		beside:beside	-

# From the first allocation to the last that is made: what is said is never another reason.
scenario "no memory to find out who holds a function"
if caught_before_ftrace; then user=probe; else user=instruction_pointer; fi
choose_patch
start
n=1
while [ $n -lt 100 ]; do
	set_to $n /sys/kernel/debug/xlp/fail_allocation
	insert $patch && problem "allocation $n: $patch loaded"
	[ "$(cat /sys/kernel/debug/xlp/fail_allocation)" = 1 ] || break
	is_errno ENOMEM "$message" || said EBUSY "allocation $n"
	n=$((n + 1))
done
said EBUSY "with memory"
set_to 0 /sys/kernel/debug/xlp/fail_allocation
if [ $n -le 5 ] || [ $n -ge 100 ]; then
	problem "$n allocations"
fi
expect 0 eval "log | grep -c 'cannot be hooked.*kernel.ftrace_enabled is 0'"
log | grep -q "$(held)" || problem "nobody said to hold it"
"stop_$user"
expect "$old" answer

# attach_second entry|exit: while the first is there
attach_second() {
	"$suite/fentry" "$1" cmdline_proc_show "$programs-2" || problem "a second program: $1"
}

detach_second() {
	rm -r "$programs-2"
}

# Both have seen one call, which went to the patch.
both_see() {
	counted=$("$suite/fentry" count "$programs-2")
	expect "$new" answer
	one_more "$("$suite/fentry" count "$programs-2")" ||
		problem "the second program has seen $calls calls"
	counted=
	bpf_runs
	expect "$new" answer
	bpf_runs || problem "the first program has seen $calls calls"
}

# What is unpinned is detached by a worker of the kernel.
both_leave() {
	detach
	detach_second
	expect_soon "$1" hooks_of cmdline_proc_show
}

# Never one at entry first and then one at exit: Linux 6.1 then loses the handler of
# BPF's own ftrace_ops, and ftrace switches itself off; with in-kernel livepatch, too. Linux
# 7.2 refuses the second with a warning of bpf_tramp_ftrace_ops_func().
come_and_go() {
	local rounds

	rounds=$(amount 2 5)
	while [ "$rounds" -gt 0 ]; do
		attach "$1" || problem "$1: $message"
		expect "$new" answer
		attach_second "$2"
		expect "$new" answer
		both_leave 1
		expect "$new" answer
		rounds=$((rounds - 1))
	done
}

# Until the file is gone, and not so often that the kernel loses the beginning of the test's
# log. Others may refuse it at the time. Prints how often it was enabled and how often refused.
switch_all_the_time() {
	local enabled=0 refused=0

	while [ -e "$meanwhile" ] && [ $((enabled + refused)) -lt 50 ]; do
		write 0 "$sysfs/$patch/enabled"
		if write 1 "$sysfs/$patch/enabled"; then
			enabled=$((enabled + 1))
		else
			refused=$((refused + 1))
		fi
	done
	echo "$enabled $refused"
}

# So that no call falls between hooks.
call_all_the_time() {
	local got

	while [ -e "$meanwhile" ]; do
		read -r got < "$leaf"
		case $got in
		"$old"|"$new")	;;
		*)		echo "$got" ;;
		esac
	done
}

user=sharing_caller
why=
needs_sharing_caller
choose_patch
[ -n "$why" ] || ! by_direct_calls || why="no other direct caller shares a patched function here"

scenario "a patch is enabled again when a direct caller has come"
if [ -n "$why" ]; then
	skip "$why"
else
	apply
	disable $patch
	start_sharing_caller || problem "$message"
	if callers_alone; then
		refuse_write EBUSY 1 "$sysfs/$patch/enabled"
		expect "$old" answer
	else
		enable $patch
		expect "$new" answer
		disable $patch
	fi
	stop_sharing_caller
	enable $patch
	expect "$new" answer
	take_off
fi

# Whether the patch is refused or the caller sees nothing is a matter of moments.
scenario "a patch is switched all the time while a direct caller comes and goes"
if [ -n "$why" ]; then
	skip "$why"
else
	apply
	: > "$meanwhile"
	switch_all_the_time > "$switched" &
	switcher=$!
	call_all_the_time > "$wrong_answers" &
	caller=$!
	rounds=$(amount 2 6)
	while [ "$rounds" -gt 0 ]; do
		start_sharing_caller || problem "$message"
		stop_sharing_caller
		rounds=$((rounds - 1))
	done
	rm "$meanwhile"
	wait $switcher $caller
	settle $patch
	take_off_if_on
	expect "" cat "$wrong_answers"
	read -r enabled refused < "$switched"
	comment "enabled $enabled times, refused $refused times"
	[ "$enabled" -ge 3 ] || problem "enabled $enabled times only"
fi

user=bpf_fentry
choose_patch
why=
needs_bpf entry
if [ -z "$why" ] && bpf_alone && ! callers_alone; then
	why="a function that is patched takes no BPF program here"
fi
[ -n "$why" ] || ! by_direct_calls || why="a function that is patched takes no BPF program here"

scenario "a second BPF program on a function that is patched"
if [ -n "$why" ]; then
	skip "$why"
else
	apply
	for second in entry exit; do
		attach exit || problem "exit: $message"
		attach_second $second
		if callers_alone; then expect "$new" answer; else both_see; fi
		both_leave 1
		expect "$new" answer
	done
fi

scenario "BPF programs are attached and detached all the time on a function that is patched"
if [ -n "$why" ]; then
	skip "$why"
else
	come_and_go exit entry
	come_and_go exit exit
	take_off
fi

scenario "a patch comes and goes all the time on a function with two BPF programs"
if [ -n "$why" ]; then
	skip "$why"
elif callers_alone; then
	skip "a function with one is not patched here"
else
	attach exit || problem "exit: $message"
	attach_second entry
	load $patch
	for round in $(seq "$(amount 2 5)"); do
		both_see
		disable $patch
		expect "$old" answer
		unload $patch
		load $patch
	done
	comment "$round rounds"
	take_off
	both_leave ""
fi

done_testing
