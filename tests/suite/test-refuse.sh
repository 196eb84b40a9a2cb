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
	expect_log "$any: $pattern$"
	expect old world
}

of_target() {
	local what="$1" errno="$2" pattern="$3"

	shift 3
	row "$what" "$errno" "$target: $pattern" object=xlp_test_target "$@"
}

# listed COUNT: how a message lists so many symbols of one name, of which it has
# room for eight
listed() {
	local n=1 list=

	while [ $n -le "$1" ] && [ $n -le 8 ]; do
		list="$list${list:+, }$n ([1-9][0-9]* bytes)"
		n=$((n + 1))
	done
	[ "$1" -le 8 ] || list="$list, \.\.\."
	echo "$list"
}

plan 57
load xlp_test_target

uncatchable="its calls cannot be caught (notrace, init or assembly code, or not a function)"

row "a function that vmlinux does not have" EINVAL \
	"$vmlinux: function 'xlp_no_such': not found" function=xlp_no_such

of_target "a function that a module does not have" EINVAL \
	"function 'xt_no_such': not found" function=xt_no_such

of_target "a function that has a number behind its name" EINVAL \
	"function 'xt_promoted': not found; there is 'xt_promoted\.llvm\.4711'" function=xt_promoted

# clone_alone: a function of vmlinux of which there are clones only
clone_alone() {
	local name

	sed -n 's/^[0-9a-f]* [tT] \([a-z][a-z0-9_]*\)\.\(isra\|constprop\|llvm\)\.[0-9]*$/\1/p' /proc/kallsyms |
		head -n 30 | while read -r name; do
			has_function "$name" || { echo "$name" && break; }
		done
}

clone=$(clone_alone)
if [ "$clone" ]; then
	row "a function of vmlinux that has only clones" EINVAL \
		"$vmlinux: function '$clone': not found; there is '$clone\.[a-z0-9.]*'" function="$clone"
else
	scenario "a function of vmlinux that has only clones"
	skip "there is none on this kernel"
fi

of_target "an ambiguous name in a module" EINVAL \
	"function 'xt_twin': ambiguous, 2 symbols have this name; set its position: $(listed 2)" \
	function=xt_twin

same=$(symbols init_once | grep -c ' [tT] init_once$')
row "an ambiguous name in vmlinux" EINVAL \
	"$vmlinux: function 'init_once': ambiguous, $same symbols have this name; set its position: $(listed "$same")" \
	function=init_once

of_target "a position past the end in a module" EINVAL \
	"function 'xt_leaf': position 2 is past the end, 1 symbol has this name" \
	function=xt_leaf position=2

of_target "a position past the end of several" EINVAL \
	"function 'xt_twin': position 3 is past the end, 2 symbols have this name" \
	function=xt_twin position=3

row "a position past the end in vmlinux" EINVAL \
	"$vmlinux: function 'si_meminfo': position 2 is past the end, 1 symbol has this name" \
	function=si_meminfo position=2

# The longest number that the kernel has: its addresses are written in full.
longest=18446744073709551615
[ "$(head -c 9 /proc/kallsyms | tail -c 1)" != ' ' ] || longest=4294967295
of_target "the last position there is" EINVAL \
	"function 'xt_twin': position $longest is past the end, 2 symbols have this name" \
	function=xt_twin fault=last-position

of_target "a function that is not traced" EINVAL \
	"function 'xt_untraced': $uncatchable" function=xt_untraced

# It is not, and on Debian's i386 a weak one that is was behind it, until the linker dropped that.
if has_function read_hv_clock_tsc_cs; then
	row "a function that is not traced, before the rest of one that is" EINVAL \
		"$vmlinux: function 'read_hv_clock_tsc_cs': $uncatchable" function=read_hv_clock_tsc_cs
else
	scenario "a function that is not traced, before the rest of one that is"
	skip "none is known on this kernel"
fi

# 64-bit powerpc does not tell a module's init functions from the others.
if has_function xt_gone; then
	scenario "a function of a module's init section"
	skip "this architecture keeps them"
else
	of_target "a function of a module's init section" EINVAL \
		"function 'xt_gone': not found" function=xt_gone
fi

row "a function of vmlinux's init section" EINVAL \
	"$vmlinux: function 'start_kernel': $uncatchable" function=start_kernel

of_target "one of them in the middle of a batch" EINVAL \
	"function 'xt_untraced': $uncatchable" function=xt_untraced batch=1

of_target "a function without a name" EINVAL "function 1 has no name" \
	function=xt_leaf fault=no-name

