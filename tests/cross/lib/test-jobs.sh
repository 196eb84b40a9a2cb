# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests the jobs of make check: their order, their budgets, and the reports.

# shellcheck source-path=SCRIPTDIR/..
# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# One job at a time, and one that mostly sleeps beside them: it waits for the second.
asleep_beside() {
	local dir=$scratch/jobs/cross
	mkdir -p "$dir"/{first,second,asleep}
	cat >"$scratch/job" <<-'EOF'
		#!/bin/sh
		dir=$1/$2
		case $2 in
		first) [ ! -e "$1/second/begun" ] ;;
		second) : >"$dir/begun" ;;
		asleep) timeout 20 sh -c 'until [ -e "$0" ]; do sleep 0.1; done' "$1/second/begun" ;;
		esac
		echo "$? 0" >"$dir/result"
		echo '1 passed, 0 failed, 0 skipped' >"$dir/counts"
	EOF
	chmod +x "$scratch/job"
	(
		# shellcheck disable=SC2030	# for what runs in here
		JOBS=
		. "$rig/lib/jobs.sh"
		# shellcheck disable=SC2030
		build=$scratch/jobs lane_room[busy]=1
		job_add first "$scratch/job" "$dir" first
		job_add_asleep asleep "$scratch/job" "$dir" asleep
		job_add second "$scratch/job" "$dir" second
		jobs_run
	) >"$scratch/out"
	# shellcheck disable=SC2031
	[[ $(cat "$dir"/*/result | sort -u) == '0 0' ]] || { complain "$(<"$scratch/out")"; return 1; }
	# What a job took of a CPU is told apart from what it said.
	# shellcheck disable=SC2031
	[[ $(cat "$dir"/*/cpu | grep -cE '^[0-9.]+ [0-9.]+$') == 3 && ! -s $dir/first/out.log ]] ||
		complain "cpu: $(cat "$dir"/*/cpu "$dir"/first/out.log)"
}

# A program of this machine that its compiler does not take: a failure, with the reason.
job_not_built() {
	local copy=$scratch/copy/tests/cross
	mkdir -p "$copy"
	cp -r "$rig"/{ktap-job,judge,lib} "$copy"
	cat >"$scratch/job" <<-'EOF'
		#!/bin/sh
		echo '#warning is no error' >&2
		echo "world.c:3:7: error: 'wrold' undeclared" >&2
		exit 125
	EOF
	chmod +x "$scratch/job"
	"$copy/ktap-job" world "$scratch/job" >"$scratch/out" 2>/dev/null
	printed 'FAILED: world does not build' && printed "	world.c:3:7: error: 'wrold' undeclared" &&
		! grep -q warning "$scratch/out" &&
		[[ $(<"$scratch/copy/build/cross/world/counts") == '0 passed, 1 failed, 0 skipped' ]] &&
		grep -q '^125 ' "$scratch/copy/build/cross/world/result" || complain "$(<"$scratch/out")"
}

# Of two jobs one takes more of a CPU than it was to take.
over_budget() {
	local dir=$scratch/jobs/cross
	cat >"$scratch/job" <<-'EOF'
		#!/bin/sh
		i=0
		while [ $i -lt "$3" ]; do i=$((i + 1)); done
		echo "0 0" >"$1/$2/result"
		echo '1 passed, 0 failed, 0 skipped' >"$1/$2/counts"
	EOF
	chmod +x "$scratch/job"
	(
		. "$rig/lib/jobs.sh"
		# shellcheck disable=SC2030	# for what runs in here
		build=$scratch/jobs
		job_add little "$scratch/job" "$dir" little 1
		job_add much "$scratch/job" "$dir" much 2000000
		job_budget little 60
		job_budget much 0
		jobs_run
		jobs_over_budget
	) >"$scratch/out"
	grep -q '^little .* 0 of 60 s of a CPU' "$scratch/out" && printed 'took more of a CPU than their budgets: much (' &&
		! grep -q 'budgets.*little' "$scratch/out" || complain "$(<"$scratch/out")"
}

longest_first() {
	(
		. "$rig/lib/jobs.sh"
		job_budget short 30
		job_budget longest 900
		job_budget long 120
		jobs_longest_first any short long longest all
		jobs_longest_first
	) | paste -sd' ' >"$scratch/out"
	[[ $(<"$scratch/out") == "any all longest long short" ]] || complain "$(<"$scratch/out")"
}

