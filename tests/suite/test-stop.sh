#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The stop model: all tasks switch at one instant, or nothing changes and the
# one in the way is named.
. "$(dirname "$0")/lib.sh"

any=$sysfs/xlp_test_any
xlp_debug=/sys/kernel/debug/xlp
stop=2			# enum xlp_model: XLP_STOP
target="object=xlp_test_target"
sleeper=

# Inside xt_nap()'s replacement, which has called xt_wait().
fall_asleep() {
	cat $debug/nap > /dev/null &
	sleeper=$!
	eventually is_asleep $sleeper || problem "nobody fell asleep"
}

wake_up() {
	set_to 1 $debug/wake
	wait $sleeper
}

# blocked PATTERN: the whole report is lines of this pattern, at least one
blocked() {
	[ -n "$(cat $xlp_debug/blocked)" ] && ! grep -qv "^$1\$" $xlp_debug/blocked
}

# switched PATCH FIELD: of the record of its last switch
switched() {
	sed -n "s/^$1 .* $2 \([0-9]*\).*/\1/p" $xlp_debug/switches
}

is_positive() {
	[ "$("$@")" -gt 0 ]
}

# The record's words before its figures, with the number of tries.
record_of() {
	sed -n "s/^\($1 .* tries [0-9]*\) .*/\1/p" "$xlp_debug/switches"
}

# about WANT COMMAND...: what it prints is not further from that than some threads that
# come and go
about() {
	local want="$1" got

	shift
	got=$("$@")
	if [ "$got" -lt $((want - 20)) ] || [ "$got" -gt $((want + 20)) ]; then
		problem "$*: $got instead of about $want"
	fi
}

threads() {
	set -- /proc/[0-9]*/task/[0-9]*
	echo $#
}

plan 19
patience_ms=/sys/module/xlp/parameters/patience_ms
patience_before=$(cat $patience_ms)
impatient=300
echo $impatient > $patience_ms
load xlp_test_target
load xlp_test_driver

scenario "an unknown model is refused"
refuse EINVAL xlp_test_any $target function=xt_leaf model=77
expect_log "^xlp: patch 'xlp_test_any': model 77 is unknown$"

scenario "a patch takes effect, and the stop is on record"
load xlp_test_any $target function=xt_leaf model=$stop
expect new world
is_positive switched xlp_test_any freeze_ns || problem "no time in the stop"
is_positive switched xlp_test_any check_ns || problem "no time before it"
about "$(threads)" switched xlp_test_any tasks
[ "$(switched xlp_test_any rechecked)" -lt "$(switched xlp_test_any tasks)" ] ||
	problem "$(switched xlp_test_any rechecked) tasks were looked at again"
expect 1 switched xlp_test_any checks
expect 0 switched xlp_test_any moved_ns
expect 0 switched xlp_test_any woken
expect "xlp_test_any stop 1 tries 1" record_of xlp_test_any
expect_log "^xlp: 'xlp_test_any': switched at one instant, machine stopped for $(($(switched xlp_test_any freeze_ns) / 1000)) us, try 1$"
expect "" cat $xlp_debug/blocked

scenario "and goes again"
disable xlp_test_any
expect old world
expect "xlp_test_any stop 0 tries 1" record_of xlp_test_any
is_positive switched xlp_test_any freeze_ns || problem "no time in the stop"
unload xlp_test_any

scenario "two patches stacked, taken off from below"
load xlp_test_a model=$stop
load xlp_test_b model=$stop
expect b world
disable xlp_test_a
expect b world
disable xlp_test_b
expect old world
enable xlp_test_a
expect a world
disable xlp_test_a
unload xlp_test_a
unload xlp_test_b

scenario "a patch replaces all others, functions it does not have included"
load xlp_test_a model=$stop
load xlp_test_any $target function=xt_int0 model=$stop replace=1
expect old world
expect 0 value $sysfs/xlp_test_a/enabled
expect 0 value $sysfs/xlp_test_a/xlp_test_target/patched
expect 1 value $any/enabled
unload xlp_test_a
disable xlp_test_any
unload xlp_test_any

scenario "the same at once, in the immediate model"
load xlp_test_a model=1
load xlp_test_b model=1 replace=1
expect b world
expect 0 value $sysfs/xlp_test_a/enabled
unload xlp_test_a
disable xlp_test_b
expect old world
unload xlp_test_b

