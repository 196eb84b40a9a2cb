#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# loadavg.sh before|patched|after NAME - does /proc/loadavg say how often it was asked?

case $1 in
patched)
	grep -q '^asked [0-9]* times' /proc/loadavg || exit
	first=$(sed -n 's/^asked \([0-9]*\) .*/\1/p' /proc/loadavg)
	second=$(sed -n 's/^asked \([0-9]*\) .*/\1/p' /proc/loadavg)
	[ "$second" -gt "$first" ]
	;;
*) ! grep -q asked /proc/loadavg ;;
esac || { cat /proc/loadavg && exit 1; }
