#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# files.sh before|patched|after NAME - do three files count together how often they were read?

times() { sed -n 's/^read \([0-9]*\) times$/\1/p' "$1"; }

case $1 in
patched)
	first=$(times /proc/loadavg)
	[ "$first" ] && [ "$(times /proc/uptime)" -gt "$first" ] && [ "$(times /sys/kernel/fscaps)" -gt $((first + 1)) ] &&
		grep -qx 'file 1' /proc/loadavg && grep -qx 'file 2' /proc/uptime
	;;
*) ! grep -q '^read\|^file' /proc/loadavg /proc/uptime /sys/kernel/fscaps ;;
esac || { cat /proc/loadavg /proc/uptime /sys/kernel/fscaps && exit 1; }