scenario "a task asleep in a function keeps it from being replaced"
load xlp_test_nap
fall_asleep
before=$(hooked)
refuse EBUSY xlp_test_any $target function=xt_wait model=$stop
expect_log "^xlp: patch 'xlp_test_any' cannot be enabled: task cat/$sleeper is in the way, uninterruptible in xt_wait+.* \[xlp_test_target\], and 0 more ([1-9][0-9]* checks, 0 stops)$"
expect "$before" hooked

scenario "in the immediate model it does not"
load xlp_test_any $target function=xt_wait model=1
disable xlp_test_any
unload xlp_test_any

scenario "while it is tried the task is reported and nothing else can be switched"
set_to 60000 $patience_ms
insmod "$modules/xlp_test_any.ko" $target function=xt_wait model=$stop 2>/dev/null &
insmod=$!
eventually blocked "xlp_test_any enabled $sleeper cat uninterruptible [0-9]* xt_wait+.* \[xlp_test_target\]" ||
	problem "no report"
refuse EBUSY xlp_test_a
expect_log "^xlp: patch 'xlp_test_a' cannot be enabled: patch 'xlp_test_any' is just being enabled$"
refuse_write EBUSY 0 $sysfs/xlp_test_nap/enabled
expect_log "^xlp: patch 'xlp_test_nap' cannot be disabled: patch 'xlp_test_any' is just being enabled$"
try_to_unload xlp_test_any && problem "xlp_test_any could be unloaded"
set_to $impatient $patience_ms
wait $insmod && problem "xlp_test_any loaded"
expect no present $any

scenario "a task asleep in a replacement keeps it in effect"
wake_up
disable xlp_test_nap
unload xlp_test_nap
load xlp_test_nap model=$stop
fall_asleep
refuse_write EBUSY 0 $sysfs/xlp_test_nap/enabled
expect 1 value $sysfs/xlp_test_nap/enabled
expect_log "^xlp: patch 'xlp_test_nap' cannot be disabled: task cat/$sleeper is in the way, uninterruptible in new_nap+.* \[xlp_test_nap\], and 0 more ([1-9][0-9]* checks, 0 stops)$"
blocked "xlp_test_nap disabled $sleeper cat uninterruptible [1-9][0-9]* new_nap+.* \[xlp_test_nap\]" ||
	problem "report: $(cat $xlp_debug/blocked)"

scenario "until it is awake"
wake_up
disable xlp_test_nap
expect "" cat $xlp_debug/blocked
unload xlp_test_nap

scenario "nor can what replaced it, though it is disabled already"
load xlp_test_nap model=1
fall_asleep
disable xlp_test_nap
# Or it is let go of while the other one is refused, which is to leave all as it was.
expect_soon "" hooked
refuse EBUSY xlp_test_any $target function=xt_nap model=$stop
expect_log "^xlp: patch 'xlp_test_any' cannot be enabled: task cat/$sleeper is in the way, uninterruptible in new_nap+.* \[xlp_test_nap\], and 0 more ([1-9][0-9]* checks, 0 stops)$"
wake_up
unload xlp_test_nap

scenario "a task that wakes up in time does no harm"
set_to 60000 $patience_ms
load xlp_test_nap
fall_asleep
{ eventually blocked "xlp_test_any enabled $sleeper .*" && echo 1 > $debug/wake; } &
load xlp_test_any $target function=xt_wait model=$stop
wait
is_positive switched xlp_test_any tries || problem "no tries"
[ "$(switched xlp_test_any checks)" -gt 1 ] || problem "nobody was in the way"
disable xlp_test_any
unload xlp_test_any
disable xlp_test_nap
unload xlp_test_nap
set_to $impatient $patience_ms

# Off the task list, so there is nobody to ask but xlp. More than the table of such
# tasks has buckets, so that some share one.
leavers=300
leave_and_sleep() {
	set_to $leavers /sys/module/xlp_test_exit/parameters/exit
	expect_soon $leavers value /sys/module/xlp_test_exit/parameters/inside
}

scenario "tasks that sleep after they have left the task list are in the way, each of them"
if has_function proc_exit_connector; then
	load xlp_test_exit model=$stop
	leave_and_sleep
	refuse_write EBUSY 0 $sysfs/xlp_test_exit/enabled
	expect_log "^xlp: patch 'xlp_test_exit' cannot be disabled: task xlp_test_exit/[1-9][0-9]* is in the way, uninterruptible in new_proc_exit_connector+.* \[xlp_test_exit\], and $((leavers - 1)) more ([1-9][0-9]* checks, [1-9][0-9]* stops)$"
	expect "# xlp_test_exit: $((leavers - 16)) more" eval "tail -n 1 $xlp_debug/blocked"
	expect 17 eval "grep -c . $xlp_debug/blocked"
	set_to 1 $debug/wake
	disable xlp_test_exit
	unload xlp_test_exit
