#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What patches do besides replacing functions: callbacks in their order, and when one
# fails; states that they hand on to each other; how they leave.
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"

immediate=1
stop=2
first=$sysfs/xlp_test_first
fail=/sys/module/xlp_test_first/parameters/fail
late_patched=$first/xlp_test_late/patched
hold=/sys/module/xlp_test_hold/parameters

# calls PATCH: since it was loaded the last time, or since the scenario began
calls() {
	log | sed -n "s/^$1: //p" | sed -n '/^init$/{ s/.*//; x; d; }; H; ${ x; s/^\n//; p; }' |
		grep -v '^state ' | sed 's/ xlp.test./ /' | tr '\n' ',' | sed 's/^,*//; s/,$//'
}

# called CALLBACK OBJECT...: the line of calls() for all of them in turn
called() {
	local callback="$1" object line=

	shift
	for object; do
		line="$line${line:+,}$callback $object"
	done
	echo "$line"
}

expect_calls() {
	expect "$1" calls xlp_test_first
}

# What the patch found when it was about to be enabled, and made of it.
states_of() {
	log | sed -n "s/^$1: state //p" | tail -n 2 | tr '\n' ','
}

# The state as the last of its owners has said.
state_of() {
	log | sed -n "s/^$1: state //p" | tail -n 1
}

# gone PATCH: it leaves sysfs by itself
gone() {
	eventually is_gone "$1" || problem "$1 stays in sysfs"
}

is_gone() {
	[ ! -e "$sysfs/$1" ]
}

is_going() {
	! prints live cat "/sys/module/$1/initstate"
}

plan 28
load_tasks

scenario "objects that are there, in their order"
load xlp_test_late
load xlp_test_first
expect_calls "$(called pre_patch vmlinux tasks late),$(called post_patch vmlinux tasks late)"
disable xlp_test_first
gone xlp_test_first
expect_calls "$(called pre_patch vmlinux tasks late),$(called post_patch vmlinux tasks late),$(called pre_unpatch vmlinux tasks late),$(called post_unpatch vmlinux tasks late)"
unload xlp_test_first
unload xlp_test_late

scenario "a module that comes and goes"
load xlp_test_first
expect_log "^xlp: 'xlp_test_first': 1 of 3 objects not loaded, such as 'xlp_test_late': patched when they come$"
expect 0 value $late_patched
load xlp_test_late
expect 1 value $late_patched
expect_calls "$(called pre_patch vmlinux tasks),$(called post_patch vmlinux tasks),pre_patch late,post_patch late"
unload xlp_test_late
expect 0 value $late_patched
expect_calls "$(called pre_patch vmlinux tasks),$(called post_patch vmlinux tasks),pre_patch late,post_patch late,pre_unpatch late,post_unpatch late"

scenario "its pre_patch callback fails: the module is refused with that error"
set_to xlp_test_late $fail
refuse ENODEV xlp_test_late
expect 0 value $late_patched
# Busybox's insmod has made two attempts.
expect "pre_patch late" eval "calls xlp_test_first | tr , '\n' | sort -u"
set_to "" $fail
load xlp_test_late
expect 1 value $late_patched
unload xlp_test_late
disable xlp_test_first
unload xlp_test_first

scenario "one fails when the patch is enabled: the first"
load xlp_test_late
refuse ENODEV xlp_test_first fail=vmlinux
expect_log "^xlp: pre-patch callback failed for object 'vmlinux'$"
expect_log "^xlp: failed to enable patch 'xlp_test_first'$"
expect_calls "pre_patch vmlinux"
# No error at all: the module loader would let the module in.
refuse EINVAL xlp_test_first fail=vmlinux with=1
expect_calls "pre_patch vmlinux"
expect old value "$tasks/leaf"

scenario "by an error that elsewhere means: later"
refuse EAGAIN xlp_test_first fail=vmlinux with=-11
expect_calls "pre_patch vmlinux"
refuse EINPROGRESS xlp_test_first fail=vmlinux with=-115
expect_calls "pre_patch vmlinux"
expect old value "$tasks/leaf"

scenario "one asks for a patch to be enabled"
load xlp_test_target
refuse EDEADLK xlp_test_any object=xlp_test_target function=xt_int0 fault=asks
expect_log "patch 'xlp_test_any': a callback of a patch must not enable another one$"
unload xlp_test_target

