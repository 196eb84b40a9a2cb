# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A cell of the matrix: one architecture with one kernel. Its directory holds
# everything that is made for it: src/ (copy of the tree, with the objects),
# initramfs, console.log, verdict.log, build.log, result.

cell="" cell_dir=""

# cell_name ARCH KERNEL, of FLAVOUR= and by another compiler; a path is known by its checksum.
cell_name() {
	local version=${2//,/+}
	[[ $version != *@(/|.deb)* && $version != . ]] || version=tree-$(realpath -m "$version" | cksum | cut -d" " -f1)
	echo "$(basename "$(arch_conf "$1")" .conf)-$version${FLAVOUR:+-$FLAVOUR}$(toolchain_suffix "$1")"
}

# cell_open ARCH KERNEL makes the cell this process's own.
cell_open() {
	arch_load "$1"
	toolchain_choose
	cell=$(cell_name "$1" "$2")
	cell_dir=${CELL_DIR:-$build/cross}/$cell
	mkdir -p "$cell_dir" || die "cannot write in $build: make it writable"
	# Two runs in one clone must not build in one directory.
	exec 9>>"$cell_dir/lock"
	take_lock "$cell_dir/lock" "$cell in this clone"
	kernel_find "$2"
}

# phase NAME says what the cell is doing: to whoever shows progress of several, and to a terminal.
phase() {
	[[ ! -t 2 || $1 == "${phase:-}" ]] || echo "$cell: $1" >&2
	phase=$1
	echo "$phase" >"$cell_dir/phase"
}

cell_fetch() {
	phase fetch
	kernel_fetch
	kernel_can
	toolchain_suits
	kernel_xlp_can
	busybox_fetch
	phase root
	local packages
	# shellcheck disable=SC2206,SC2207,SC2086	# lists of words
	packages=($(root_packages "${arch[name]}" ${ROOT_ARCHES:-}) ${ROOT_PACKAGES:-})
	root_provide "${packages[@]}"
	toolchain_check
	toolchain_fits
	image_provide
	[[ ! ${arch[qemu_suite]:-} ]] || qemu_root_provide
	[[ ! ${MODULES:-} ]] || modules_provide
}

# cell_copy brings src/ up to date. Times of files are kept, so that make
# compiles again only what changed; what left the tree leaves the copy.
cell_copy() {
	local src=$cell_dir/src key
	key="${kernel[version]} $(stat -c %i "$(root)")"
	if [[ $(cat "$src.key" 2>/dev/null) != "$key" ]]; then
		rm -rf "$src" "$src.list"
		echo "$key" >"$src.key"
	fi
	mkdir -p "$src"
	source_files | LC_ALL=C sort >"$src.new"
	if [[ -e $src.list ]]; then
		LC_ALL=C comm -23 "$src.list" "$src.new" | (cd "$src" && xargs --no-run-if-empty -d '\n' rm -f)
	fi
	tar --create --directory "$top" --files-from "$src.new" | tar --extract --directory "$src" 2>&1 | head -n 1 >&2 ||
		die "cannot copy the sources to $src"
	mv "$src.new" "$src.list"
}

# Somebody else's git, such as one of all that is at home, knows nothing of these sources.
source_files() {
	if [[ $(git -C "$top" rev-parse --show-toplevel 2>/dev/null) -ef $top ]]; then
		git -C "$top" ls-files --cached --others --exclude-standard |
			while IFS= read -r file; do
				[[ ! -e $top/$file ]] || echo "$file"
			done
	else
		(cd "$top" && find . -path ./build -prune -o -path ./.git -prune -o \
			-type f ! -name '*.o' ! -name '*.ko' ! -name '.*.cmd' -print)
	fi
}

# cell_env lists what a build for this cell needs to know. What a file depends on says the
# compiler: that spares ccache a run of the preprocessor.
# Without debugging information, which guests do not use, a module is a twentieth of its
# size: they copy it with each insmod. A third of a compilation is to remember where in
# macros each word came from, for what messages say of it: who wants more warnings wants
# them whole, and clang does not know the word. Programs of the suite are Debian's compiler's to
# build: a toolchain for kernels need not have a C library.
cell_env() {
	local quick=' -ftrack-macro-expansion=0'
	[[ ! ${W:-} && ${toolchain[kind]} != llvm ]] || quick=
	toolchain_words
	printf '%s\n' "CC=ccache ${toolchain[cc]}" "USERCC=ccache ${arch[triplet]}-gcc" CCACHE_DIR=/ccache CCACHE_DEPEND=1 CCACHE_MAXSIZE=2G \
		"KDIR=$(kernel_build_dir)" SRC=/src "KCFLAGS=-g0$quick${KCFLAGS:+ $KCFLAGS}"
}

# in_cell CMD... runs CMD in the root, in the copy of the sources.
in_cell() {
	local env
	mapfile -t env < <(cell_env)
	in_root_of_kernel mount_dir "$cell_dir/src" /src -- env --chdir /src "${env[@]}" "$@"
}

# The modules, and the programs of the suite, static as guests have no libraries.
# The kernel's selftests bring their own, and the demo shows a sample. Who wants more
# warnings wants them of all.
cell_make() {
	local tests=y bench=${W:+y} programs="load crowd fentry copied faults nomem uevents"
	case ${GUEST:-} in
	selftests | demo) tests='' programs='' ;;
	patch) tests='' programs=load ;;
	port) programs='' ;;
	bench) bench=y ;;
	esac
	# shellcheck disable=SC2016	# expanded inside, from cell_env
	in_cell sh -c 'exec make -C "$KDIR" M="$SRC" ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" CC="$CC" "$@"' - \
		-j "$(nproc)" CONFIG_DEBUG_INFO_BTF_MODULES= KBUILD_EXTRA_SYMBOLS="${kernel[symvers]:-}" \
		XLP_TESTS=$tests XLP_BENCH="$bench" XLP_ARCH="${XLP_ARCH:-}" W="${W:-}" V="${V:-}" modules || return
	# shellcheck disable=SC2016,SC2086	# expanded inside, and a list of words
	[[ ! $programs ]] ||
		in_cell sh -c 'cd tests/suite && for program; do
			$USERCC -O2 -Wall -static -o "$program" "$program.c" || exit
		done' - $programs || return
	# shellcheck disable=SC2016	# expanded inside
	[[ ! $tests || ! $programs ]] ||
		in_cell sh -c 'cd tests/suite && $USERCC -O2 -Wall -static -o admins/admins admins/*.c'
}

