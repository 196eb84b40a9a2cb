# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests who runs the rig, and where: other users, full disks, roots.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# A user whom nobody knows but what as_user runs, with a copy of the rig in his home.
user_made() {
	chmod 711 "$scratch"
	mkdir -p "$scratch/home/xlp"
	source_files | tar --create --directory "$top" --files-from - | tar --extract --no-same-owner --directory "$scratch/home/xlp"
	{ cat /etc/passwd && echo "xlp-rig:x:64242:64242::$scratch/home:/bin/sh"; } >"$scratch/passwd"
	echo xlp-rig:4300000:65536 >"$scratch/ids"
	chown -R 64242:64242 "$scratch/home"
	in_place='' path=/usr/bin:/bin
}

# as_user CMD... runs CMD as that user, in his home. The files by which he is known are mounted:
# in $in_place, a mount where all of this machine is to be seen, or over its own if there is none.
# His programs are in $path.
as_user() {
	local how=(private)
	[[ ! $in_place ]] || how=(unchanged)
	timeout 120 unshare --mount --propagation "${how[@]}" "$BASH" -euc '
		scratch=$1 at=$2
		[[ ! $at ]] || { mount --make-private "$at" && mount --rbind --make-rprivate / "$at"; }
		mount --bind "$scratch/passwd" "$at/etc/passwd"
		mount --bind "$scratch/ids" "$at/etc/subuid"
		mount --bind "$scratch/ids" "$at/etc/subgid"
		exec chroot --userspec=64242:64242 --groups= "${at:-/}" env -i --chdir "$scratch/home/xlp" \
			HOME="$scratch/home" PATH="$3" ${4:+MIRROR="$4"} "${@:5}"
	' - "$scratch" "$in_place" "$path" "${MIRROR:-}" "$@" </dev/null
}

# Skips what takes a machine on which users can be made.
user_can_be() {
	[[ ! ${XLP_USER:-} ]] || skipped 'an ordinary user runs this, and cannot make another one'
	root_can_mount || skipped 'root may not mount here'
	[[ -e /etc/subuid && -e /etc/subgid ]] || skipped 'this machine has no /etc/subuid and /etc/subgid'
}

ordinary_user() {
	local status=0
	user_can_be
	command -v newuidmap >/dev/null || skipped 'newuidmap is missing: apt-get install uidmap'
	unshare --user true 2>/dev/null || skipped 'no user namespaces here, as in a chroot, or by sysctl'
	user_made
	cat >"$scratch/home/xlp/tests/cross/try" <<-'EOF'
		. "${BASH_SOURCE[0]%/*}/lib/all.sh"
		"$rig/setup"
		apt_index sid "$(native_arch)"
		root_make
		# Files of other owners; what is mounted; nobody else's processes.
		in_root mount_dir "$top" /mnt -- sh -c 'id -u; stat -c %G /var/mail; cd /mnt && ls Kbuild; ls -d /proc/[0-9]* | wc -l'
		echo "$XLP_USER"
		sleep 300 &
		kill -INT "$$"
	EOF
	as_user bash tests/cross/try >"$scratch/out" 2>&1 || status=$?
	[[ $status == 130 && $(grep -v ^note: "$scratch/out" | paste -sd ' ') =~ 0\ mail\ Kbuild\ [1-9]\ xlp-rig$ ]] ||
		complain "$(<"$scratch/out")" || return
	[[ $(stat -c %u "$scratch/home/.cache/xlp/root/sid/bin/sh") == 64242 && ! $(find /proc -maxdepth 1 -uid 64242) ]] ||
		complain "what he made is not his, or goes on: $(find /proc -maxdepth 1 -uid 64242)"
}