of_target "an empty name" EINVAL "function 1 has no name" \
	function=xt_leaf fault=empty-name

of_target "a name too long" EINVAL "function 'x\{32\}\.\.\.': name longer than [1-9][0-9]* characters" \
	function=xt_leaf fault=long-name

of_target "no new function" EINVAL \
	"function 'xt_leaf': no new function" function=xt_leaf fault=null

of_target "a new function that is not the patch's" EINVAL \
	"function 'xt_leaf': the new function is not code of the patch's own module" \
	function=xt_leaf fault=elsewhere

of_target "too many arguments in memory" EINVAL \
	"function 'xt_leaf': 2049 bytes of memory arguments, 2048 are possible" \
	function=xt_leaf fault=arguments

row "an empty name of an object" EINVAL "object '': empty name" object= function=xt_leaf

row "an object's name too long" EINVAL "object 'x\{56,64\}': name longer than a module's can be" \
	function=xt_leaf fault=long-object

row "an object's name with a slash" EINVAL "object 'a/b': no module's name has a slash" \
	object=a/b function=xt_leaf

row "an object's name with a dash" EINVAL \
	"object 'xlp_test-target': no module's name has a dash: it is '_' where the file has one" \
	object=xlp_test-target function=xt_leaf

row "the patch itself as an object" EINVAL "object 'xlp_test_any': is the patch itself" \
	object=xlp_test_any function=any_new

row "a build id that is none" EINVAL \
	"$target: the build id is not two hexadecimal digits for each byte" \
	object=xlp_test_target function=xt_leaf build_id=012

row "a build id of vmlinux" EINVAL "$vmlinux: only modules have a build id to compare" \
	function=cmdline_proc_show build_id=0123

load xlp_cmdline
row "another patch as an object" EINVAL "object 'xlp_cmdline': is a patch itself" \
	object=xlp_cmdline function=patched_cmdline_proc_show
disable xlp_cmdline
unload xlp_cmdline

scenario "a patch that another one waits for as an object"
load xlp_test_any object=xlp_cmdline function=patched_cmdline_proc_show
refuse EINVAL xlp_cmdline
expect_log "^xlp: patch 'xlp_cmdline': patch 'xlp_test_any' has it as an object$"
disable xlp_test_any
unload xlp_test_any

row "vmlinux by name" EINVAL "$vmlinux: vmlinux is meant by leaving the name out" \
	object=vmlinux function=si_meminfo

row "an object that is called as a file of the patch" EINVAL \
	"object 'enabled': name of a file in the patch's sysfs directory" \
	object=enabled function=xt_leaf

row "no patch" EINVAL "no declaration" function=si_meminfo fault=no-patch

row "no module" EINVAL ".mod is not THIS_MODULE" function=si_meminfo fault=no-module

row "another module" EINVAL ".mod is not THIS_MODULE" function=si_meminfo fault=other-module

row "no objects" EINVAL "no objects" function=si_meminfo fault=no-objects

row "an empty list of objects" EINVAL "no objects" function=si_meminfo fault=empty-objects

of_target "no functions" EINVAL "no functions" function=xt_leaf fault=no-functions

of_target "the same function twice" EINVAL \
	"function 'xt_leaf': declared twice" function=xt_leaf fault=twice

of_target "the same function twice, once by position" EINVAL \
	"function 'xt_leaf': declared twice" function=xt_leaf fault=twice-by-position

of_target "the same function twice, with others between" EINVAL \
	"function 'xt_leaf': declared twice" function=xt_leaf fault=twice-apart

of_target "the same function by two names" EINVAL \
	"function 'xt_alias': is the same function as 'xt_named'" function=xt_named fault=two-names

scenario "the same, of a function that another patch replaces"
load xlp_test_nap function=xt_named
refuse EINVAL xlp_test_any object=xlp_test_target function=xt_named fault=two-names
expect_log "$any: $target: function 'xt_alias': is the same function as 'xt_named'$"
disable xlp_test_nap
unload xlp_test_nap
expect old world

of_target "the same object twice" EINVAL \
	"declared twice" function=xt_leaf fault=object-twice

row "a model that does not exist" EINVAL "model 99 is unknown" function=si_meminfo model=99

row "the same state twice" EINVAL "state 7: declared twice" function=si_meminfo fault=states

row "another binary interface" EINVAL \
	"built for ABI 4[0-9] (structures of \([1-9][0-9, ]*\) bytes), xlp has ABI [1-9] (\1): rebuild it" \
	function=si_meminfo fault=abi

