# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel source of a suite: its linux-source package.

# source_package SUITE prints the package's name; fails if there is none.
source_package() {
	apt_index "$1" "$(native_arch)"
	apt_field "$1" "$(native_arch)" linux-source Depends | grep -o 'linux-source-[0-9.]*' | head -n 1
}

# source_tree PACKAGE VERSION prints where the whole of it is unpacked.
source_tree() { echo "$cache/source/$1_$2"; }