# What he lacks is said in one line: what to install, or what to let him have.
user_without_newuidmap() {
	user_can_be
	user_made
	in_place=/proc path=$scratch/bin
	mkdir "$path"
	ln -s /usr/bin/* "$path"
	rm -f "$path/newuidmap"
	refused 'error: missing on this machine: some-package uidmap; run as root: apt-get install --no-install-recommends some-package uidmap' \
		as_user tests/cross/setup some-package=no-such-program && [[ $(wc -l <"$scratch/out") == 1 ]]
}
user_without_ids() {
	user_can_be
	command -v newuidmap >/dev/null || skipped 'newuidmap is missing: apt-get install uidmap'
	user_made
	in_place=/proc
	echo xlp-rig:4300000:1000 >"$scratch/ids"
	refused 'error: xlp-rig has no 65536 ids in /etc/subuid; run as root: usermod --add-subuids' \
		as_user tests/cross/setup && [[ $(wc -l <"$scratch/out") == 1 ]] || return
	# He may be known by his number.
	echo 64242:4300000:65536 >"$scratch/ids"
	! as_user tests/cross/setup >"$scratch/out" 2>&1 && ! grep subuid "$scratch/out"
}
# The kernel gives none to who is in a chroot.
user_without_namespaces() {
	user_can_be
	command -v newuidmap >/dev/null || skipped 'newuidmap is missing: apt-get install uidmap'
	user_made
	in_place=/proc
	refused 'error: this machine lets xlp-rig have no namespaces of his own (unshare: unshare failed: Operation not permitted): set' \
		as_user tests/cross/setup && [[ $(wc -l <"$scratch/out") == 1 ]]
}

# on_small_disk SIZE CMD... finds a disk of SIZE in $scratch/small, which nobody else sees.
on_small_disk() {
	root_can_mount || skipped 'root may not mount here'
	mkdir -p "$scratch/small"
	unshare --mount --propagation unchanged "$BASH" -euc '
		mount --make-private /proc
		mount --rbind --make-rprivate / /proc
		mount -t tmpfs -o "size=$2" tmpfs "/proc$1/small"
		exec chroot /proc env --chdir "$1" SMALL="$1/small" "${@:3}"
	' - "$scratch" "$@"
}

full_disk_of_cache() {
	on_small_disk 2M "$BASH" "$rig/test-rig" --one kernel_on_small_disk &&
		on_small_disk 64k "$BASH" "$rig/test-rig" --one root_on_small_disk
}
# The packages have room, what is in them has none: nothing may be kept as a kernel.
kernel_on_small_disk() {
	tiny_size=3000000
	tiny_archive
	cache=$SMALL
	# shellcheck disable=SC2031	# another dir was modified in a subshell
	kernel[dir]=$SMALL/kernel
	refused 'is full, make room there: cannot unpack linux-' in_own_shell kernel_fetch || return
	[[ ! -e $SMALL/kernel ]] || complain 'half a kernel is in the cache'
}
# A root that has no room for packages is not in a bad state.
root_on_small_disk() {
	cache=$SMALL
	mkdir -p "$(root)/bin" "$cache/lock"
	as_download() { echo 'E: Write error - write (28: No space left on device)' >"$1" && return 100; }
	MIRROR=none refused "error: cannot fetch the index of suite trixie for amd64: make room on the disk of $SMALL" \
		in_own_shell apt_update trixie amd64 || return
	[[ $(wc -l <"$scratch/out") == 1 ]] && ! grep MIRROR "$scratch/out" || complain "$(<"$scratch/out")" || return
	apt_index() { :; }
	root_install() { return 1; }
	root_make() { :; }
	refused 'is full, make room there: cannot install make in the build root' in_own_shell root_change make || return
	[[ -d $(root)/bin ]] || complain 'the root is gone'
}

full_disk_of_build() {
	local line
	refused "error: the disk of $scratch/small is full, make room there: cannot copy the sources to $scratch/small/x86_64-trixie/src" \
		on_small_disk 300k env CELL_DIR="$scratch/small" DRYRUN=1 "$rig/run" x86_64 trixie && printed '0 passed, 1 failed, 0 skipped' || return
	# A guest's logs may be all that there was room for.
	judged 0 '3 passed, 0 failed, 1 skipped' "$good" || return
	for line in verdict.log console.log qemu.status qemu.log; do
		tail -n 1000 "$scratch/$line" >"$scratch/$line.kept"
	done
	refused 'error: cannot keep the result in' on_small_disk 64k "$BASH" -c '
		for log in verdict.log console.log qemu.status qemu.log; do cp "$log.kept" "small/$log"; done
		head -c 64k /dev/zero >small/all 2>/dev/null
		"$@" suite small' - "$rig/judge"
}

root_without_mounts() {
	root_can_mount || skipped 'root may not mount here, which is what this looks for'
	refused 'error: root may not mount here' setpriv --bounding-set=-sys_admin "$rig/setup"
}

# Mounts of a root stay in it, also where those of the machine are shared, or / is no mount.
mounts_stay_inside() {
	root_can_mount || skipped 'root may not mount here'
	unshare --mount --propagation unchanged "$BASH" -c '
		mount --make-rshared / 2>/dev/null || mount --make-shared /proc
		cat /proc/self/mountinfo >"$0/before"
		"$@" / mount_dir "$0" /mnt mount_dir /etc /mnt/etc -- sh -c "cat /proc/$$/mountinfo >/mnt/during; cat /mnt/etc/passwd"
	' "$scratch" "${root_enter[@]}" >"$scratch/out" && cmp "$scratch/before" "$scratch/during" && printed root:x:0
}

rig_tests+=' ordinary_user user_without_newuidmap user_without_ids user_without_namespaces full_disk_of_cache
	full_disk_of_build root_without_mounts mounts_stay_inside'
