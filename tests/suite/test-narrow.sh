#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An architecture without a directory: xlp.ko loads, says what is missing, and
# refuses patches.
. "$(dirname "$0")/lib.sh"

redirect_line() {
	dmesg | grep -c 'xlp: .*redirect: cannot (no support for this architecture)'
}

[ "$(redirect_line)" != 0 ] ||
	skip_all "this architecture has a directory: $(uname -m)"

plan 2

scenario "xlp.ko loads and says that it cannot redirect"
expect yes present /sys/module/xlp
expect yes present $sysfs

scenario "a patch is refused"
load xlp_test_target
refuse EOPNOTSUPP xlp_test_a
expect_log "^xlp: patch 'xlp_test_a': calls cannot be redirected (no support for this architecture)$"
expect old world
unload xlp_test_target

done_testing
