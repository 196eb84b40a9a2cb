# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests HOSTS=, with machines of loopback.sh and cells that take no time.

# shellcheck disable=SC2154	# scratch and rig are those of test-rig

# hosts_tree_of_stubs makes $scratch/x, whose cells take no time: they wait for $scratch/go.
hosts_tree_of_stubs() {
	local cross=$scratch/x/tests/cross
	trap 'machines_stop; rm -rf "${scratch:?}"' EXIT
	"$rig/setup" -n parallel=parallel openssh-client=ssh
	root_provide openssh-server systemd-standalone-sysusers perl
	mkdir -p "$scratch/x/tests"
	cp -r "$rig" "$cross"
	cp -r "$top/tests/suite" "$scratch/x/tests/suite"
	printf '#!/bin/sh\nexit 0\n' >"$cross/fetch"
	# shellcheck disable=SC2016	# expanded there
	printf '#!/bin/sh\n[ ! -e "$HOME/lacks" ] || { cat "$HOME/lacks" >&2; exit 125; }\n' >"$cross/setup"
	cat >"$cross/run" <<-EOF
		#!/bin/bash
		. "\${BASH_SOURCE[0]%/*}/lib/all.sh"
		dir=\${CELL_DIR:-\$build/cross}/\$1-\$2\${FLAVOUR:+-\$FLAVOUR}
		mkdir -p "\$dir/src"
		echo "\$1-\$2 \$HOME" >>"$scratch/begun"
		until [[ -e $scratch/go ]]; do sleep 0.1; done
		echo big >"\$dir/src/object"
		echo "\${APPEND:-} LEVEL=\${LEVEL:-}"
		printf 'KTAP version 1\n1..1\nok 1 load\nxlp-guest-exit: 0\n' >"\$dir/verdict.log"
		echo 'Linux 9 (9, sid)' >"\$dir/versions"
		echo '1 passed, 0 failed, 0 skipped' >"\$dir/counts"
		echo '0 1.0' >"\$dir/result"
	EOF
	cp "$cross/run" "$cross/selftests"
}

# hosted_check CODE SETTING=VALUE...
hosted_check() {
	local code=$1 status=0
	env ARCH=s390 "SSH=-F $scratch/ssh_config" "${@:2}" "$scratch/x/tests/cross/check" >"$scratch/out" 2>&1 </dev/null || status=$?
	[[ $status == "$code" ]] || { sed 's/^/# /' "$scratch/out"; complain "exit $status, not $code"; }
}

hosts_run_cells() {
	local cell build=$scratch/x/build
	hosts_tree_of_stubs
	machine_start a && machine_start b || return
	touch "$scratch/go"
	hosted_check 0 HOSTS='a 1/b' PARALLEL=1 APPEND='x="1 2" $y' && printed '4 passed, 0 failed, 0 skipped' || return
	for cell in s390-bookworm s390-trixie s390-sid selftests/s390-sid; do
		[[ -e $build/cross/$cell/verdict.log && ! -e $build/cross/$cell/src ]] || complain "$cell: $(ls "$build/cross/$cell")" || return
		grep -q '^on [ab]$' "$build/cross/$cell/versions" || complain "$cell: $(<"$build/cross/$cell/versions")" || return
	done
	grep -qF 'x="1 2" $y LEVEL=full' "$build/cross/s390-trixie/out.log" || complain "$(<"$build/cross/s390-trixie/out.log")" || return
	# All that it took lies in the homes of the machines, and both have worked.
	[[ $(grep -c "$scratch/machines/[ab]/home" "$scratch/begun") == 4 && $(sed 's/.* //' "$scratch/begun" | sort -u | wc -l) == 2 ]] ||
		complain "$(<"$scratch/begun")"
}

