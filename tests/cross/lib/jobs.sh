# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Runs jobs, JOBS at once, and says where they are. A job is a program that
# leaves result ("STATUS SECONDS") and counts in build/cross/NAME; the time it took of
# processors is in cpu ("USER SYSTEM", in seconds), and in ended which check that was.

declare -A job_command=() job_lane=() job_of_pid=() job_started=() job_repeats=() job_flaky=() job_budgets=()
declare -A lane_room=([busy]=${JOBS:-$(nproc)} [asleep]=0 [far]=0)
job_names=()
check_id=	# what a job that has ended is known by, if there is to be something to go on with
jobs_beside=()	# process groups that end with the jobs
# If more fail than so many, their machine was not it, and none is run again.
readonly jobs_again_most=2
. "${BASH_SOURCE[0]%/*}/hosts.sh"

# job_add NAME CMD...
job_add() {
	job_names+=("$1")
	job_command[$1]=${*:2}
	job_lane[$1]=busy
}

# job_add_asleep NAME CMD...: one that sleeps half of the time. Two of these run beside the
# others, unless JOBS says how many run at once.
job_add_asleep() {
	job_add "$@"
	[[ ${JOBS:-} ]] || job_lane[$1]=asleep lane_room[asleep]=2
}

# job_repeat NAME: if it fails it may be run again; see jobs_run_again.
job_repeat() { job_repeats[$1]=yes; }

# job_budget NAME SECONDS: how much of a CPU it is to take. To take more is no failure: machines
# differ. It is said, so that what grows is seen.
job_budget() { job_budgets[$1]=$2; }

# jobs_longest_first NAME... prints the names: in their order who has no budget, then who has the
# most, so that the last to begin are short and end together.
jobs_longest_first() {
	local name
	for name; do
		echo "${job_budgets[$name]:-$((2 ** 31))} $name"
	done | sort -s -k 1,1nr | cut -d' ' -f2-
}

