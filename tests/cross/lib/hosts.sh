# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Has other machines run jobs: GNU parallel hands them out to HOSTS= over ssh, a lane of a
# host at a time, and gives what a host has not brought back to another. What belongs to
# this machine stays here, see jobs.sh.
#
# A host has a copy of the sources in its cache; hosted runs a job there and brings its
# directory back. In $hosts_dir:
#	logins		the hosts that cells go to; parallel reads it again when it changes
#	jobs		the jobs of this turn, one a line, as parallel counts them
#	done/N		job N has its results here
#	notes		what is to be said of hosts
#	joblog, log	what parallel tells of each job, and what jobs without results said

# shellcheck disable=SC2154	# build and top are in base.sh

hosts_dir=$build/cross/hosts
hosts_pid="" hosts_waiting=() hosts_told=0
# What people type for cells. Files of this machine are not for others, see hosts_check.
readonly hosts_settings=(LEVEL SWITCHES MODEL DWELL SLEEPERS BUSY FORKS RACES ROUNDS RELOADS SEED OPS WITHOUT BELOW
	AGAINST DIRECT APPEND SMP PARALLEL QEMU_SUITE TIMEOUT FAIL_FAST FLAVOUR W V KCFLAGS MODULES MIRROR INSTALL LOCK_WAIT ROOT_ARCHES
	LLVM CROSS_COMPILE CT_PREFIX XLP_ARCH)

# hosts_words prints HOSTS, one to a line: [LANES/][USER@]NAME[:PORT]
hosts_words() { tr -s ', \n' '\n' <<<"${HOSTS:-}" | sed '/^$/d'; }