bad_hosts() {
	hosts_tree_of_stubs
	local check=$scratch/x/tests/cross/check
	refused "bad HOSTS 'a;b': use NAME, USER@NAME" timeout 20 env HOSTS='a;b' "$check" &&
		refused "bad HOSTS ' , '" timeout 20 env HOSTS=' , ' "$check" &&
		refused "bad HOSTS '0/a'" timeout 20 env HOSTS='0/a' "$check" &&
		refused "bad HOSTS '-oProxyCommand=x'" timeout 20 env HOSTS='-oProxyCommand=x' "$check" &&
		refused "bad HOSTS: 'a' is there twice: use 2/a" timeout 20 env HOSTS='a b 3/a' "$check" &&
		refused "KERNEL='../linux' is of this machine" timeout 20 env HOSTS=a ARCH=s390 KERNEL=../linux "$check" &&
		refused "KERNEL='linux-image.deb' is of this machine" timeout 20 env HOSTS=a ARCH=s390 KERNEL=linux-image.deb "$check" &&
		refused "the file my.config of KERNEL='debug,my.config-sid' is of this machine" \
			timeout 20 env HOSTS=a KERNEL=debug,my.config-sid "$check" &&
		refused "CROSS_COMPILE='/opt/x/bin/s390x-linux-' is of this machine: HOSTS take the tuple" \
			timeout 20 env HOSTS=a ARCH=s390 CROSS_COMPILE=/opt/x/bin/s390x-linux- "$check" &&
		refused "EXTRA='/tmp' is of this machine" timeout 20 env HOSTS=a EXTRA=/tmp "$check" &&
		refused 'make quick runs no cells, so it takes no HOSTS=' timeout 20 env HOSTS=a "$check" quick &&
		refused "unknown RESUME 'yes': use 1" timeout 20 env RESUME=yes "$check" &&
		refused 'there is no check to go on with: leave out RESUME' timeout 20 env RESUME=1 ARCH=s390 "$check"
}

# One is not there, and one lacks what cells take. The third has them all.
hosts_not_there() {
	hosts_tree_of_stubs
	machine_start a && machine_start b && machine_start c || return
	machine_vanish b
	echo 'error: newuidmap is missing' >"$scratch/machines/c/home/lacks"
	touch "$scratch/go"
	hosted_check 0 HOSTS='b c a' && printed '4 passed, 0 failed, 0 skipped' &&
		printed 'note: host b cannot be used: ssh: connect to host 127.0.0.1 port' &&
		printed 'note: host c cannot be used: error: newuidmap is missing' || return
	hosted_check 125 HOSTS='b c' && printed "error: no host of HOSTS='b c' can be used: see to it that 'ssh -F"
}

# begun N: so many cells are at work
begun() {
	local tries
	for tries in {1..150}; do
		(($(wc -l 2>/dev/null <"$scratch/begun" || echo 0) < $1)) || return 0
		sleep 0.1
	done
	complain "only $(<"$scratch/begun") of $1 cells have begun after $tries tries"
}

# host_vanishes [SIGNAL [SETTING=VALUE]]: it has cells, and another takes them.
host_vanishes() {
	local told check
	hosts_tree_of_stubs
	machine_start a && machine_start b || return
	hosted_check 0 HOSTS='2/a 1/b' "${@:2}" &
	check=$!
	begun 3 || return
	machine_vanish a "${1:-KILL}"
	vanished=$SECONDS
	touch "$scratch/go"
	wait "$check" && printed '4 passed, 0 failed, 0 skipped' && printed 'note: host a is gone: ' && printed '; other hosts take its cells' || return
	told=$(grep -c 'host a' "$scratch/out")
	((told == 1)) || complain "said $told times: $(grep 'host a' "$scratch/out")"
}

# A cache that was copied from another machine has no locks.
copied_cache() {
	# shellcheck disable=SC2034	# root_hold looks at it
	cache=$scratch/copied
	root_hold || complain 'the root cannot be entered'
}

# What is typed for ssh wins over the minute that a host has to answer.
host_hangs() {
	host_vanishes STOP "SSH=-F $scratch/ssh_config -o ServerAliveInterval=1 -o ServerAliveCountMax=2 -o ConnectTimeout=2" &&
		printed 'note: host a is gone: no answer; other hosts take its cells' || return
	((SECONDS - vanished < 55)) || complain "after $((SECONDS - vanished)) s"
}

