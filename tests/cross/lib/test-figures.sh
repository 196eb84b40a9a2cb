# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# test-rig: what is said of figures.

# figure RELEASE SYSTEM FUNCTIONS INSTRUCTIONS, as make bench keeps it
figure() {
	printf 'arch=x86_64 kernel=trixie system=%s method=ftrace functions=%s patches=1 phase=steady instructions=%s release=%s compiler=gcc-14\n' \
		"$2" "$3" "$4" "$1"
}

# figure_object does the same for doc/performance.json.
figure_object() { figure "$@" | sed 's/=\([0-9.]*\)\( \|$\)/": \1, "/g; s/=\([^ ]*\) /": "\1", "/g; s/=\(.*\)$/": "\1"}/; s/^/  {"/'; }

# figures_made RELEASE INSTRUCTIONS: of a call, beside a baseline of 45 of which a handler takes 20
figures_made() {
	{
		figure "$1" none 1 4.0
		figure "$1" handler 1 24.0
		figure "$1" xlp 1 "$2"
		figure "$1" xlp 10 50.0
	} >"$scratch/results"
	{
		figure_object 6.12.1+deb13 none 1 4.0
		figure_object 6.12.1+deb13 handler 1 24.0
		figure_object 6.12.1+deb13 xlp 1 45.0
	} >"$scratch/performance.json"
}

figures_said() { "$top/tests/bench/call-check" "$scratch/performance.json" "$scratch/results" >"$scratch/out"; }

# xlp's own are 25 of the 45: 0.7 more are within 3 % of that, 1 more is not.
figures_compared() {
	local own='x86_64 trixie: 1 function, steady: above a handler that does nothing' all='x86_64 trixie: 1 function, steady: all of a call'
	figures_made 6.12.1+deb13 45.7 && figures_said || { complain 'grown by less than 3 %'; return; }
	printed "ok 1 $own" && printed "ok 2 $all" && printed 'ok 3 x86_64 trixie: 10 functions, steady: above a handler that does nothing # SKIP there is no baseline' || return
	figures_made 6.12.1+deb13 46.0 && ! figures_said || { complain 'grown by 4 %'; return; }
	printed "not ok 1 $own" && printed "ok 2 $all" || return
	figures_made 6.12.1+deb13 47.0 && ! figures_said || { complain 'grown by 8 %'; return; }
	printed "not ok 1 $own" && printed "not ok 2 $all" || return
	figures_made 6.12.2+deb13 45.0 && figures_said || { complain 'another kernel'; return; }
	printed "ok 2 $all # SKIP the baseline is of 6.12.1+deb13, gcc-14, this is 6.12.2+deb13, gcc-14" || return
	# xlp's handler may take less than one that does nothing.
	figures_made 6.12.1+deb13 23.0 && sed -i 's/45\.0/23.0/' "$scratch/performance.json"
	figures_said && printed '# of xlp: 3.0' || { complain 'no growth'; return; }
	sed -i '/handler/s/24\.0/28.0/' "$scratch/performance.json" "$scratch/results"
	figures_said && printed '# of xlp: -1.0, the baseline has -1.0' || { complain 'no growth below 0'; return; }
	sed -i '/xlp/s/23\.0/24.0/' "$scratch/results"
	! figures_said && printed "not ok 1 $own" || { complain 'grown from below 0'; return; }
	# Of a direct call all is xlp's own, on any kernel.
	figure_object 6.12.1+deb13 xlp 1 16.0 | sed 's/ftrace/direct/' >"$scratch/performance.json"
	figure 6.12.2+deb13 xlp 1 16.4 | sed 's/ftrace/direct/' >"$scratch/results"
	figures_said && printed 'ok 1 x86_64 trixie: 1 function, steady, direct: of xlp' || return
	sed -i 's/=16.4/=17.0/' "$scratch/results"
	! figures_said || { complain 'a direct call grown by 6 %'; return; }
	# So it is of one that a branch catches, whatever a handler would take.
	figure_object 6.12.1+deb13 xlp 1 7.0 | sed 's/ftrace/branch/' >"$scratch/performance.json"
	figure_object 6.12.1+deb13 handler 1 131.0 >>"$scratch/performance.json"
	figure 6.12.2+deb13 xlp 1 7.0 | sed 's/ftrace/branch/' >"$scratch/results"
	figures_said && printed 'ok 1 x86_64 trixie: 1 function, steady, branch: of xlp' || return
	sed -i 's/=7.0/=8.0/' "$scratch/results"
	! figures_said || { complain 'a branch grown by an instruction'; return; }
	figure_object 6.12.1+deb13 xlp 1 16.0 | sed 's/ftrace/direct/' >"$scratch/performance.json"
	# What is not there any more is no success.
	figure 6.12.2+deb13 none 1 4.0 >"$scratch/results"
	! figures_said && printed 'not ok 1 x86_64 trixie: 1 function, steady, direct: of xlp' ||
		{ complain 'no direct call was counted'; return; }
	figures_made 6.12.1+deb13 45.0
	sed -i '/handler/d' "$scratch/results"
	! figures_said && printed "not ok 1 $own, which the guest has not called" || { complain 'no handler was called'; return; }
	: >"$scratch/results"
	! figures_said && printed 'not ok 1 the guest has counted something' || complain 'nothing was counted'
}

