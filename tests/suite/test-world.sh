#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Functions that are replaced together change together: patches are switched
# under load while every context calls them, and the checker
# (modules/xlp_test_world.c) judges each call by the promises of the model.
. "$(dirname "$0")/lib.sh"

switches=${XLP_SWITCHES:-$(amount 10 20)}	# per model, at least
refused_max_percent=5		# of the switches may be refused with EBUSY
retries=5			# of a switch that was refused
dwell=${XLP_DWELL:-0.1}		# seconds in a world before it is left again
hesitate=20			# milliseconds before the machine is stopped
transition_max=20		# seconds a switch may take, task by task
reverse_max=50			# milliseconds until it is reversed
sleepers=${XLP_SLEEPERS:-$(amount 200 1000)}
busy=${XLP_BUSY:-$(amount 4 20)}
forks=${XLP_FORKS:-$(amount 10 30)}	# a second
chosen=$(echo "${XLP_MODEL:-immediate stop per-task}" | tr , ' ')

world=/sys/kernel/debug/xlp_test_world
calls=${world}_calls
told=/sys/module/xlp_test_world/parameters
target=/sys/module/xlp_test_world_target/parameters
version=$target/version
reversible=$sysfs/xlp_test_world_a

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
	local usual=$patience

	: > "$scratch/ready"
	"$load" -s "$sleepers" -b "$busy" -f "$forks" \
		$calls/visit:4:10 $calls/nap:2:100 $version:1:20 \
		> "$scratch/ready" 2>&1 9>&- &
	loader=$!
	patience=$((60 * slow))
	eventually grep -q ready "$scratch/ready" ||
		problem "the load does not start: $(cat "$scratch/ready")"
	patience=$usual
}

no_load_left() {
	! pidof load > /dev/null
}

stop_load() {
	[ -n "$loader" ] || return 0
	kill "$loader"
	wait "$loader" 2> /dev/null
	loader=
	# Its tasks end after it, and open files of the modules until they do.
	eventually no_load_left || problem "tasks of the load go on: $(pidof load)"
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

# TRIES FREEZE_NS PASSES TRANSITION_NS WOKEN of each switch, as xlp tells; without
# a process of its own, as there are many switches.
note_switch() {
	local patch tries freeze passes transition woken

	while read -r patch _ _ _ tries _ freeze _ _ _ _ _ _ _ passes _ transition _ woken; do
		[ "$patch" != "$1" ] || echo "$tries $freeze $passes $transition $woken"
	done < /sys/kernel/debug/xlp/switches >> "$scratch/switched"
}

# "1:18 2:2": so many switches took one try, two tries; of column COLUMN
times_seen() {
	cut -d ' ' -f "$1" "$scratch/switched" | sort -n | uniq -c |
		awk '{ printf " %d:%d", $2, $1 }'
}

# at_most PERCENT COLUMN: what so many switches do not exceed, in us
at_most() {
	sort -n -k "$2" "$scratch/switched" | awk -v percent="$1" -v column="$2" '
		{ ns[NR] = $column }
		END { i = int(NR * percent / 100); printf "%d", ns[i ? i : 1] / 1000 }'
}

# at_most_ms PERCENT: the same for a transition, in ms
at_most_ms() {
	at_most "$1" 4 | awk '{ printf "%.1f", $1 / 1000 }'
}

summary() {
	case $model in
	immediate)
		comment "$model: $attempts switches" ;;
	stop)
		comment "$model: $attempts switches, tries$(times_seen 1)," \
			"freeze median $(at_most 50 2) max $(at_most 100 2) us" ;;
	per-task)
		comment "$model: $attempts switches, passes$(times_seen 3)," \
			"transition median $(at_most_ms 50) max $(at_most_ms 100) ms," \
			"woken $(awk '{ sum += $5 } END { print sum }' "$scratch/switched")" ;;
	esac
}

### Calls that were lost ######################################################

# Sets $lost: how many calls ran in a version that was not in effect when they were made
count_lost() {
	local what

	while read -r _ what lost _; do
		[ "$what" != called_in_wrong_phase ] || return 0
	done < $world/violations
}

# lost_more WHEN: sets $more, how many are lost in half a second
lost_more() {
	count_lost
	more=$lost
	sleep 0.5
	count_lost
	more=$((lost - more))
	comment "$more calls are lost in half a second $1"
}

# With the function tracer ftrace writes each call once more, most of them as they were.
write_calls_again() {
	filtered=yes
	write 0 "$tracing/tracing_on"
	write 'xw_*' "$tracing/set_ftrace_filter"
	write function "$tracing/current_tracer" || comment "no function tracer: $message"
	write "$tracer" "$tracing/current_tracer"
	write '' "$tracing/set_ftrace_filter"
	write "$tracing_on" "$tracing/tracing_on"
}

# explain_lost VERSION: which is in effect and does not run, while that is so. Afterwards nobody
# could tell whether xlp or ftrace has forgotten a function, whether the call is missing in the
# text, or whether it is there and a CPU goes on executing what was there before.
explain_lost() {
	count_lost
	[ "$lost" != 0 ] && [ -z "$failed" ] || return 0
	problem "$lost calls were lost, with version $1 in effect:"
	tell_hooks
	sed 's/^/# text: /' "$target/text"
	lost_more "as it is"
	[ "$more" != 0 ] || return 0
	write_calls_again
	lost_more "after their text was written again"
	[ "$more" != 0 ] || comment "so a CPU had gone on executing what was there before," \
		"as QEMU can with a thread for each CPU, if the text above has all calls"
}

