# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests the choice of compilers.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# toolchain_laid_out DIR TUPLE: a toolchain as crosstool-ng lays it out, with links to Debian's
# programs for x86_64, whatever the name says. It needs the build root, which has them.
toolchain_laid_out() {
	local name packages bin=$1/$2/bin
	mkdir -p "$bin"
	for name in gcc ld as ar nm objcopy objdump strip readelf ranlib; do
		ln -sf "/usr/bin/x86_64-linux-gnu-$name" "$bin/$2-$name"
	done
	mapfile -t packages < <(root_packages x86_64)
	root_provide "${packages[@]}"
}

# toolchain_with DIR TUPLE LINES: one whose compiler is a script; its last line runs Debian's.
toolchain_with() {
	toolchain_laid_out "$1" "$2"
	rm "$1/$2/bin/$2-gcc"
	printf '%s\n' '#!/bin/sh' "$3" 'exec /usr/bin/x86_64-linux-gnu-gcc "$@"' >"$1/$2/bin/$2-gcc"
	chmod +x "$1/$2/bin/$2-gcc"
}

# toolchain_used ARCH: chosen and tried
toolchain_used() ( arch_load "$1" && toolchain_choose && toolchain_check && toolchain_words )

toolchain_found() {
	local CT_PREFIX=$scratch/x-tools mine=x86_64-unknown-linux-gnu
	export CT_PREFIX
	toolchain_laid_out "$CT_PREFIX" $mine
	toolchain_laid_out "$CT_PREFIX/gcc-14.2.0-nolibc" x86_64-linux
	toolchain_laid_out "$CT_PREFIX/gcc-9.5.0-nolibc" x86_64-linux
	toolchain_laid_out "$CT_PREFIX" s390x-ibm-linux-gnu
	make -C "$top" --no-print-directory toolchains ARCH=x86_64 >"$scratch/out" 2>&1 || return
	grep -q '^\* gcc [0-9.]* *Debian.*CROSS_COMPILE=x86_64-linux-gnu-, or nothing$' "$scratch/out" &&
		grep -q "^  gcc [0-9.]* *crosstool-ng *CROSS_COMPILE=$mine-\$" "$scratch/out" &&
		grep -q '^  gcc [0-9.]* *kernel.org, no C library *CROSS_COMPILE=x86_64-linux-$' "$scratch/out" &&
		printed " CROSS_COMPILE=$CT_PREFIX/gcc-9.5.0-nolibc/x86_64-linux/bin/x86_64-linux-" || return
	! grep -q s390 "$scratch/out" || complain 'a toolchain for another architecture is listed' || return
	# By its tuple, and by its path; the newest has the tuple.
	CROSS_COMPILE=$mine- "$rig/compilers" x86_64 >"$scratch/out" 2>&1 && printed '* is taken, as CROSS_COMPILE= names it' &&
		grep -q '^\* gcc .*crosstool-ng' "$scratch/out" || complain "$(<"$scratch/out")" || return
	[[ $(CROSS_COMPILE=x86_64-linux- toolchain_used x86_64) == *CROSS_COMPILE=*gcc-14.2.0-nolibc/x86_64-linux/bin/x86_64-linux- &&
		$(cd "$CT_PREFIX" && CROSS_COMPILE=$mine/bin/$mine- toolchain_used x86_64) == *"CROSS_COMPILE=$CT_PREFIX/$mine/bin/$mine-" &&
		$(toolchain_used x86_64) == *CROSS_COMPILE=x86_64-linux-gnu- &&
		$(CROSS_COMPILE=x86_64-linux-gnu- toolchain_used amd64) == *CROSS_COMPILE=x86_64-linux-gnu- ]] ||
		complain "another one is taken: $(CROSS_COMPILE=x86_64-linux- toolchain_used x86_64)"
}

toolchain_of_another() {
	export CT_PREFIX=$scratch/x-tools
	toolchain_laid_out "$CT_PREFIX" s390x-ibm-linux-gnu
	CROSS_COMPILE=s390x-ibm-linux-gnu- refused ' is for x86_64-linux-gnu, and ARCH=s390 is another architecture; make toolchains' \
		toolchain_used s390 &&
		CROSS_COMPILE=s390x-linux-gnu- refused 'CROSS_COMPILE=s390x-linux-gnu- is for another architecture than ARCH=x86_64: leave it out, or say x86_64-linux-gnu-' \
			"$rig/run" x86_64 trixie &&
		[[ $(wc -l <"$scratch/out") == 2 ]] || complain "$(<"$scratch/out")" || return
	"$rig/compilers" s390 >"$scratch/out" 2>&1
	printed "- refused: $CT_PREFIX/s390x-ibm-linux-gnu/bin/s390x-ibm-linux-gnu-gcc" && printed 'is for x86_64-linux-gnu, and'
}

