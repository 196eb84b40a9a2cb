#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: an instruction is a nanosecond, 1 CPU
# Kernels: sid
#
# What it takes to load xlp.ko, and to switch a patch of 1 to 2,000 functions on and
# off. Busy is what all tasks of the machine have run for, the kernel's threads among
# them, in nanoseconds, so whoever sleeps until RCU lets it go on adds nothing. What
# loading the patch's module takes by itself is measured, and left out.
#
#	result object=vmlinux|module functions=N enable_busy_ns=N enable_wall_ms=N
#		disable_busy_ns=N disable_wall_ms=N
#	result object=xlp.ko functions=0 enable_busy_ns=N enable_wall_ms=N
. "$(dirname "$0")/lib.sh"

counts="1 10 100 500 2000"
chosen=/tmp/chosen
patch=xlp_bench_xlp
state=/sys/kernel/xlp/$patch
target=xlp_bench_functions
quiet_ns=0

# Parts of vmlinux that nobody uses in this guest: what is replaced does nothing.
unused='|mptcp|tcp|udp|udplite|ping|cipso|netlbl|calipso|xfrm|inet|inet6|inetdev|ipv4|ipv6|ip|ip6|ipip|ndisc|mld|fib|fib6|rt6|rt|addrconf|igmp|igmp6|icmp|icmpv6|ethtool|phy|phylink|mdio|devlink|drm|fbcon|hid|usb|hub|scsi|ata|i2c|spi|regulator|edac|nfs|autofs|iommufd|genl|nexthop|nh|seg6|rpl|snmp|hwmon|pps|ptp|watchdog|sfp|switchdev|bond|tc|tcf|qdisc|'

# Busy nanoseconds so far, as of the last switch from one task to another.
ran() {
	sleep 0.01
	sed -n 's/^cpu0 //p' /proc/schedstat | cut -d ' ' -f 7
}

# busy COMMAND...: sets busy_ns to what COMMAND and what comes of it until all is
# quiet has cost, beyond what a machine does by itself meanwhile, and wall_ms to how
# long it took itself
busy() {
	local before

	sleep 2
	before=$(ran)
	mark begin
	"$@" || problem "it fails: $*"
	mark returned
	sleep 5
	busy_ns=$(($(ran) - before - quiet_ns))
	wall_ms=$(took 'xlp-bench: begin' 'xlp-bench: returned')
}

# of_unused FIELD: names in that field that begin so, with a suffix or none
of_unused() {
	awk -v field="$1" -v unused="$unused" '{
		name = $field
		if (index(unused, "|" substr(name, 1, index(name, "_") - 1) "|") && name !~ /\./)
			print name
	}'
}

# choose vmlinux|MODULE: names that ftrace knows and only one symbol has
choose() {
	if [ "$1" = vmlinux ]; then
		of_unused 1 < /sys/kernel/tracing/available_filter_functions | sort -u > $chosen.traced
		of_unused 3 < /proc/kallsyms | sort | uniq -u | sort - $chosen.traced | uniq -d > $chosen.all
	else
		grep -o '^xbf_[0-9]*' /sys/kernel/tracing/available_filter_functions > $chosen.all
	fi
	# In an order that has nothing to do with where they are.
	awk '{ print NR * 7919 % 65521, $1 }' $chosen.all | sort -n | cut -d ' ' -f 2 > $chosen.mixed
	echo "$(wc -l < $chosen.all) functions of $1 to choose from"
}

turn_off() {
	echo 0 > $state/enabled
}

nothing() {
	:
}

# measure OBJECT FUNCTIONS
measure() {
	local object="$1" functions="$2" of=

	[ "$object" = vmlinux ] || of=object=$target
	head -n "$functions" $chosen.mixed > $chosen
	functions=$(wc -l < $chosen)
	busy insmod "$modules/$patch.ko" "names=$chosen" enable=0
	loading=$busy_ns
	loading_ms=$wall_ms
	rmmod $patch
	# shellcheck disable=SC2086	# a word or none
	busy insmod "$modules/$patch.ko" "names=$chosen" $of
	[ "$(cat $state/transition)" = 0 ] || problem "tasks are left behind"
	enable_busy_ns=$((busy_ns - loading))
	enable_wall_ms=$(echo "$wall_ms $loading_ms" | awk '{ print $1 - $2 }')
	busy turn_off
	echo "result object=$object functions=$functions enable_busy_ns=$enable_busy_ns" \
		"enable_wall_ms=$enable_wall_ms disable_busy_ns=$busy_ns disable_wall_ms=$wall_ms"
	unload
}

busy nothing
quiet_ns=$busy_ns
echo "busy while nothing happens, ns: $quiet_ns"
busy insmod "$suite/../xlp.ko"
echo "result object=xlp.ko functions=0 enable_busy_ns=$busy_ns enable_wall_ms=$wall_ms"
insmod "$modules/$target.ko" || problem "no functions to be replaced"
for object in vmlinux module; do
	choose $object
	for functions in $counts; do
		measure $object "$functions"
	done
done