# hosts_check dies of HOSTS, and of what other machines cannot know.
hosts_check() {
	local word twice
	[[ ${HOSTS:-} ]] || return 0
	[[ $(hosts_words) ]] || die "bad HOSTS '$HOSTS': name machines that ssh reaches, such as 'a root@b 4/c'"
	while read -r word; do
		[[ $word =~ ^([1-9][0-9]*/)?([A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9_.-]*(:[0-9]+)?$ ]] ||
			die "bad HOSTS '$word': use NAME, USER@NAME or NAME:PORT, and LANES/ before it for so many cells at once"
	done < <(hosts_words)
	twice=$(hosts_words | sed 's,.*/,,' | sort | uniq -d | head -n 1)
	[[ ! $twice ]] || die "bad HOSTS: '$twice' is there twice: use 2/$twice for two cells at once"
	hosts_can_build "${KERNEL:-}" "${CROSS_COMPILE:-}"
	[[ ! ${EXTRA:-} ]] || die "EXTRA='$EXTRA' is of this machine: leave out EXTRA or HOSTS"
}

# hosts_can_build KERNEL CROSS_COMPILE dies of files of this machine in either.
hosts_can_build() {
	local layer layers
	[[ $1 != *@(/|.deb)* && $1 != . ]] ||
		die "KERNEL='$1' is of this machine: HOSTS take kernels of Debian, and those that the rig builds"
	[[ $2 != */* ]] ||
		die "CROSS_COMPILE='$2' is of this machine: HOSTS take the tuple of a toolchain, and each looks for that below its ~/x-tools, /opt/x-tools and /opt/cross"
	! tree_wanted "$1" || IFS=, read -ra layers <<<"$tree_layers_wanted"
	for layer in "${layers[@]}"; do
		tree_is_layer "$layer" ||
			die "the file $layer of KERNEL='$1' is of this machine: HOSTS take layers of the rig, some of $(tree_layers)"
	done
}

# ssh gives up a host that says nothing for a minute. What was typed comes first, and wins (but of -F,
# of which the last does).
hosts_ssh() {
	local config=()
	[[ ! ${XLP_USER:-} ]] || config=(-F "$hosts_dir/ssh_config")
	# shellcheck disable=SC2086	# a list of words
	ssh "${config[@]}" ${SSH:-} -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 "$@"
}

# hosts_ssh_config prints what ssh does not find in a user namespace, where it takes the user for root.
hosts_ssh_config() {
	printf 'Include "%s"\n' "$HOME/.ssh/config" /etc/ssh/ssh_config
	printf '%s\n' 'Match all' "User $XLP_USER" "UserKnownHostsFile \"$HOME/.ssh/known_hosts\""
	printf 'IdentityFile "%s"\n' "$HOME"/.ssh/{id_ed25519,id_ecdsa,id_rsa}
}

# hosts_reach WORD: puts the words that ssh needs for a host into reach[].
hosts_reach() {
	local name=${1#*/}
	reach=()
	[[ $name != *@* ]] || reach+=(-l "${name%@*}")
	name=${name#*@}
	[[ $name != *:* ]] || reach+=(-p "${name#*:}")
	reach+=("${name%:*}")
}

# The directory in a host's cache, for its shell: one for each clone that hands out cells.
# shellcheck disable=SC2016	# expanded there
hosts_tree() { printf '"${XDG_CACHE_HOME:-$HOME/.cache}"/xlp/hosted/%s' "$(printf '%s:%s' "$(uname -n)" "$top" | sha256sum | cut -c1-16)"; }

# hosts_sources prints the sources, and the settings in a file of their own.
hosts_sources() {
	local name
	for name in "${hosts_settings[@]}"; do
		[[ ! ${!name:-} ]] || printf 'export %s=%q\n' "$name" "${!name}"
	done >"$hosts_dir/settings"
	source_files >"$hosts_dir/files"
	tar --create --directory "$top" --files-from "$hosts_dir/files" --transform 's,^settings$,build/hosted-settings,' \
		--directory "$hosts_dir" settings
}

# host_prepare WORD brings the sources to a host, and prints its word with lanes.
host_prepare() {
	local lanes there reach
	hosts_reach "$1"
	there="set -e; tree=$(hosts_tree)
		rm -rf \"\${tree:?}\"; mkdir -p \"\$tree\"; tar -x -C \"\$tree\"
		. \"\$tree/build/hosted-settings\"; \"\$tree/tests/cross/setup\" >&2 </dev/null; nproc"
	lanes=$(hosts_ssh "${reach[@]}" "exec sh -c '${there//\'/\'\\\'\'}'" <"$hosts_dir/sources.tar") || return
	lanes=$((lanes > 1 ? lanes / 2 : 1))
	[[ $1 != */* ]] || lanes=${1%%/*}
	echo "$lanes/${1#*/}"
}

# hosts_lock: parallel holds that, too, as it may live on where its check was killed.
hosts_lock() {
	[[ ${HOSTS:-} ]] || return 0
	exec 9>>"$hosts_dir.lock"
	take_lock "$hosts_dir.lock" 'HOSTS in this clone'
}

# hosts_prepare brings the sources to all hosts at once, and has them install what any cell takes. Who
# is not there, or cannot, gets no cells.
hosts_prepare() {
	local word words pids=() nr
	mapfile -t words < <(hosts_words)
	rm -rf "${hosts_dir:?}"
	mkdir -p "$hosts_dir"/{done,prepared}
	: >"$hosts_dir/notes"
	echo "$check_id" >"$hosts_dir/id"
	[[ ! ${XLP_USER:-} ]] || hosts_ssh_config >"$hosts_dir/ssh_config"
	hosts_sources >"$hosts_dir/sources.tar"
	for nr in "${!words[@]}"; do
		host_prepare "${words[nr]}" >"$hosts_dir/prepared/$nr" 2>"$hosts_dir/prepared/$nr.log" &
		pids+=("$!")
	done
	: >"$hosts_dir/logins"
	for nr in "${!words[@]}"; do
		if wait "${pids[nr]}"; then
			cat "$hosts_dir/prepared/$nr" >>"$hosts_dir/logins"
		else
			note "note: host ${words[nr]#*/} cannot be used: $(hosts_reason "$hosts_dir/prepared/$nr.log")"
		fi
	done
	[[ -s $hosts_dir/logins ]] || die "no host of HOSTS='$HOSTS' can be used: see to it that 'ssh${SSH:+ $SSH} HOST' works without a question"
	rm "$hosts_dir/sources.tar"
}

# hosts_reason LOG: the last thing that ssh, or the host, has said
hosts_reason() { sed 's/\r$//; /^$/d' "$1" | tail -n 1 | grep . || echo 'no answer'; }

# hosts_have HOST: do cells go there?
hosts_have() { awk -F/ -v host="$1" '$2 == host { found = 1 } END { exit !found }' "$hosts_dir/logins"; }

# job_far NAME: a job for hosts, if there are any
job_far() { [[ ! ${HOSTS:-} ]] || job_lane[$1]=far; }

# hosts_start takes the jobs for hosts out of jobs_waiting, and hands them out.
hosts_start() {
	local name near=()
	hosts_waiting=()
	for name in "${jobs_waiting[@]}"; do
		if [[ ${job_lane[$name]} == far ]]; then
			hosts_waiting+=("$name")
		else
			near+=("$name")
		fi
	done
	jobs_waiting=("${near[@]}")
	((${#hosts_waiting[@]})) || return 0
	for name in "${hosts_waiting[@]}"; do
		echo "$name ${job_command[$name]//"$top/"/@top@/}"
	done >"$hosts_dir/jobs"
	hosts_parallel </dev/null >>"$hosts_dir/log" 2>&1 &
	hosts_pid=$!
	jobs_beside+=("$hosts_pid")
}

# A job that a host has not brought back goes to another, as long as there is one.
hosts_parallel() {
	exec setsid parallel --plain --will-cite --arg-file "$hosts_dir/jobs" --sshloginfile "$hosts_dir/logins" --ssh "$rig/hosted" \
		--sshdelay 0.1 --retries "$(($(wc -l <"$hosts_dir/logins") + 2))" --joblog "+$hosts_dir/joblog" \
		"cd $(hosts_tree) && tests/cross/lib/on-host"
}

# hosts_can NAME: is there a host, if that job is for hosts?
hosts_can() { [[ ${job_lane[$1]} != far || -s $hosts_dir/logins ]]; }

hosts_busy() { [[ $hosts_pid ]]; }

# hosts_show prints what hosts are at.
hosts_show() {
	[[ ! $hosts_pid ]] || printf '  hosts: %d left' "${#hosts_waiting[@]}"
}

# hosts_take takes one job that has come back; it fails if none has. When parallel has ended
# those that have not are left.
hosts_take() {
	local mark name alive=
	[[ $hosts_pid ]] || return 1
	! kill -0 "$hosts_pid" 2>/dev/null || alive=yes
	hosts_tell
	for mark in "$hosts_dir"/done/*; do
		[[ -e $mark ]] || continue
		name=$(<"$mark")
		rm "$mark"
		hosts_drop "$name"
		job_ended "$name"
		return
	done
	[[ ! $alive ]] || return 1
	wait "$hosts_pid" || true
	hosts_pid=
	for name in "${hosts_waiting[@]}"; do
		job_leave "$name"
	done
	hosts_waiting=()
}

hosts_drop() {
	local name kept=()
	for name in "${hosts_waiting[@]}"; do
		[[ $name == "$1" ]] || kept+=("$name")
	done
	hosts_waiting=("${kept[@]}")
}

# hosts_tell says what is new of hosts. Without any parallel has nothing left to do.
hosts_tell() {
	local new
	new=$(tail -n "+$((hosts_told + 1))" "$hosts_dir/notes")
	[[ $new ]] || return 0
	hosts_told=$((hosts_told + $(wc -l <<<"$new")))
	[[ ! -t 2 ]] || printf '\r\e[K' >&2
	note "$new"
	[[ -s $hosts_dir/logins ]] || kill -TERM -- "-$hosts_pid" 2>/dev/null || true
}