# One that does not compile, one that does not link, one that does not run, and those that are not there.
toolchain_bad() {
	local CT_PREFIX=$scratch/x-tools
	export CT_PREFIX
	toolchain_with "$CT_PREFIX" x86_64-bad-linux-gnu 'case "$*" in *-c*) echo "error: no cc1" >&2; exit 1; esac'
	CROSS_COMPILE=x86_64-bad-linux-gnu- refused 'cannot compile for ARCH=x86_64: error: no cc1; make toolchains' \
		aside "$rig/run" x86_64 trixie redirect || return
	toolchain_laid_out "$CT_PREFIX" x86_64-alone-linux-gnu
	rm "$CT_PREFIX/x86_64-alone-linux-gnu/bin/x86_64-alone-linux-gnu-ld"
	CROSS_COMPILE=x86_64-alone-linux-gnu- refused '/x86_64-alone-linux-gnu-ld: not found; make' toolchain_used x86_64 || return
	toolchain_with "$CT_PREFIX" x86_64-lost-linux-gnu 'echo "error while loading shared libraries: libmpc.so.3" >&2; exit 127'
	CROSS_COMPILE=x86_64-lost-linux-gnu- refused 'does not run in the build root: error while loading shared libraries: libmpc' \
		toolchain_used x86_64 || return
	CROSS_COMPILE=/none/x- refused 'there is no compiler /none/x-gcc: CROSS_COMPILE= is its name up to' "$rig/run" x86_64 trixie &&
		CROSS_COMPILE=none- refused 'there is no compiler none-gcc: CROSS_COMPILE=' "$rig/kernel" x86_64 trixie debug &&
		CROSS_COMPILE='ccache gcc-' refused "bad CROSS_COMPILE 'ccache gcc-'" "$rig/run" x86_64 trixie &&
		CROSS_COMPILE=/usr/bin/none- refused "is a part of this machine's system" in_own_shell toolchain_mount /usr/bin/none- &&
		refused "is a part of this machine's system (/tmp)" in_own_shell toolchain_mount /tmp/bin/none- &&
		CROSS_COMPILE=none- refused 'is for one architecture: set ARCH=' timeout 20 env TEST=redirect "$rig/check" &&
		CROSS_COMPILE=none- refused 'is for one architecture: set ARCH=' timeout 20 "$rig/demo" all trixie
}

# Of what a kernel's source asks for, and of flags that a kernel of a newer compiler has.
toolchain_too_old() {
	local CT_PREFIX=$scratch/x-tools
	export CT_PREFIX
	toolchain_with "$CT_PREFIX" x86_64-old-linux-gnu 'case "$*" in
		*-dump*version*) echo 4.9.4 && exit ;;
		*-mrecord-mcount*) echo "error: unrecognized command line option -mrecord-mcount" >&2; exit 1 ;;
		esac'
	CROSS_COMPILE=x86_64-old-linux-gnu- refused 'CROSS_COMPILE=x86_64-old-linux-gnu-: gcc 4.9.4 is too old for Linux 6.12.' \
		aside "$rig/run" x86_64 trixie redirect && printed ', which gcc 14.' &&
		printed ' has built (unrecognized command line option -mrecord-mcount): take a newer one' || return
	mkdir -p "$scratch/linux/scripts"
	echo 'echo "$1.$SRCARCH" | sed "s/gcc.x86/8.1.0/"' >"$scratch/linux/scripts/min-tool-version.sh"
	kernel=([source]=$scratch/linux [release]=9.9)
	CROSS_COMPILE=x86_64-old-linux-gnu- refused 'gcc 4.9.4 is too old for Linux 9.9, which needs gcc 8.1.0: take a newer one' \
		toolchain_used x86_64 || return
	toolchain=([kind]=llvm [name]=LLVM=-14 [version]=14.0.6)
	echo 'echo "$1.$SRCARCH" | sed "s/llvm.x86/15.0.0/"' >"$scratch/linux/scripts/min-tool-version.sh"
	arch_load x86_64
	refused 'LLVM=-14: llvm 14.0.6 is too old for Linux 9.9, which needs llvm 15.0.0: take a newer one, or leave LLVM= out' \
		in_own_shell toolchain_old_enough || return
	version_before 9.9.9 10.1 && ! version_before 10.1 9.9.9 && ! version_before 8.1.0 8.1.0 || complain 'versions are words'
}