scenario "the second"
refuse EBUSY xlp_test_first fail=xlp_test_tasks with=-16
expect_calls "$(called pre_patch vmlinux tasks),post_unpatch vmlinux"
expect old value "$tasks/leaf"

scenario "the last"
refuse EBUSY xlp_test_first fail=xlp_test_late with=-16
expect_calls "$(called pre_patch vmlinux tasks late),$(called post_unpatch vmlinux tasks)"
expect_log "^xlp: patch 'xlp_test_first': object 'xlp_test_late': its pre_patch callback failed (-16)$"
expect old value "$tasks/leaf"

for model in $immediate $stop; do
	scenario "likewise by model $model, and in order if none fails"
	refuse EBUSY xlp_test_first fail=xlp_test_late with=-16 "model=$model"
	expect_calls "$(called pre_patch vmlinux tasks late),$(called post_unpatch vmlinux tasks)"
	expect old value "$tasks/leaf"
	load xlp_test_first "model=$model"
	expect new value "$tasks/leaf"
	disable xlp_test_first
	expect_calls "$(called pre_patch vmlinux tasks late),$(called post_patch vmlinux tasks late),$(called pre_unpatch vmlinux tasks late),$(called post_unpatch vmlinux tasks late)"
	unload xlp_test_first
done

# as_many A B: as many calls that match the one as the other
as_many() {
	local all

	all=$(calls xlp_test_first | tr , '\n')
	[ "$(echo "$all" | grep -c "^$1 ")" = "$(echo "$all" | grep -c "^$2 ")" ] ||
		problem "not as many $1 as $2: $all"
}

scenario "a task is in the way of the stop model: nothing is prepared"
patience_ms=/sys/module/xlp/parameters/patience_ms
patience_before=$(cat $patience_ms)
set_to 300 $patience_ms
fall_asleep block
refuse EBUSY xlp_test_first model=$stop
expect_calls ""
wake_up
answers "old old old" "$sleeper"

# told CALLBACK [PATCH]: how often vmlinux's was called since the scenario began
told() {
	log | grep -c "^${2:-xlp_test_first}: $1 vmlinux$"
}

scenario "a task comes in the way behind the look: what was prepared is taken back"
insmod "$modules/xlp_test_first.ko" model=$stop stay=pre_patch 2> /dev/null &
loader=$!
eventually prints 1 told pre_patch || problem "nothing is prepared"
fall_asleep block
go_on
! wait $loader || problem "it loads"
expect 1 told pre_patch
expect 1 told post_unpatch
expect 0 told post_patch
wake_up
answers "old old old" "$sleeper"

scenario "the same when it is disabled"
load xlp_test_first model=$stop
fall_asleep block
refuse_write EBUSY 0 $first/enabled
expect 1 value $first/enabled
expect 1 value $late_patched
expect 0 told pre_unpatch
wake_up
answers "new new new" "$sleeper"

scenario "and behind the look"
set_to pre_unpatch /sys/module/xlp_test_first/parameters/stay
(write 0 $first/enabled; echo $? > "$scratch/disabled") &
writer=$!
eventually prints 1 told pre_unpatch || problem "nothing is prepared"
set_to none /sys/module/xlp_test_first/parameters/stay
fall_asleep block
go_on
wait $writer
expect 1 cat "$scratch/disabled"
expect 1 value $first/enabled
expect 1 value $late_patched
expect 1 told pre_unpatch
expect 1 told post_patch
wake_up
answers "new new new" "$sleeper"
disable xlp_test_first
unload xlp_test_first
set_to "$patience_before" $patience_ms

scenario "enabling is turned round: what was prepared is taken back at the end"
fall_asleep block
begin xlp_test_first
in_transition xlp_test_first
expect_calls "$(called pre_patch vmlinux tasks late)"
ask 0 xlp_test_first
wake_up
answers "old old old" "$sleeper"
gone xlp_test_first
expect_calls "$(called pre_patch vmlinux tasks late),$(called post_unpatch vmlinux tasks late)"
unload xlp_test_first

scenario "disabling is turned round: the patch is told that it stays"
load xlp_test_first
fall_asleep block
ask 0 xlp_test_first
in_transition xlp_test_first
ask 1 xlp_test_first
wake_up
answers "new new new" "$sleeper"
over xlp_test_first
expect_calls "$(called pre_patch vmlinux tasks late),$(called post_patch vmlinux tasks late),$(called pre_unpatch vmlinux tasks late),$(called post_patch vmlinux tasks late)"
expect 1 value $first/enabled
disable xlp_test_first
unload xlp_test_first

