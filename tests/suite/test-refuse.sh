#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Declarations that cannot be right: refused with an error code and one line,
# and nothing stays patched.
. "$(dirname "$0")/lib.sh"

any="^xlp: patch 'xlp_test_any'"
target="object 'xlp_test_target'"
vmlinux="object 'vmlinux'"

# row TITLE ERRNO REST-OF-THE-LINE PARAMETER...
row() {
	local errno="$2" pattern="$3"

	scenario "$1"
	shift 3
	refuse "$errno" xlp_test_any "$@"
	expect_log "$any: $pattern"
	expect old world
}

of_target() {
	local what="$1" errno="$2" pattern="$3"

	shift 3
	row "$what" "$errno" "$target: $pattern" object=xlp_test_target "$@"
}

plan 27
load xlp_test_target

row "a function that vmlinux does not have" ENOENT \
	"$vmlinux: function 'xlp_no_such': " function=xlp_no_such

of_target "a function that a module does not have" ENOENT \
	"function 'xt_no_such': " function=xt_no_such

of_target "an ambiguous name in a module" EINVAL \
	"function 'xt_twin': .*1.*2" function=xt_twin

row "an ambiguous name in vmlinux" EINVAL \
	"$vmlinux: function 'init_once': .*1.*2" function=init_once

of_target "a position past the end in a module" EINVAL \
	"function 'xt_leaf': " function=xt_leaf position=2

of_target "a position past the end of several" EINVAL \
	"function 'xt_twin': " function=xt_twin position=3

row "a position past the end in vmlinux" EINVAL \
	"$vmlinux: function 'si_meminfo': " function=si_meminfo position=2

of_target "a function that is not traced" EINVAL \
	"function 'xt_untraced': " function=xt_untraced

# 64-bit powerpc does not tell a module's init functions from the others.
if has_function xt_gone; then
	scenario "a function of a module's init section"
	skip "this architecture keeps them"
else
	of_target "a function of a module's init section" ENOENT \
		"function 'xt_gone': " function=xt_gone
fi

row "a function of vmlinux's init section" EINVAL \
	"$vmlinux: function 'start_kernel': " function=start_kernel

of_target "one of them in the middle of a batch" EINVAL \
	"function 'xt_untraced': " function=xt_untraced batch=1

of_target "no new function" EINVAL \
	"function 'xt_leaf': " function=xt_leaf fault=null

row "no module" EINVAL "" function=si_meminfo fault=no-module

row "no objects" EINVAL "" function=si_meminfo fault=no-objects

row "an empty list of objects" EINVAL "" function=si_meminfo fault=empty-objects

of_target "no functions" EINVAL "" function=xt_leaf fault=no-functions

of_target "the same function twice" EINVAL \
	"function 'xt_leaf': " function=xt_leaf fault=twice

of_target "the same function twice, once by position" EINVAL \
	"function 'xt_leaf': " function=xt_leaf fault=twice-by-position

of_target "the same object twice" EINVAL \
	"" function=xt_leaf fault=object-twice

row "another binary interface" EINVAL \
	"built for ABI 4[0-9]* .*: rebuild it" function=si_meminfo fault=abi

row "another size of a structure" EINVAL "" function=si_meminfo fault=size

scenario "not marked as a livepatch"
refuse EINVAL xlp_test_unmarked
expect_log "^xlp: module xlp_test_unmarked is not marked as a livepatch module$"

# In its symbol's entry of the table the section comes before the value: 0xfff1, it
# has none, becomes 0xff20, it is left to livepatch.
leave_to_others() {
	local found

	found=$(od -An -v -tx1 "$1" | tr -d ' \n' | awk '{
		value = index($0, "5a5a5a5a5a5a5a5a")
		print (value - 1) / 2 - 2, substr($0, value - 4, 4)
	}')
	case $found in
	*f1ff)	printf '\040\377' ;;
	*fff1)	printf '\377\040' ;;
	esac | dd of="$1" bs=1 seek="${found% *}" conv=notrunc 2>/dev/null
}

scenario "a symbol that is left to livepatch relocations"
load xlp_test_left
disable xlp_test_left
unload xlp_test_left
left=$(mktemp -d "${TMPDIR:-/tmp}/xlp.XXXXXX")
cp "$modules/xlp_test_left.ko" "$left"
leave_to_others "$left/xlp_test_left.ko"
original=$modules
modules=$left
refuse ENOEXEC xlp_test_left
expect_log "^xlp: patch 'xlp_test_left': 'xlp_left_to_others' is left to a livepatch relocation, and nobody applies those: make it an import$"
modules=$original
rm -r "$left"

scenario "the same patch twice"
load xlp_test_any object=xlp_test_target function=xt_leaf fault=again
expect -17 value /sys/module/xlp_test_any/parameters/again
expect_log "$any: "
expect new world
disable xlp_test_any
unload xlp_test_any
expect old world

scenario "ftrace switched off"
set_to 0 /proc/sys/kernel/ftrace_enabled
refuse EBUSY xlp_test_any object=xlp_test_target function=xt_leaf
expect_log "$any: "
set_to 1 /proc/sys/kernel/ftrace_enabled
expect old world

scenario "a function that somebody else redirects"
load xlp_test_hold how=ipmodify function=xt_leaf
refuse EBUSY xlp_test_any object=xlp_test_target function=xt_leaf
expect_log "$any: $target: function 'xt_leaf': "

scenario "the same in the middle of a batch"
refuse EBUSY xlp_test_any object=xlp_test_target function=xt_leaf batch=1
expect_log "$any: $target: function 'xt_leaf': "
unload xlp_test_hold
load xlp_test_any object=xlp_test_target function=xt_leaf batch=1
expect new world
disable xlp_test_any
unload xlp_test_any

done_testing
