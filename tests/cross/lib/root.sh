# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The build root: a small Debian in a directory that holds the compilers. One
# root of sid serves all kernels: its gcc builds them all, while older suites'
# gcc lacks options that 7.x kernels ask for, and host tools in newer kernels'
# packages need a newer libc than Debian 12 has.

root_suite=sid root_use="build root"
root() { echo "$cache/root/$root_suite"; }

# What any module build needs: make and gcc, the libraries of modpost, objtool
# and sign-file, pahole for type information, perl for the kernel's scripts, and ccache,
# as many builds compile the same for the same kernel.
# The suite has a program for guests, whence a C library for each architecture,
# and binutils: a compiler for this machine's own architecture links by "ld".
root_packages() {
	toolchain_packages
	printf "%s\n" make ccache perl pahole libelf1t64 libssl3t64 zlib1g libc6-dev binutils
	local name
	for name; do
		(arch_load "$name" && printf "%s\n" "${arch[gcc_package]}" "${arch[libc_package]}")
	done
}

# root_provide PACKAGE... makes a root that has these packages.
root_provide() {
	root_has "$@" || locked "root-$root_suite" root_change "$@"
}

root_has() {
	local have
	have=$(dpkg-query --admindir="$(root)/var/lib/dpkg" --show \
		--showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || return
	! grep -qv ' installed$' <<<"$have"
}

root_change() {
	root_has "$@" && return	# another run was faster
	apt_index "$root_suite" "$(native_arch)"
	[[ -d $(root) ]] || { root_could "$@" && root_make; }
	root_install "$@" && return
	! full_disk >/dev/null || die "cannot install $* in the $root_use"
	root_could "$@"
	note "note: the $root_use is too old or in a bad state; making it anew"
	root_remove
	root_make
	root_install "$@" || die "cannot install $* in the $root_use (suite $root_suite may be broken today): see $(root).log"
}

# root_could PACKAGE... dies if not even a new root could have them, so that what cannot be had costs
# nobody the root that there is.
root_could() {
	local log
	log=$(root).could.log
	mkdir -p "${log%/*}"
	LC_ALL=C apt_do "$root_suite" "$(native_arch)" apt-get install --yes --simulate "$@" >"$log" 2>&1 ||
		die "the $root_use ($root_suite) cannot have $*: $(sed -n 's/^E: //p' "$log" | head -n 1)${ROOT_PACKAGES:+; ROOT_PACKAGES='$ROOT_PACKAGES' is to name packages of Debian $root_suite} (see $log)"
}

# Runs that are at work in the root hold its lock together; see in_root.
root_remove() (
	exec 9>>"$cache/lock/in-root-$root_suite"
	take_lock "$cache/lock/in-root-$root_suite" "the $root_use"
	rm -rf "$(root)"
)

root_make() {
	local tmp
	tmp=$(tmp_beside "$(root)")
	note "making the $root_use ($root_suite)"
	chmod 755 "$tmp"
	mmdebstrap --quiet --variant=essential \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
		"$root_suite" "$tmp" "$(apt_state "$root_suite" "$(native_arch)")/sources.list" >"$(root).log" 2>&1 ||
		die "mmdebstrap cannot make a root of $root_suite: see $(root).log"
	mv -T "$tmp" "$(root)"
}

# root_install PACKAGE... fails if the root cannot take the packages. This
# machine's apt compares the index with what the root has and downloads; the
# root's own dpkg installs.
root_install() {
	local debs=$cache/root/$root_suite.debs
	rm -rf "$debs"	# what an interrupted run left may not fit
	root_apt "$debs" --simulate "$@" >"$(root).apt.log" 2>&1 || return
	note "installing in the $root_use ($root_suite): $*"
	as_download "$(root).apt.log" root_apt "$debs" --download-only "$@" ||
		die "cannot download packages for the $root_use: $(network_or_disk "$(root).apt.log") and run again (see $(root).apt.log)"
	# dpkg takes files by their names and passes over one whose pre-dependencies are not there
	# yet: they are the next time.
	in_root mount_dir "$debs" /mnt -- sh -c '
		for round in 1 2 3; do
			dpkg --install --force-unsafe-io --skip-same-version /mnt/*.deb && break
		done && dpkg --configure --pending' >>"$(root).log" 2>&1 || return
	rm -r "$debs"
}

root_apt() {
	mkdir -p "$1/partial"
	apt_do "$root_suite" "$(native_arch)" apt-get install --yes --quiet \
		-o Dir::State::status="$(root)/var/lib/dpkg/status" -o Dir::Cache::archives="$1" "${@:2}"
}

# root_hold keeps the root from being removed while the calling shell or a child runs.
root_hold() {
	mkdir -p "$cache/lock"	# which a cache that was copied need not have
	exec 8>>"$cache/lock/in-root-$root_suite"
	flock --shared 8
}

# The command of in_root, for who has to start a program; it wants "$(root)" and then
# the words of in_root.
root_enter=(unshare --mount --propagation unchanged "$rig/lib/in-root")

root_can_mount() { unshare --mount --propagation unchanged mount --make-private /proc 2>/dev/null; }

# What is shown in the root whoever enters it: a toolchain of this machine.
root_mounts=()

# in_root [mount_dir|mount_readonly OUTSIDE INSIDE]... -- CMD... runs CMD inside the root.
in_root() (
	root_hold
	"${root_enter[@]}" "$(root)" "${root_mounts[@]}" "$@"
)

# ---- a root for QEMU ----

# Another Debian's QEMU runs in a root of that suite, which holds nothing else. What
# follows sets root_suite and root_use, and is for a subshell.
qemu_root() { root_suite=${arch[qemu_suite]} root_use="root for QEMU"; }

qemu_root_provide() (
	qemu_root
	# systemd would come along only to make users.
	root_provide "${arch[qemu_package]:-${arch[qemu]}}" systemd-standalone-sysusers
)

# qemu_root_enter DIR... prints the words, one to a line, that make what follows them
# run in the root, where these directories have the same names.
qemu_root_enter() (
	local shared
	qemu_root
	printf '%s\n' "${root_enter[@]}" "$(root)"
	for shared; do
		printf '%s\n' mount_dir "$shared" "$shared"
	done
	echo --
)

# in_root_of_kernel [mount_dir…] -- CMD… sees the headers of kernel[] as well, and what has
# been compiled.
in_root_of_kernel() {
	local mounts=() dir source
	if [[ ${kernel[tree]:-} ]]; then
		source=$(realpath -e "${kernel[tree]}/source" 2>/dev/null || echo "${kernel[tree]}")
		mounts=(mount_dir "$source" "$source" mount_dir "${kernel[tree]}" "${kernel[tree]}")
		[[ ! ${kernel[symvers]:-} ]] || mounts+=(mount_dir "${kernel[symvers]%/*}" "${kernel[symvers]%/*}")
	else
		mounts=(mount_dir "${kernel[dir]}/usr/src" /usr/src)
		for dir in "${kernel[dir]}"/usr/lib/linux-kbuild-*; do
			[[ ! -d $dir ]] || mounts+=(mount_dir "$dir" "/usr/lib/${dir##*/}")
		done
	fi
	mkdir -p "$cache/ccache"
	in_root mount_dir "$cache/ccache" /ccache "${mounts[@]}" "$@"
}