else
	skip "no function that is called so late"
fi

scenario "and keep the module loaded"
if has_function proc_exit_connector; then
	load xlp_test_exit model=1
	leave_and_sleep
	disable xlp_test_exit
	sleep 1
	stays xlp_test_exit
	set_to 1 $debug/wake
	unload xlp_test_exit
else
	skip "no function that is called so late"
fi

scenario "nonsense written to sysfs changes nothing"
load xlp_test_any $target function=xt_leaf model=$stop
for nonsense in 2 -1 yess "" x1 " "; do
	refuse_write EINVAL "$nonsense" $any/enabled
done
refuse_write EINVAL 1 $any/enabled
expect new world
disable xlp_test_any
refuse_write EINVAL 0 $any/enabled
unload xlp_test_any

scenario "a module goes while a patch is being switched"
set_to 60000 $patience_ms
load xlp_test_nap
fall_asleep
insmod "$modules/xlp_test_many_target.ko" 2>/dev/null
insmod "$modules/xlp_test_any.ko" object=xlp_test_target function=xt_wait model=$stop 2>/dev/null &
insmod=$!
eventually blocked "xlp_test_any enabled .*" || problem "no report"
expect_soon 1 hooks_of xt_wait
rmmod xlp_test_many_target || problem "a module does not go meanwhile"
expect 1 hooks_of xt_wait
set_to $impatient $patience_ms
wait $insmod && problem "xlp_test_any loaded"
wake_up
disable xlp_test_nap
unload xlp_test_nap

# all_fail ARGUMENT...: insmod with the first allocation failing, then the next,
# until it works; then disabling likewise
all_fail() {
	local n=1 before

	before=$(hooked)
	while [ $n -lt 100 ]; do
		set_to $n $xlp_debug/fail_allocation
		insert "$@" && break
		said ENOMEM "allocation $n for $1"
		expect no present "/sys/module/$1"
		expect no present "$sysfs/$1"
		expect_soon "$before" hooked
		expect old world
		n=$((n + 1))
	done
	comment "$1: $((n - 1)) allocations"
	if [ $n -le 5 ] || [ $n -ge 100 ]; then
		problem "$1: $((n - 1)) failures"
	fi
	n=1
	while [ $n -lt 100 ]; do
		set_to $n $xlp_debug/fail_allocation
		write 0 "$sysfs/$1/enabled" && break
		said ENOMEM "allocation $n to disable $1"
		expect 1 value "$sysfs/$1/enabled"
		n=$((n + 1))
	done
	set_to 0 $xlp_debug/fail_allocation
	[ $n -lt 100 ] || problem "$1 cannot be disabled"
	comment "$1: $((n - 1)) allocations to disable it"
	expect old world
	unload "$1"
}

scenario "a task that exits and cannot be noted keeps others from switching, until there is memory"
set_to 1 $xlp_debug/fail_atomic_allocation
# A zombie, until its parent, which has become something else, is gone.
sh -c 'sleep 0 & exec sleep 1000' &
parent=$!
sleep 0.5
refuse EBUSY xlp_test_a model=$stop
expect_log "^xlp: patch 'xlp_test_a' cannot be enabled: a task is exiting that could not be noted ([1-9][0-9]* checks, 0 stops)$"
set_to 0 $xlp_debug/fail_atomic_allocation
eventually insert xlp_test_a model=$stop || problem "$message"
kill $parent
wait $parent
disable xlp_test_a
unload xlp_test_a

scenario "no memory, at every allocation"
all_fail xlp_test_a model=1
all_fail xlp_test_a model=$stop
load xlp_test_b model=$stop
expect b world
set_to 3 $xlp_debug/fail_allocation
insert xlp_test_any $target function=xt_leaf model=$stop replace=1 &&
	problem "xlp_test_any loaded without memory"
set_to 0 $xlp_debug/fail_allocation
expect b world
expect 1 value $sysfs/xlp_test_b/enabled
disable xlp_test_b
unload xlp_test_b

set_to "$patience_before" $patience_ms
done_testing
