#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In-kernel livepatch and xlp: a function belongs to one of them at a time, and
# what belongs to the other is no concern of either.

cd "${0%/*}" && . ./both.sh || exit

# klp, klp_too: in-kernel's; xlp, xlp_too: xlp's, of the same two functions
klp=test_klp_livepatch klp_too=test_klp_atomic_replace
xlp=xlp_$klp xlp_too=xlp_$klp_too

file() { echo "${1/xlp_/xlp-}"; }

expect_in_effect() {
	expect "$1" in_effect cmdline
	expect "$2" in_effect meminfo
}

# xlp_says: its lines about the function that is refused
xlp_says() { log | grep "^xlp: patch '$xlp': .*'cmdline_proc_show'"; }

start_test "a function that in-kernel livepatch holds is refused to xlp"
patch $klp
refuse_busy "$(file $xlp)"
(($(xlp_says | wc -l) == 1)) || die "xlp's lines: $(log | grep '^xlp: ')"
expect_in_effect $klp "the kernel"
expect "" ls /sys/kernel/xlp
take_out $klp
expect_in_effect "the kernel" "the kernel"
end_test

start_test "a function that xlp holds is refused to in-kernel livepatch"
patch "$(file $xlp)"
refuse_busy $klp
logs "^livepatch: failed to enable patch '$klp'$" || die "in-kernel livepatch says: $(log | grep '^livepatch: ')"
expect_in_effect $xlp "the kernel"
expect "" ls /sys/kernel/livepatch
take_out $xlp
expect_in_effect "the kernel" "the kernel"
end_test

# after ONE OTHER
after() {
	patch "$(file "$1")"
	refuse_busy "$(file "$2")"
	take_out "$1"
	patch "$(file "$2")"
	expect_in_effect "$2" "the kernel"
	take_out "$2"
	expect_in_effect "the kernel" "the kernel"
}

start_test "xlp has the function once in-kernel livepatch has let go of it"
after $klp $xlp
end_test

start_test "in-kernel livepatch has the function once xlp has let go of it"
after $xlp $klp
end_test

start_test "a patch of in-kernel livepatch that is disabled but loaded holds nothing"
patch $klp
unpatch $klp
patch "$(file $xlp)"
remove $klp
expect_in_effect $xlp "the kernel"
take_out $xlp
end_test

# at_once FIRST SECOND OUT_FIRST: of cmdline and of meminfo
at_once() {
	patch "$(file "$1")"
	patch "$(file "$2")"
	expect_in_effect "$1" "$2"
	expect yes listed "$1"
	expect yes listed "$2"
	take_out "$3"
	if [[ $3 == "$1" ]]; then
		expect_in_effect "the kernel" "$2"
		take_out "$2"
	else
		expect_in_effect "$1" "the kernel"
		take_out "$1"
	fi
	expect_in_effect "the kernel" "the kernel"
}

start_test "both at once, in-kernel livepatch first in and first out"
at_once $klp $xlp_too $klp
end_test

start_test "both at once, in-kernel livepatch first in and last out"
at_once $klp $xlp_too $xlp_too
end_test

start_test "both at once, xlp first in and first out"
at_once $xlp $klp_too $xlp
end_test

start_test "both at once, xlp first in and last out"
at_once $xlp $klp_too $klp_too
end_test

start_test "a patch of xlp that replaces all others leaves in-kernel livepatch's alone"
patch $klp
patch "$(file $xlp_too)" replace=1
expect_in_effect $klp $xlp_too
expect 1 cat "$(home $klp)/enabled"
take_out $xlp_too
expect_in_effect $klp "the kernel"
take_out $klp
end_test

start_test "a patch of in-kernel livepatch that replaces all others leaves xlp's alone"
patch "$(file $xlp)"
patch $klp_too replace=1
expect_in_effect $xlp $klp_too
expect 1 cat "$(home $xlp)/enabled"
take_out $klp_too
expect_in_effect $xlp "the kernel"
take_out $xlp
end_test
