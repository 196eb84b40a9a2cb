# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Entries of test-rig: what a new architecture begins with.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# port_tree prints a copy of what make new-arch reads, without x86, and of what is built of it.
port_tree() {
	local tree=$scratch/port
	rm -rf "${tree:?}"
	mkdir -p "$tree"
	(cd "$top" && source_files) | grep -vE '^(arch/x86/|tests/suite/modules/(arch|regs|count)_x86)' |
		tar --create --directory "$top" --files-from - | tar --extract --directory "$tree"
	echo "$tree"
}

# The conf that comes of it has every key, and what it says is the other architecture's.
new_arch() {
	local tree
	tree=$(port_tree) && make -C "$tree" --no-print-directory new-arch NAME=vax LIKE=riscv >"$scratch/out" || return
	printed 'arch/vax/include/asm/xlp.h' && printed 'make port-report ARCH=vax' || return
	tail -n 1 "$tree/tests/cross/matrix" | grep -q '^vax  *trixie  *bare,walk LEVEL=short$' ||
		complain 'no line in the matrix' || return
	arch_of_rig "$tree/tests/cross" vax-linux >"$scratch/out" && printed 'vax riscv64' || return
	! make -C "$tree" --no-print-directory new-arch NAME=vax LIKE=riscv >"$scratch/out" 2>&1 ||
		complain 'it writes over what is there' || return
	printed 'arch/vax is there already: nothing was changed'
}

# What is one directory in the kernel is one here; the rig has a name for each size.
new_arch_of_two_sizes() {
	local tree
	tree=$(port_tree) && "$tree/scripts/new-arch" sparc64 s390 >"$scratch/out" || return
	printed 'arch/sparc/include/asm/xlp.h' && printed 'tests/suite/modules/arch_sparc.h' || return
	arch_directory "$tree/tests/cross" sparc64 >"$scratch/out" && printed 'sparc64 sparc' || return
	"$tree/scripts/new-arch" sparc32 sparc64 >"$scratch/out" && printed 'arch/sparc and tests/suite/modules/arch_sparc.h are there' ||
		return
	! grep '^arch/sparc/' "$scratch/out" || complain 'it lays down what is there' || return
	arch_directory "$tree/tests/cross" sparc32-linux >"$scratch/out" && printed 'sparc32 sparc' || return
	# Of a name that the kernel does not know.
	"$tree/scripts/new-arch" ppc powerpc powerpc >"$scratch/out" &&
		arch_directory "$tree/tests/cross" ppc >"$scratch/out" && printed 'powerpc powerpc'
}

arch_directory() {
	local rig=$1
	arch_load "$2" && echo "${arch[kbuild_arch]} ${arch[directory]}"
}

# x86, as if there was none, compiles with every item by default.
# shellcheck disable=SC2016	# expanded inside
new_arch_compiles() {
	local tree
	tree=$(port_tree) && "$tree/scripts/new-arch" x86 x86_64 >"$scratch/out" 2>&1 || { cat "$scratch/out"; return 1; }
	aside_cell x86_64 trixie
	rm -rf "${cell_dir:?}"/src{,.key,.list}
	mkdir -p "$cell_dir/src"
	cp -r "$tree"/{arch,tests,common,compat,include,Kbuild} "$cell_dir/src/"
	in_cell sh -c 'exec make -C "$KDIR" M="$SRC" ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" CC="$CC" "$@"' - \
		W=1 XLP_TESTS=y common/main.o common/stack.o compat/text.o tests/suite/modules/bare.o \
		tests/suite/modules/xlp_test_arch.o >"$scratch/out" 2>&1 || { cat "$scratch/out"; return 1; }
	! grep 'warning:' "$scratch/out"
}

new_arch_bad_input() {
	refuse_new_arch "unknown LIKE 'vax': use one of arm arm64" riscv32 vax &&
		refuse_new_arch "bad NAME '../x'" ../x riscv &&
		refuse_new_arch "bad NAME 'none'" none riscv &&
		refuse_new_arch "bad DIR '..'" ppc powerpc .. &&
		refuse_new_arch 'usage: make new-arch NAME=' riscv32 '' &&
		refuse_new_arch 'arch/riscv is there already' riscv arm64
}

refuse_new_arch() {
	! "$top/scripts/new-arch" "${@:2}" >"$scratch/out" 2>&1 || complain "it takes ${*:2}" || return
	printed "$1"
}

# arch_of_rig RIG NAME reads a conf of another directory.
arch_of_rig() {
	local rig=$1
	arch_load "$2" && echo "${arch[kbuild_arch]} ${arch[debian_arch]}"
}

# Which functions call without a record, in what objdump might print.
recordless() {
	printf '#!/bin/sh\ncat <<END\n%s\nEND\n' \
		'c1000000 <keeps>:
c1000000:	call   c1000100 <__fentry__>
c1000005:	push   %ebp
c1000006:	mov    %esp,%ebp
c1000008:	call   c1000020 <leaf>
c1000010 <keeps.cold>:
c1000010:	call   c1000020 <leaf>
c1000020 <leaf>:
c1000020:	ret
c1000030 <thunk>:
c1000030:	push   %eax
c1000031:	call   c1000000 <keeps>
c1000036:	call   c1000020 <leaf>
c1000040 <late>:
c1000040:	call   *%edx
c1000042:	mov    %esp,%ebp' >"$scratch/objdump"
	chmod +x "$scratch/objdump"
	"$top/tests/port/recordless" "$scratch/objdump" 'mov +%esp,%ebp' 'call ' "$scratch/objdump" >"$scratch/out" || return
	[[ $(<"$scratch/out") == 'thunk calls keeps
late calls what a register or a word holds' ]] || complain "$(<"$scratch/out")" || return
	! "$top/tests/port/recordless" "$scratch/objdump" x y true >"$scratch/out" 2>&1 || complain 'it takes what has no code' || return
	printed 'there are no symbols, or no code' || return
	! "$top/tests/port/recordless" "$scratch/none" x y >"$scratch/out" 2>&1 || complain 'it takes what is not there' || return
	printed 'usage: tests/port/recordless VMLINUX FRAME CALL'
}

rig_tests+=' recordless new_arch new_arch_of_two_sizes new_arch_bad_input new_arch_compiles'