# Each architecture has one for crosstool-ng, whose toolchain is found for it.
toolchain_configs() {
	local CT_PREFIX=$scratch/x-tools name file tuple of
	export CT_PREFIX
	for file in "$rig"/toolchains/*.defconfig; do
		tuple=$(basename "$file" .defconfig)
		mkdir -p "$CT_PREFIX/$tuple/bin"
		# It may lead to what only the build root has.
		ln -s /none/gcc "$CT_PREFIX/$tuple/bin/$tuple-gcc"
		[[ $(grep -cE '^CT_(GCC|BINUTILS)_V_[0-9_]+=y$' "$file") == 2 ]] || complain "$tuple: no versions" || return
		grep -qF "$tuple.defconfig" "$rig/toolchains/README.md" || complain "$tuple is not in README.md" || return
	done
	for name in $(arch_names); do
		arch_load "$name"
		# shellcheck disable=SC2086	# a list of words
		of=$(toolchains_find ${arch[tuples]})
		[[ $(wc -l <<<"$of") == 1 && $of == "$CT_PREFIX"/*/bin/*- ]] || complain "$name: '$of'" || return
	done
}

# Kernels of gcc and of clang each take their own.
toolchain_llvm() {
	refused "bad LLVM 'yes': use 1, or -19" env LLVM=yes "$rig/run" x86_64 trixie &&
		refused 'LLVM=1 and CROSS_COMPILE=x- name two compilers' env LLVM=1 CROSS_COMPILE=x- "$rig/run" x86_64 trixie &&
		refused 'LLVM=1 is for kernels that clang has built' timeout 20 env LLVM=1 TEST=redirect "$rig/check" || return
	(
		apt_index() { :; }
		apt_do() { printf 'clang-%s\n' 19 tools-99 21 9; }
		LLVM=-99 refused 'Debian (sid) has no clang-99: use LLVM=1, or LLVM= one of -9 -19 -21' in_own_shell toolchain_choose &&
			LLVM=-19 in_own_shell toolchain_choose
	) || return
	(
		# shellcheck disable=SC2030	# for what runs in here
		kernel=([tree]=$scratch/tree [release]=9.9)
		mkdir -p "$scratch/tree/include/generated"
		arch_load x86_64
		printf '#define CONFIG_%s_VERSION %d\n' GCC 140200 CLANG 0 >"$scratch/tree/include/generated/autoconf.h"
		toolchain_choose && toolchain_suits && [[ ${toolchain[kind]} == debian ]] || return
		LLVM=1 toolchain_choose && LLVM=1 refused 'LLVM=1: Linux 9.9 was built by gcc 14.2.0, whose flags clang does not know' \
			in_own_shell toolchain_suits || return
		printf '#define CONFIG_%s_VERSION %d\n' GCC 0 CLANG 210108 >"$scratch/tree/include/generated/autoconf.h"
		toolchain=([kind]=own [name]=CROSS_COMPILE=x-)
		refused 'CROSS_COMPILE=x-: Linux 9.9 was built by clang 21.1.8, whose flags gcc does not know: use LLVM=1' \
			in_own_shell toolchain_suits || return
		toolchain_choose && toolchain_suits 2>/dev/null
		[[ $(toolchain_words | paste -sd ' ') == 'ARCH=x86_64 CROSS_COMPILE= LLVM=1' && ${toolchain[cc]} == clang &&
			$(toolchain_packages | paste -sd ' ') == 'clang lld llvm' ]] || complain "$(toolchain_words)" || return
		[[ $(LLVM=-19 cell_name x86_64 sid) == x86_64-sid-llvm-19 && $(LLVM='' CROSS_COMPILE=a/b- cell_name x86_64 sid) == x86_64-sid-b-[0-9]* &&
			$(LLVM='' CROSS_COMPILE=x86_64-linux-gnu- cell_name amd64 sid) == x86_64-sid ]] || complain 'names of cells'
	)
}

rig_tests+=' toolchain_found toolchain_of_another toolchain_bad toolchain_too_old toolchain_configs
	toolchain_llvm'