### Switching #################################################################

# tell FROM TO [turning]
tell() {
	echo "$*" > $told/phase || problem "'$*' to $told/phase"
}

turn_on() {
	write 1 "$sysfs/$1/enabled"
}

turn_off() {
	write 0 "$sysfs/$1/enabled"
}

# over PATCH: its switch has been asked for, and is over when no task is left
over() {
	local left=$((transition_max * 100)) state

	while read -r state < "$sysfs/$1/transition" && [ "$state" != 0 ]; do
		if [ $left = 0 ]; then
			problem "$1 is in transition for $transition_max s:"
			sed 's/^/#   /' /sys/kernel/debug/xlp/blocked
			return
		fi
		sleep 0.01
		left=$((left - 1))
	done
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
		if ! is_errno EBUSY "$why" ||
		   [ $tries -gt $retries ]; then
			problem "$from to $to: $how $patch: $why"
			return
		fi
	done
	over "$patch"
	tell "$to" "$to"
	note_switch "$patch"
	sleep "$dwell"
	[ -z "$explains" ] || explain_lost "$to"
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

# random BELOW: the same series in each run
random() {
	seed=$(((seed * 75 + 74) % 65537))
	drawn=$((seed % $1))
}

pause_at_random() {
	random $((reverse_max + 1))
	sleep "$(printf '0.%03d' "$drawn")"
}

# request 0|1: perhaps the opposite of what is under way
request() {
	local state

	read -r state < "$reversible/transition"
	echo "$state" >> "$scratch/requests"
	write "$1" "$reversible/enabled"
}

# Who asks is kept until all tasks have been looked at once. So others ask for the
# opposite meanwhile, and may find that they come too late. The last request
# stands: the switch has a direction again.
turn_about() {
	local left wish asked=

	random 4
	left=$((drawn + 1))
	tell 0 1 turning
	read -r wish < "$reversible/enabled"
	while [ "$left" -gt 0 ]; do
		wish=$((1 - wish))
		request "$wish" &
		asked="$asked $!"
		pause_at_random
		left=$((left - 1))
	done
	# shellcheck disable=SC2086 # a list of words
	wait $asked
	read -r wish < "$reversible/enabled"
	wish=$((1 - wish))
	request "$wish" || problem "$wish to $reversible/enabled: $message"
	tell $((1 - wish)) "$wish"
	over xlp_test_world_a
	tell "$wish" "$wish"
	expect "$wish" value "$reversible/enabled"
	sleep "$dwell"
}

was_reversed() {
	grep -q 1 "$scratch/requests"
}

# Only what takes its time can be reversed.
test_reversed() {
	scenario "$model: reversed on the way"
	judge_by "$model"
	change 0 1 insert a model="$model"
	: > "$scratch/requests"
	repeat $((switches / 5 + 1)) turn_about
	# A matter of luck, where transitions are short.
	was_reversed || repeat 20 turn_about
	prints 0 value "$reversible/enabled" || change 1 0 turn_off a
	judge 0 1
	comment "$model: $(grep -c 1 "$scratch/requests") of" \
		"$(grep -c . "$scratch/requests") requests came during a transition"
	was_reversed || problem "nothing was reversed"
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
	started=$(date +%s)
	: > "$scratch/switched"
	attempts=0
	refused=0
	explains=yes
	test_on_and_off
	test_stacked
	test_replaced
	[ "$model" != per-task ] || test_reversed
	test_refused
}

### What the checker must find ################################################

tasks="syscall module kthread work"
interrupts="timer tasklet hrtimer irq_work"
everywhere="$tasks $interrupts"

# Somebody was asleep inside, sooner or later.
switched_at_once() {
	change 0 1 turn_on a
	change 1 0 turn_off a
	violated mixed_on_stack
}

# Calls that were made before it turned may end now, and are judged by then.
# shellcheck disable=SC2086 # a list of words
mixed_but_not_back() {
	judge_by per-task
	must_find mixed_on_stack $everywhere
	! violated back_in_old_world
}

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

	scenario "the checker finds half of a patch, task by task"
	judge_by per-task
	tell 0 1
	load xlp_test_world_a model=immediate half=1
	must_find mixed_on_stack $everywhere
	must_find mixed_in_interrupt $interrupts
	must_find back_in_old_world $everywhere
	tell 0 1 turning
	eventually mixed_but_not_back || problem "no way is back while it turns"
	disable xlp_test_world_a
	tell 0 0
	unload xlp_test_world_a

	scenario "the checker finds that tasks did not change one by one"
	load xlp_test_world_a model=immediate
	change 1 0 turn_off a
	judge_by per-task
	eventually switched_at_once || problem "not found: mixed_on_stack"
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

# Whoever is in the way may take longer to leave; what is asked for is that few
# switches are refused, not how soon.
be_patient() {
	set_to $((slow * patience_before)) $stop_patience
}

finish_world() {
	echo "$patience_before" > "$stop_patience"
	stop_load
	rm -r "$scratch"
	finish
}

loader=
explains=			# a call that is lost is a failure
seed=1
stop_patience=/sys/module/xlp/parameters/patience_ms
patience_before=$(cat $stop_patience)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xlp-world.XXXXXX") || exit 1
find_load
plan $((5 + 4 * $(echo "$chosen" | wc -w) + $(echo "$chosen" | grep -c per-task)))
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

be_patient
test_checker
for model in $chosen; do
	test_model "$model"
done

done_testing
