# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests what a kernel is called, where it is found, and kernels of one's own.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

arch_aliases() {
	local pair
	for pair in x86:x86_64 amd64:x86_64 aarch64:arm64 ppc64le:powerpc ppc64el:powerpc s390x:s390 riscv64:riscv loong64:loongarch armhf:arm i686:i386; do
		arch_load "${pair%:*}"
		[[ ${arch[name]} == "${pair#*:}" ]] || complain "${pair%:*} is ${arch[name]}"
	done
}

# Whoever adds an architecture may forget or misspell a key.
bad_arch_file() {
	local conf="$scratch/port/tests/cross/arch/vax.conf" key
	mkdir -p "$scratch/port/tests"
	cp -r "$rig" "$scratch/port/tests/cross"
	cp -r "$top/tests/suite" "$scratch/port/tests/suite"
	sed '/^aliases/d; /^triplet/d' "$rig/arch/s390.conf" >"$conf"
	refused 'arch/vax.conf lacks triplet: tests/cross/README.md, "A new architecture", says what it takes' "${conf%/arch/*}/run" vax trixie || return
	sed '/^aliases/d; s/^memory/memroy/' "$rig/arch/s390.conf" >"$conf"
	refused 'arch/vax.conf lacks memory, and has memroy, which nobody reads: ' "${conf%/arch/*}/run" vax trixie || return
	sed '/^aliases/d; $aconsol = ttyS0' "$rig/arch/s390.conf" >"$conf"
	refused 'arch/vax.conf has consol, which nobody reads: ' "${conf%/arch/*}/run" vax trixie || return
	sed '/^aliases/d; /^qemu_suite/d; /^qemu_package/d' "$rig/arch/s390.conf" >"$conf"
	refused 'arch/vax.conf lacks qemu_package: ' "${conf%/arch/*}/run" vax trixie || return
	# What is said of them is said of all, and all of them are said.
	sed -nE 's/^([a-z_]+) *=.*/\1/p' "$rig"/arch/*.conf | sort -u >"$scratch/keys"
	while read -r key; do
		grep -q "^| .*\`$key\`.* |" "$rig/README.md" && [[ " ${arch_keys[*]} ${arch_optional_keys[*]} " == *" $key "* ]] ||
			complain "$key is not in README.md, or not known" || return
	done <"$scratch/keys"
}

version_and_flavour() {
	(
		apt_index() { :; }
		apt_do() {
			printf 'linux-headers-%s\n' 6.1.0-9-amd64 6.1.0-50-amd64 6.12.9+bpo-amd64 6.1.0-50-rt-amd64 \
				6.1.0-51-cloud-amd64 6.1.0-49-amd64-16k amd64 rt-amd64 cloud-amd64 amd64-16k 6.1.0-50-common
		}
		apt_field() { [[ $3 != linux-image-cloud-amd64 ]] || echo 'linux-image-6.1.0-51-cloud-amd64 (= 1)'; }
		apt_versions() { echo 1; }
		arch_load x86_64
		finds 6.1 6.1.0-50-amd64 && finds 6.12 6.12.9+bpo-amd64 && FLAVOUR=rt finds 6.1 6.1.0-50-rt-amd64 &&
			FLAVOUR=16k finds 6.1 6.1.0-49-amd64-16k && FLAVOUR=cloud finds trixie 6.1.0-51-cloud-amd64 &&
			[[ $(FLAVOUR=cloud cell_name amd64 trixie) == x86_64-trixie-cloud ]] || return
		FLAVOUR=rt refused 'no suite has a kernel 6.12 of flavour rt with headers for x86_64' in_own_shell kernel_find 6.12 &&
			FLAVOUR=64k refused "no flavour '64k' of Linux for x86_64 in trixie: use FLAVOUR= one of 16k cloud rt, or leave" \
				in_own_shell kernel_find trixie &&
			FLAVOUR=64k refused "no flavour '64k' of Linux for x86_64 in bookworm" in_own_shell kernel_find 6.1 &&
			FLAVOUR=64k refused "FLAVOUR='64k' is one of Debian's kernels, and KERNEL=debug is none" in_own_shell kernel_find debug || return
		# A suite that has no kernel for it at all.
		apt_do() { :; }
		flavours trixie || complain 'no flavour is an error' || return
		FLAVOUR=rt refused "no flavour 'rt' of Linux for x86_64 in trixie: leave it out" in_own_shell kernel_find trixie
	)
}

# A thread for each processor takes a QEMU that can; the host's, if it is new enough.
parallel_guest() {
	(
		qemu-system-x86_64() { echo "QEMU emulator version $installed (Debian)"; }
		arch_load x86_64
		[[ $(accel) == tcg,thread=single ]] || complain "$(accel) without being asked" || return
		while read -r installed suite; do
			PARALLEL=1 arch_load x86_64
			[[ $(accel) == tcg,thread=multi && ${arch[qemu_suite]:-host} == "$suite" ]] ||
				complain "QEMU $installed: $(accel), from ${arch[qemu_suite]:-host}" || return
		done <<-EOF
			7.2.1 trixie
			8.0.9 trixie
			8.1.0 host
			10.0.2 host
		EOF
		PARALLEL=1 QEMU_SUITE=sid arch_load s390
		[[ ${arch[qemu_suite]} == sid ]] || complain "from ${arch[qemu_suite]}, not sid" || return
		PARALLEL=no arch_load riscv
		[[ $(accel) == tcg,thread=single && ${arch[qemu_suite]} == trixie ]] ||
			complain "$(accel), from ${arch[qemu_suite]:-host}, though not in parallel" || return
		# One that counts instructions has one thread, and what its QEMU takes for that.
		arch_load loongarch
		[[ $(accel),$(ICOUNT=yes accel) == tcg,thread=multi,tcg,thread=single,one-insn-per-tb=on ]] ||
			complain "$(accel), counting $(ICOUNT=yes accel)"
	)
}

# finds KERNEL RELEASE
finds() {
	kernel_find "$1"
	[[ ${kernel[release]} == "$2" ]] || complain "$1 of flavour '${FLAVOUR:-}' is ${kernel[release]}"
}

kernel_tree() {
	(
		mkdir -p "$scratch/tree/include/config" "$scratch/tree/arch/x86/boot"
		touch "$scratch/tree/Module.symvers" "$scratch/tree/arch/x86/boot/bzImage"
		echo 9.9-mine >"$scratch/tree/include/config/kernel.release"
		arch_load x86_64
		kernel_find "$scratch/tree"
		[[ ${kernel[release]} == 9.9-mine && $(cell_timeout) == 300 ]] || complain "release ${kernel[release]}, $(cell_timeout) s"
		[[ $(kernel_image) == "$scratch/tree/arch/x86/boot/bzImage" ]] || complain "image $(kernel_image)"
		[[ $(kernel_build_dir) == "$scratch/tree" ]] || complain "build directory $(kernel_build_dir)"
		mkdir -p "$scratch/tree/include/generated"
		options=$scratch/tree/include/generated/autoconf.h
		for lacks in MODULES KALLSYMS KPROBES DYNAMIC_FTRACE; do
			printf '#define CONFIG_%s 1\n' MODULES KALLSYMS KPROBES{,_ON_FTRACE} DYNAMIC_FTRACE{,_WITH_REGS} |
				grep -v "_$lacks 1" >"$options"
			refused "error: Linux 9.9-mine for x86_64 has no CONFIG_$lacks, which xlp needs" in_own_shell kernel_can || exit
		done
		printf '#define CONFIG_%s 1\n' MODULES KALLSYMS KPROBES DYNAMIC_FTRACE >"$options"
		refused 'x86_64 has neither CONFIG_DYNAMIC_FTRACE_WITH_REGS nor CONFIG_DYNAMIC_FTRACE_WITH_ARGS, of which xlp needs one: build' \
			in_own_shell kernel_can || exit
		printf '#define CONFIG_%s 1\n' DYNAMIC_FTRACE_WITH_ARGS KASAN >>"$options"
		kernel_can
		[[ $(cell_timeout) == 1800 ]] || complain "$(cell_timeout) s with KASAN"
		rm "$scratch/tree/Module.symvers"
		refused 'is not a built kernel tree' in_own_shell kernel_find "$scratch/tree"
		touch "$scratch/tree/Module.symvers"
		# What it was configured by, make ARCH=x86_64 or make.
		printf '%s\n' '#' '# made' '# Linux/x86_64 9.9.0 Kernel Configuration' >"$scratch/tree/.config"
		kernel_find "$scratch/tree"
		sed -i 's/x86_64/x86/' "$scratch/tree/.config"
		kernel_find "$scratch/tree"
		# Both sizes of an architecture may be configured by the same name.
		echo '# CONFIG_64BIT is not set' >>"$scratch/tree/.config"
		refused 'tree is built for 32 bits, and ARCH=x86_64 has 64: set ARCH=' in_own_shell kernel_find "$scratch/tree"
		arch_load i386
		kernel_find "$scratch/tree"
		sed -i 's/.* CONFIG_64BIT.*/CONFIG_64BIT=y/' "$scratch/tree/.config"
		refused 'tree is built for 64 bits, and ARCH=i386 has 32: set ARCH=' in_own_shell kernel_find "$scratch/tree"
		arch_load powerpc
		touch "$scratch/tree/vmlinux"
		refused "tree is built for x86, and ARCH=powerpc is another architecture: set ARCH=x86" in_own_shell kernel_find "$scratch/tree"
	)
}

