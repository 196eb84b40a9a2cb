# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Jobs for LAVA, which boots boards and QEMU in labs: what to boot, and how to read what
# it prints. In a lab all comes over one console, so the guest writes its KTAP there.

# shellcheck disable=SC2154	# arch[], kernel[], cell and build are in the parts before

lava=${LAVA_DIR:-$build/lava}
lava_schema=/usr/share/lava-common/lava-schema.py lava_jinja=/usr/lib/python3/dist-packages/jinja2

# A line of KTAP, as a regular expression of Python's for what has come so far: nothing counts
# before its line is complete, and a line is known by the end of the one before. What is
# skipped is "ok" as well. A kernel that dies has a result, too: why.
readonly lava_pattern='[\r\n] *(?:\[[^\]\r\n]*\] ?)*(?=(?:ok \d+ [^\r\n]*# )?(?P<result>SKIP|not ok|ok|Kernel panic) )(?:(?:not )?ok \d+ (?:- )?|Kernel panic - )(?P<test_case_id>[^\r\n#]+)[^\r\n]*(?=[\r\n])'

# lava_check dies of variables that cannot be meant.
lava_check() {
	local method=${BOOT:-u-boot}
	[[ ! ${BOARD:-} || $BOARD =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$ ]] ||
		die "bad BOARD '$BOARD': use the name of a device type of the lab, such as rk3399-rock-pi-4b"
	[[ $method == @(u-boot|grub|barebox|ipxe) ]] || die "unknown BOOT '$method': use u-boot, grub, barebox or ipxe"
	[[ ! ${DTB:-} || -f $DTB ]] || die "bad DTB '$DTB': there is no such file"
	[[ ${BOARD:-} || ! ${BOOT:-}${DTB:-} ]] || die "BOOT and DTB are of a board: say which with BOARD="
	[[ ! ${ARTEFACTS:-} || $ARTEFACTS =~ ^[a-z]+://[!-~]+$ ]] ||
		die "bad ARTEFACTS '$ARTEFACTS': use a URL, such as https://files.lab/xlp"
	[[ ${APPEND:-} != *\'* ]] || die "bad APPEND: LAVA has no way to pass '"
	[[ ! ${BOARD:-} || ${APPEND:-} != *\"* ]] || die "bad APPEND: LAVA has no way to pass a quotation mark to a board"
}

# ---- LAVA's schema check ----

# Debian 13 has none of LAVA, and an ordinary user cannot install it: Debian 12's then runs in a
# root of its own (lava_rooted=yes: in any case).
lava_is_here() { [[ -e $lava_schema && -e $lava_jinja && ! ${lava_rooted:-} ]]; }
# shellcheck disable=SC2034	# root.sh reads them
lava_root() { root_suite=bookworm root_use='root for LAVA'; }

lava_provide() {
	! lava_is_here || return 0
	if ((EUID == 0)) && [[ ! ${XLP_USER:-}${lava_rooted:-} && ${INSTALL:-yes} == yes ]] && apt-cache show lava-common >/dev/null 2>&1; then
		"$rig/setup" -n lava-common="$lava_schema" python3-jinja2="$lava_jinja"
	else
		# dpkg takes these only when what they need before is set up.
		(lava_root && root_provide python3.11-minimal && root_provide python3-minimal &&
			root_provide lava-common python3-jinja2)
	fi
}

# lava_schema_check FILE prints what LAVA has against it.
lava_schema_check() (
	if lava_is_here; then
		/usr/bin/python3 "$lava_schema" job --strict "$1"
	else
		lava_root
		in_root mount_dir "$lava" "$lava" -- python3 "$lava_schema" job --strict "$1"
	fi 2>&1
)

# lava_cell ARCH KERNEL TEST makes what the cell boots, and the jobs that boot it: one for
# each guest that "make cross" would start.
lava_cell() {
	local words tests job=
	cell_open "$1" "$2"
	[[ ! ${BOARD:-} ]] || lava_boot_method >/dev/null
	[[ ${DRYRUN:-} ]] || lava_artefacts
	while IFS='|' read -r words tests; do
		[[ ! $job ]] || job=-${tests%%,*}
		lava_job qemu "$cell$job"
		[[ ! ${BOARD:-} ]] || lava_job board "$cell$job-$BOARD"
		job=-
	done < <(guests_of "$3")
}

# lava_artefacts puts into build/lava/CELL what the jobs download.
lava_artefacts() {
	local dir=$lava/$cell
	cell_prepare
	mkdir -p "$dir"
	cp "$(kernel_image)" "$dir/kernel"
	cp "$cell_dir/initramfs" "$dir/initramfs"
	[[ ! ${DTB:-} ]] || cp "$DTB" "$dir/dtb"
	[[ ! ${BOARD:-} || $(lava_boot_method) != u-boot ]] || lava_uboot_ramdisk "$dir" >/dev/null
}

# U-Boot wants to know of a ramdisk how long it is. LAVA could say so itself, but would unpack
# the archive for that, and an initramfs of the rig is several in one file.
lava_uboot_ramdisk() {
	mkimage -A "$(lava_uboot_arch)" -O linux -T ramdisk -C none -n xlp -d "$1/initramfs" "$1/initramfs.u-boot" ||
		die "mkimage cannot put a header of U-Boot on $1/initramfs"
}

lava_uboot_arch() {
	case ${arch[name]} in
	x86_64 | arm64 | riscv) echo "${arch[name]}" ;;
	powerpc) echo ppc ;;
	esac
}

# lava_boot_method prints how the board loads what it boots.
lava_boot_method() {
	case ${BOOT:-}-${arch[name]} in
	*-s390) die "LAVA boots no machine of s390: leave BOARD= out, or say another ARCH=" ;;
	-x86_64) echo grub ;;
	-*) echo u-boot ;;
	*) echo "$BOOT" ;;
	esac
}