scenario "a module comes, and one goes, during a transition"
unload xlp_test_late
fall_asleep block
begin xlp_test_first
load xlp_test_late
expect_calls "$(called pre_patch vmlinux tasks late)"
unload xlp_test_late
expect_calls "$(called pre_patch vmlinux tasks late),post_unpatch late"
load xlp_test_late
wake_up
wait
over xlp_test_first
expect_calls "$(called pre_patch vmlinux tasks late),post_unpatch late,pre_patch late,$(called post_patch vmlinux tasks late)"
disable xlp_test_first
unload xlp_test_first

scenario "the module's init fails after it has enabled the patch"
refuse EBUSY xlp_test_first late=-16
expect_log "^xlp: patch 'xlp_test_first': its module goes although it is enabled (its init failed, or rmmod -f)$"
as_many pre_patch post_unpatch
expect old value "$tasks/leaf"

# Busybox's insmod makes a second attempt, which comes second to the transition.
scenario "and the same while a patch that replaces it is held up"
fall_asleep block
insmod "$modules/xlp_test_first.ko" model=$immediate version=0 late=-16 linger=1 2>/dev/null &
insmod=$!
expect_soon new value "$tasks/leaf"
begin xlp_test_other replace=1
reported "xlp_test_other enabled $sleeper cat uninterruptible [1-9][0-9]* xk_block+.* \[xlp_test_tasks\]"
go_on
wait $insmod && problem "xlp_test_first loaded"
as_many pre_patch post_unpatch
gone xlp_test_first
in_transition xlp_test_other
expect 1 value "$other/enabled"
expect a value "$tasks/leaf"
ask 0 xlp_test_other
over xlp_test_other
expect old value "$tasks/leaf"
ask 1 xlp_test_other
wake_up
answers "old old old" "$sleeper"
over xlp_test_other
expect a value "$tasks/leaf"
disable xlp_test_other
unload xlp_test_other

scenario "a patch that was replaced is enabled again, and its first object fails"
for model in $immediate $stop 3; do
	load xlp_test_first "model=$model" version=0 stays=1
	load xlp_test_other "model=$model" replace=1
	expect 0 value $first/enabled
	before=$(calls xlp_test_first)
	set_to vmlinux $fail
	refuse_write ENODEV 1 $first/enabled
	expect_calls "$before,pre_patch vmlinux"
	expect a value "$tasks/leaf"
	disable xlp_test_other
	unload xlp_test_other
	unload xlp_test_first
done

# Whoever visits CPUs sleeps for a moment on its way to each, and at the end for longer.
scenario "a target goes while the end of a transition that replaces its patch is waited for"
if ! insert xlp_test_hold how=asleep function=set_cpus_allowed_ptr nap=0; then
	is_errno EOPNOTSUPP "$message" || problem "xlp_test_hold: $message"
	skip "no direct callers that share: $(why_no_caller sleeping_trampoline)"
else
	load xlp_test_first version=0 stays=1
	before=$(calls xlp_test_first)
	set_to 20 $hold/nap
	insmod "$modules/xlp_test_other.ko" replace=1 &
	insmod=$!
	eventually prints 0 cat $late_patched || problem "it is not replaced"
	set_to 1 $hold/keep
	rmmod xlp_test_late &
	eventually is_going xlp_test_late || problem "the target does not go"
	sleep 0.5
	in_transition xlp_test_other
	set_to 0 $hold/nap
	set_to 0 $hold/keep
	wait $! || problem "the target does not unload"
	wait $insmod || problem "xlp_test_other does not load"
	loaded="xlp_test_other $loaded"
	not_loaded xlp_test_late
	over xlp_test_other
	expect_calls "$before"
	disable xlp_test_other
	unload xlp_test_other
	unload xlp_test_first
	unload xlp_test_hold
	load xlp_test_late
fi

scenario "a patch that has left cannot be enabled again, one that stays can"
load xlp_test_first
expect 1 value $first/stack_order
disable xlp_test_first
gone xlp_test_first
unload xlp_test_first
load xlp_test_first stays=1
disable xlp_test_first
sleep 0.3
expect 0 value $first/enabled
expect 0 value $first/stack_order
enable xlp_test_first
expect new value "$tasks/leaf"
disable xlp_test_first
unload xlp_test_first

