#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# sctp-asked.sh before|patched|after NAME - do vmlinux and the module sctp, which is loaded, share a count?

snmp=/proc/net/sctp/snmp
case $1 in
patched)
	asked=$(sed -n 's/^TimesAsked \([0-9]*\) of endpoints in [1-9][0-9]* lists$/\1/p' $snmp)
	[ "$asked" ] && grep -qx "sctp was asked $asked times" /proc/uptime
	;;
*) [ -e $snmp ] && ! grep -q -i asked $snmp /proc/uptime ;;
esac || { tail -n 1 $snmp && cat /proc/uptime && exit 1; }