# What was measured anew takes the place of what was there, and nothing else does. A plot takes more
# than two amounts; an architecture of the matrix without figures is named.
figures_written() {
	local doc=$scratch/figures found=$scratch/call.json amount
	mkdir -p "$doc"
	{ echo '[' && figure_object 6.12.1+deb13 xlp 1 45.0 && figure_object 6.12.1+deb13 xlp 100 51.0 && echo ']'; } >"$found"
	DOC=$doc FOUND=$found "$rig/bench-report" >"$scratch/out" 2>&1 || { complain "$(<"$scratch/out")"; return; }
	[[ ! -e $doc/performance-x86_64-trixie.svg ]] || { complain 'a plot of two amounts'; return; }
	{ for amount in 'none 1 4.0' 'handler 1 24.0' 'xlp 1 44.0' 'xlp 10 50.0'; do
		# shellcheck disable=SC2086	# words
		figure_object 6.12.1+deb13 $amount
	done; } >"$found"
	DOC=$doc FOUND=$found "$rig/bench-report" >"$scratch/out" 2>&1 || { complain "$(<"$scratch/out")"; return; }
	grep -c instructions "$doc/performance.json" >"$scratch/out" && printed 5 || return
	cat "$doc/performance.md" >"$scratch/out"
	printed '| x86_64, 6.12.1+deb13, gcc-14 | 1 | 1 | steady | ftrace | 44.0 | - | - | 20.0 |' &&
		printed '| x86_64, 6.12.1+deb13, gcc-14 | 1 | 100 | steady | ftrace | 51.0 |' &&
		printed '| s390, not measured | - |' &&
		printed '    not ok 1 x86_64 trixie: 1 function, steady: above a handler that does nothing' &&
		printed '(performance-x86_64-trixie.svg)' || return
	! grep '^| x86_64, not' "$scratch/out" || { complain 'x86_64 was measured'; return; }
	grep -q '<svg' "$doc/performance-x86_64-trixie.svg" || complain 'there is no plot'
}

bad_figures() {
	refused 'there is no' env BASELINE="$scratch/none.json" "$rig/bench-check" || return
	figures_made 6.12.1+deb13 45.0
	refused 'has no figures of s390, but of x86_64 trixie: to add these, make bench BENCH=call' env BASELINE="$scratch/performance.json" "$rig/bench-check" s390 &&
		refused 'has no figures of x86_64 with sid' env BASELINE="$scratch/performance.json" "$rig/bench-check" x86_64 sid &&
		refused 'but of nothing: to add these' env BASELINE="$top/README.md" "$rig/bench-check" &&
		refused "unknown ARCH 'potato'" env BASELINE="$scratch/performance.json" "$rig/bench-check" potato &&
		refused 'make bench BENCH=call first' env DOC="$scratch" FOUND="$scratch/none.json" "$rig/bench-report"
}

rig_tests+=' figures_compared figures_written bad_figures'