# jobs_run [NAME...]: all, if none is named
jobs_run() {
	local jobs_waiting=("$@")
	(($#)) || jobs_waiting=("${job_names[@]}")
	trap jobs_kill EXIT
	trap 'exit 130' INT TERM	# by way of EXIT
	hosts_start
	while jobs_start; ((${#job_of_pid[@]})) || hosts_busy; do
		job_wait
	done
	jobs_kill
	trap - EXIT INT TERM
}

# jobs_wait_asleep: does such a job wait?
jobs_wait_asleep() {
	local name
	for name in "${jobs_waiting[@]}"; do
		[[ ${job_lane[$name]} != asleep ]] || return 0
	done
	return 1
}

# jobs_start starts what there is room for, in the order of their adding. When no job is
# left that sleeps, another one has one of their two rooms, as guests wait for a part of the
# time. Not both: with four guests on two processors each takes a fifth more of a processor than
# with three, and some tests that wait for something fail. Where there was none, as with mutants,
# which time-outs judge, nothing runs beside.
jobs_start() {
	local name lane later=() spare=
	jobs_wait_asleep || spare=yes
	for name in "${jobs_waiting[@]}"; do
		lane=${job_lane[$name]}
		if [[ $spare ]] && ((lane_room[$lane] == 0 && lane_room[asleep] > 1)); then
			lane=asleep
		fi
		if ((lane_room[$lane] > 0)); then
			job_lane[$name]=$lane
			lane_room[$lane]=$((lane_room[$lane] - 1))
			job_start "$name"
		else
			later+=("$name")
		fi
	done
	jobs_waiting=("${later[@]}")
}

# Each job is a process group, so that it can be ended with all it started.
job_start() {
	local dir=$build/cross/$1
	mkdir -p "$dir"
	rm -f "$dir"/{result,counts,phase,cpu,ended}
	# shellcheck disable=SC2016,SC2086	# expanded inside; a list of words
	setsid bash -c 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 2>"$0"' "$dir/cpu" \
		${job_command[$1]} >"$dir/out.log" 3>&1 </dev/null &
	job_of_pid[$!]=$1
	job_started[$1]=$SECONDS
}

jobs_kill() {
	local pid
	for pid in "${!job_of_pid[@]}" "${jobs_beside[@]}"; do
		kill -TERM -- "-$pid" 2>/dev/null || true
	done
}

# job_wait returns when one job has ended. To look costs a process; only who watches wants
# to see it at once.
job_wait() {
	local pid pause=1
	[[ ! -t 2 ]] || pause=0.2
	while :; do
		! hosts_take || return 0
		for pid in "${!job_of_pid[@]}"; do
			kill -0 "$pid" 2>/dev/null && continue
			wait "$pid" || true
			job_ended "${job_of_pid[$pid]}"
			unset "job_of_pid[$pid]"
			return
		done
		[[ ! -t 2 ]] || jobs_show
		sleep "$pause"
	done
}

# On a terminal one line moves; a log gets one line for each job.
jobs_show() {
	local name line=
	for name in "${job_of_pid[@]}"; do
		line+="  $name $(cat "$build/cross/$name/phase" 2>/dev/null || true) $((SECONDS - job_started[$name])) s"
	done
	line+=$(hosts_show)
	printf '\r\e[K%.*s' "$(($(tput cols 2>/dev/null || echo 80) - 1))" "[$SECONDS s]$line" >&2
}

job_ended() {
	local dir=$build/cross/$1 lane=${job_lane[$1]}
	lane_room[$lane]=$((lane_room[$lane] + 1))
	# A job that was killed left nothing: that is a failure, too.
	[[ -s $dir/result ]] || echo "$dead_guest 0" >"$dir/result" || die "cannot keep the result of $1 in $dir"
	[[ -s $dir/counts ]] || echo '0 passed, 1 failed, 0 skipped' >"$dir/counts" || die "cannot keep the counts of $1 in $dir"
	[[ ! $check_id ]] || echo "$check_id" >"$dir/ended"
	[[ ! -t 2 ]] || printf '\r\e[K' >&2
	printf '%-18s %-9s %6s s, %12s s of a CPU  %s\n' "$1" "$(job_word "$1")" "$(job_seconds "$1")" \
		"$(job_cpu "$1")${job_budgets[$1]:+ of ${job_budgets[$1]}}" "$(<"$dir/counts")"
}

# job_leave NAME: nobody has run it, which is a failure, but none of its own.
job_leave() {
	local dir=$build/cross/$1
	mkdir -p "$dir"
	rm -f "$dir"/{phase,cpu,versions,ended,*.log}
	echo "$not_run 0" >"$dir/result"
	echo '0 passed, 1 failed, 0 skipped' >"$dir/counts"
	echo 'error: no host has run it' >"$dir/out.log"
}

# job_finished NAME: has this check, or the one that it goes on with, run it?
job_finished() { [[ $check_id && $(cat "$build/cross/$1/ended" 2>/dev/null) == "$check_id" ]]; }

# jobs_left names those that nobody has run.
jobs_left() {
	local name left=()
	for name in "${job_names[@]}"; do
		[[ $(cut -d' ' -f1 "$build/cross/$name/result") != "$not_run" ]] || left+=("$name")
	done
	((!${#left[@]})) || printf '\n%d of %d have not been run: %s\nRESUME=1 goes on with them, on the same or other HOSTS (%s has what hosts said)\n' \
		"${#left[@]}" "${#job_names[@]}" "${left[*]}" "$hosts_dir/log"
}

# job_cpu prints whole seconds of processors. A job that was killed left none.
job_cpu() { awk '{ printf "%.0f", $1 + $2 }' "$build/cross/$1/cpu" 2>/dev/null || true; }

jobs_cpu() { (cd "$build/cross" && cat "${job_names[@]/%//cpu}" 2>/dev/null) | awk '{ n += $1 + $2 } END { printf "%.0f s", n }'; }

# jobs_over_budget names those that took more than they were to take.
jobs_over_budget() {
	local name cpu over=()
	for name in "${!job_budgets[@]}"; do
		cpu=$(job_cpu "$name")
		((${cpu:-0} <= job_budgets[$name])) || over+=("$name ($cpu of ${job_budgets[$name]} s)")
	done
	((!${#over[@]})) || echo "took more of a CPU than their budgets: $(printf '%s, ' "${over[@]}" | sed 's/, $//')"
}

job_seconds() { cut -d' ' -f2 "$build/cross/$1/result"; }

job_word() {
	local status _ count word=ok
	read -r status _ <"$build/cross/$1/result"
	count=$(cut -d' ' -f1 "$build/cross/$1/counts")
	[[ ! ${job_flaky[$1]:-} ]] || word=flaky
	case $status in
	"$pass") echo "$word $count" ;;
	"$skip") echo skip ;;
	"$timed_out") echo TIME-OUT ;;
	"$cannot_build") echo 'NO BUILD' ;;
	"$dead_guest") echo DEAD ;;
	"$not_run") echo 'NOT RUN' ;;
	*) echo "FAIL $(cut -d' ' -f3 "$build/cross/$1/counts")" ;;
	esac
}

# What the jobs had to note, each once.
jobs_notes() {
	local name
	for name in "${job_names[@]}"; do
		grep '^note: ' "$build/cross/$name/out.log" || true
	done | sort -u
}

# first_reasons N: of what failed, so many lines of why
first_reasons() { awk -v most="$1" '/^\t/ { if (nr++ < most) print; next } { nr = 0; print }'; }

# job_failed NAME: not if it was skipped, or there was nothing to run
job_failed() {
	local status _
	read -r status _ <"$build/cross/$1/result"
	[[ $status != "$pass" && $status != "$skip" && $status != "$cannot_build" && $status != "$not_run" ]]
}

# What guests do depends on what else their machine does. jobs_run_again runs a few that
# failed once more, one at a time: those that pass then are flaky. That is no failure of
# this run, but stays one in $build/history, where each test that has failed has a line.
jobs_run_again() {
	local name failed=()
	for name in "${job_names[@]}"; do
		! job_failed "$name" || failed+=("$name")
	done
	for name in "${failed[@]}"; do
		((${#failed[@]} > jobs_again_most)) || [[ ! ${job_repeats[$name]:-} ]] || ! hosts_can "$name" || job_run_again "$name"
		job_keep_history "$name"
	done
}

job_run_again() {
	local dir=$build/cross/$1
	rm -rf "$dir/first"
	mkdir "$dir/first"
	cp -r "$dir"/*.log "$dir"/{result,counts} "$dir"/guest-* "$dir/first" 2>/dev/null || true
	echo "$1 is run again, by itself"
	jobs_run "$1"
	# Its host is gone: what there was before is what is known.
	[[ $(<"$dir/result") != "$not_run "* ]] || cp -r "$dir/first/." "$dir"
	job_failed "$1" || job_flaky[$1]=yes
}

# job_keep_history NAME adds lines "DATE JOB TEST failed|flaky".
job_keep_history() {
	local log=$build/cross/$1/out.log word=failed tests test
	[[ ! ${job_flaky[$1]:-} ]] || log=$build/cross/$1/first/out.log word=flaky
	tests=$(sed -nE 's/^not ok [0-9]+ (- )?//p' "$log" 2>/dev/null) || true
	while IFS= read -r test; do
		printf '%s\t%s\t%s\t%s\n' "$(date '+%F %T')" "$1" "${test:--}" "$word"
	done <<<"$tests" >>"$build/history"
}

# What the failed jobs have to say, and where to read on. What failed comes first, so the
# more that is, the less is said of why.
jobs_failures() {
	local name status all said reasons most=60 log _
	for name in "${job_names[@]}"; do
		read -r status _ <"$build/cross/$name/result"
		log=$build/cross/$name/out.log
		if [[ ${job_flaky[$name]:-} ]]; then
			log=$build/cross/$name/first/out.log
			printf '\n%s, which passed when it was run again: %s\n' "$name" "$log"
		elif ((status != pass && status != skip && status != not_run)); then
			printf '\n%s: %s\n' "$name" "$log"
		else
			continue
		fi
		all=$(grep -E '^(FAILED|error|not ok|	)' "$log") || true
		for reasons in 99 15 7 4 2 1 0; do
			said=$(first_reasons "$reasons" <<<"$all")
			(($(wc -l <<<"$said") > most)) || break
		done
		head -n "$most" <<<"$said" | sed 's/^/	/'
	done
}

# The sum of all jobs, as the last line; fails if any job did.
jobs_sum() {
	local name passed failed skipped p f s _
	passed=0 failed=0 skipped=0
	for name in "${job_names[@]}"; do
		read -r p _ f _ s _ <"$build/cross/$name/counts"
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	done
	echo "$passed passed, $failed failed, $skipped skipped" | tee "$build/cross/counts"
	((failed == 0))
}
