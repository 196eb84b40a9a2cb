# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# MODULES="sctp sch_htb": modules of the kernel's own package for the guest, with those that
# they depend on.

# modules_dir prints where the package is unpacked, once for all runs.
modules_dir() { echo "$cache/modules/${arch[debian_arch]}/${kernel[release]}_${kernel[version]}"; }

# Before 7.x they are in linux-image. Since, they have a package of their own, and the list
# of what is built in is in another.
modules_packages() {
	local version=${kernel[version]} release=${kernel[release]}
	if [[ $(apt_versions "${kernel[suite]}" "${arch[debian_arch]}" "linux-modules-$release") ]]; then
		printf '%s\n' "linux-modules-$release=$version" "linux-base-$release=$version"
	else
		echo "linux-image-$release=$version"
	fi
}

modules_provide() {
	[[ ${kernel[suite]:-} && ! ${kernel[tree]:-} ]] ||
		die "MODULES= takes modules of the archive's kernels, and KERNEL=$kernel_wanted is none: put its modules into EXTRA=dir, in dir/modules"
	[[ -d $(modules_dir) ]] || locked "modules-${arch[debian_arch]}-${kernel[release]}" modules_download
	# A name that is none is said before anything is built.
	(modules_files >/dev/null) || exit	# where this ends may have more to say
}

modules_download() {
	[[ -d $(modules_dir) ]] && return	# another run was faster
	local tmp deb packages
	tmp=$(tmp_beside "$(modules_dir)")
	note "fetching the modules of Linux ${kernel[release]}"
	mapfile -t packages < <(modules_packages)
	apt_fetch "${kernel[suite]}" "${arch[debian_arch]}" "$tmp/debs" "${packages[@]}"
	mkdir -p "$tmp/all/lib"
	for deb in "$tmp"/debs/*.deb; do
		unpack "$tmp" "$deb" --wildcards '*/lib/modules/*'
	done
	mv "$(find "$tmp" -type d -path '*/lib/modules' -print -quit)" "$tmp/all/lib/modules"
	root_provide kmod
	in_root mount_dir "$tmp/all" /mnt -- depmod -b /mnt "${kernel[release]}"
	mv -T "$tmp/all/lib/modules/${kernel[release]}" "$(modules_dir)"
	rm -r "$tmp"
}

# modules_in_order DIR NAME... prints the files that these take, each once and behind those
# that it depends on, or asks for by modules.softdep, of which several may do (the generic one
# is taken); fails, and says "no NAME", if there is none.
modules_in_order() {
	awk -v wanted="${*:2}" '
		function name_of(file) {
			sub(/.*\//, "", file)
			sub(/\.ko.*/, "", file)
			gsub(/-/, "_", file)
			return file
		}
		function take_all(words, from, to,    word, i) {
			split(words, word, " ")
			for (i = from; i != to; i += from < to ? 1 : -1)
				take(name_of(word[i]))
		}
		function take(name,    file) {
			name = name in deps ? name : alias[name]
			if (!name || said[name]++)
				return
			take_all(before[name], 1, nr_before[name] + 1)
			take_all(deps[name], nr_deps[name], 1)
			file = deps[name]
			sub(/ .*/, "", file)
			print file
		}
		FILENAME ~ /modules\.dep$/ {
			sub(/:/, "", $1)
			deps[name_of($1)] = $0
			nr_deps[name_of($1)] = NF
		}
		FILENAME ~ /modules\.alias$/ && $1 == "alias" && $2 !~ /[*?[]/ {
			if (!(name_of($2) in alias) || $3 ~ /generic$/)
				alias[name_of($2)] = name_of($3)
		}
		FILENAME ~ /modules\.softdep$/ && $1 == "softdep" {
			for (i = 4; i <= NF && $3 == "pre:" && $i != "post:"; i++) {
				before[name_of($2)] = before[name_of($2)] $i " "
				nr_before[name_of($2)]++
			}
		}
		END {
			gsub(/-/, "_", wanted)
			n = split(wanted, name, " ")
			for (i = 1; i <= n; i++)
				if (!(name[i] in deps)) {
					print "no " name[i]
					exit 1
				}
			for (i = 1; i <= n; i++)
				take(name[i])
		}' "$1"/modules.{dep,alias,softdep}
}

# modules_are_built_in NAME
modules_are_built_in() { grep -q "/${1//-/_}\.ko\$" < <(tr - _ <"$(modules_dir)/modules.builtin"); }

# modules_files prints the files that MODULES= takes, in the order in which they are loaded.
modules_files() {
	local names=() name files
	for name in ${MODULES//,/ }; do
		modules_are_built_in "$name" || names+=("$name")
	done
	files=$(modules_in_order "$(modules_dir)" "${names[@]}") ||
		die "Linux ${kernel[release]} for ${arch[name]} has no module '${files#no }' in Debian's package of it: MODULES= takes the names that lsmod shows"
	echo "$files"
}

# modules_pack INITRAMFS adds them to the guest's files, as an archive of its own.
modules_pack() (
	[[ ${MODULES:-} ]] || return 0
	local dir files name nr=0 file
	for name in ${MODULES//,/ }; do
		! modules_are_built_in "$name" ||
			note "note: $name is a part of Linux ${kernel[release]} for ${arch[name]}, and no module"
	done
	files=$(modules_files)
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	mkdir "$dir/modules"
	# The guest loads them in the order of their names.
	for file in $files; do
		name=${file##*/}
		nr=$((nr + 1))
		name=$dir/modules/$(printf '%03d' "$nr")-${name%%.ko*}.ko
		case $file in
		*.xz) xz --decompress --stdout "$(modules_dir)/$file" >"$name" ;;
		*) cp "$(modules_dir)/$file" "$name" ;;
		esac
	done
	archive_of "$dir" modules >>"$1"
)