row "another size of a structure" EINVAL \
	"built for ABI \([1-9]\) (structures of \([0-9]*, [0-9]*, \)41[0-9]*\(, .*\) bytes), xlp has ABI \1 (\2[1-9][0-9]\3): rebuild it" \
	function=si_meminfo fault=size

scenario "not marked as a livepatch"
refuse EINVAL xlp_test_unmarked
expect_log "^xlp: module xlp_test_unmarked is not marked as a livepatch module$"

# In its symbol's entry of the table the section comes before the value: 0xfff1, it
# has none, becomes 0xff20, it is left to livepatch.
leave_to_others() {
	local found

	found=$(od -An -v -tx1 "$1" | tr -d ' \n' | awk '{
		value = index($0, "5a5a5a5a5a5a5a5a")
		section = value - 4
		# Of 32 bits, it has the value, which is half as long, before size and kind.
		if (!value && match($0, /5a5a5a5a0000000010/))
			section = RSTART + 20
		print (section - 1) / 2, substr($0, section, 4)
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
expect_log "$any: already registered$"
expect new world
disable xlp_test_any
unload xlp_test_any
expect old world

# redirected_by_another PARAMETER...
redirected_by_another() {
	if [ -e $own_hooks ]; then
		skip "calls are caught before ftrace has them: see the test branch"
		return
	fi
	refuse EBUSY xlp_test_any object=xlp_test_target function=xt_leaf "$@"
	expect_log "$any: $target: function 'xt_leaf': it cannot be hooked (-16): "
}

scenario "a function that somebody else redirects"
load xlp_test_hold how=ipmodify function=xt_leaf
redirected_by_another

scenario "the same in the middle of a batch"
redirected_by_another batch=1
unload xlp_test_hold
load xlp_test_any object=xlp_test_target function=xt_leaf batch=1
expect new world
disable xlp_test_any
unload xlp_test_any

# Which one that is takes hooking the others.
scenario "a function that a direct caller has for itself, in the middle of a batch"
if insert xlp_test_hold how=direct function=xt_leaf; then
	refuse EBUSY xlp_test_any object=xlp_test_target function=xt_leaf batch=1
	expect_log "$any: $target: function 'xt_leaf': it cannot be hooked (-16): "
	unload xlp_test_hold
	expect old world
else
	is_errno EOPNOTSUPP "$message" || problem "no direct caller: $message"
	skip "$(why_no_caller trampoline)"
fi

# The kernel refuses kprobes on the first one only, where they cannot go through ftrace.
scenario "a function with a kprobe on the second instruction of ftrace's call"
if is_fact ftrace_stops; then
	set_to "p:xlp_probe xt_leaf+4" "$tracing/kprobe_events"
	set_to 1 "$tracing/events/kprobes/xlp_probe/enable"
	refuse EBUSY xlp_test_any object=xlp_test_target function=xt_leaf batch=1
	expect_log "$any: $target: function 'xt_leaf': it cannot be hooked (-16): a kprobe is on the second instruction of ftrace's call of it$"
	expect old world
	remove_kprobe_events
	load xlp_test_any object=xlp_test_target function=xt_leaf
	expect new world
	disable xlp_test_any
	unload xlp_test_any
else
	skip "ftrace's call is one instruction here, or no kprobe there survives"
fi

# load_directly WORD: is xlp.ko loaded with that?
load_directly() {
	message=$(insmod "$XLP_KO" compat=0 direct="$1" 2>&1)
}

scenario "xlp.ko by a word that its parameter direct does not know"
if has_xlp; then
	unload_xlp
	! load_directly maybe || problem "it is loaded"
	said EINVAL xlp.ko
	expect_log "^xlp: direct=maybe: use auto, never or always$"
	load_xlp compat=0
else
	skip "$(why_no_xlp)"
fi

# Not used unless it is there, and then used.
scenario "xlp.ko by direct calls alone"
if ! has_xlp; then
	skip "$(why_no_xlp)"
elif has_function xlp_direct_trampoline; then
	unload_xlp
	load_directly always || problem "it is not loaded: $message"
	expect_log "^xlp: .*; redirect: direct;"
	unload_xlp
	load_xlp compat=0
else
	unload_xlp
	! load_directly always || problem "it is loaded"
	said EOPNOTSUPP xlp.ko
	expect_log "^xlp: direct=always: this kernel has no direct calls that xlp can use; use auto or never$"
	load_xlp compat=0
fi

done_testing
