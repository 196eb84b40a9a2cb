#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Targets on their way in and out, held up at each place where it matters, while patches
# and xlp itself come and go; and both all the time.
#
# Elsewhere: targets before and after their patch, away and back (modules); several
# targets, a pre_patch callback that fails (callbacks); targets that come and go while
# tasks change over (transition).
. "$(dirname "$0")/lib.sh"
. "$suite/transition.sh"

rounds=${XLP_RACES:-$(amount 4 16)}
gate=/sys/module/xlp_test_gate/parameters
answer=/sys/module/xlp_test_race/parameters/leaf
patched=$sysfs/xlp_test_any/xlp_test_race/patched
in_background=

load_patch() {
	load xlp_test_any object=xlp_test_race function=xr_leaf "$@"
}

unload_patch() {
	disable xlp_test_any
	unload xlp_test_any
}

# guard MODULE PLACE [ERRNO]: it can be stopped there, or is refused
guard() {
	set_to "$1" $gate/of
	set_to "$2" $gate/at
	set_to "${3:-0}" $gate/refuse
}

# stop_at PLACE COMMAND...: in the background, until its module has got that far
stop_at() {
	local place="$1"

	shift
	set_to 1 $gate/hold
	"$@" > "$scratch/said" 2>&1 9>&- &
	in_background=$!
	eventually prints "$place" cat $gate/held ||
		problem "$* does not get to $place: $(cat "$scratch/said")"
}

# let_pass: and return how that ended
let_pass() {
	set_to 1 $gate/go_on
	wait $in_background
}

# begin_coming PLACE MODULE, then came MODULE
begin_coming() {
	guard "$2" "$1"
	stop_at "$1" insmod "$modules/$2.ko"
}

came() {
	if let_pass; then
		loaded="$1 $loaded"
	else
		problem "$1 does not load: $(cat "$scratch/said")"
	fi
}

# begin_going PLACE MODULE, then gone MODULE
begin_going() {
	guard "$2" "$1"
	stop_at "$1" rmmod "$2"
}

gone() {
	if let_pass; then
		not_loaded "$1"
	else
		problem "$1 does not unload: $(cat "$scratch/said")"
	fi
}

# refused ERRNO MODULE: when it is let pass
refused() {
	if let_pass; then
		problem "$2 loaded, $1 was wanted"
		loaded="$2 $loaded"
		return
	fi
	is_errno "$1" "$(cat "$scratch/said")" ||
		problem "$2: '$(cat "$scratch/said")' instead of $1"
	expect no present "/sys/module/$2"
}

# For the kernel, which lists those only that others can find.
module_state() {
	sed -n "s/^$1 .* \(Loading\|Unloading\|Live\) .*/\1/p" /proc/modules
}

nothing_hooked() {
	expect_soon "$hooked_before" hooked
}

# goes_patched: the target is, and takes all of it along
goes_patched() {
	expect 1 value "$patched"
	expect new value "$answer"
	unload xlp_test_race
	expect 0 value "$patched"
	nothing_hooked
}

has_xlp || skip_all "$(why_no_xlp)"
plan 20

### Stopped before xlp has heard of it ########################################

scenario "enabled while a target is there but not announced: patched before its init"
unload_xlp
load xlp_test_gate
load_xlp compat=0
begin_coming first-coming xlp_test_race
expect Loading module_state xlp_test_race
load_patch
expect 1 value $sysfs/xlp_test_any/enabled
expect 0 value $patched
nothing_hooked
came xlp_test_race
expect_log "^xlp_test_race: init sees new$"
expect 1 value $patched
expect new value $answer
unload xlp_test_race
expect_log "^xlp_test_race: exit sees new$"
expect 0 value $patched
nothing_hooked

scenario "disabled then: it is left alone"
begin_coming first-coming xlp_test_race
disable xlp_test_any
came xlp_test_race
expect_log "^xlp_test_race: init sees old$"
expect 0 value $patched
unload xlp_test_race

scenario "enabled, and unloaded again then"
enable xlp_test_any
begin_coming first-coming xlp_test_race
unload_patch
came xlp_test_race
expect_log "^xlp_test_race: init sees old$"
expect old value $answer
unload xlp_test_race

scenario "enabled then, and the target is refused: it has never been patched"
begin_coming first-coming xlp_test_race
set_to -16 $gate/refuse
load_patch
refused EBUSY xlp_test_race
expect 0 value $patched
nothing_hooked
guard "" ""
load xlp_test_race
expect 1 value $patched
expect new value $answer

### On the way out ############################################################

scenario "disabled while its target is inside its exit"
begin_going exit xlp_test_race
expect 1 value $patched
expect "new, going" value $answer
disable xlp_test_any
expect 0 value $patched
expect "old, going" value $answer
gone xlp_test_race
expect_log "^xlp_test_race: exit sees old$"
nothing_hooked

scenario "unloaded while its target is inside its exit"
enable xlp_test_any
load xlp_test_race
begin_going exit xlp_test_race
unload_patch
gone xlp_test_race
expect_log "^xlp_test_race: exit sees old$"
nothing_hooked

