# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The facts of an architecture, read from arch/NAME.conf into arch[].

declare -A arch=()

# What each of them has, and what it may have; README.md says what they are.
readonly arch_keys=(kbuild_arch debian_arch flavour triplet gcc_package tuples elf libc_package tree_image qemu machine cpu
	memory console console_qemu verdict verdict_qemu)
readonly arch_optional_keys=(aliases append cc_flags directory newest qemu_counting qemu_package qemu_suite qemu_threads verdict_module)

# shellcheck disable=SC2034	# read by whoever sources this file
arch_load() {
	local conf key value
	conf=$(arch_conf "$1")
	arch=([name]=$(basename "$conf" .conf))
	while read -r key _ value; do
		case $key in
		'' | '#'*) ;;
		*) arch[$key]=$value ;;
		esac
	done <"$conf"
	arch_check "$conf"
	arch[directory]=${arch[directory]:-${arch[kbuild_arch]}}
	[[ ! ${QEMU_SUITE:-} ]] || arch[qemu_suite]=$QEMU_SUITE
	case ${PARALLEL:-} in
	1) arch_parallel ;;
	no) arch[qemu_threads]=single ;;
	esac
}

# arch_check CONF dies of what is not said, perhaps as a word is misspelled.
arch_check() {
	local key lacks=() unknown=() keys=" name ${arch_keys[*]} ${arch_optional_keys[*]} "
	for key in "${arch_keys[@]}"; do
		[[ ${arch[$key]:-} ]] || lacks+=("$key")
	done
	[[ ${arch[qemu_suite]:-}${arch[qemu_package]:-} ]] || lacks+=(qemu_package)
	for key in "${!arch[@]}"; do
		[[ $keys == *" $key "* ]] || unknown+=("$key")
	done
	((${#lacks[@]} + ${#unknown[@]})) || return 0
	die "$1${lacks[*]:+ lacks ${lacks[*]}${unknown[*]:+, and}}${unknown[*]:+ has ${unknown[*]}, which nobody reads}: tests/cross/README.md, \"A new architecture\", says what it takes"
}

# arch_parallel gives each processor of the guest a thread of the host, for PARALLEL=1. Before
# 8.1 QEMU may go on running code that another processor has rewritten.
arch_parallel() {
	local version
	arch[qemu_threads]=multi
	[[ ! ${arch[qemu_suite]:-} ]] || return 0
	version=$("${arch[qemu]}" --version 2>/dev/null | sed -n '1s/.*version \([0-9.]*\).*/\1/p') || true
	[[ $(printf '%s\n' 8.1 "${version:-0}" | sort -V | head -n 1) == 8.1 ]] || arch[qemu_suite]=trixie
}

# arch_conf NAME prints the file whose name or aliases match NAME.
arch_conf() {
	local conf
	for conf in "$rig"/arch/*.conf; do
		case " $(basename "$conf" .conf) $(sed -n 's/^aliases *= //p' "$conf") " in
		*" $1 "*) echo "$conf" && return ;;
		esac
	done
	die "unknown ARCH '$1': use one of $(arch_names)"
}

arch_names() {
	local conf names=()
	for conf in "$rig"/arch/*.conf; do
		names+=("$(basename "$conf" .conf)")
	done
	echo "${names[*]}"
}

# arches_of KERNEL prints the architectures that have all tests on it in the rig's own matrix.
arches_of() { awk -v kernel="$1" '!/^#/ && $2 == kernel && $3 == "-" { print $1 }' "$rig/matrix"; }
