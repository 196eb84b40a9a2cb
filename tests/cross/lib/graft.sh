# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernels that have xlp built in, by scripts/graft: kernel[] can be one.

# kernel_has_xlp: as a part of itself, not as a module
kernel_has_xlp() {
	grep -qsx '#define CONFIG_XLP 1' "${kernel[tree]:-${kernel[dir]}$(kernel_build_dir)}/include/generated/autoconf.h"
}

# kernel_own_xlp prints the xlp.ko that was built with the kernel (CONFIG_XLP=m), which guests
# load in place of this tree's; nothing if there is none.
kernel_own_xlp() {
	local file=${kernel[tree]:-}/kernel/xlp/xlp.ko
	[[ ! ${kernel[tree]:-} || ! -e $file ]] || echo "$file"
}

# kernel_xlp_words prints what the kernel's command line says to it in place of insmod.
kernel_xlp_words() {
	kernel_has_xlp || return 0
	case ${GUEST:-}:${AGAINST:-xlp} in
	selftests:xlp) echo ' xlp.compat=1' ;;
	*) echo ' xlp.compat=0' ;;
	esac
}

# kernel_xlp_can dies of what takes an xlp.ko that comes and goes.
kernel_xlp_can() {
	[[ ${GUEST:-} == bench || ${GUEST:-}:${AGAINST:-} == selftests:both ]] && kernel_has_xlp || return 0
	die "Linux ${kernel[release]} has xlp built in, and this takes an xlp.ko that can be unloaded: use another KERNEL"
}