# All hosts go; what they have brought back is kept, and the rest is for RESUME.
hosts_vanish() {
	local check build=$scratch/x/build
	hosts_tree_of_stubs
	machine_start a || return
	# The first cell passes, the others wait.
	sed -i "s,^until .*,until [[ -e $scratch/go || \$2 == bookworm ]]; do sleep 0.1; done," "$scratch/x/tests/cross/run"
	hosted_check 1 HOSTS='2/a' &
	check=$!
	begun 3 || return
	machine_vanish a
	wait "$check" || return
	printed 'note: host a is gone: ' && printed '; no host is left' && printed '1 passed, 3 failed, 0 skipped' &&
		printed '3 of 4 have not been run: ' && printed 'RESUME=1 goes on' && printed 's390-sid' || return
	[[ $(<"$build/cross/s390-bookworm/counts") == '1 passed, 0 failed, 0 skipped' ]] || complain "$(ls "$build/cross/s390-bookworm")" || return
	# It goes on with three, on a host that was not there before.
	machine_start b || return
	touch "$scratch/go"
	rm "$scratch/begun"
	hosted_check 0 RESUME=1 DRYRUN=1 && printed '3 jobs, of which 3 are cells' && ! grep s390-bookworm "$scratch/out" ||
		complain "$(<"$scratch/out")" || return
	hosted_check 0 HOSTS=b RESUME=1 && printed 'going on with 3 of 4' && printed '4 passed, 0 failed, 0 skipped' || return
	! grep -q s390-bookworm "$scratch/begun" || complain 'what had its results was run again' || return
	hosted_check 0 HOSTS=b RESUME=1 && printed 'going on with 0 of 4' && printed '4 passed, 0 failed, 0 skipped' || return
	# With other sources it would be no one check.
	hosted_check 125 HOSTS=b RESUME=1 SWITCHES=3 && printed 'the check to go on with had other sources, cells or settings'
}

# at_work MACHINE: do cells run there?
at_work() {
	local pid
	for pid in $(pids_below "$(<"$scratch/machines/$1/pid")"); do
		! tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q 'tests/cross/run s390' || return 0
	done
	return 1
}

# Who ends the check ends what runs elsewhere, and may go on.
hosts_interrupted() {
	local check tries
	hosts_tree_of_stubs
	machine_start a || return
	sed -i "s,^until .*,until [[ -e $scratch/go || \$2 == bookworm ]]; do sleep 0.1; done," "$scratch/x/tests/cross/run"
	env ARCH=s390 "SSH=-F $scratch/ssh_config" HOSTS=2/a "$scratch/x/tests/cross/check" >"$scratch/out" 2>&1 </dev/null &
	check=$!
	begun 3 && at_work a || complain 'no cell is at work' || return
	kill -TERM "$check"
	! wait "$check" || complain 'it passes' || return
	for tries in {1..100}; do
		at_work a || break
		sleep 0.1
	done
	((tries < 100)) || complain 'cells go on there' || return
	touch "$scratch/go"
	rm "$scratch/begun"
	hosted_check 0 RESUME=1 && printed 'going on with 3 of 4' && printed '4 passed, 0 failed, 0 skipped' || return
	! grep -q s390-bookworm "$scratch/begun" || complain 'what had its results was run again'
}

