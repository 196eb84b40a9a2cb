# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The facts of an architecture, read from arch/NAME.conf into arch[].

declare -A arch=()

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
	[[ ! ${QEMU_SUITE:-} ]] || arch[qemu_suite]=$QEMU_SUITE
	[[ ! ${PARALLEL:-} ]] || arch_parallel
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
