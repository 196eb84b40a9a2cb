# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What test-rig tests make conformance with: a board that is a directory of this machine, with
# some of its programs, and files for what /proc and /sys of a real one say. ssh leads into it.

# shellcheck disable=SC2154	# scratch, rig and top are those of test-rig

# board_command NAME reads a program of the board.
board_command() {
	rm -f "$scratch/board/bin/$1"
	{ echo '#!/bin/sh' && cat; } >"$scratch/board/bin/$1"
	chmod +x "$scratch/board/bin/$1"
}

# board_make makes one on which the suite can be built and run, as far as it tells.
board_make() {
	local b=$scratch/board tool
	trap 'machines_stop; rm -rf "${scratch:?}"' EXIT
	"$rig/setup" -n openssh-client=ssh
	root_provide openssh-server systemd-standalone-sysusers perl
	mkdir -p "$b"/{bin,usr/bin,tmp,dev,proc/sys/kernel,sys/module/module/parameters,sys/kernel/{debug,tracing,security},lib/modules/6.99/build}
	touch "$b"/dev/{null,kmsg}
	# No more than is wanted, so that a program can be missing.
	for tool in sh sed grep head ln ls rm mkdir rmdir mktemp tar tail readlink paste tr cp chmod env nproc; do
		cp -L "$(type -P "$tool")" "$b/bin"
	done
	cp -L "$(type -P cat)" "$(type -P sleep)" "$b/usr/bin"
	ldd "$b"/bin/* "$b"/usr/bin/* 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | sort -u | (cd "$b" && xargs cp -L --parents --target-directory .)
	echo 'a 1 0' >"$b/proc/modules"
	printf '%s\n' 'ff0 T register_kprobe' 'ff4 T ftrace_set_filter_ip' >"$b/proc/kallsyms"
	echo 'tmpfs /tmp tmpfs rw 0 0' >"$b/proc/mounts"
	printf 'nodev\t%s\n' tmpfs debugfs tracefs >"$b/proc/filesystems"
	printf '%s\n' 'processor	: 0' 'model name	: Board CPU' 'flags	: fpu ibt' 'processor	: 1' >"$b/proc/cpuinfo"
	echo 1 >"$b/proc/sys/kernel/ftrace_enabled"
	: >"$b/lib/modules/6.99/build/Makefile"
	board_command uname <<<'[ "$1" = -m ] && echo x86_64 || echo 6.99'
	board_command id <<<'[ "$1" = -u ] && echo 0 || echo root'
	board_command gcc <<<'while [ "$1" != -o ]; do shift; done; : > "$2"'
	board_command sleep <<<'exec /usr/bin/sleep 0.1'
	board_command dmesg <<<''
	board_command cat <<<'[ "$1" = /dev/kmsg ] && exec tail -f -n +1 /dev/kmsg; exec /usr/bin/cat "$@"'
	board_command mount <<<'echo "$3 $4 $2 rw 0 0" >> /proc/mounts'
	board_command umount <<<'sed -i "\\, $1 ,d" /proc/mounts'
	board_command insmod <<<''
	board_command rmmod <<<'rmdir /sys/module/$1'
	board_command make <<<'cp /suite tests/suite/run; : > xlp.ko'
	board_suite ''
	machine_start board || return
	cat >"$scratch/machines/board/enter" <<-EOF
		#!/bin/sh
		exec /usr/sbin/chroot $b /bin/env -i PATH=/bin /bin/sh -c "\$SSH_ORIGINAL_COMMAND"
	EOF
}

# board_suite WORDS: what is run on the board in place of the suite. It mounts, loads and starts things.
board_suite() {
	cat >"$scratch/board/suite" <<-EOF
		printf '%s\n' 'KTAP version 1' 1..2
		mount -t debugfs debugfs /sys/kernel/debug
		mkdir /sys/module/xlp /sys/module/xlp_test_target
		echo '6,1,2,-;xlp: loaded' >> /dev/kmsg
		$1
		echo "ok 1 redirect \$* \$XLP_LEVEL"
		echo ok 2 xlp.ko unloads
	EOF
}

# board_run CODE [SETTING=VALUE...]
board_run() {
	local code=$1 status=0
	env SSH="-F $scratch/ssh_config" "${@:2}" "$scratch/x/tests/cross/conformance" board redirect \
		>"$scratch/out" 2>&1 </dev/null || status=$?
	[[ $status == "$code" ]] || { sed 's/^/# /' "$scratch/out"; complain "exit $status, not $code"; }
}

# Its logs are not to lie among those of people.
board_tree() {
	mkdir -p "$scratch/x/tests"
	cp -r "$rig" "$scratch/x/tests/cross"
	cp -r "$top/tests/suite" "$scratch/x/tests/suite"
}

# board_state prints all that is on the board, but for the log of its kernel.
board_state() { (cd "$scratch/board" && find . ! -name kmsg ! -name null ! -path ./tmp -printf '%p %s\n' | sort && cat proc/mounts); }

board_passes() {
	local before
	board_tree
	board_make || return
	before=$(board_state)
	board_run 0 LEVEL=short || return
	printed 'ok 1 redirect redirect short' && printed '2 passed, 0 failed, 0 skipped' &&
		printed 'board: Linux 6.99 x86_64, Board CPU, 2 processors, no IBT, strong memory order' || return
	[[ $(<"$scratch/x/build/conformance/board/console.log") == 'xlp: loaded' ]] || { complain "$(<"$scratch/x/build/conformance/board/console.raw")"; return; }
	[[ $(board_state) == "$before" ]] || { diff <(echo "$before") <(board_state) || complain 'the board is not as it was'; }
	# Before it was begun the kernel may have complained of anything.
	echo '4,0,0,-;WARNING: of old' >"$scratch/board/dev/kmsg"
	echo 'ff8 T ibt_save' >>"$scratch/board/proc/kallsyms"
	board_run 0 && printed 'IBT in the kernel' || return
	board_suite "echo '4,3,4,-;WARNING: CPU: 0 PID: 1' >> /dev/kmsg"
	board_run 1 && printed 'FAILED: the kernel complained on the console:'
}

# board_lacks TEXT WHERE WORDS: with the file of the board changed, conformance refuses it.
board_lacks() {
	local file=$scratch/board/$2 kept=
	[[ ! -e $file ]] || { kept=yes && cp -p "$file" "$scratch/kept"; }
	rm -f "$file"
	[[ ! $3 ]] || { echo "$3" >"$file" && chmod +x "$file"; }
	board_run 125 || return
	printed "error: board: " && printed "$1" || return
	[[ $(grep -c . "$scratch/out") == 1 ]] || { complain "more than one line: $(<"$scratch/out")"; return; }
	[[ -z $(ls "$scratch/board/tmp") ]] || { complain "left $(ls "$scratch/board/tmp")"; return; }
	rm -f "$file"
	[[ ! $kept ]] || mv "$scratch/kept" "$file"
}

board_refused() {
	board_tree
	board_make || return
	board_lacks 'the user pi is not root there' bin/id $'#!/bin/sh\n[ "$1" = -u ] && echo 1000 || echo pi' &&
		board_lacks 'there is no insmod on it' bin/insmod '' &&
		board_lacks 'its kernel 6.99 has no modules (CONFIG_MODULES)' proc/modules '' &&
		board_lacks 'its kernel 6.99 has no kallsyms' proc/kallsyms '' &&
		board_lacks 'its kernel 6.99 has no kprobes' proc/kallsyms 'ff4 T ftrace_set_filter_ip' &&
		board_lacks 'its kernel 6.99 has no dynamic ftrace' proc/kallsyms 'ff0 T register_kprobe' &&
		board_lacks 'ftrace is switched off there' proc/sys/kernel/ftrace_enabled 0 &&
		board_lacks 'its kernel 6.99 has no debugfs' proc/filesystems 'nodev	tracefs' &&
		board_lacks 'cannot be mounted there (is debugfs=off' bin/mount $'#!/bin/sh\nexit 1' &&
		board_lacks 'no module can be loaded there until it is booted again' proc/sys/kernel/modules_disabled 1 &&
		board_lacks 'takes signed modules only, and these are not (module.sig_enforce)' sys/module/module/parameters/sig_enforce Y &&
		board_lacks 'its kernel is locked down (integrity)' sys/kernel/security/lockdown 'none [integrity] confidentiality' &&
		board_lacks 'there is no gcc to build xlp with' bin/gcc '' &&
		board_lacks 'there are no headers of its kernel in /lib/modules/6.99/build' lib/modules/6.99/build/Makefile '' &&
		board_lacks 'there is no /dev/kmsg' dev/kmsg '' || return
	mkdir "$scratch/board/sys/module/xlp"
	board_run 125 && printed 'xlp is loaded there, and in use by somebody' || return
	rmdir "$scratch/board/sys/module/xlp"
	# Of another kernel, and no compiler for it.
	mkdir -p "$scratch/kdir/include/config"
	: >"$scratch/kdir/Makefile"
	board_run 125 KDIR="$scratch/kdir" && printed 'is not configured' || return
	echo 6.1 >"$scratch/kdir/include/config/kernel.release"
	board_run 125 KDIR="$scratch/kdir" && printed "kdir is of Linux 6.1, and board runs 6.99" || return
	echo 6.99 >"$scratch/kdir/include/config/kernel.release"
	board_run 125 KDIR="$scratch/kdir" CROSS_COMPILE=no-such- && printed 'there is no no-such-gcc on this machine' || return
	board_command make <<<'echo "common/main.c:1:1: error: no such thing"; exit 2'
	board_run 125 && printed 'common/main.c:1:1: error: no such thing' && printed 'xlp does not build on board' || return
	[[ -z $(ls "$scratch/board/tmp") ]] || complain "left $(ls "$scratch/board/tmp")"
}

# What cannot be taken back is named, and is no success.
board_keeps() {
	board_tree
	board_make || return
	board_command rmmod <<<'[ "$1" != xlp ] && rmdir /sys/module/$1'
	board_command umount <<<'[ ! -e /sys/module/xlp ] && sed -i "\\, $1 ,d" /proc/mounts'
	board_run 1 && printed 'error: left on board: the module xlp, /sys/kernel/debug mounted' || return
	[[ -z $(ls "$scratch/board/tmp") ]] || complain "left $(ls "$scratch/board/tmp")"
}

# The connection breaks in the middle of it, and the board is gone.
board_breaks() {
	local run
	board_tree
	board_make || return
	board_suite ': > /reached; /usr/bin/sleep 30'
	board_run 255 &
	run=$!
	for _ in {1..200}; do
		[[ ! -e $scratch/board/reached ]] || break
		sleep 0.1
	done
	machine_vanish board
	wait "$run" || return
	printed 'FAILED: the connection broke, or the board died: it never said how the tests ended' &&
		printed "error: board cannot be reached any more, so left on it are /tmp/$(ls "$scratch/board/tmp"), mounts" &&
		printed 'xlp.ko with what the suite had loaded'
}

# A shell of the board says 137 of what was killed there, as timeout(1) does: that is no time-out.
board_kills() {
	board_tree
	board_make || return
	board_command cat <<<'[ "$1" = /dev/kmsg ] && echo $$ >/log && exec tail -f -n +1 /dev/kmsg; exec /usr/bin/cat "$@"'
	board_suite 'kill -9 $PPID $(cat /log); exit'
	board_run 255 TIMEOUT=60 && printed 'FAILED: the connection broke, or the board died: it never said how the tests ended'
}

# The tests go on for too long; the board is there, and is as it was afterwards: what was
# started goes on in the directory of the tests, where it is found.
board_too_slow() {
	local before pid
	board_tree
	board_make || return
	board_suite 'mkdir /proc/$$ && ln -s "$PWD" /proc/$$/cwd && echo $$ > /pid && exec /usr/bin/sleep 60'
	before=$(board_state)
	board_run 124 TIMEOUT=5 && printed 'the board was stopped at its limit' || return
	pid=$(<"$scratch/board/pid")
	rm -r "$scratch/board/pid" "$scratch/board/proc/$pid"
	! kill -0 "$pid" 2>/dev/null || { complain 'the tests go on'; return; }
	[[ $(board_state) == "$before" ]] || { diff <(echo "$before") <(board_state) || complain 'the board is not as it was'; }
}

# board_start runs it in a process group of its own, to which INT goes as from a terminal.
board_start() {
	env SSH="-F $scratch/ssh_config" setsid env --default-signal=INT "$scratch/x/tests/cross/conformance" board redirect \
		>"$scratch/out" 2>&1 </dev/null &
	board_pid=$!
}

# board_at FILE: it is there on the board by now
board_at() {
	for _ in {1..200}; do
		[[ ! -e $scratch/board/$1 ]] || return 0
		sleep 0.1
	done
	complain "it never came to $1: $(<"$scratch/out")"
}

# board_ends: by INT, and the board is as $before
board_ends() {
	local status=0
	wait "$board_pid" || status=$?
	[[ $status == 130 ]] || complain "exit $status: $(<"$scratch/out")" || return
	# What the board is at goes on when nobody listens any more.
	for _ in {1..100}; do
		board_works || break
		sleep 0.1
	done
	[[ ! $(ls "$scratch/board/tmp") ]] || complain "left $(ls "$scratch/board/tmp")" || return
	[[ $(board_state) == "$before" ]] || { diff <(echo "$before") <(board_state) || complain 'the board is not as it was'; }
}

# board_works: is it at anything? What a connection has left behind is no child of its sshd.
board_works() {
	local process
	for process in /proc/[0-9]*; do
		[[ ! $process/root -ef $scratch/board ]] || return 0
	done
	return 1
}

# Who asks twice for an end, the second time while the board is put back, has that all the same.
board_interrupted_twice() {
	local before board_pid
	board_tree
	board_make || return
	board_suite ': > /dev/reached; /usr/bin/sleep 30'
	board_command rmmod <<<': > /dev/leaving; /usr/bin/sleep 2; rmdir /sys/module/$1'
	touch "$scratch"/board/dev/{reached,leaving}
	before=$(board_state)
	rm "$scratch"/board/dev/{reached,leaving}
	board_start
	board_at dev/reached || return
	kill -INT -- "-$board_pid"
	board_at dev/leaving || return
	kill -INT -- "-$board_pid"
	sleep 0.3
	kill -INT -- "-$board_pid"
	board_ends
}

# Interrupted before the board has made its directory, when there is nothing to take back yet; while it
# does; and when it has said where, before anybody has heard of it.
board_interrupted_early() {
	local before board_pid tool enter=$scratch/machines/board/enter
	board_tree
	board_make || return
	cp "$scratch"/board/bin/{chmod,mkdir} "$scratch/board/usr/bin"
	touch "$scratch/board/dev/reached"
	for tool in mkdir chmod answer; do
		case $tool in
		answer) sed -i "s,^exec \\(.*\\)\$,\\1; case \$SSH_ORIGINAL_COMMAND in *begin*) : >$scratch/board/dev/reached; sleep 2 ;; esac," "$enter" ;;
		*)
			board_command "$tool" <<-EOF
				case \$* in
				*/src) ;;
				*xlp.*) : > /dev/reached; /usr/bin/sleep 2 ;;
				esac
				exec /usr/bin/$tool "\$@"
			EOF
			;;
		esac
		before=$(board_state)
		rm "$scratch/board/dev/reached"
		board_start
		board_at dev/reached || return
		kill -INT -- "-$board_pid"
		board_ends || complain "at $tool" || return
		[[ $tool == answer ]] || cp "$scratch/board/usr/bin/$tool" "$scratch/board/bin/$tool"
	done
}

bad_board() {
	refused 'HOST= is missing' "$rig/conformance" '' &&
		refused "bad HOST '-oProxyCommand=x'" "$rig/conformance" -oProxyCommand=x &&
		refused "bad KDIR '/nosuch'" env KDIR=/nosuch "$rig/conformance" board &&
		refused 'KDIR= and KERNEL= name two kernels' env KDIR="$top" KERNEL=sid "$rig/conformance" board &&
		refused "unknown TEST 'nosuch'" "$rig/conformance" board nosuch &&
		refused "unknown LEVEL 'much'" env LEVEL=much "$rig/conformance" board &&
		refused 'cannot reach 127.0.0.1 by ssh: ssh: connect to host 127.0.0.1 port 9: Connection refused' \
			env SSH='-p 9' "$rig/conformance" 127.0.0.1
}

rig_tests+=' bad_board board_passes board_refused board_keeps board_breaks board_kills board_too_slow
	board_interrupted_twice board_interrupted_early'
