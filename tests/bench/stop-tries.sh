#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Guest: wall time, 2 CPUs
# Kernels: bookworm trixie sid
#
# How many stops a switch takes under the load of the test "world": 1,000 tasks
# asleep, 20 busy ones, forks, and every context inside the functions all the time.

said=/tmp/world.said

XLP_SWITCHES=100 "${0%/*}/../suite/run" world > $said
status=$?
# # stop: 113 switches, tries 1:41 2:19, freeze median 876 max 6707 us
# # stop: 0 of 113 switches were refused, in 49 s
tr -d ',' < $said | awk '
	$2 == "stop:" && $4 == "switches" {
		for (i = 6; $i != "freeze"; i++) {
			split($i, tries, ":")
			if (tries[1] == 1)
				first = tries[2]
			if (tries[1] <= 5)
				within += tries[2]
		}
		median = $(i + 2); max = $(i + 4)
	}
	$2 == "stop:" && /were refused/ { refused = $3; all = $5 }
	END {
		if (all)
			printf "result case=tries switches=%d at_first_try=%d within_5_tries=%d refused=%d freeze_median_us=%d freeze_max_us=%d\n",
				all, first, within, refused, median, max
	}'
[ $status = 0 ] || grep '^ *\(not ok\|#\)' $said
exit $status