# Packages and directories of one's own, in place of the archive's.
kernel_of_ones_own() {
	(
		cache=$scratch/own dir=$scratch/own-debs src=usr/src/linux-headers-9-mine
		arch_load x86_64
		tiny_deb "$dir" linux-headers-9-mine 1 $src/{include/generated/autoconf.h,Module.symvers,Makefile}
		tiny_deb "$dir" linux-image-9-mine 1 boot/vmlinuz-9-mine lib/modules/9-mine/x.ko
		tiny_arch=arm64 tiny_deb "$dir" linux-image-arm 1
		headers=$dir/linux-headers-9-mine_1_all.deb image=$dir/linux-image-9-mine_1_all.deb
		finds "$headers,$image" 9-mine && finds "$headers $image" 9-mine || return
		[[ $(kernel_image) == "${kernel[dir]}/boot/vmlinuz-9-mine" && $(kernel_build_dir) == "/$src" ]] ||
			complain "image $(kernel_image), headers $(kernel_build_dir)" || return
		[[ $(cell_name x86_64 "$headers,$image") == x86_64-tree-* ]] || complain 'a cell with a slash' || return
		refused 'there is no kernel (vmlinuz or vmlinux) in' in_own_shell kernel_find "$headers" &&
			refused 'there are no headers of a configured kernel in' in_own_shell kernel_find "$image" &&
			refused 'is for arm64, and ARCH=x86_64 is amd64' in_own_shell kernel_find "$dir/linux-image-arm_1_all.deb" &&
			refused 'none.deb: KERNEL= must name .deb files that are there' in_own_shell kernel_find "$image,$dir/none.deb" || return
		echo '<html>' >"$dir/page.deb"
		refused "page.deb is no package of Debian's kind: use what" in_own_shell kernel_find "$dir/page.deb" || return
		# The same unpacked, and what headers refer to is not there.
		unpacked=${kernel[dir]}
		finds "$unpacked" 9-mine
		echo 'include /usr/src/linux-headers-9-common/Makefile' >"$unpacked/$src/Makefile"
		refused 'lacks /usr/src/linux-headers-9-common/Makefile: add the package linux-headers-9-common' \
			in_own_shell kernel_find "$unpacked" || return
		: >"$unpacked/$src/Makefile"
		for link in ../../lib /usr/lib; do
			ln -sfn "$link/linux-kbuild-9/scripts" "$unpacked/$src/scripts"
			refused 'lacks /usr/lib/linux-kbuild-9/scripts: add the package linux-kbuild-9' \
				in_own_shell kernel_find "$unpacked" || return
		done
		mkdir -p "$unpacked/usr/lib/linux-kbuild-9/scripts"
		finds "$unpacked" 9-mine || return
		rm "$unpacked/$src/Module.symvers"
		refused 'has no Module.symvers' in_own_shell kernel_find "$unpacked" || return
		# An image beside a build directory.
		mkdir -p "$scratch/beside/build/include/config"
		echo 9-mine >"$scratch/beside/build/include/config/kernel.release"
		refused 'is not a built kernel tree' in_own_shell kernel_find "$scratch/beside" || return
		touch "$scratch/beside/Module.symvers"
		refused 'beside has no bzImage' in_own_shell kernel_find "$scratch/beside" || return
		touch "$scratch/beside/vmlinuz-9"
		finds "$scratch/beside" 9-mine
		[[ $(kernel_image) == "$scratch/beside/vmlinuz-9" && ${kernel[symvers]} == "$scratch/beside/Module.symvers" &&
			$(kernel_build_dir) == "$scratch/beside/build" ]] || complain "image $(kernel_image)"
	)
}

