# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# lib.sh - the verbs that tests are written in, see README.md
#
# In an emulated guest a process takes longer than most of what is tested, so verbs that
# are used all the time do with few: read and case instead of cat, grep and sed.
#
# A test sources this file, says how many scenarios it has (plan), goes through
# them (scenario, then verbs) and ends with done_testing. A verb that does not
# get what it wants fails the scenario and prints why; the others go on.

unset CDPATH
suite=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$0" .sh)
name=${name#test-}
modules=${XLP_MODULES:-$suite/modules}
sysfs=/sys/kernel/xlp
debug=/sys/kernel/debug/xlp_test
slow=1			# how many times as long as usual things may take here
patience=10		# seconds to wait for what happens in the background

planned=0
number=0		# of the scenario
title=
failed=
skipped=
any_failed=
loaded=			# modules this test has loaded, last one first
message=		# what the last insmod or rmmod said

# How often insmod tries what is refused: busybox's does it twice.
insmod_attempts=1
! insmod --help 2>&1 | grep -q BusyBox || insmod_attempts=2

# dash's own echo does not say why a file has not taken something. A program takes longer.
say='echo'
[ ! -c /dev/full ] || case $({ echo > /dev/full; } 2>&1) in
*'I/O error'*) say='env LC_ALL=C echo' ;;
esac

# With lockdep and KASAN, in emulation.
case $(uname -r) in
*debug*)
	# shellcheck disable=SC2034	# for tests
	slow=10
	patience=100
	;;
esac

# amount SHORT FULL: of what a test does again and again. XLP_LEVEL=short is for an answer soon:
# every scenario, with little of what could be any number.
amount() {
	case ${XLP_LEVEL:-full} in
	short) echo "$1" ;;
	*) echo "$2" ;;
	esac
}

### What the kernel looks like ################################################

mount_once() {
	grep -q " $3 $1 " /proc/mounts || mount -t "$1" "$1" "$3" 2>/dev/null
}

mount_filesystems() {
	mount_once debugfs debugfs /sys/kernel/debug
	tracing=/sys/kernel/tracing
	[ -d $tracing ] || tracing=/sys/kernel/debug/tracing
	[ -e $tracing/enabled_functions ] ||
		mount -t tracefs tracefs $tracing 2>/dev/null
}

# xlp's own list, where it does not catch calls through ftrace.
own_hooks=/sys/kernel/debug/xlp/hooks

list_hooks() {
	cat "$tracing/enabled_functions" $own_hooks 2>/dev/null
}

# Functions with a hook and how many want it; the rest of a line may change.
hooked() {
	# Most of the time there is none.
	[ -e $own_hooks ] || read -r _ < "$tracing/enabled_functions" || return 0
	list_hooks | sed 's/^\([^(]*([0-9]*)\).*/\1/' | sort
}

# What xlp and ftrace say of it all, for whoever reads of a failure and has no guest any more.
tell_hooks() {
	local file

	for file in /sys/kernel/debug/xlp/functions /sys/kernel/debug/xlp/switches \
		    $own_hooks "$tracing/enabled_functions"; do
		[ ! -e "$file" ] || head -n 40 "$file" | sed "s/^/# ${file##*/}: /"
	done
}

hooks_of() {
	list_hooks | grep "^$1 " |
		sed 's/^[^(]*(\([0-9]*\)).*/\1/'
}

# The kernel log since a scenario began, the current one unless told.
log() {
	dmesg | sed -n "/xlp_test: $name $$ ${1:-$number}\$/,\$ {
		s/^\(<[0-9]*>\)*\(\[[^]]*\] *\)*//
		p
	}"
}

# What is in a file of a few lines; without a process of its own, as this is what tests
# do most.
value() {
	local line

	while IFS= read -r line || [ -n "$line" ]; do
		echo "$line"
	done < "$1"
}

# Who answers when the target module calls its xt_leaf() (or another function)?
world() {
	value "/sys/module/xlp_test_target/parameters/${1:-leaf}"
}

probe() {
	value "$debug/cases/$1"
}

mode() {
	# shellcheck disable=SC2012 # busybox has no other way, names are plain
	ls -ld "$1" | cut -c 2-10
}

present() {
	if [ -e "$1" ]; then echo yes; else echo no; fi
}

# is_asleep PID: uninterruptibly
is_asleep() {
	local state

	read -r _ _ state _ < "/proc/$1/stat" && [ "$state" = D ]
}

# symbols NAME: the lines of /proc/kallsyms whose symbol begins so. It has some 200,000
# lines, in which busybox's grep finds a fixed string ten times faster than a pattern.
symbols() {
	grep -F " $1" /proc/kallsyms
}

has_function() {
	symbols "$1" | grep -q " [tT] $1\([[:space:]]\|\$\)"
}

