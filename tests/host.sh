# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the tests of xlp's files on this machine share: each tests/NAME/run of tests/host-tests
# reads this first. It goes to the directory of the test, and takes build/NAME for it alone: a
# second run of the same waits.

unset CDPATH
cd "${0%/*}" || exit 125
build=../../build/$(basename "$(pwd)")
mkdir -p "$build" && exec 9>"$build/lock" && flock 9 || exit 125

# host_headers FILE... makes an empty one of each header of the kernel that they include: the
# kernel.h of a test has it all.
host_headers() {
	sed -n 's,^#include <\(\(linux\|asm\|compat\)/.*\)>$,\1,p' "$@" |
		while read -r header; do
			mkdir -p "$build/include/${header%/*}" && : >"$build/include/$header" || return
		done
}

# host_compile WORD...
host_compile() { "${CC:-gcc}" -std=gnu11 -O2 -g -Wall -Wextra -Wno-unused-parameter "$@"; }

# host_run_each PROGRAM WORD... runs PROGRAM.WORD for each word, which is told the number of its
# first result.
host_run_each() {
	program=$1 number=1 status=0
	shift
	for word; do
		"$program.$word" "$number" >"$build/said" || status=1
		cat "$build/said"
		number=$((number + $(grep -cE '^(not )?ok ' "$build/said")))
	done
	return "$status"
}
