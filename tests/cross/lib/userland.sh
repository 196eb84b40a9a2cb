# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Programs of Debian for guests, for scripts that need the real ones: an archive
# for the end of an initramfs, with all files below debian/.

# What scripts of the kernel call, and dmesg, mount, getconf and ldd's libraries.
readonly userland_wants=(bash dash coreutils diffutils findutils grep sed mawk procps kmod util-linux mount libc-bin)

# They are unpacked, not installed: what only serves installation stays away.
readonly userland_leaves='^(perl.*|lib.*-perl|libperl.*|usrmerge|debconf|dpkg|tar|init-system-helpers|libc-gconv-.*|openssl-provider-.*|libpam-.*)$'

userland() { echo "$cache/userland/$(busybox_suite)-${arch[debian_arch]}.cpio"; }

userland_fetch() {
	[[ -e $(userland) ]] || locked "userland-$(busybox_suite)-${arch[debian_arch]}" userland_make
}

# userland_packages prints what is wanted and what that depends on.
userland_packages() {
	apt_do "$1" "${arch[debian_arch]}" apt-get install --simulate "${userland_wants[@]}" |
		awk -v leave="$userland_leaves" '$1 == "Inst" && $2 !~ leave { print $2 }'
}

userland_make() {
	[[ -e $(userland) ]] && return	# another run was faster
	local suite tmp deb packages
	suite=$(busybox_suite)
	apt_index "$suite" "${arch[debian_arch]}"
	packages=$(userland_packages "$suite")
	[[ $packages ]] || die "suite $suite cannot give bash and what it needs for ${arch[name]}: try again later"
	tmp=$(tmp_beside "$(userland)")
	note "fetching programs for guests of ${arch[name]} ($suite)"
	# shellcheck disable=SC2086	# a list of words
	apt_fetch "$suite" "${arch[debian_arch]}" "$tmp/debs" $packages
	userland_links "$tmp/debian"
	for deb in "$tmp"/debs/*.deb; do
		unpack "$tmp/debian" "$deb"
	done
	userland_trim "$tmp/debian"
	archive_of "$tmp" debian >"$tmp/cpio"
	mv "$tmp/cpio" "$(userland)"
	rm -r "$tmp"
}

# Links that packages make while they are installed, or expect to be there.
userland_links() {
	local dir
	for dir in bin sbin lib lib64; do
		mkdir -p "$1/usr/$dir"
		ln -s "usr/$dir" "$1/$dir"
	done
	mkdir -p "$1"/{proc,sys,dev,tmp,run,root,etc}
	ln -s mawk "$1/usr/bin/awk"
	ln -s dash "$1/usr/bin/sh"
}

# A guest unpacks all of it at each start.
userland_trim() {
	rm -rf "${1:?}"/usr/{share,lib/systemd,lib/udev} "${1:?}"/var "${1:?}"/usr/lib/*/{perl*,gconv,security}
}