# run_again NAME=FAILURES...: jobs that fail so often, and pass then
run_again() {
	local dir=$scratch/jobs/cross name
	rm -rf "$scratch/jobs"
	mkdir -p "$dir"
	cat >"$scratch/job" <<-'EOF'
		#!/bin/sh
		mkdir -p "$1/$2" && echo >>"$1/$2/runs"
		[ "$(wc -l <"$1/$2/runs")" -gt "$3" ]
		status=$?
		[ $status = 0 ] || echo 'not ok 3 a test'
		echo "$status 0" >"$1/$2/result"
		echo "$((1 - status)) passed, $status failed, 0 skipped" >"$1/$2/counts"
		exit $status
	EOF
	chmod +x "$scratch/job"
	(
		JOBS=2
		. "$rig/lib/jobs.sh"
		# shellcheck disable=SC2030	# for what runs in here
		build=$scratch/jobs
		for name; do
			job_add "${name%=*}" "$scratch/job" "$dir" "${name%=*}" "${name#*=}"
			[[ $name == host=* ]] || job_repeat "${name%=*}"
		done
		jobs_run && jobs_run_again
		for name; do
			echo "${name%=*}: $(job_word "${name%=*}")"
		done
		jobs_failures
		jobs_sum
	) >"$scratch/out"
}
passed_when_run_again() {
	run_again good=0 flaky=1 || { complain "$(<"$scratch/out")"; return 1; }
	printed 'good: ok 1' && printed 'flaky: flaky 1' && printed 'flaky, which passed when it was run again' &&
		printed 'not ok 3 a test' && printed '2 passed, 0 failed, 0 skipped' &&
		[[ $(cut -f2- "$scratch/jobs/history") == $'flaky\ta test\tflaky' ]] ||
		{ complain "history: $(<"$scratch/jobs/history")"; return 1; }
	# Twice is no matter of luck, nor is what no guest has to do with.
	! run_again bad=2 host=1 && printed 'bad: FAIL 1' && printed 'host: FAIL 1' &&
		printed '0 passed, 2 failed, 0 skipped' && [[ $(wc -l <"$scratch/jobs/cross/host/runs") == 1 ]] ||
		{ complain "$(<"$scratch/out")"; return 1; }
	! run_again one=1 two=1 three=1 && printed '0 passed, 3 failed' && [[ $(wc -l <"$scratch/jobs/history") == 3 ]]
}

