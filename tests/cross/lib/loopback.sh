# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Machines on the loopback address, for tests of what goes over ssh. Each has an sshd of its own, and
# all that it is given (home, cache, scratch files) lies below $scratch. The sshd is the build root's:
# nobody wants one on a machine on which make check runs.

# shellcheck disable=SC2154	# scratch is the caller's, and so is complain

machines=()

# pids_below PID...: the pids, and those of all that they have started
pids_below() {
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v wanted="$*" '
		{ pid = $1; sub(/.*\) /, ""); split($0, field, " "); parent[pid] = field[2] }
		END {
			split(wanted, top, " ")
			for (i in top) is[top[i]]
			do {
				more = 0
				for (pid in parent)
					if (parent[pid] in is && !(pid in is)) { is[pid]; more = 1 }
			} while (more)
			for (pid in is) print pid
		}'
}

# machine_vanish NAME [SIGNAL]: nothing of it goes on, not what was run there either. With STOP
# nothing is said of that, as of a machine without power. All of it is stopped before anything is
# killed: else an sshd that is still there tells that its command was killed.
machine_vanish() {
	local pids
	mapfile -t pids < <(pids_below "$(<"$scratch/machines/$1/pid")")
	kill -STOP "${pids[@]}" 2>/dev/null || true
	[[ ${2:-KILL} == STOP ]] || kill "-${2:-KILL}" "${pids[@]}" 2>/dev/null || true
}

machines_stop() {
	local name
	for name in "${machines[@]}"; do
		machine_vanish "$name"
	done
}

# What who logs in finds: the build root alone, or with "whole" all that is here, see machine_run.
machine_kind=root

# machine_start NAME: reachable by ssh -F $scratch/ssh_config NAME
machine_start() {
	local dir=$scratch/machines/$1 outside='nsenter --target 1 --mount --root --'
	mkdir -p "$dir"/{home/tmp,bin}
	[[ -e $scratch/key ]] || ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
	[[ $machine_kind == whole ]] || {
		outside=''
		printf '#!/bin/sh\necho 4\n' >"$dir/bin/nproc"
		chmod +x "$dir/bin/nproc"
	}
	cat >"$dir/enter" <<-EOF
		#!/bin/sh
		unset XDG_CACHE_HOME
		export HOME=$dir/home TMPDIR=$dir/home/tmp PATH=$dir/bin:\$PATH SHELL=/bin/bash
		exec $outside sh -c "cd \"\$HOME\"; \$SSH_ORIGINAL_COMMAND"
	EOF
	chmod +x "$dir/enter"
	machines+=("$1")
	for _ in 1 2 3; do
		machine_listen "$1" "$((RANDOM % 20000 + 20000))" && break
		machine_vanish "$1"
	done
	cat "$scratch"/machines/*/ssh_config >"$scratch/ssh_config"
	[[ ! -s $dir/ssh.log ]] || complain "no sshd: $(cat "$dir"/{log,ssh.log})"
}

# machine_run DIR: whatever becomes of this test, it ends. A whole machine is a PID namespace, which
# goes with its first process, so that nothing of it is left; that one is outside of the build root.
machine_run() {
	local words=("${root_enter[@]}" "$(root)" mount_dir "$scratch" "$scratch" --
		sh -c 'mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f "$0"' "$1/config")
	root_hold
	[[ $machine_kind == root ]] ||
		words=(unshare --mount --propagation unchanged --pid --fork --kill-child --mount-proc sh -c '"$@" & wait' - "${words[@]}")
	exec timeout --signal KILL "${MACHINE_LIFE:-300}" "${words[@]}"
}

# machine_listen NAME PORT fails if nobody answers.
machine_listen() {
	local dir=$scratch/machines/$1
	printf '%s\n' "Port $2" 'ListenAddress 127.0.0.1' "HostKey $scratch/key" "AuthorizedKeysFile $scratch/key.pub" \
		'PidFile none' 'StrictModes no' 'UsePAM no' 'PermitRootLogin yes' 'MaxStartups 100' "ForceCommand $dir/enter" >"$dir/config"
	printf '%s\n' "Host $1" 'HostName 127.0.0.1' "Port $2" 'User root' "IdentityFile $scratch/key" 'IdentitiesOnly yes' \
		"UserKnownHostsFile $scratch/known" 'StrictHostKeyChecking no' 'LogLevel ERROR' >"$dir/ssh_config"
	machine_run "$dir" 2>"$dir/log" &
	echo "$!" >"$dir/pid"
	disown "$!"
	for _ in {1..30}; do
		ssh -F "$dir/ssh_config" -o BatchMode=yes "$1" true 2>"$dir/ssh.log" </dev/null && return
		sleep 0.1
	done
	return 1
}