scenario "three cumulative patches take a state over from each other"
load xlp_test_first version=1
expect "1 version 1 after 0" state_of xlp_test_first
load xlp_test_second version=2 replace=1
expect "2 version 2 after 1" state_of xlp_test_second
gone xlp_test_first
unload xlp_test_first
load xlp_test_third version=2 replace=1
expect "3 version 2 after 2" state_of xlp_test_third
gone xlp_test_second
unload xlp_test_second
expect 1 value $sysfs/xlp_test_third/replace
expect 1 value $sysfs/xlp_test_third/stack_order
expect "" eval "calls xlp_test_first | grep unpatch"
disable xlp_test_third
unload xlp_test_third
expect old value "$tasks/leaf"

scenario "a patch that does not know what one in effect has done is refused"
load xlp_test_first version=2 other=1
refuse EINVAL xlp_test_second version=1
expect_log "Livepatch patch (xlp_test_second) is not compatible with the already installed livepatches.$"
refuse EINVAL xlp_test_second version=0 replace=1
refuse EINVAL xlp_test_second version=2 replace=1
load xlp_test_second version=2
expect 2 value $sysfs/xlp_test_second/stack_order
expect 1 value $first/stack_order
load xlp_test_third version=0
expect 3 value $sysfs/xlp_test_third/stack_order
disable xlp_test_second
gone xlp_test_second
expect 2 value $sysfs/xlp_test_third/stack_order
disable xlp_test_third
disable xlp_test_first
unload xlp_test_first
unload xlp_test_second
unload xlp_test_third
expect old value "$tasks/leaf"

# For whoever does not know state 1 in version 2.
incompatible() {
	refuse EINVAL "$@"
	expect_log "^xlp: Livepatch patch ($1) is not compatible with the already installed livepatches.$"
	expect_log "^xlp: patch '$1': it does not know state 1 of patch 'xlp_test_second' in version 2$"
}

scenario "who asks for the state before outside of a callback gets none"
load xlp_test_first version=1
insmod "$modules/xlp_test_second.ko" version=1 stay=pre_patch &
loader=$!
eventually prints 1 told pre_patch xlp_test_second || problem "nothing is prepared"
set_to 1 /sys/module/xlp_test_second/parameters/ask
expect "before: 0" state_of xlp_test_second
expect_log "^xlp: state 1: .* asks for what patches before declare outside of a callback$"
go_on
wait $loader || problem "it does not load"
expect "before: 1,2 version 1 after 1," states_of xlp_test_second
disable xlp_test_second
unload xlp_test_second
disable xlp_test_first
unload xlp_test_first

scenario "the states of all patches in effect count, and of those only"
load xlp_test_first version=0
load xlp_test_second version=2 stays=1
incompatible xlp_test_third version=1
disable xlp_test_second
load xlp_test_third version=1 stays=1
disable xlp_test_third
enable xlp_test_second
refuse_write EINVAL 1 $sysfs/xlp_test_third/enabled
disable xlp_test_second
enable xlp_test_third
disable xlp_test_third
disable xlp_test_first
unload xlp_test_first
unload xlp_test_second
unload xlp_test_third
expect old value "$tasks/leaf"

scenario "a patch that is enabled again finds the state of one enabled meanwhile"
for model in $immediate $stop 3; do
	load xlp_test_first model="$model" version=1 stays=1
	disable xlp_test_first
	load xlp_test_second model="$model" version=1
	expect "before: 0,1 version 1 after 0," states_of xlp_test_second
	enable xlp_test_first
	expect "before: 1,2 version 1 after 1," states_of xlp_test_first
	disable xlp_test_first
	disable xlp_test_second
	unload xlp_test_first
	unload xlp_test_second
done

scenario "modes are those of in-kernel livepatch"
load xlp_test_first
for file in enabled:rw-r--r-- transition:r--r--r-- force:-w------- replace:r--r--r-- \
	    stack_order:r--r--r-- vmlinux/patched:r--r--r--; do
	expect "${file#*:}" mode "$first/${file%:*}"
done
# TAINT_LIVEPATCH
expect 1 echo $(($(cat /proc/sys/kernel/tainted) >> 15 & 1))
refuse_write EINVAL 1 $first/enabled
refuse_write EINVAL 1 $first/force
refuse_write EINVAL x $first/enabled
expect 0 value $first/replace
disable xlp_test_first
unload xlp_test_first

unload xlp_test_late
rm -r "$scratch"
done_testing
