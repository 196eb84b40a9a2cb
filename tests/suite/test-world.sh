#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Functions that are replaced together change together: patches are switched
# under load while every context calls them, and the checker
# (modules/xlp_test_world.c) judges each call by the promises of the model.
. "$(dirname "$0")/lib.sh"

switches=${XLP_SWITCHES:-20}	# per model, at least
refused_max_percent=5		# of the switches may be refused with EBUSY
retries=5			# of a switch that was refused
dwell=0.1			# seconds in a world before it is left again
hesitate=20			# milliseconds before the machine is stopped
sleepers=${XLP_SLEEPERS:-1000}
busy=${XLP_BUSY:-20}
forks=${XLP_FORKS:-30}		# a second

world=/sys/kernel/debug/xlp_test_world
calls=${world}_calls
told=/sys/module/xlp_test_world/parameters
version=/sys/module/xlp_test_world_target/parameters/version

### The load ##################################################################

# The rig has built it for its guests; on a live machine a compiler does.
find_load() {
	load=$suite/load
	[ ! -x "$load" ] || return 0
	command -v cc > /dev/null ||
		skip_world "there is no $load, and no C compiler to build it"
	load=$scratch/load
	cc -O2 -o "$load" "$suite/load.c" > "$scratch/cc" 2>&1 ||
		skip_world "load.c does not build: $(head -n 1 "$scratch/cc")"
}

skip_world() {
	rm -r "$scratch"
	skip_all "$@"
}

start_load() {
	: > "$scratch/ready"
	"$load" -s "$sleepers" -b "$busy" -f "$forks" \
		$calls/visit:4:10 $calls/nap:2:100 $version:1:20 \
		> "$scratch/ready" 2>&1 9>&- &
	loader=$!
	patience=60
	eventually grep -q ready "$scratch/ready" ||
		problem "the load does not start: $(cat "$scratch/ready")"
	patience=10
}

stop_load() {
	[ -n "$loader" ] || return 0
	kill "$loader"
	wait "$loader" 2> /dev/null
	loader=
	# Its tasks end after it, and hold files of the modules for that long.
	eventually prints 0 cat /sys/module/xlp_test_world_calls/refcnt
}

memory_kb() {
	sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

### What the checker says #####################################################

# judge_by MODEL: from zero
judge_by() {
	set_to "$1" $told/model
}

violations() {
	awk -v kind="$1" '$1 == kind && $3 > 0' $world/violations
}

# violated NAME [CONTEXT]...: the violation was found, in each of these contexts
violated() {
	local what="$1" found context

	shift
	found=$(grep " $what " "$world/violations")
	[ "$(echo "$found" | cut -d ' ' -f 3)" -gt 0 ] || return 1
	for context; do
		echo "$found" | grep -q " $context=" || return 1
	done
}

# must_find NAME [CONTEXT]...: within a few seconds
must_find() {
	eventually violated "$@" ||
		problem "not found: $* ($(grep " $1 " $world/violations))"
}

# Every context and every member has run in each of these versions.
saw_versions() {
	local version file

	for file in calls functions; do
		for version; do
			awk -v column=$((version + 2)) '
				$column == 0 { missing = missing " " $1 }
				END { print missing; exit missing != "" }
			' $world/$file > "$scratch/missing" || {
				echo "version $version has never run:$(cat "$scratch/missing")" > "$scratch/unseen"
				return 1
			}
		done
	done
}

# The load was there when it mattered.
called_while_switching() {
	local context

	# shellcheck disable=SC2013 # words are meant
	for context in $(awk '$5 == 0 { print $1 }' $world/calls); do
		problem "no call from context $context while a patch was being switched"
	done
	comment "calls while switching: $(awk '{ sum += $5 } END { print sum }' $world/calls)"
}

was_called_in() {
	eventually saw_versions "$@" || problem "$(cat "$scratch/unseen")"
}

# What the model excludes has not happened, and the checker saw enough to say so.
judge() {
	was_called_in "$@"
	called_while_switching
	if [ -n "$(violations excluded)" ]; then
		problem "violations:"
		violations excluded | sed 's/^/#   /'
		sed 's/^/#   /' $world/records
	fi
	violations possible | sed "s/^possible/# $model does not exclude:/"
}

# TRIES FREEZE_NS of each switch, as xlp tells
note_switch() {
	awk -v patch="$1" '$1 == patch && $4 == "tries" { print $5, $7 }' \
		/sys/kernel/debug/xlp/switches >> "$scratch/switched" 2> /dev/null
}

# "1:18 2:2": so many switches took one try, two tries
tries_seen() {
	cut -d ' ' -f 1 "$scratch/switched" | sort -n | uniq -c | awk '{ printf " %d:%d", $2, $1 }'
}

# freeze_of PERCENT: the freeze that so many switches do not exceed, in us
freeze_of() {
	sort -n -k 2 "$scratch/switched" | awk -v percent="$1" '
		{ freeze[NR] = $2 }
		END { i = int(NR * percent / 100); printf "%d", freeze[i ? i : 1] / 1000 }'
}

# What a model without a stop did has no tries and no freeze.
summary() {
	if grep -q '^[1-9]' "$scratch/switched"; then
		comment "$model: $attempts switches, tries$(tries_seen)," \
			"freeze median $(freeze_of 50) max $(freeze_of 100) us"
	else
		comment "$model: $attempts switches"
	fi
}