# A kernel without CONFIG_KALLSYMS_ALL lists functions only. Which section a variable
# is in, and so its letter, is the kernel's own affair.
lists_data() {
	symbols max_threads | grep -q ' max_threads$'
}

# fact NAME: what modules/arch_NAME.h says of this architecture, as xlp_test_arch has it. A test
# that asks for what nobody has said ends.
facts=/sys/module/xlp_test_arch/parameters

fact() {
	local said

	if read -r said < "$facts/$1"; then
		echo "$said"
	else
		echo "# there is no fact '$1': see xlp_test_arch.c" >&2
		kill $$
	fi
}

# is_fact NAME: one that is so, or not
is_fact() {
	case $(fact "$1") in
	Y)	return 0 ;;
	*)	return 1 ;;
	esac
}

### Results ###################################################################

comment() {
	echo "# $*"
}

problem() {
	comment "$*"
	failed=yes
}

# Ends the scenario: what remains of it would be meaningless.
skip() {
	skipped=$*
}

report_scenario() {
	[ -n "$title" ] || return 0
	if [ -n "$failed" ]; then
		any_failed=yes
		log | grep -v 'xlp_test: ' | tail -n 20 | sed 's/^/# log: /'
		tell_hooks
		echo "not ok $number $title"
	elif [ -n "$skipped" ]; then
		echo "ok $number $title # SKIP $skipped"
	else
		echo "ok $number $title"
	fi
	title=
}

# plan COUNT: of scenarios; the comparison at the end is one more
plan() {
	planned=$(($1 + 1))
	echo "1..$planned"
}

scenario() {
	report_scenario
	number=$((number + 1))
	title=$*
	failed=
	skipped=
	echo "xlp_test: $name $$ $number" > /dev/kmsg
}

skip_all() {
	trap - EXIT
	restore_settings
	echo "1..0 # SKIP $*"
	exit 4
}

done_testing() {
	report_scenario
	exit 0
}

### Verbs #####################################################################

# nap SECONDS: a sleep without a process, where the shell can read with a time-out from what
# never says anything; in an emulated guest a process takes 10 ms of a CPU.
nap() { sleep "$1"; }

nap_without_process() {
	local quiet

	quiet=$(mktemp -u) && mkfifo "$quiet" && exec 8<>"$quiet" && rm "$quiet" || return
	# A shell that does not know -t says 2.
	# shellcheck disable=SC3045
	(read -r -t 0.01 _ <&8) 2>/dev/null
	[ $? != 2 ] || return
	# shellcheck disable=SC3045
	nap() { read -r -t "$1" _ <&8 || :; }
}
nap_without_process

# eventually COMMAND...: succeeds within $patience seconds. Most of what is waited for
# happens at once, so the first tries follow each other more closely.
eventually() {
	local tries=0

	while [ $tries -lt $((patience * 10 + 8)) ]; do
		"$@" && return 0
		if [ $tries -lt 10 ]; then nap 0.02; else nap 0.1; fi
		tries=$((tries + 1))
	done
	# What is stuck needs no long wait the next time.
	patience=1
	return 1
}

# expect WANT COMMAND...: what it prints
expect() {
	local want="$1" got

	shift
	got=$("$@" 2>&1)
	[ "$got" = "$want" ] || problem "$*: '$got' instead of '$want'"
}

prints() {
	local want="$1"

	shift
	[ "$("$@" 2>&1)" = "$want" ]
}

# expect_soon WANT COMMAND...: the same for what happens in the background
expect_soon() {
	eventually prints "$@" || expect "$@"
}

# expect_log PATTERN: one line of the log since the scenario began; or, where insmod
# makes a second attempt after a refusal, the same twice, but for how often something
# was tried
expect_log() {
	log | grep -e "$1" | awk -v most=$insmod_attempts '
		{ sub(/ \([0-9]* checks, [0-9]* stops\)$/, "") }
		NR > 1 && $0 != previous { differ = 1 }
		{ previous = $0 }
		END { exit (NR == 0 || differ || NR > most) }' ||
		problem "$(log | grep -c -e "$1") lines of the log match '$1', not one"
}

# find_sample MODULE: sets $file of the caller; a sample's file has dashes in its name
find_sample() {
	local sample

	sample=$(echo "$1" | tr _ -)
	for file in "$suite/../samples/$sample.ko" "$suite/../../samples/$sample.ko"; do
		[ ! -e "$file" ] || return 0
	done
	return 1
}

# insert MODULE [PARAMETER=VALUE]...: one of the suite, or a sample
insert() {
	local module="$1" file="$modules/$1.ko"

	shift
	if [ ! -e "$file" ] && ! find_sample "$module"; then
		message="$module.ko is missing"
		return 1
	fi
	message=$(insmod "$file" "$@" 2>&1) || return 1
	loaded="$module $loaded"
}

