# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel source of a suite: its linux-source package.

# source_package SUITE [VERSION] prints the package's name, that of the newest kernel
# if no version is said; fails if there is none.
source_package() {
	local package
	apt_index "$1" "$(native_arch)"
	if [[ ${2:-} ]]; then
		package=linux-source-$(grep -oE '^[0-9]+\.[0-9]+' <<<"$2")
		apt_versions "$1" "$(native_arch)" "$package" | grep -xF "$2" >/dev/null && echo "$package"
	else
		apt_field "$1" "$(native_arch)" linux-source Depends | grep -o 'linux-source-[0-9.]*' | head -n 1
	fi
}

# source_tree PACKAGE VERSION prints where the whole of it is unpacked.
source_tree() { echo "$cache/source/$1_$2"; }

# source_version SUITE PACKAGE prints the newest version not known to be missing.
source_version() {
	local version
	for version in $(apt_versions "$1" "$(native_arch)" "$2"); do
		apt_is_missing "$1" "$(native_arch)" "$2" "$version" || { echo "$version" && return; }
	done
	die "the archive has no version of $2 for suite $1 that its index names: try again later, or name another mirror with MIRROR="
}
