#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In-kernel livepatch and xlp: shadow variables of the same objects and number. The
# first repair of samples/livepatch keeps its leak in one; the repair that frees a
# dummy says whether it found one there.

cd "${0%/*}" && . ./both.sh || exit

klp=livepatch_shadow_fix1 xlp=xlp_livepatch_shadow_fix1

# dummies MODULE FUNCTION: those that its lines name
dummies() { log | sed -n "s/^$1: .*$2: dummy @ \([0-9a-f]*\).*/\1/p" | sort -u; }

# without_variable FIRST SECOND: SECOND has freed dummies that FIRST has given a
# variable, and found none
without_variable() { [[ $(comm -12 <(dummies "$1" dummy_alloc) <(dummies "$2" dummy_free)) ]]; }

has_dummies() { (($(dummies "$1" dummy_alloc | wc -l) >= 3)); }

# only_own MODULE: it has let go of no variable but its own
only_own() {
	local others
	others=$(comm -13 <(dummies "$1" dummy_alloc) <(dummies "$1" leak_dtor))
	[[ ! $others ]] || die "$1 has let go of variables of $others"
}

# one_after_the_other FIRST SECOND: FIRST stays loaded, with its variables
one_after_the_other() {
	insert livepatch-shadow-mod
	patch "${1//_/-}"
	eventually has_dummies "$1"
	unpatch "$1"
	patch "${2//_/-}"
	eventually without_variable "$1" "$2"
	remove "$1"
	[[ $(dummies "$1" leak_dtor) ]] || die "$1 had no variables left"
	only_own "$1"
	take_out "$2"
	only_own "$2"
	remove livepatch_shadow_mod
}

start_test "xlp does not see shadow variables of in-kernel livepatch"
one_after_the_other $klp $xlp
end_test

start_test "in-kernel livepatch does not see shadow variables of xlp"
one_after_the_other $xlp $klp
end_test
