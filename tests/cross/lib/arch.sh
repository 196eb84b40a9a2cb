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