# lava_job qemu|board NAME: all of it, or nothing
lava_job() {
	local text
	text=$(lava_job_of "$1") || exit
	lava_write "$2" <<<"$text"
}

# lava_write NAME puts the job that it reads into build/lava/NAME.yaml, if LAVA would take it.
lava_write() {
	local file=$lava/$1.yaml said
	rm -f "$file"
	cat >"$file.new" && [[ -s $file.new ]] || { rm -f "$file.new"; die "no job could be made of $1"; }
	if ! said=$(lava_schema_check "$file.new"); then
		rm -f "$file.new"
		die "LAVA does not take the job of $1: $(sed '1d; s/^ *-> *//; s/^mgs: //' <<<"$said" | paste -sd ' ')"
	fi
	mv "$file.new" "$file"
	note "$1: ${file#"$top/"}"
}

# ---- the job itself ----

# yaml TEXT prints it as one scalar of YAML.
yaml() { printf "'%s'" "${1//\'/\'\'}"; }

# lava_url FILE [KEY VALUE]... prints where it is, and what it must be.
lava_url() {
	local file=$lava/$cell/$1
	printf 'url: %s\n' "$(yaml "${ARTEFACTS:-file://$lava}/$cell/$1")"
	[[ ! -e $file ]] || printf 'sha256sum: %s\n' "$(sha256sum <"$file" | cut -d' ' -f1)"
	shift
	(($# == 0)) || printf '%s: %s\n' "$@"
}

indent() { sed "s/^/$(printf '%*s' "$1" '')/"; }

# minutes SECONDS, not less
minutes() { echo "{minutes: $((($1 + 59) / 60))}"; }

# lava_job_of qemu|board, with the words and tests of one guest
lava_job_of() {
	local seconds=${TIMEOUT:-2000} append
	# The guest has one terminal, and knows it as that of its kernel.
	arch[verdict]=console
	append=$(cell_words suite "$tests" "$words") || exit
	# The console of a board is of its device type.
	[[ $1 != qemu ]] || append="console=${arch[console]}${arch[append]:+ ${arch[append]}} $append"
	append_fits "$append"
	cat <<-END
		# Made by "make lava" of xlp.
		job_name: $(yaml "xlp $cell$job")
		device_type: $(yaml "$([[ $1 == qemu ]] && echo qemu || echo "$BOARD")")
		visibility: public
		priority: medium
		metadata:
		  kernel: $(yaml "${kernel[release]} (${kernel[version]})")
		  tests: $(yaml "$tests")
		timeouts:
		  job: $(minutes $((seconds + 1800)))
		  action: $(minutes "$seconds")
		  connection: $(minutes "$seconds")
		context:
	END
	"lava_context_$1" | indent 2
	echo actions:
	"lava_deploy_$1" | indent 2
	"lava_boot_$1" | indent 2
	lava_test "$seconds" | indent 2
}

# What the device type does not say by itself comes last, so that it wins.
lava_context_qemu() {
	local option
	cat <<-END
		arch: ${arch[qemu]#qemu-system-}
		no_kvm: true
		machine: $(yaml "${arch[machine]}")
		cpu: $(yaml "${arch[cpu]}")
		memory: $(yaml "${MEMORY:-${arch[memory]}}")
		extra_options:
	END
	for option in "-machine ${arch[machine]}" "-cpu ${arch[cpu]}" "-smp ${SMP:-2}" "-accel $(accel)" -no-reboot; do
		echo "- $(yaml "$option")"
	done
}

lava_deploy_qemu() {
	cat <<-END
		- deploy:
		    timeout: {minutes: 10}
		    to: tmpfs
		    images:
		      kernel:
		$(lava_url kernel image_arg "$(yaml "-kernel {kernel} -append '$append'")" | indent 8)
		      initrd:
		$(lava_url initramfs image_arg "$(yaml '-initrd {initrd}')" | indent 8)
	END
}

lava_boot_qemu() {
	cat <<-END
		- boot:
		    timeout: {minutes: 10}
		    method: qemu
		    media: tmpfs
	END
}

lava_context_board() { echo "extra_kernel_args: $(yaml "$append")"; }

lava_deploy_board() {
	local ramdisk=initramfs header=() type=()
	if [[ $(lava_boot_method) == u-boot ]]; then
		ramdisk=initramfs.u-boot
		header=(header u-boot)
		[[ ${arch[name]} == powerpc ]] || type=(type image)
	fi
	cat <<-END
		- deploy:
		    timeout: {minutes: 10}
		    to: tftp
		    kernel:
		$(lava_url kernel "${type[@]}" | indent 6)
		    ramdisk:
		$(lava_url "$ramdisk" install_modules false install_overlay false "${header[@]}" | indent 6)
	END
	[[ ! ${DTB:-} ]] || { echo '    dtb:'; lava_url dtb | indent 6; }
}

lava_boot_board() {
	cat <<-END
		- boot:
		    timeout: {minutes: 10}
		    method: $(lava_boot_method)
		    commands: ramdisk
	END
}

# Each test of the suite is one of LAVA's, from its head line to the head of the next one.
lava_test() {
	local test
	cat <<-END
		- test:
		    timeout: $(minutes "$1")
		    monitors:
	END
	for test in ${tests//,/ }; do
		cat <<-END
			    - name: $test
			      start: $(yaml "# Subtest: $test(?=[\\r\\n])")
			      end: $(yaml '[\r\n] *KTAP version 1|[\r\n]xlp-guest-exit: \d+')
			      pattern: $(yaml "$lava_pattern")
			      fixupdict: {ok: pass, not ok: fail, SKIP: skip, Kernel panic: fail}
		END
	done
}