cell_build() {
	phase build
	cell_copy
	cell_make >"$cell_dir/build.log" 2>&1 || cell_complain build.log 'error|Error|ERROR' "xlp does not build for $cell"
	# That the build root has other versions of the compiler and of pahole is meant.
	[[ ${W:-} ]] && grep -E 'warning:|WARNING' "$cell_dir/build.log" |
		grep -qv 'differs from the one used to build the kernel' || return 0
	# The next run is to be told, too, so it must compile again.
	rm -f "$cell_dir/src.key"
	cell_complain build.log 'warning:|WARNING' "xlp builds for $cell with warnings, which W=$W does not let pass"
}

# cell_complain LOG PATTERN WHY
cell_complain() {
	grep -E "$2" "$cell_dir/$1" | head -n 20 >&2 || true
	die "$3: see $cell_dir/$1"
}

cell_pack() {
	phase pack
	"$rig/initramfs" "$(busybox)" "$cell_dir/src" "$cell_dir/initramfs" "$(kernel_module "${arch[verdict_module]:-}")" "$(kernel_own_xlp)"
	modules_pack "$cell_dir/initramfs"
	extra_pack "$cell_dir/initramfs"
}

cell_prepare() {
	cell_fetch
	cell_build
	cell_pack
}

# One host thread runs all processors of a guest in turn. With one thread each,
# QEMU 7.2 may translate a function while another processor writes its first
# instruction, and run the stale one for ever. It costs little: make check has
# no fewer guests than host processors. A newer QEMU may have qemu_threads = multi, in which that
# is rare (PARALLEL=no for a test that must not meet it), but counts instructions in one thread only.
accel() {
	local threads=${arch[qemu_threads]:-single}
	[[ ! ${ICOUNT:-} ]] || threads="single${arch[qemu_counting]:+,${arch[qemu_counting]}}"
	echo "tcg,thread=$threads"
}

