#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The samples do what their comments say.
. "$(dirname "$0")/lib.sh"

for samples in "$suite/../samples" "$suite/../../samples"; do
	[ ! -e "$samples/xlp-cmdline.ko" ] || break
done

# load_sample NAME: samples/xlp-NAME.ko is the module xlp_NAME
load_sample() {
	local module

	module=xlp_$(echo "$1" | tr - _)
	if message=$(insmod "$samples/xlp-$1.ko" 2>&1); then
		loaded="$module $loaded"
	else
		problem "xlp-$1.ko does not load: $message"
	fi
}

value=/sys/module/xlp_module_target/parameters/value
cmdline=$(cat /proc/cmdline)

plan 3

scenario "a function of the kernel"
load_sample cmdline
expect "this has been live patched by xlp" cat /proc/cmdline
disable xlp_cmdline
expect "$cmdline" cat /proc/cmdline
unload xlp_cmdline

scenario "a function of a module that comes later"
load_sample module
load_sample module-target
expect new cat $value
expect_log "applying patch 'xlp_module' to loading module 'xlp_module_target'"
disable xlp_module
expect old cat $value

scenario "a function of a module that is there"
unload xlp_module
load_sample module
expect new cat $value
disable xlp_module
unload xlp_module
unload xlp_module_target

done_testing
