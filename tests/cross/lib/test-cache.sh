# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cache and the archive, as test-rig tests them: with an archive that does not have all it names.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# tiny_deb DIR PACKAGE VERSION [FILE]...: nothing but the files that count
tiny_deb() {
	local file files=("${@:4}") new
	new=$(mktemp -d "$scratch/new.XXXXXX")
	chmod 755 "$new"
	mkdir -p "$1" "$new/DEBIAN" "$new/usr/src/$2"
	for file in "${files[@]:-boot/vmlinuz-1.0}"; do
		mkdir -p "$new/${file%/*}"
		{ echo kernel && head -c "${tiny_size:-0}" /dev/zero; } >"$new/$file"
	done
	printf '%s\n' "Package: $2" "Version: $3" "Architecture: ${tiny_arch:-all}" \
		'Maintainer: rig <rig@localhost>' 'Description: tiny' >"$new/DEBIAN/control"
	dpkg-deb --build "$new" "$1/$2_$3_all.deb" >/dev/null
	rm -r "$new"
}

# Stands in for the archive.
tiny_archive() {
	cache=$scratch/tiny
	apt_index() { :; }
	apt_versions() { :; }
	apt_field() { echo 'linux-headers-1.0-common (= 1), linux-kbuild-1.0 (= 1)'; }
	apt_try() {
		local dir=$3 package
		for package in "${@:4}"; do
			tiny_deb "$dir" "${package%=*}" 1
			[[ ! ${killed_at:-} || ${package%=*} != "$killed_at" ]] || kill -KILL "$BASHPID"
		done
	}
	arch_load x86_64
	kernel=([suite]=trixie [release]=1.0 [version]=1 [dir]=$cache/kernel/amd64/1.0)
}

interrupted_download() {
	(
		tiny_archive
		(killed_at=linux-headers-1.0-common kernel_fetch) 2>/dev/null && complain 'was not interrupted'
		[[ ! -e ${kernel[dir]} ]] || complain 'half a kernel is in the cache'
		kernel_fetch 2>/dev/null
		[[ $(<"$(kernel_image)") == kernel ]] || complain 'the second try has no image'
		[[ -d ${kernel[dir]}/usr/src/linux-kbuild-1.0 ]] || complain 'the second try has no headers'
		[[ $(echo "$cache"/kernel/amd64/*) == "${kernel[dir]}" ]] || complain 'the first try was left behind'
	)
}

# A package has its files in the order of their names.
image_of_package() {
	(
		# shellcheck disable=SC2030	# for what runs in here
		dir=$scratch/image
		arch_load s390
		tiny_deb "$dir" image 1 boot/vmlinuz-1 lib/a/virtio_console.ko lib/vmlinuz-2
		kernel_unpack_image "$dir" "$dir/image_1_all.deb" || complain 'it failed' || exit
		[[ $(cd "$dir" && find . -type f ! -name '*.deb' | sort | paste -sd ' ') == \
			'./boot/vmlinuz-1 ./lib/a/virtio_console.ko' ]] || complain "$(find "$dir")"
	)
}

# no_image DEB: is refused
no_image() {
	(kernel_unpack_image "$scratch/no-image" "$1") >"$scratch/out" 2>&1 &&
		complain 'it passes' && return 1
	printed 'is damaged, or has no kernel: run again'
}

package_without_image() {
	(
		arch_load x86_64
		tiny_deb "$scratch/no-image" image 1 boot/config-1
		no_image "$scratch/no-image/image_1_all.deb" || exit
		truncate --size 100 "$scratch/no-image/image_1_all.deb"
		no_image "$scratch/no-image/image_1_all.deb"
	)
}

two_downloads_at_once() {
	(
		tiny_archive
		kernel_fetch 2>>"$scratch/fetched" &
		kernel_fetch 2>>"$scratch/fetched"
		wait "$!" || complain 'one of two runs failed'
		(($(grep -c '^fetching' "$scratch/fetched") == 1)) || complain 'the kernel was fetched twice'
	)
}

# Stands in for apt and an archive that does not have all that its index names,
# which is below: name, version, and yes or what apt says of it in place of fetching.
lacking_archive() {
	cache=$scratch/lacking
	arch_load s390
	mkdir -p "$(apt_state trixie s390x)" "$(apt_state trixie "$(native_arch)")"
	apt_index() { :; }
	apt_do() { [[ $1 != trixie ]] || "lacking_${3#apt-}" "${@:4}"; }
	for version in 3 2 1; do
		printf "%s $version yes\n" linux-image-6.$version-s390x linux-headers-6.$version-s390x \
			linux-headers-6.$version-common linux-kbuild-6.$version linux-source-6.$version
	done >"$scratch/index"
	echo 'linux-image-s390x 3 yes' >>"$scratch/index"
}

# lacks NAME [WHAT APT SAYS]
lacks() { sed -i "s|^\($1 .*\) yes\$|\1 ${2:-404  Not Found [IP: 192.0.2.1 80]}|" "$scratch/index"; }

lacking_cache() {
	local name=${*: -1}
	case $1 in
	pkgnames) sed -n "s/^\($2[^ ]*\) .*/\1/p" "$scratch/index" ;;
	show)
		awk -v name="${name%=*}" -v wanted="${name#"${name%=*}"}" \
			'$1 == name && (wanted == "" || wanted == "=" $2) { print "Version: " $2 }' "$scratch/index"
		case $name in
		linux-image-s390x) echo 'Depends: linux-image-6.3-s390x (= 3)' ;;
		linux-headers-*-s390x=*)
			name=${name#linux-headers-}
			echo "Depends: linux-headers-${name%-s390x=*}-common (= ${name#*=}), linux-kbuild-${name%-s390x=*}"
			;;
		esac
		;;
	esac
}

lacking_get() {
	local package says
	for package in "${@:3}"; do
		says=$(sed -n "s/^${package/=/ } //p" "$scratch/index")
		case $says in
		yes) tiny_deb . "${package%=*}" "${package#*=}" ;;
		'') echo "E: Version '${package#*=}' for '${package%=*}' was not found" && return 100 ;;
		*) echo "E: Failed to fetch http://192.0.2.1/linux/${package/=/_}_s390x.deb  $says" && return 100 ;;
		esac
	done
	echo "$*" >>"$scratch/got"
}

