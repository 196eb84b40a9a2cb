# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# redirect.sh - every case of the driver called before, while and after something redirects
# the victims; in addition to lib.sh's verbs
#
# The list is written out here, so that a case lost in the driver is missed.
cases="
	int0 int1 int2 int3 int4 int5 int6 int7 int8 int9 int10 int11 int12
	stack_args_none
	struct_small struct_pair struct_large
	struct_default_limit struct_stack_args
	return_small return_pair return_large
	argument_128bit return_128bit
	variadic_none variadic_few variadic_many variadic_va_list
	recursion siblings tail_call_in tail_call_out leaf pointer
	vmlinux_from_module vmlinux_pointer_from_module from_vmlinux
	registers_and_flags hardirq softirq nmi
"
in_rig=$(grep xlp.run= /proc/cmdline)

# Where the answer is another one than "new" while the patch is enabled.
answer_when_patched() {
	if [ "$1" = nmi ] && ! is_fact nmi_traced; then echo old; else echo new; fi
}

# One from outside comes from the rig, a second after it has been asked for.
probe_nmi() {
	if is_fact nmi_from_outside; then
		if [ -z "$in_rig" ]; then
			echo "skip: nobody outside to inject an NMI"
			return
		fi
		echo "xlp-rig: inject-nmi" >&9
	fi
	probe nmi
}

remember() {
	eval "$1_$2=\$3"
}

recall() {
	eval "echo \"\$$1_$2\""
}

# What every case answers in PHASE: before, patched or after.
ask_all() {
	local case

	for case in $cases; do
		case $case in
		nmi)	remember "$1" nmi "$(probe_nmi)" ;;
		*)	remember "$1" "$case" "$(probe "$case")" ;;
		esac
	done
	remember "$1" cmdline "$(cat /proc/cmdline)"
	remember "$1" total "$(meminfo MemTotal)"
	remember "$1" rest "$(meminfo CommitLimit) $(meminfo VmallocTotal)"
}

meminfo() {
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# The replacement reports this many pages; user space does not know their size.
is_replaced_total() {
	case $(($1 / 0x1234)) in
	4|8|16|32|64)	[ $(($1 % 0x1234)) = 0 ] && echo yes ;;
	*)		echo no ;;
	esac
}

judge() {
	local answer phase

	for phase in before patched after; do
		answer=$(recall $phase "$1")
		case $answer in
		"skip: "*)	skip "${answer#skip: }"; return ;;
		esac
		case $phase in
		patched)	expect "$(answer_when_patched "$1")" echo "$answer" ;;
		*)		expect old echo "$answer" ;;
		esac
	done
}

judge_all() {
	local case

	for case in $cases; do
		scenario "$case"
		judge "$case"
	done
	scenario "vmlinux calls a function of its own through a pointer"
	expect "xlp_test replaced this line" recall patched cmdline
	expect "$(recall before cmdline)" recall after cmdline

	scenario "vmlinux calls a function of its own directly"
	expect no is_replaced_total "$(recall before total)"
	expect yes is_replaced_total "$(recall patched total)"
	expect "$(recall before total)" recall after total

	scenario "and finds its own data afterwards"
	expect "$(recall before rest)" recall patched rest
	expect "$(recall before rest)" recall after rest
}

# How many scenarios that is.
# shellcheck disable=SC2086 # words are meant
count_all() { set -- $cases; echo $(($# + 3)); }