# A check that is killed, as by a power cut, keeps what had come back, even if it has not yet seen it.
hosts_killed() {
	local check pids stopped tries build=$scratch/x/build
	hosts_tree_of_stubs
	machine_start a || return
	sed -i "s,^until .*,until [[ -e $scratch/go || \$2 == bookworm \&\& -e $scratch/first ]]; do sleep 0.1; done," "$scratch/x/tests/cross/run"
	env ARCH=s390 "SSH=-F $scratch/ssh_config" HOSTS=2/a "$scratch/x/tests/cross/check" >"$scratch/out" 2>&1 </dev/null &
	check=$!
	disown "$check"
	begun 2 || return
	kill -STOP "$check"
	touch "$scratch/first"
	begun 3 || return
	# Another check does not take the hosts away from this one.
	hosted_check 125 HOSTS=a LOCK_WAIT=1 && printed 'another run still works on HOSTS in this clone' || return
	# All at once: parallel, if it saw one of them end, would begin its cell again.
	until mapfile -t pids < <(pids_below "$check") && [[ ${pids[*]} == "${stopped:-}" ]]; do
		kill -STOP "${pids[@]}" 2>/dev/null || true
		stopped=${pids[*]}
	done
	kill -KILL "${pids[@]}"
	for tries in {1..100}; do
		at_work a || break
		sleep 0.1
	done
	! at_work a || complain 'its cells have not ended' || return
	touch "$scratch/go"
	rm "$scratch/begun"
	hosted_check 0 HOSTS=a RESUME=1 && printed 'going on with 3 of 4' && printed '4 passed, 0 failed, 0 skipped' || return
	! grep -q s390-bookworm "$scratch/begun" || complain "what had its results was run again, after $tries tries"
}

# matrix_of LINE...: makes one's own
matrix_of() { printf '%s\n' "$@" >"$scratch/matrix"; }

bad_matrix() {
	local check=$rig/check line text
	while IFS='|' read -r text line; do
		matrix_of '# mine' 's390 sid -' "$line"
		refused "error: $scratch/matrix, line 3: $text" timeout 20 env MATRIX="$scratch/matrix" "$check" || return
	done <<-'EOF'
		use ARCH KERNEL TEST|s390 sid
		unknown ARCH 'vax'|vax sid -
		unknown KERNEL 'potato'|s390 potato -
		unknown TEST 'redirekt'|s390 trixie redirekt
		'COLOUR=red' is no setting of a cell|s390 trixie - COLOUR=red
		'LEVEL' is no setting of a cell|s390 trixie - LEVEL
		use words of letters|s390 trixie - APPEND=a*
		'../linux' is of this machine|s390 ../linux -
		bad AS '../x'|s390 trixie - AS=../x
		bad AS 'hosts': build/cross/hosts is the rig's own|s390 trixie - AS=hosts
		line 2 has the same cell: give one of them AS=NAME|s390 sid world
	EOF
	matrix_of 's390 sid -' 's390 debug,my.config -'
	refused "line 2: the file my.config of KERNEL='debug,my.config' is of this machine" timeout 20 env HOSTS=a MATRIX="$scratch/matrix" "$check" || return
	matrix_of 's390 sid -' 's390 sid - AS=own CROSS_COMPILE=/x/s390x-'
	refused "line 2: CROSS_COMPILE='/x/s390x-' is of this machine" timeout 20 env HOSTS=a MATRIX="$scratch/matrix" "$check" || return
	matrix_of '# mine' ''
	refused "bad MATRIX '$scratch/matrix': it has no cells" timeout 20 env MATRIX="$scratch/matrix" "$check" &&
		refused "bad MATRIX '/none': there is no such file" timeout 20 env MATRIX=/none "$check" &&
		refused "bad MATRIX '/dev/stdin': there is no such file" timeout 20 env MATRIX=/dev/stdin "$check" &&
		refused 'make quick runs no cells, so it takes no MATRIX=' timeout 20 env MATRIX="$scratch/matrix" "$check" quick
}

own_matrix() {
	local cell build=$scratch/x/build
	hosts_tree_of_stubs
	machine_start a || return
	touch "$scratch/go"
	matrix_of 's390 sid -' '  s390 sid - AS=second LEVEL=short BUDGET=7' 's390 sid - FLAVOUR=rt' 's390 6.12 selftests'
	hosted_check 0 HOSTS=a MATRIX="$scratch/matrix" && printed '4 passed, 0 failed, 0 skipped' || return
	for cell in s390-sid second/s390-sid s390-sid-rt selftests/s390-6.12; do
		[[ $(cut -d' ' -f1 "$build/cross/$cell/result") == 0 ]] || complain "$cell: $(ls "$build/cross/$cell")" || return
	done
	grep -q LEVEL=short "$build/cross/second/s390-sid/out.log" && printed '0 of 7 s of a CPU' &&
		grep -q '"architecture": "s390".*second/s390-sid' "$build/report/kcidb.json" || complain "$(<"$scratch/out")"
}