# report_of VERDICT RESULT makes a report of one job that has said that.
report_of() {
	local job=$scratch/r/build/cross/x86_64-sid
	mkdir -p "$job" "$scratch/r/tests"
	[[ -e $scratch/r/tests/cross ]] || ln -s "$rig" "$scratch/r/tests/cross"
	printf '%b' "$1" >"$job/verdict.log"
	echo '1 7.5' >"$job/result"
	echo '1 passed, 1 failed, 1 skipped' >"$job/counts"
	echo 'error: no <disk>' >"$job/out.log"
	printf 'Linux 7\nQEMU 10\n' >"$job/versions"
	sed "s,^rig=.*,rig=$rig," "$rig/lib/base.sh" >"$scratch/r/base.sh"
	sed "s,^[.] .*,. $scratch/r/base.sh; build=$scratch/r/build," "$rig/report" >"$scratch/r/report"
	bash "$scratch/r/report" x86_64-sid "$2"
}
report_made() {
	local dir=$scratch/r/build/report good='    # Subtest: a\n    ok 1 one\n    # was <2> "& 3"\n    not ok 2 two\n    ok 3 three # SKIP no CPU\n# a: 5 s\nnot ok 1 a\nok 2 b\n'
	report_of "$good" 'FAIL 1' && cp "$dir/report.txt" "$scratch/out" &&
		printed 'x86_64-sid: a: two' && printed '      was <2> "& 3"' && printed 'Linux 7; QEMU 10' &&
		grep -q '<failure message="was &lt;2&gt; &quot;&amp; 3&quot;">' "$dir/junit.xml" &&
		grep -q '<skipped message="no CPU"/>' "$dir/junit.xml" && (($(grep -c '<testcase' "$dir/junit.xml") == 4)) &&
		grep -qF '{"test": "a", "number": 2, "status": "fail", "title": "two", "reasons": ["was <2> \"& 3\""]}' "$dir/report.json" &&
		grep -qF '<td class="fail">1, failed 1, skipped 1 <small>5 s</small>' "$dir/index.html" ||
		{ complain "$(cat "$dir"/report.{txt,json} "$dir"/junit.xml)"; return 1; }
	[[ ! -s $dir/changes.tsv ]] && report_of "${good/not ok 2 two/ok 2 two}" 'ok 3' &&
		[[ $(<"$dir/changes.tsv") == $'passes\tx86_64-sid\ta\ttwo' ]] ||
		{ complain "changes: $(<"$dir/changes.tsv")"; return 1; }
	# Nothing was said: it counts, and says why.
	report_of '' 'NO BUILD' && cp "$dir/report.txt" "$scratch/out" && printed 'x86_64-sid: -: NO BUILD' && printed 'error: no <disk>'
}
# kcidb_bad PATTERN REPLACEMENT [NR]: a kcidb.json with that in it is not what the schema takes.
kcidb_bad() {
	sed "s,$1,$2,${3:-}" "$scratch/good.json" >"$scratch/bad.json"
	! cmp --silent "$scratch/good.json" "$scratch/bad.json" || complain "there is no $1" || return
	! /usr/bin/python3 -W ignore -m jsonschema --instance "$scratch/bad.json" "$rig/kcidb.schema.json" >/dev/null 2>&1 ||
		complain "the schema takes $1 made $2"
}
kcidb_form() {
	local dir=$scratch/r/build/report verdict
	"$rig/setup" -n python3-jsonschema=/usr/lib/python3/dist-packages/jsonschema || return
	verdict='    # Subtest: a\n    ok 1 one\n    # was \0134 <2> "& 3" \0377\0001\n    not ok 2 two: 2\n    ok 3 three # SKIP no CPU\n# a: 5 s\nnot ok 1 a\nok 2 b\n'
	export KCIDB_ORIGIN=lab_1
	report_of "$verdict" 'FAIL 1' && cp "$dir/kcidb.json" "$scratch/good.json" && cp "$dir/kcidb.json" "$scratch/out" &&
		printed '"path": "xlp.a.two_2", "status": "FAIL", "comment": "two: 2"' && printed '"path": "xlp.a.three", "status": "SKIP"' &&
		printed '"path": "xlp.a", "status": "FAIL", "comment": "a"' && printed '"duration": 5' &&
		printed '"log_excerpt": "was \\ <2> \"& 3\"  \n"' && printed '"architecture": "x86_64"' && printed '"config_name": "Linux 7"' || return
	# Whatever is referred to is there, once, and as much can be read of the other JSON.
	/usr/bin/python3 - "$dir/kcidb.json" "$dir/report.json" >"$scratch/out" 2>&1 <<-'EOF' || complain "$(<"$scratch/out")" || return
		import json, sys
		data, report = (json.load(open(name)) for name in sys.argv[1:])
		ids = {kind: [item["id"] for item in data[kind]] for kind in ("checkouts", "builds", "tests")}
		assert all(len(of) == len(set(of)) for of in ids.values()), ids
		assert all(id.startswith("lab_1:") for of in ids.values() for id in of), ids
		assert all(item["checkout_id"] in ids["checkouts"] for item in data["builds"])
		assert all(item["build_id"] in ids["builds"] for item in data["tests"])
		assert [item["status"] for item in data["tests"]] == ["PASS", "FAIL", "SKIP", "PASS", "FAIL"], data["tests"]
		assert len(report["jobs"][0]["results"]) == 4
	EOF
	kcidb_bad '"major": 5' '"major": 6' && kcidb_bad '"status": "PASS"' '"status": "ok"' && kcidb_bad '"path": "xlp.a"' '"path": "xlp. a"' &&
		kcidb_bad '"build_id": "[^"]*"\, ' '' && kcidb_bad '"id": "lab_1:' '"id": "' && kcidb_bad '"duration"' '"seconds"' &&
		kcidb_bad '"duration": 5' '"duration": "5"' && kcidb_bad '"origin": "lab_1"' '"origin": "Lab 1"' && kcidb_bad '"minor": 3' '"minor": 4' || return
	# What has not been run is told from what failed, and what the report cannot say from what it can.
	report_of '' 'NOT RUN' && grep -q '"path": "xlp", "status": "MISS"' "$dir/kcidb.json" || complain "$(<"$dir/kcidb.json")" || return
	sed -i 's,"major": 5,"major": 4,' "$scratch/good.json"
	refused "good.json is not what KCIDB takes" in_own_shell kcidb_checked "$scratch/good.json" &&
		refused "bad KCIDB_ORIGIN 'my lab'" timeout 20 env KCIDB_ORIGIN='my lab' "$rig/check"
}
# shellcheck disable=SC2034,SC1090	# dir is for what is sourced
kcidb_checked() {
	dir=$scratch
	. <(sed -n '/^kcidb_check()/,/^}/p' "$rig/report")
	kcidb_check "$1"
}
support_table() {
	printf '%s\t%s\t9\t5\t%d\t%d\t0\t%s\n' rig 'ok 3' 3 0 '' arm64-sid 'FAIL 1' 4 1 'Linux 7.2-arm64 (7.2, sid); QEMU 10' \
		x86_64-sid 'ok 1' 1 0 'Linux 7.2-amd64 (7.2, sid)' arm64-trixie 'ok 1' 1 0 'Linux 6.12-arm64 (6.12, trixie)' \
		direct/arm64-trixie 'ok 1' 1 0 'Linux 6.12-arm64 (6.12, trixie)' selftests/arm64-sid 'FAIL 2' 36 2 'Linux 7.2-arm64 (7.2, sid)' >"$scratch/jobs.tsv"
	printf 'case\t%s\t%s\t1\t%s\tx\n' arm64-sid many ok arm64-sid stack fail arm64-sid stack skip arm64-sid stop ok \
		arm64-trixie admins ok direct/arm64-trixie many ok x86_64-sid many ok rig judge_good ok >"$scratch/cases.tsv"
	awk -f "$rig/lib/report/support.awk" "$scratch"/{jobs,cases}.tsv >"$scratch/out"
	[[ $(wc -l <"$scratch/out") == 6 ]] && printed "| | kernel | redirect | modules | beside tracers |" &&
		printed '| arm64 | 7.2-arm64 | 1/2 | - | - | - | - | 1/1 |' && printed '| - | - | 36/38 |' &&
		[[ $(sed -n 4p "$scratch/out") == '| arm64 | 6.12-arm64 | - |'*'| 1/1 | - | - |' ]] &&
		[[ $(sed -n 5p "$scratch/out") == '| arm64, direct | 6.12-arm64 | 1/1 | - |'* ]] || complain "$(<"$scratch/out")"
}
# room_of_asleep [JOBS [SECONDS [ADD]]]: when none is left that mostly sleeps one more of the others
# runs, and no third one
room_of_asleep() {
	local dir=$scratch/jobs/cross
	rm -rf "$dir"
	mkdir -p "$dir"/{first,second,third,asleep}
	cat >"$scratch/job" <<-'EOF'
		#!/bin/sh
		begun() { timeout "$1" sh -c 'until [ -e "$0" ]; do sleep 0.1; done' "$2"; }
		case $2 in
		asleep) : ;;
		first) begun "$3" "$1/second/begun" && sleep 2 ;;
		second) : >"$1/second/begun"; ! begun 1 "$1/third/begun" ;;
		third) : >"$1/third/begun" ;;
		esac
		echo "$? 0" >"$1/$2/result"
	EOF
	chmod +x "$scratch/job"
	(
		# shellcheck disable=SC2030	# for what runs in here
		JOBS=${1:-}
		. "$rig/lib/jobs.sh"
		# shellcheck disable=SC2030
		build=$scratch/jobs lane_room[busy]=1
		"${3:-job_add_asleep}" asleep "$scratch/job" "$dir" asleep
		job_add first "$scratch/job" "$dir" first "${2:-20}"
		job_add second "$scratch/job" "$dir" second
		[[ ${3:-} ]] || job_add third "$scratch/job" "$dir" third
		jobs_run
	) >"$scratch/out"
	# shellcheck disable=SC2031
	[[ $(cat "$dir"/*/result | sort -u) == '0 0' ]] || complain "$(<"$scratch/out")"
}
# Neither with JOBS=1, nor where there was no such job.
jobs_one_at_a_time() {
	# shellcheck disable=SC2031	# it was changed in a subshell
	local dir=$scratch/jobs/cross late=$'124 0\n0 0'
	! room_of_asleep 1 1 >/dev/null && [[ $(cat "$dir"/{first,second}/result) == "$late" ]] &&
		! room_of_asleep '' 1 job_add >/dev/null && [[ $(cat "$dir"/{first,second}/result) == "$late" ]]
}
# failures NR REASONS: what the summary of a run has of a job with so many failures
failures() {
	local i job=$scratch/jobs/cross/a
	(
		. "$rig/lib/jobs.sh"
		# shellcheck disable=SC2030	# for what runs in here
		build=$scratch/jobs job_names=(a)
		mkdir -p "$job"
		echo "$fail 1.0" >"$job/result"
		for ((i = 1; i <= $1; i++)); do
			printf 'FAILED: %d\n' "$i"
			printf '\twhy\n%.0s' {1..15}
		done >"$job/out.log"
		jobs_failures >"$scratch/out"
	)
	(($(grep -c FAILED "$scratch/out") == $1)) || complain "not all of $1 failures: $(<"$scratch/out")" || return
	(($(grep -c why "$scratch/out") == $2)) || complain "reasons of $1 failures: $(<"$scratch/out")"
}
# Reasons must not push a failure out.
reasons_make_room() { failures 1 15 && failures 3 45 && failures 5 35 && failures 10 40 && failures 40 0; }

rig_tests+=' asleep_beside room_of_asleep jobs_one_at_a_time reasons_make_room passed_when_run_again
	report_made support_table over_budget longest_first job_not_built kcidb_form'
