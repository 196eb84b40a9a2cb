#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The samples do what their comments say.
. "$(dirname "$0")/lib.sh"

value=/sys/module/xlp_module_target/parameters/value
cmdline=$(cat /proc/cmdline)

plan 3

scenario "a function of the kernel"
load xlp_cmdline
expect "this has been live patched by xlp" cat /proc/cmdline
disable xlp_cmdline
expect "$cmdline" cat /proc/cmdline
unload xlp_cmdline

scenario "a function of a module that comes later"
load xlp_module
load xlp_module_target
expect new cat $value
expect_log "applying patch 'xlp_module' to loading module 'xlp_module_target'$"
disable xlp_module
expect old cat $value

scenario "a function of a module that is there"
unload xlp_module
load xlp_module
expect new cat $value
disable xlp_module
unload xlp_module
unload xlp_module_target

done_testing