kernel_had() { kernel_find "$1" && kernel_fetch; }

# got RELEASE: the kernel that trixie means now
got() {
	arch_load s390
	: >"$scratch/out"
	(kernel_find trixie && kernel_fetch && echo "${kernel[release]} ${kernel[version]}" >"$scratch/got.kernel") 2>"$scratch/out"
	[[ $(<"$scratch/got.kernel") == "$1" ]] || complain "took $(<"$scratch/got.kernel"), not $1"
}

missing_packages() {
	local package
	for package in linux-image-6.3-s390x linux-headers-6.3-s390x linux-headers-6.3-common linux-kbuild-6.3; do
		rm -rf "$scratch/lacking"
		lacking_archive
		lacks "$package"
		got '6.2-s390x 2' && printed "note: the archive does not have all packages of Linux 6.3-s390x (3) for s390x" &&
			[[ $(grep -c ^note: "$scratch/out") == 1 ]] || complain "$package: not one note" || return
	done
	# Other runs know, and so does one that asks for a version.
	: >"$scratch/got"
	got '6.2-s390x 2' && printed 'using 6.2-s390x (2)' && [[ ! -s $scratch/got ]] || complain 'asked again' || return
	kernel_find 6 2>/dev/null
	[[ ${kernel[release]} == 6.2-s390x ]] || complain "KERNEL=6 is ${kernel[release]}"
	# Once the archive has it, what was noted goes with the index.
	lacking_archive
	rm "$(apt_state trixie s390x)/missing"
	got '6.3-s390x 3' && [[ ! -s $scratch/out ]] || printed 'fetching Linux 6.3-s390x'
}

missing_twice() {
	lacking_archive
	lacks linux-kbuild-6.3
	# The index may name what fits no kernel: headers of one version, an image of another.
	sed -i 's/^linux-headers-6.2-common 2/linux-headers-6.2-common 2+b1/' "$scratch/index"
	got '6.1-s390x 1' && printed 'using 6.1-s390x (1)'
}

missing_all() {
	lacking_archive
	lacks 'linux-image-6.*'
	refused 'but the archive has none of them' in_own_shell kernel_had trixie &&
		refused 'no suite has a kernel 6.2 with headers for s390 that can be had' in_own_shell kernel_had 6.2
}

missing_but_in_the_cache() {
	lacking_archive
	got '6.3-s390x 3'
	lacks linux-image-6.3-s390x
	apt_note_missing trixie s390x 6.3-s390x 3
	got '6.3-s390x 3' && [[ ! -s $scratch/out ]] || complain 'was fetched again'
}

# What may be over soon is no reason for another kernel.
missing_network() {
	lacking_archive
	lacks linux-image-6.3-s390x 'Could not connect to 192.0.2.1:80, connection timed out'
	refused 'check the network' in_own_shell kernel_had trixie
}

missing_source() {
	lacking_archive
	[[ $(source_version trixie linux-source-6.3) == 3 ]] || complain 'not the newest source'
	[[ $(source_package trixie 2) ]] && complain 'a source of no kernel'
	sed -i 's/^linux-source-6.2 2/linux-source-6.3 6.3.1-1/' "$scratch/index"
	[[ $(source_package trixie 6.3.1-1) == linux-source-6.3 ]] || complain 'not the source of the kernel'
	apt_note_missing trixie "$(native_arch)" linux-source-6.3 3
	[[ $(source_version trixie linux-source-6.3) == 6.3.1-1 ]] || complain 'not the source that can be had'
}

# installs_in ROUNDS: a dpkg that has all installed in that round, and in none before
installs_in() {
	rm -f "$scratch/rounds"
	mkdir -p "$scratch/bin" "$scratch/root"
	printf '%s\n' '#!/bin/sh' '[ "$1" != --configure ] || exit 0' 'echo >>"$ROUNDS"' '[ "$(wc -l <"$ROUNDS")" -ge "$LAST" ]' >"$scratch/bin/dpkg"
	chmod +x "$scratch/bin/dpkg"
	(
		cache=$scratch
		root_apt() { mkdir -p "$1"; }
		in_root() { ROUNDS=$scratch/rounds LAST=$wanted PATH=$scratch/bin:$PATH "${@:5}"; }
		wanted=$1
		root_install python3
	) 2>/dev/null
}

# dpkg passes over what another package has to be set up for first.
pre_dependencies() {
	local rounds
	for rounds in 1 2 3; do
		installs_in "$rounds" && [[ $(wc -l <"$scratch/rounds") == "$rounds" ]] ||
			complain "not installed in round $rounds" || return
	done
	! installs_in 4 || complain 'what is never installed passes'
}

rig_tests+=' interrupted_download two_downloads_at_once missing_packages image_of_package
	package_without_image missing_twice missing_all missing_but_in_the_cache missing_network
	missing_source pre_dependencies'