scenario "enabled while its target is inside its exit: patched, and released"
load xlp_test_race
begin_going exit xlp_test_race
load_patch
expect 1 value $patched
expect "new, going" value $answer
gone xlp_test_race
expect_log "^xlp_test_race: exit sees new$"
expect 0 value $patched
nothing_hooked
unload_patch

### Older than xlp ############################################################

scenario "xlp comes again while its target is there"
load xlp_test_race
unload_xlp
load_xlp compat=0
load_patch
goes_patched
load xlp_test_race
expect new value $answer
unload_patch

# Nobody can tell xlp then whether its GOING is still to come.
scenario "one that xlp has never asked for, inside its exit, is not there"
unload_xlp
load_xlp compat=0
begin_going exit xlp_test_race
load_patch
expect 0 value $patched
expect "old, going" value $answer
nothing_hooked
gone xlp_test_race
load xlp_test_race
expect 1 value $patched
unload xlp_test_race
unload_patch

scenario "xlp comes while a target is in its init: patched when that is through, once"
unload_xlp
begin_coming init xlp_test_race
load_xlp compat=0
load_patch
expect 0 value $patched
nothing_hooked
came xlp_test_race
expect_log "^xlp_test_race: init sees old$"
expect_log "^xlp: patch '.*' is applied to module 'xlp_test_race' as if no task were inside: "
goes_patched
unload_patch

has_ended() {
	! kill -0 "$1" 2> /dev/null
}

# Its functions are no versions yet, and whoever enables a patch finds it.
is_being_hooked() {
	log | grep -q "^xlp: applying patch 'xlp_test_any' to loading module 'xlp_test_race'$"
}

scenario "the same, and a patch of another set comes while they are being hooked: refused"
unload_xlp
begin_coming init xlp_test_race
load_xlp compat=0
load_patch
set_to 1 $xlp_debug/hold_coming
set_to 1 $gate/go_on
eventually is_being_hooked || problem "the patch is not applied"
nap 0.2
# In the background: one that is let in waits until they are hooked.
insmod "$modules/xlp_test_any_2.ko" object=xlp_test_race function=xr_leaf set=7 \
	2> "$scratch/second" 9>&- &
second=$!
eventually has_ended $second || problem "it is not refused at once"
expect_log ": patch 'xlp_test_any' of set 0 replaces it, and this one is of set 7$"
expect 0 value $patched
expect old value $answer
set_to 0 $xlp_debug/hold_coming
if wait $second; then
	problem "it is loaded"
	loaded="xlp_test_any_2 $loaded"
else
	is_errno EBUSY "$(cat "$scratch/second")" || problem "$(cat "$scratch/second")"
fi
came xlp_test_race
goes_patched
unload_patch

# It is too late to refuse the target.
scenario "the same, and the patch refuses it: it stays as it is, and nothing is hooked"
unload_xlp
begin_coming init xlp_test_race
load_xlp compat=0
load_patch fault=refuses
came xlp_test_race
expect_log "^xlp: module 'xlp_test_race' was loading when xlp was, .*: it stays as it is$"
expect 0 value $patched
expect old value $answer
nothing_hooked
unload xlp_test_race
unload_patch

# It waits for those who are telling others of the target just now.
scenario "xlp comes while a target is there but not announced"
unload_xlp
begin_coming first-coming xlp_test_race
insmod "$XLP_KO" compat=0 ${XLP_DIRECT:+direct="$XLP_DIRECT"} 9>&- &
xlp_loader=$!
eventually is_asleep $xlp_loader || problem "xlp.ko does not wait for the target"
came xlp_test_race
wait $xlp_loader || problem "xlp.ko does not load"
load_patch
goes_patched
unload_patch

### Stopped after xlp has heard of it #########################################

# What xlp_test_first was told of its target, once for the two attempts that busybox's
# insmod makes.
told() {
	log | sed -n 's/^xlp_test_first: \(.*\) xlp_test_late$/\1/p' | tr '\n' ' ' |
		sed 's/ $//; s/^\(.*\) \1$/\1/'
}

guard "" ""
unload xlp_test_gate
load xlp_test_gate
load_tasks
late_patched=$sysfs/xlp_test_first/xlp_test_late/patched
for place in middle last; do
	scenario "refused by the $place notifier, after xlp: taken back"
	load xlp_test_first
	hooked_with_patch=$(hooked)
	begin_coming $place-coming xlp_test_late
	set_to -16 $gate/refuse
	expect 1 value $late_patched
	expect "pre_patch post_patch" told
	refused EBUSY xlp_test_late
	expect 0 value $late_patched
	expect "pre_patch post_patch pre_unpatch post_unpatch" told
	expect_soon "$hooked_with_patch" hooked
	guard "" ""
	load xlp_test_late
	expect 1 value $late_patched
	unload xlp_test_late
	expect 0 value $late_patched
	disable xlp_test_first
	unload xlp_test_first
	nothing_hooked
done
unload xlp_test_tasks

scenario "a target whose init fails is released"
load_patch
guard xlp_test_race init -16
refuse EBUSY xlp_test_race
expect "xlp_test_race: init sees new" eval "log | grep 'init sees' | sort -u"
expect 0 value $patched
nothing_hooked
disable xlp_test_any

