#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Functions whose calls are caught by a branch at their entry, and others who write there.
. "$(dirname "$0")/lib.sh"

[ -e "$own_hooks" ] || skip_all "calls are not caught by a branch here"

any="^xlp: patch 'xlp_test_any': object 'xlp_test_target': function 'xt_leaf'"
entry=/sys/module/xlp_test_entry/parameters/word
hits=/sys/module/xlp_test_hold/parameters/hits
leaf="object=xlp_test_target function=xt_leaf"

# address_of FUNCTION
address_of() {
	symbols "$1" | sed -n "s/^\([0-9a-f]*\) [tT] $1\([[:space:]].*\)*\$/0x\1/p" | head -n 1
}

word() {
	value $entry
}

references() {
	value /sys/module/xlp/refcnt
}

# is_branch WORD: one that is always made
is_branch() {
	case $1 in
	ea*)	;;
	*)	problem "the entry is $1 and no branch" ;;
	esac
}

# An optimized one is a branch at the entry as well; the kernel takes a moment to make it.
is_optimized() {
	grep "xt_leaf" /sys/kernel/debug/kprobes/list | grep -q '\[OPTIMIZED\]'
}

# The text is as it was, and nothing is kept.
nothing_stays() {
	expect_soon "$original" word
	expect_soon "$references" references
	expect old world
}

# called WORLD: one more hit of the probe
called() {
	local before

	before=$(value $hits)
	expect "$1" world
	expect $((before + 1)) value $hits
}

load_target() {
	load xlp_test_target
	load xlp_test_entry "address=$(address_of xt_leaf)" "writer=$(address_of __patch_text_real)"
}

plan 13
load_target
original=$(word)
references=$(references)

scenario "the entry is a branch while the function is replaced, and then what it was"
load xlp_test_a
is_branch "$(word)"
expect 1 hooks_of xt_leaf
expect a world
disable xlp_test_a
unload xlp_test_a
nothing_stays

scenario "a kprobe that is there first refuses the patch"
load xlp_test_hold how=plainprobe function=xt_leaf
# shellcheck disable=SC2086	# a list of words
refuse EBUSY xlp_test_any $leaf
expect_log "$any: it cannot be hooked (-16): a kprobe is on its first instruction$"
called old

scenario "one that is optimized refuses it, too"
eventually is_optimized || problem "it is not optimized: $(cat /sys/kernel/debug/kprobes/list)"
# shellcheck disable=SC2086	# a list of words
refuse EBUSY xlp_test_any $leaf
expect_log "$any: it cannot be hooked (-16): a kprobe is on its first instruction$"
called old
unload xlp_test_hold
nothing_stays

scenario "and one that is not armed"
set_to "p:xlp_probe xt_leaf" "$tracing/kprobe_events"
# shellcheck disable=SC2086	# a list of words
refuse EBUSY xlp_test_any $leaf
expect_log "$any: it cannot be hooked (-16): a kprobe is on its first instruction$"
remove_kprobe_events
nothing_stays

scenario "one that comes later is let be, and takes nothing away"
load xlp_test_a
branch=$(word)
load xlp_test_hold how=plainprobe function=xt_leaf
called a
eventually is_optimized || problem "it is not optimized: $(cat /sys/kernel/debug/kprobes/list)"
called a
unload xlp_test_hold
expect "$branch" word
expect a world
disable xlp_test_a
unload xlp_test_a
nothing_stays

# outlives OPTIMIZED: enable, probe, disable, unload, call, unprobe, call
outlives() {
	load xlp_test_a
	branch=$(word)
	load xlp_test_hold how=plainprobe function=xt_leaf
	[ -z "$1" ] || eventually is_optimized || problem "it is not optimized"
	called a
	disable xlp_test_a
	unload xlp_test_a
	called old
	expect_soon $((references + 1)) references
	expect 0 hooks_of xt_leaf
	# shellcheck disable=SC2086	# a list of words
	refuse EBUSY xlp_test_any $leaf
	expect_log "$any: it cannot be hooked (-16): a kprobe is on its first instruction$"
	unload xlp_test_hold
	expect old world
	nothing_stays
}

scenario "one that outlives the patch: calls go on in the function until it has gone, and then"
outlives ""

scenario "an optimized one that outlives the patch"
outlives optimized

scenario "as soon as it has gone the function can be replaced again"
load xlp_test_a
load xlp_test_hold how=plainprobe function=xt_leaf
disable xlp_test_a
unload xlp_test_a
unload xlp_test_hold
load xlp_test_a
expect a world
disable xlp_test_a
unload xlp_test_a
nothing_stays

scenario "one that outlives the module, too: its stub goes with that"
load xlp_test_a
load xlp_test_hold how=plainprobe function=xt_leaf
disable xlp_test_a
unload xlp_test_a
expect_soon $((references + 1)) references
unload xlp_test_entry
unload xlp_test_target
load_target
nothing_stays
load xlp_test_a
expect a world
unload xlp_test_hold
expect a world
disable xlp_test_a
unload xlp_test_a
nothing_stays

scenario "somebody else's branch at the entry is refused"
set_to eafffffe $entry
# shellcheck disable=SC2086	# a list of words
refuse EINVAL xlp_test_any $leaf
expect_log "$any: its first instruction (eafffffe) branches, traps or uses pc, so no branch can stand in its place$"
expect eafffffe word
set_to "$original" $entry
nothing_stays

scenario "text that somebody else has changed meanwhile is left alone"
load xlp_test_a
branch=$(word)
set_to e1a00000 $entry
disable xlp_test_a
unload xlp_test_a
expect_soon $((references + 1)) references
expect e1a00000 word
set_to "$branch" $entry
nothing_stays

# The text of newer kernels is so long that its end is too far from the first modules. To
# look at each symbol takes long in an emulated guest, so that is left out where none is so far.
limit=$(($(address_of xlp_stubs) + 32 * 1024 * 1024 + 65536))

text_is_long() {
	local end

	end=$(symbols _etext | sed -n 's/^\([0-9a-f]*\) . _etext$/0x\1/p')
	[ -z "$end" ] || [ $((end > limit)) = 1 ]
}

# far_away: a function that only one has the name of and that ftrace knows
far_away() {
	local name

	awk -v limit="x$(printf '%08x' $limit)" \
		'$2 ~ /[tT]/ && NF == 3 && "x" $1 > limit { print $3 }' /proc/kallsyms |
		while read -r name; do
			if [ "$(symbols "$name" | grep -c " $name\$")" = 1 ] &&
			   grep -Fqx "$name" "$tracing/available_filter_functions"; then
				echo "$name"
				break
			fi
		done
}

scenario "a function that a branch does not reach is refused"
far=
! text_is_long || far=$(far_away)
if [ -n "$far" ]; then
	refuse ERANGE xlp_test_any "function=$far"
	expect_log "^xlp: patch 'xlp_test_any': object 'vmlinux': function '$far': it is 3[0-9]* KiB away from xlp.ko, and a branch reaches 32768 KiB$"
	nothing_stays
else
	skip "no function of this kernel is so far from xlp.ko"
fi

scenario "more functions than there are stubs are refused"
load xlp_test_many_target
load xlp_test_many
refuse ENOSPC xlp_test_redirect
expect_log "^xlp: patch 'xlp_test_redirect': .*: all 512 stubs are in use: disable other patches first$"
expect old world
disable xlp_test_many
unload xlp_test_many
nothing_stays

done_testing