# A kernel newer than known is refused by what it lacks, and by nothing else.
kernel_without_a_fact() {
	local dir=$scratch/newer/include/linux
	mkdir -p "$dir"
	printf '%s\n' FTRACE_OPS_FL_IPMODIFY ftrace_set_filter_ips >"$dir/ftrace.h"
	echo TWA_SIGNAL >"$dir/task_work.h"
	echo synchronize_rcu_tasks >"$dir/rcupdate.h"
	echo stop_machine_cpuslocked >"$dir/stop_machine.h"
	echo MODULE_STATE_COMING >"$dir/module.h"
	compat_make && complain 'it passes'
	printed 'xlp cannot be built for Linux 9.9.1: there is no task_call_func in <linux/wait.h>, which it needs to hold' ||
		return
	echo task_call_func >"$dir/sched.h"
	compat_make || complain "$(<"$scratch/out")"
}

compat_make() {
	make -f "$top/compat/Kbuild" srctree="$scratch/newer" KERNELVERSION=9.9.1 --eval='all: ;' all >"$scratch/out" 2>&1
}

# zboot_made FILE COMPRESSION: an image with what gzip makes of stdin, and more behind it.
zboot_made() {
	gzip >"$scratch/payload"
	{
		printf 'MZ\0\0zimg\x47\0\0\0%b\0\0\0\0\0\0\0\0\0\0\0' "\\x$(printf %x "$(stat -c %s "$scratch/payload")")"
		printf '%-47s' "$2" | tr ' ' '\0'
		cat "$scratch/payload"
		echo more
	} >"$1"
}