scenario "and so is one whose patch is enabled meanwhile"
begin_coming init xlp_test_race
set_to -16 $gate/refuse
enable xlp_test_any
expect 1 value $patched
refused EBUSY xlp_test_race
expect 0 value $patched
nothing_hooked
guard "" ""
load xlp_test_race
expect new value $answer
unload_patch

scenario "enabled after xlp has let go of the target: it is not there any more"
begin_going last-going xlp_test_race
expect Unloading module_state xlp_test_race
load_patch
expect 0 value $patched
expect "old, going" value $answer
nothing_hooked
gone xlp_test_race
guard "" ""
unload_patch

### Two targets at one address ################################################

# A long list: not while anything is held up.
address() {
	symbols xr_leaf | sed -n "s/^\([0-9a-f]*\) [tT] xr_leaf[[:space:]]*\[$1\]\$/\1/p"
}

# place MODULE: where its memory begins; a short list
place() {
	sed -n "s/^$1 .* \(0x[0-9a-f]*\).*/\1/p" /proc/modules
}

# take_turns: whether the twin has got the place that the target had
take_turns() {
	load xlp_test_race
	expect new value $answer
	if [ "$(place xlp_test_race)" != "$target_place" ]; then
		target_place=$(place xlp_test_race)
		target_address=$(address xlp_test_race)
	fi
	unload xlp_test_race
	load xlp_test_twin
	[ "$(place xlp_test_twin)" = "$target_place" ] &&
		[ "$(address xlp_test_twin)" = "$target_address" ] && return 0
	unload xlp_test_twin
	return 1
}

scenario "another target at the same address is no target of this patch"
load_patch
tries=1
target_place=
target_address=
until take_turns || [ $tries = 20 ]; do
	tries=$((tries + 1))
done
twin=/sys/module/xlp_test_twin/parameters/leaf
comment "$tries tries"
if [ ! -e $twin ]; then
	skip "in $tries tries no module got the address of another"
elif [ -z "$(address xlp_test_twin | tr -d 0)" ]; then
	skip "this kernel hides addresses"
	unload xlp_test_twin
else
	expect 0 value $patched
	expect a value $twin
	nothing_hooked
	disable xlp_test_any
	enable xlp_test_any
	expect a value $twin
	unload_patch
	load xlp_test_any object=xlp_test_twin function=xr_leaf
	expect new value $twin
	unload xlp_test_twin
	load xlp_test_race
	expect old value $answer
	unload xlp_test_race
fi
unload_patch

### All the time ##############################################################

# ask_target WORLD...: one of them answers, if the target is there and not on its way out
ask_target() {
	local got want

	got=$(cat $answer 2> /dev/null)
	for want; do
		if [ "$got" = "$want" ]; then
			eval "$want=\$(($want + 1))"
			return
		fi
	done
	[ -z "$got" ] || [ "${got#*, }" = going ] ||
		problem "'$got' answers instead of $*"
}

has_answered() {
	[ -e "$scratch/end" ] || prints "$1" cat "$answer"
}

# see TURN WORLD: it once, or for a while, or until the target has said so, so that the
# two loops do not fall into step
see() {
	local times=$(($1 % 5))

	if [ $times = 1 ]; then
		eventually has_answered "$2" || problem "never $2"
	fi
	while [ $times -ge 0 ]; do
		ask_target "$2"
		times=$((times - 1))
	done
}

# One patch after the other, by each model in turn, until told to end.
switch_all_the_time() {
	local turn=0

	while [ ! -e "$scratch/end" ] && [ -z "$failed" ]; do
		load_patch model=$((turn % 3 + 1))
		see $turn new
		disable xlp_test_any
		ask_target old
		enable xlp_test_any
		ask_target new
		unload_patch
		see $((turn / 5)) old
		turn=$((turn + 1))
	done
	echo "$turn times on and off, seen old $old, new $new times" > "$scratch/turns"
	[ -z "$failed" ]
}

# With a look at it, or as fast as can be.
come_and_go() {
	load xlp_test_race
	[ $(($1 % 3)) = 0 ] || ask_target old new
	unload xlp_test_race
}

scenario "$rounds rounds of loading and unloading, against enabling and disabling"
round=0
old=0
new=0
switch_all_the_time 9>&- &
switcher=$!
while [ $round -lt "$rounds" ] && [ -z "$failed" ] && [ ! -e "$scratch/turns" ]; do
	round=$((round + 1))
	come_and_go $round
	[ $((round % 100)) != 0 ] || comment "$round rounds, seen old $old, new $new times"
done
: > "$scratch/end"
wait $switcher || problem "switching has failed"
[ ! -e /sys/module/xlp_test_any ] || loaded="xlp_test_any $loaded"
comment "$round rounds, seen old $old, new $new times; $(cat "$scratch/turns")"
nothing_hooked
load_patch
load xlp_test_race
expect new value $answer
unload xlp_test_race
unload_patch

unload xlp_test_gate
rm -r "$scratch"
done_testing