### Switching #################################################################

tell() {
	set_to "$1 $2" $told/phase
}

turn_on() {
	write 1 "$sysfs/$1/enabled"
}

turn_off() {
	write 0 "$sysfs/$1/enabled"
}

# change FROM TO turn_on|turn_off|insert a|b [PARAMETER=VALUE]...: a switch, of
# which the checker is told before and after
change() {
	local from="$1" to="$2" how="$3" patch="xlp_test_world_$4" tries=0 why

	shift 4
	while tell "$from" "$to"; attempts=$((attempts + 1)); ! "$how" "$patch" "$@"; do
		why=$message
		tell "$from" "$from"
		refused=$((refused + 1))
		tries=$((tries + 1))
		if ! echo "$why" | grep -q "$(errno_text EBUSY)" ||
		   [ $tries -gt $retries ]; then
			problem "$from to $to: $how $patch: $why"
			return
		fi
	done
	tell "$to" "$to"
	note_switch "$patch"
	sleep $dwell
}

# rounds PER_ROUND: how many it takes to come to a third of the switches
rounds() {
	echo $(((switches + 3 * $1 - 1) / (3 * $1)))
}

# repeat COUNT COMMAND...
repeat() {
	local left="$1"

	shift
	while [ "$left" -gt 0 ] && [ -z "$failed" ]; do
		"$@"
		left=$((left - 1))
	done
}

on_and_off() {
	change 0 1 turn_on a
	change 1 0 turn_off a
}

# The last one enabled is on top: first it goes first, then the other does.
stack_and_unstack() {
	change 0 1 turn_on a
	change 1 2 turn_on b
	change 2 1 turn_off b
	change 1 2 turn_on b
	change 2 2 turn_off a
	change 2 0 turn_off b
}

replace_and_disable() {
	change 0 1 turn_on a
	change 1 2 turn_on b
	expect 0 value "$sysfs/xlp_test_world_a/enabled"
	change 2 0 turn_off b
}

test_on_and_off() {
	scenario "$model: on and off"
	judge_by "$model"
	change 0 1 insert a model="$model"
	expect 1 value $version
	change 1 0 turn_off a
	expect 0 value $version
	repeat "$(rounds 2)" on_and_off
	judge 0 1
}

test_stacked() {
	scenario "$model: one on the other, in either order"
	judge_by "$model"
	change 0 2 insert b model="$model"
	change 2 0 turn_off b
	repeat "$(rounds 6)" stack_and_unstack
	judge 0 1 2
	unload xlp_test_world_b
}

test_replaced() {
	scenario "$model: one replaces the other"
	judge_by "$model"
	change 0 1 turn_on a
	change 1 2 insert b model="$model" replace=1
	expect 0 value "$sysfs/xlp_test_world_a/enabled"
	change 2 0 turn_off b
	repeat "$(rounds 3)" replace_and_disable
	judge 0 1 2
	unload xlp_test_world_b
	unload xlp_test_world_a
}

test_refused() {
	scenario "$model: at most $refused_max_percent % of the switches were refused"
	summary
	comment "$model: $refused of $attempts switches were refused, in $(($(date +%s) - started)) s"
	[ $((refused * 100)) -le $((attempts * refused_max_percent)) ] ||
		problem "more than $refused_max_percent %"
}

test_model() {
	model=$1
	started=$(date +%s)
	: > "$scratch/switched"
	attempts=0
	refused=0
	test_on_and_off
	test_stacked
	test_replaced
	test_refused
}

### What the checker must find ################################################

tasks="syscall module kthread work"
interrupts="timer tasklet hrtimer irq_work"
everywhere="$tasks $interrupts"

# shellcheck disable=SC2086 # lists of words
test_checker() {
	scenario "the checker finds half of a patch"
	judge_by stop
	tell 0 1
	load xlp_test_world_a model=immediate half=1
	must_find mixed_on_stack $everywhere
	must_find mixed_in_interrupt $interrupts
	must_find back_in_old_world $everywhere
	must_find not_at_one_instant $everywhere
	tell 1 1
	must_find started_in_wrong_phase $everywhere
	must_find called_in_wrong_phase $everywhere
	tell 0 1
	must_find not_at_one_instant
	disable xlp_test_world_a
	tell 0 0
	must_find refused_yet_seen
	unload xlp_test_world_a

	scenario "the checker finds what comes before or after its time"
	judge_by immediate
	tell 1 1
	must_find called_in_wrong_phase $everywhere
	tell 0 0
	judge_by immediate
	was_called_in 0
	load xlp_test_world_a model=immediate
	must_find called_in_wrong_phase $everywhere
	was_called_in 1
	! saw_versions 2 || problem "saw a version that nobody has"
	disable xlp_test_world_a
	unload xlp_test_world_a
}

### The test ##################################################################

finish_world() {
	stop_load
	rm -r "$scratch"
	finish
}

loader=
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xlp-world.XXXXXX") || exit 1
find_load
plan 11
trap finish_world EXIT

scenario "every context calls, beside $sleepers sleeping and $busy busy tasks"
load xlp_test_world
load xlp_test_world_target
load xlp_test_world_calls hesitate=$hesitate
free_before=$(memory_kb)
start_load
was_called_in 0
comment "the load takes $((free_before - $(memory_kb))) kB"
"$load" -r $$ || problem "no real-time priority for the test"

test_checker
test_model immediate
test_model stop

done_testing