# The kernel in an EFI zboot image is what QEMU boots; other images it gets as they are.
image_of_zboot() {
	local compression
	cell_dir=$scratch/zboot
	mkdir "$cell_dir"
	arch_load loongarch
	root_provide() { echo "$*" >>"$scratch/provided"; }
	in_root() { "${@:2}"; }
	zstd() { gzip "$@"; }
	kernel_image() { echo "$scratch/vmlinuz"; }
	kernel=()
	echo MZ..bzImage >"$scratch/vmlinuz"
	image_provide
	[[ $(image_boot) == "$scratch/vmlinuz" ]] || complain "boots $(image_boot)" || return
	for compression in gzip zstd; do
		echo "$compression kernel" | zboot_made "$scratch/vmlinuz" "$compression"
		image_provide
		[[ $(image_boot) == "$cell_dir/image" && $(<"$cell_dir/image") == "$compression kernel" ]] ||
			complain "boots $(image_boot)" || return
	done
	[[ $(paste -sd' ' "$scratch/provided") == 'gzip zstd' ]] || complain "provided $(<"$scratch/provided")" || return
	truncate -s -20 "$scratch/vmlinuz"
	refused 'vmlinuz is damaged, as zstd cannot unpack the kernel in it' in_own_shell image_provide || return
	echo | zboot_made "$scratch/vmlinuz" lzo
	refused "is compressed by 'lzo', which the rig does not unpack" in_own_shell image_provide
}

rig_tests+=' arch_aliases bad_arch_file version_and_flavour kernel_tree parallel_guest kernel_of_ones_own
	kernel_without_a_fact image_of_zboot'