# cell_settings prints what the suite is told, as words of the kernel's command line.
cell_settings() {
	local name
	for name in LEVEL SWITCHES MODEL DWELL SLEEPERS BUSY FORKS RACES ROUNDS RELOADS SEED OPS WITHOUT BELOW AGAINST DIRECT; do
		[[ ${!name:-} ]] || continue
		[[ ${!name} != *[^A-Za-z0-9_.,:-]* ]] || die "bad $name '${!name}': it must be one word of letters, digits and _.,:-"
		printf ' xlp.%s=%s' "${name,,}" "${!name}"
	done
}

# cell_words COMMAND [TEST [WORDS]] prints what a guest's kernel is told whatever its console
# is, with WORDS and those of APPEND=.
cell_words() {
	local settings words="panic=-1 log_buf_len=1M rdinit=/init xlp.run=$1 xlp.verdict=${arch[verdict]}"
	# What an oops leaves, locks above all, is no guest to go on with: who waits for
	# them would wait until the time-out. In a shell somebody may want to look.
	[[ $1 == shell ]] || words+=" oops=panic"
	settings=$(cell_settings) || return
	echo "$words${2:+ xlp.test=$2}$settings$(kernel_xlp_words)${3:+ $3}${APPEND:+ $APPEND}"
}

# cell_qemu COMMAND [TEST [WORDS]] puts the QEMU line into qemu[]. The caller adds the
# chardevs "console" and, unless COMMAND is "shell", "verdict".
cell_qemu() {
	local devices=${arch[console_qemu]} append
	# What is at another address each time it is begun has to be translated again each time: with
	# norandmaps the kernel's selftests, whose programs are Debian's, take two thirds of the time.
	append="console=${arch[console]} ignore_loglevel norandmaps${arch[append]:+ ${arch[append]}} $(cell_words "$@")"
	append_fits "$append"
	[[ $1 == shell ]] || devices+=" ${arch[verdict_qemu]}"
	# shellcheck disable=SC2206	# a list of words
	qemu=("${arch[qemu]}" -accel "$(accel)" -machine "${arch[machine]}" -cpu "${arch[cpu]}"
		-smp "${SMP:-2}" -m "${MEMORY:-${arch[memory]}}" -nodefaults -display none -no-reboot
		-kernel "$(image_boot)" -initrd "$cell_dir/initramfs" -append "$append"
		$devices ${ICOUNT:+-icount shift=0})
	[[ ! ${arch[qemu_suite]:-} ]] || qemu_enter_root
}

# qemu_enter_root makes qemu[] run inside the root of its suite.
qemu_enter_root() {
	local words
	mapfile -t words < <(qemu_root_enter "$(dirname "$(image_boot)")" "$cell_dir")
	qemu=("${words[@]}" "${qemu[@]}")
}

# qemu_hold keeps what qemu[] runs from being removed while the calling shell runs.
qemu_hold() { [[ ! ${arch[qemu_suite]:-} ]] || { qemu_root && root_hold; }; }

# cell_versions prints what the cell is made of, for the report.
cell_versions() {
	echo "Linux ${kernel[release]} (${kernel[version]}${kernel[suite]:+, ${kernel[suite]}})"
	qemu=("${arch[qemu]}" --version)
	[[ ! ${arch[qemu_suite]:-} ]] || qemu_enter_root
	"${qemu[@]}" | sed -n '1s/.*version \([^ ]*\).*/QEMU \1/p'
	# shellcheck disable=SC2016	# expanded inside, from cell_env
	[[ ! -d $cell_dir/src ]] || in_cell sh -c 'echo "$0 $($CC -dumpfullversion -dumpversion)"' "$([[ ${toolchain[kind]} == llvm ]] && echo clang || echo gcc)"
}

# Seconds a guest may run if nothing is said. A kernel that checks itself is slow.
cell_timeout() {
	local slow='^#define CONFIG_(KASAN|KCSAN|PROVE_LOCKING) 1'
	if [[ ${kernel[tree]:-} ]] && grep -qE "$slow" "${kernel[tree]}/include/generated/autoconf.h" 2>/dev/null; then
		echo 1800
	else
		echo 300
	fi
}

# cell_show_line prints the QEMU line, for DRYRUN=1.
cell_show_line() {
	printf '%q ' "${qemu[@]}"
	echo
}
