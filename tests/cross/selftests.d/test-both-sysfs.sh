#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In-kernel livepatch and xlp: where each has its directory, and by which name xlp
# speaks. Where the kernel has its own /sys/kernel/livepatch, that stays whatever
# xlp is told.

cd "${0%/*}" && . ./both.sh || exit

klp=test_klp_livepatch xlp=xlp_test_klp_atomic_replace

reload_xlp() {
	local message
	remove xlp
	message=$(insmod xlp.ko "$@" 2>&1) || die "$message"
}

type_of() { if [[ -L $1 ]]; then echo link; elif [[ -d $1 ]]; then echo directory; fi; }

# said_of PATCH: all lines that name it, but for the figures that xlp adds by its
# own name
said_of() { log | grep "'$1'" | grep -v '^xlp: .* passes over the tasks in '; }

# both_with PREFIX: each patch in its place, whatever xlp is called
both_with() {
	expect directory type_of /sys/kernel/livepatch
	patch $klp
	patch "${xlp/xlp_/xlp-}"
	expect $klp ls /sys/kernel/livepatch
	expect $xlp ls /sys/kernel/xlp
	unpatch $xlp
	expect $klp ls /sys/kernel/livepatch
	expect "" ls /sys/kernel/xlp
	expect $klp in_effect cmdline
	remove $xlp
	take_out $klp
	expect "$1: enabling patch '$xlp'
$1: '$xlp': starting patching transition
$1: '$xlp': patching complete
$1: '$xlp': starting unpatching transition
$1: '$xlp': unpatching complete" said_of $xlp
}

start_test "xlp stays out of /sys/kernel/livepatch unless told"
expect N cat /sys/module/xlp/parameters/compat
both_with xlp
end_test

start_test "with compat=1 the directory stays in-kernel livepatch's, and xlp takes its name in the log"
reload_xlp compat=1
expect Y cat /sys/module/xlp/parameters/compat
both_with livepatch
end_test

start_test "xlp goes and comes back while in-kernel livepatch has a patch in effect"
patch $klp
reload_xlp
expect $klp ls /sys/kernel/livepatch
expect "" ls /sys/kernel/xlp
expect $klp in_effect cmdline
refuse_busy xlp-test_klp_livepatch
take_out $klp
end_test