# xlp.ko itself, for tests in which it goes and comes: run says where it is.
has_xlp() {
	[ -e "${XLP_KO:-}" ]
}

# xlp_is_built_in: only modules have a state
xlp_is_built_in() {
	[ -d /sys/module/xlp ] && [ ! -e /sys/module/xlp/initstate ]
}

# why_no_xlp: why it cannot go and come, where has_xlp fails
why_no_xlp() {
	if xlp_is_built_in; then
		echo "xlp is a part of this kernel"
	else
		echo "no xlp.ko to load again"
	fi
}

unload_xlp() {
	eventually rmmod xlp || problem "xlp.ko does not unload"
}

# load_xlp PARAMETER=VALUE...
load_xlp() {
	insmod "$XLP_KO" ${XLP_DIRECT:+direct="$XLP_DIRECT"} "$@" || problem "xlp.ko does not load"
}

is_settled() {
	local state

	! { read -r state < "$sysfs/$1/transition"; } 2>/dev/null || [ "$state" = 0 ]
}

# settle PATCH: its tasks have changed over
settle() {
	eventually is_settled "$1" ||
		problem "$1 stays in transition: $(cat /sys/kernel/debug/xlp/blocked)"
}

# load MODULE [PARAMETER=VALUE]...: and if it is a patch, until it is in effect
load() {
	insert "$@" || problem "$1 does not load: $message"
	settle "$1"
}

# is_errno ERRNO TEXT: that is what insmod or a shell makes of an error code; C libraries,
# kmod and busybox differ.
is_errno() {
	case $1:$2 in
	EAGAIN:*'Resource temporarily unavailable'*) ;;
	EBUSY:*[Rr]'esource busy'*) ;;
	EDEADLK:*'eadlock'*) ;;
	EEXIST:*'File exists'*) ;;
	EINPROGRESS:*'in progress'*) ;;
	EINVAL:*'Invalid argument'* | EINVAL:*'Invalid parameters'*) ;;
	ENOEXEC:*'Exec format error'* | ENOEXEC:*'nvalid module format'*) ;;
	ENOSPC:*[Nn]'o space left'*) ;;
	ERANGE:*'out of range'* | ERANGE:*'not representable'*) ;;
	ENOMEM:*[Cc]'annot allocate memory'* | ENOMEM:*[Oo]'ut of memory'*) ;;
	EOPNOTSUPP:*[Nn]'ot supported'*) ;;
	ENOENT:*'No such file'* | ENOENT:*'nknown symbol'*) ;;
	ENODEV:*'No such device'* | ENODEV:*nknown*) ;;
	*) return 1 ;;
	esac
}

# said ERRNO WHAT: by whatever has failed last
said() {
	is_errno "$1" "$message" || problem "$2: '$message' instead of $1"
}

# refuse ERRNO MODULE [PARAMETER=VALUE]...: insmod fails and nothing stays
refuse() {
	local errno="$1" module="$2" before

	shift 2
	before=$(hooked)
	if insert "$module" "$@"; then
		problem "$module loaded, $errno was wanted"
		return
	fi
	said "$errno" "$module"
	[ ! -e "/sys/module/$module" ] || problem "/sys/module/$module is there"
	[ ! -e "$sysfs/$module" ] || problem "$sysfs/$module is there"
	expect_soon "$before" hooked
}

# not_loaded MODULE: it has gone, and need not be unloaded
not_loaded() {
	local module rest=

	for module in $loaded; do
		[ "$module" = "$1" ] || rest="$rest $module"
	done
	loaded=$rest
}

# try_to_unload MODULE: rmmod now
try_to_unload() {
	message=$(rmmod "$1" 2>&1) || return 1
	not_loaded "$1"
}

# stays MODULE: it cannot be unloaded
stays() {
	if try_to_unload "$1"; then
		problem "$1 could be unloaded"
		return
	fi
	case $message in
	*temporarily* | *busy* | *'in use'*) ;;
	*) problem "rmmod $1: $message" ;;
	esac
}

unpinned() {
	local references

	{ read -r references < "/sys/module/$1/refcnt"; } 2>/dev/null && [ "$references" = 0 ]
}

# unload MODULE: as soon as nobody needs it any more
unload() {
	eventually unpinned "$1" || problem "$1 stays pinned"
	try_to_unload "$1" || problem "$1 does not unload: $message"
}

write() {
	# shellcheck disable=SC2086	# a list of words
	message=$({ $say "$1" > "$2"; } 2>&1)
}

# enable PATCH, disable PATCH: and until that is so
enable() {
	write 1 "$sysfs/$1/enabled" || problem "enable $1: $message"
	settle "$1"
}

disable() {
	write 0 "$sysfs/$1/enabled" || problem "disable $1: $message"
	settle "$1"
}