# A home may be in git, with all that it does not know ignored.
sources_below_git() (
	git init --quiet "$scratch"
	echo '*' >"$scratch/.gitignore"
	mkdir "$scratch/x"
	: >"$scratch/x/Kbuild"
	# shellcheck disable=SC2034	# source_files looks there
	top=$scratch/x
	[[ $(source_files) == ./Kbuild ]] || complain "sources: $(source_files)"
)

# In a user namespace ssh takes who runs the rig for root, so it is told who that is outside.
hosts_of_user() {
	local home=$scratch/home
	mkdir -p "$home/.ssh"
	printf 'Host b\n\tUser you\n\tPort 2222\n' >"$home/.ssh/config"
	(
		# shellcheck source=/dev/null
		. "$rig/lib/jobs.sh"
		# shellcheck disable=SC2030,SC2034	# for what runs in here
		HOME=$home XLP_USER=me hosts_dir=$scratch SSH='-o Compression=yes'
		hosts_ssh_config >"$scratch/ssh_config"
		for name in a b root@c:23; do
			hosts_reach "$name"
			hosts_ssh -G "${reach[@]}" 2>/dev/null | grep -E '^(user|port|identityfile|userknownhostsfile|compression) ' | paste -sd ' '
		done
	) >"$scratch/out"
	[[ $(<"$scratch/out") == "user me port 22 compression yes identityfile $home/.ssh/id_ed25519 "*"userknownhostsfile $home/.ssh/known_hosts"$'\n'"user you port 2222 "*$'\n'"user root port 23 "* ]] ||
		complain "$(<"$scratch/out")"
}

# A machine of make hosts is all of this one, and when it vanishes nothing of it goes on.
# shellcheck disable=SC2034	# loopback.sh reads it
whole_machine() {
	local pids=() pid
	trap 'machines_stop; rm -rf "${scratch:?}"' EXIT
	"$rig/setup" -n openssh-client=ssh
	root_provide openssh-server systemd-standalone-sysusers perl
	machine_kind=whole
	machine_start a || return
	ssh -F "$scratch/ssh_config" a "setsid sh -c 'sleep 298 & sleep 299' >/dev/null 2>&1 & pwd; ls $rig/hosts" \
		>"$scratch/out" 2>&1 </dev/null
	printed "$scratch/machines/a/home" && printed "$rig/hosts" || return
	mapfile -t pids < <(pids_below "$(<"$scratch/machines/a/pid")")
	for pid in "${pids[@]}"; do
		tr '\0' ' ' <"/proc/$pid/cmdline" && echo
	done >"$scratch/out"
	printed 'sleep 298' && printed 'sleep 299' || return
	machine_vanish a
	sleep 0.2
	for pid in "${pids[@]}"; do
		[[ ! $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") ]] || complain "left: $(tr '\0' ' ' <"/proc/$pid/cmdline")" || return
	done
}

bad_hosts_here() {
	refused 'make hosts makes its own: leave HOSTS= out' env HOSTS=a "$rig/hosts" x86_64 trixie &&
		refused "unknown KERNEL 'potato'" "$rig/hosts" x86_64 potato &&
		refused "unknown ARCH 'vax'" "$rig/hosts" vax trixie &&
		refused "unknown TEST 'nosuch'" "$rig/hosts" x86_64 trixie nosuch &&
		refused "KERNEL='../linux' is of this machine" "$rig/hosts" x86_64 ../linux
}

rig_tests+=' bad_hosts bad_hosts_here sources_below_git whole_machine hosts_run_cells hosts_not_there host_vanishes host_hangs hosts_vanish
	hosts_interrupted hosts_killed hosts_of_user copied_cache bad_matrix own_matrix'
