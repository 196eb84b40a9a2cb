# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What benchmarks find: a line of the guest, "result NAME=VALUE...", for each figure.

# figures_of NAME DIR prints those of a cell, with what was measured: whose they are comes first, what
# the kernel and its compiler are last.
figures_of() {
	local built
	built=$(awk '
		$1 == "Linux" { printf " release=%s", $2 }
		$1 == "gcc" || $1 == "clang" { printf " compiler=%s-%s", $1, $2 }' "$2/versions" 2>/dev/null || true)
	sed -n "s/\r\$//
		/^result system=/!s/^result /result system=xlp /
		s|^result \(.*\)|arch=${1%%-*} kernel=${1#*-} \1$built|p" "$2/verdict.log" 2>/dev/null || true
}
