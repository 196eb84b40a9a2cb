# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# In-kernel livepatch and xlp in one kernel. Each patch is there for both: NAME is
# in-kernel's and xlp-NAME, from the same source, is xlp's. The test_klp_* among
# them print their name where they are in effect.

. ./sample.sh

# home MODULE: the patch's directory
home() {
	case $1 in
	xlp_*) echo "/sys/kernel/xlp/$1" ;;
	*) echo "/sys/kernel/livepatch/$1" ;;
	esac
}

# expect WANT CMD...
expect() {
	local got
	got=$("${@:2}" 2>&1)
	[[ $got == "$1" ]] || die "${*:2}: '$got' instead of '$1'"
}

# in_effect FILE: who answers, a module's name or "the kernel"
in_effect() {
	local line
	read -r line <"/proc/$1"
	case $line in
	*': this has been live patched') echo "${line%%:*}" ;;
	*) echo "the kernel" ;;
	esac
}

loaded() { if [[ -e /sys/module/$1 ]]; then echo yes; else echo no; fi; }
listed() { if [[ -e $(home "$1") ]]; then echo yes; else echo no; fi; }

# refuse_busy FILE: EBUSY, and neither module nor directory stays behind
refuse_busy() {
	local message name=${1//-/_}
	message=$(insmod "samples/$1.ko" 2>&1) && die "$1 loaded"
	[[ $message == *"Device or resource busy"* ]] || die "$message"
	expect no loaded "$name"
	# In-kernel livepatch removes it a moment later.
	eventually gone "$(home "$name")"
}

# take_out MODULE: out of effect and out of the kernel
take_out() {
	unpatch "$1"
	remove "$1"
}
