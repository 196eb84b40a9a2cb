# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The rig as an ordinary user: its programs run themselves again as root of a user
# namespace, who may enter chroots and mount, and has the ids that packages want for
# their files. XLP_USER says there who he is outside: packages he cannot install.

# Its PID namespace ends with its first process, whatever that has started.
readonly user_namespace=(unshare --user --map-auto --map-root-user --mount --pid --fork --kill-child --mount-proc)

user_name() { id -un 2>/dev/null || echo "$EUID"; }

user_ids=(/etc/subuid /etc/subgid)

# user_has_ids FILE: a range in it belongs to this user, by name or number, and is
# long enough for nobody's 65534.
user_has_ids() {
	awk -F: -v name="$(user_name)" -v number="$EUID" '
		($1 == name || $1 == number) && $3 >= 65535 { found = 1 }
		END { exit !found }' "$1" 2>/dev/null
}

# user_lacks prints why there can be no namespace, and what to do; nothing if there can.
# It looks first: unshare of Debian 12 never ends if it gets no ids.
user_lacks() {
	local file said
	((EUID)) || return 0
	command -v newuidmap >/dev/null || {
		echo 'newuidmap is missing; run as root: apt-get install uidmap'
		return
	}
	for file in "${user_ids[@]}"; do
		user_has_ids "$file" || {
			echo "$(user_name) has no 65536 ids in $file; run as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(user_name)"
			return
		}
	done
	said=$(timeout 10 unshare --user --map-root-user --mount --pid --fork --mount-proc true 2>&1) &&
		said=$(timeout 10 "${user_namespace[@]}" true 2>&1) ||
		echo "this machine lets $(user_name) have no namespaces of his own (${said:-no answer}): set kernel.unprivileged_userns_clone=1 and user.max_user_namespaces=10000 by sysctl, leave a chroot, or run this as root"
}
# user_init CMD... runs a command as the first process of the namespace, which dies of no
# signal that it has not asked for.
user_init() {
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	"$@"
	exit
}

# user_enter PROGRAM ARG... What a user lacks is for setup to say, with all else.
user_enter() {
	if ((EUID)); then
		[[ ! $(user_lacks) ]] || return 0
		XLP_USER=$(user_name) PATH=$PATH:/usr/sbin:/sbin exec "${user_namespace[@]}" "$BASH" "$@"
	elif (($$ == 1)); then
		user_init "$BASH" "$@"
	fi
}
