# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# What the benchmarks of transitions share: one patch, by xlp or by the kernel's
# own live patching, and the clock of the kernel's log. Each result is a line:
#
#	result system=SYSTEM case=CASE tasks=N functions=N ms=N
#
# A space in CASE is written as +.

suite=${0%/*}/../suite
modules=$suite/modules
# How often the same is measured, for the median.
# shellcheck disable=SC2034
rounds=5

# What is logged has to be on record, not on a serial port: printing takes as
# long as looking at tasks does. Warnings still go there, for the judge.
echo N > /sys/module/printk/parameters/ignore_loglevel
dmesg -n 5

# One more line when all tasks have moved, before hooks are dropped, from a kernel
# that has one.
echo 'func klp_complete_transition +p' 2>/dev/null > /sys/kernel/debug/dynamic_debug/control

problem() {
	echo "problem: $*"
	exit 1
}

# What has just been unloaded may keep it for a moment.
unload_xlp() {
	local tries=100

	while [ -d /sys/module/xlp ] && ! rmmod xlp 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || problem "xlp does not unload"
		sleep 0.1
	done
}

# use SYSTEM [DIRECT]: xlp, with a value for its parameter "direct", or in-kernel, alone; fails if
# this kernel does not have it
use() {
	system=$1
	unload_xlp
	if [ "$system" = xlp ]; then
		patch=xlp_bench_xlp
		state=/sys/kernel/xlp/$patch
		insmod "$suite/../xlp.ko" direct="${2:-${XLP_DIRECT:-auto}}" && return
		[ "${2:-}" = always ] || problem "xlp does not load"
		return 1
	fi
	# In compat mode xlp makes a link of that name.
	[ -d /sys/kernel/livepatch ] && [ ! -L /sys/kernel/livepatch ] || return
	patch=xlp_bench_klp
	state=/sys/kernel/livepatch/$patch
}

mark() {
	echo "<6>xlp-bench: $1" > /dev/kmsg
}

settle() {
	while [ "$(cat "$state/transition" 2>/dev/null)" = 1 ]; do
		sleep 0.05
	done
}

# patch_on PARAMETER=VALUE...: of the patch module, and until it is in effect
patch_on() {
	mark begin
	insmod "$modules/$patch.ko" "$@" || problem "$patch $* does not load"
	mark returned
	settle
}

patch_off() {
	mark begin
	echo 0 > "$state/enabled" || problem "$patch cannot be disabled"
	mark returned
	settle
}

unload() {
	until rmmod "$patch" 2>/dev/null; do
		sleep 0.1
	done
}

# took FROM TO: milliseconds between the first lines of the log since the last
# "begin" that match; TO may be words that come later, too: the last one counts
took() {
	dmesg | awk -v from="$1" -v to="$2" '
		match($0, /[0-9]+\.[0-9]+\]/) { now = substr($0, RSTART, RLENGTH - 1) }
		/xlp-bench: begin/ { start = end = 0 }
		!start && $0 ~ from { start = now }
		start && $0 ~ to { end = now }
		END { printf "%.3f\n", (end - start) * 1000 }'
}

# How long tasks took to move. xlp says so itself; of the kernel there is the log,
# where "completing" comes before "complete".
moved() {
	if [ "$system" = xlp ]; then
		awk -v patch="$patch" '$1 == patch {
			for (i = 2; i < NF; i++)
				if ($i == "moved_ns")
					printf "%.3f\n", $(i + 1) / 1000000
		}' /sys/kernel/debug/xlp/switches
	elif dmesg | tail -n 20 | grep -q ': completing '; then
		took 'starting .*patching transition' ': completing '
	else
		took 'starting .*patching transition' 'patching complete'
	fi
}

median() {
	sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

# result CASE TASKS FUNCTIONS MS
result() {
	echo "result system=$system case=$1 tasks=$2 functions=$3 ms=$4"
}

# are_asleep BUSY: nobody runs or wants to but BUSY tasks and this shell
are_asleep() {
	local running rest

	# shellcheck disable=SC2034	# the rest of the line
	read -r _ _ _ running rest < /proc/loadavg
	[ "${running%%/*}" -le $(($1 + 1)) ]
}

# with_load ARGUMENTS BUSY COMMAND...: while suite/load runs with ARGUMENTS, and when
# all its tasks are asleep but for BUSY
with_load() {
	local said=/tmp/load.said busy="$2" pid

	# shellcheck disable=SC2086	# words are what is wanted
	"$suite/load" $1 > $said &
	pid=$!
	until grep -qs ready $said; do sleep 0.2; done
	until are_asleep "$busy"; do sleep 0.2; done
	shift 2
	"$@"
	kill $pid
	wait $pid 2>/dev/null || :
	while pidof load > /dev/null; do sleep 0.2; done
}