# refuse_write ERRNO VALUE FILE
refuse_write() {
	if write "$2" "$3"; then
		problem "$3 took '$2'"
		return
	fi
	said "$1" "'$2' to $3"
}

# set_to VALUE FILE
set_to() {
	write "$1" "$2" || problem "'$1' to $2: $message"
}

use_first_cpu() {
	[ -z "${cpus:-}" ] || return 0
	cpus=$(taskset -p $$ | sed 's/.*: //')
	taskset -p 1 $$ > /dev/null || problem "cannot stay on one CPU"
}

use_all_cpus() {
	[ -z "${cpus:-}" ] || taskset -p "$cpus" $$ > /dev/null ||
		problem "cannot use CPUs $cpus again"
	cpus=
}

# Where a handler of ftrace that gets all registers goes on with another CPU's, whoever calls
# such a function stays where it is.
stay_on_one_cpu() {
	! is_fact entry_changes_cpu || use_first_cpu
}

# why_no_caller [sleeping_]trampoline: why xlp_test_hold, which has said EOPNOTSUPP, is no such direct
# caller here
why_no_caller() {
	local why

	why=$(fact "no_$1")
	echo "${why:-no direct callers in this kernel}"
}

# Then a patched function has no room for other direct callers.
by_direct_calls() {
	[ "${XLP_DIRECT:-}" = always ]
}

# A kernel with PREEMPT_DYNAMIC is made preemptible where it is not, until restore_preemption.
preempt=/sys/kernel/debug/sched/preempt
preempt_before=

make_preemptible() {
	[ -e $preempt ] || return 0
	preempt_before=$(sed 's/.*(\(.*\)).*/\1/' $preempt)
	case $preempt_before in
	none|voluntary)	set_to full $preempt ;;
	*)		preempt_before= ;;
	esac
}

restore_preemption() {
	[ -z "$preempt_before" ] || set_to "$preempt_before" $preempt
	preempt_before=
}

### Before and after ##########################################################

save_settings() {
	ftrace_enabled=$(cat /proc/sys/kernel/ftrace_enabled)
	tracer=$(cat "$tracing/current_tracer")
	tracing_on=$(cat "$tracing/tracing_on")
	hooked_before=$(hooked)
}

# Only kprobe events of ours: others on the machine are none of our business.
remove_kprobe_events() {
	local event

	for event in "$tracing"/events/kprobes/xlp_*; do
		[ -d "$event" ] || continue
		write 0 "$event/enable"
		write "-:kprobes/${event##*/}" "$tracing/kprobe_events"
	done
}

restore_settings() {
	[ -n "${tracer:-}" ] || return 0
	prints "$tracer" cat "$tracing/current_tracer" ||
		write "$tracer" "$tracing/current_tracer"
	remove_kprobe_events
	[ -z "${filtered:-}" ] || : > "$tracing/set_ftrace_filter"
	write "$tracing_on" "$tracing/tracing_on"
	prints "$ftrace_enabled" cat /proc/sys/kernel/ftrace_enabled ||
		write "$ftrace_enabled" /proc/sys/kernel/ftrace_enabled
}

# Modules that a failed scenario left behind.
unload_rest() {
	local module file

	for file in "$debug/wake" "$debug"_tasks/*wake "$debug"_tasks/go_on; do
		[ ! -e "$file" ] || write 1 "$file"
	done
	for module in $loaded; do
		[ ! -e "$sysfs/$module/enabled" ] ||
			write 0 "$sysfs/$module/enabled"
	done
	for module in $loaded; do
		unload "$module"
	done
}

# What no test may leave in the log.
# A log without the line of the first scenario has lost what came before, too.
splats() {
	log 1 | grep -q . || echo "the log has lost the test's beginning"
	log 1 | grep -e 'BUG[: ]' -e 'WARNING:' -e 'Oops' -e 'rcu.*stall' \
		-e 'INFO: task .* blocked' -e 'Unable to handle'
}

# One more result whatever happened before: is everything as it was?
finish() {
	trap - EXIT
	if [ -n "$title" ]; then
		problem "the test ended in the middle of the scenario"
		report_scenario
	fi
	number=$((planned - 1))
	scenario "afterwards everything is as it was"
	unload_rest
	restore_settings
	expect_soon "$hooked_before" hooked
	expect "" splats
	report_scenario
	[ -z "$any_failed" ] || exit 1
	exit 0
}

mount_filesystems
save_settings
# Who runs a test by itself leaves it behind.
[ -d "$facts" ] || insmod "$modules/xlp_test_arch.ko" || exit
# A kernel for which there is no support, of an architecture for which there is, fails.
[ "$name" = narrow ] ||
	! dmesg | grep -q 'xlp: .*redirect: cannot (no support for this architecture)' ||
	skip_all "xlp cannot redirect calls here"
trap finish EXIT
trap 'exit 1' INT TERM
