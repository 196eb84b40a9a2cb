# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# One guest, from QEMU's first line to its last.

# shellcheck disable=SC2154	# rig, guest, arch and others are in the parts before, and in tests/cross/run

# Seconds that QEMU has to end when the guest has said its last word and its kernel has powered off.
# It has been seen to hang for good there. A kernel that hangs on its way there has until the time-out.
quiet_limit=60

# What the guest says is shown as it says it.
show_verdict() {
	tail --pid "$1" --follow --lines=+1 --sleep-interval=0.2 "$2/verdict.log" 2>/dev/null |
		grep --line-buffered --text -v '^saved ' | sed --unbuffered '/^xlp-guest-exit:/d; s/\r$//'
}

log_file() { echo "file,id=$2,path=${1//,/,,}/$2.log"; }

# has_said_all DIR: the last line is there
has_said_all() { tail --bytes 4096 "$1/verdict.log" 2>/dev/null | grep --text '^xlp-guest-exit: [0-9]' >/dev/null; }

# has_powered_off DIR: QEMU says that the guest has asked for it, or the kernel that it is about to,
# which is all that it does behind that line. On s390 the line does not get out in time.
has_powered_off() {
	grep '"event": "SHUTDOWN"' "$1/qmp.log" >/dev/null 2>&1 ||
		tail --bytes 4096 "$1/console.log" 2>/dev/null | grep --text 'reboot: Power down' >/dev/null
}

# end_hung DIR ends the QEMU whose process is DIR/qemu.pid if it does not end by itself when the
# guest has powered off behind its last word. It waits by no program of its own, which would
# outlive it and hold locks.
end_hung() {
	local quiet waited=0
	exec {quiet}<> <(:)
	while ((waited < quiet_limit)); do
		read -r -t 1 -u "$quiet" || true
		kill -0 $$ 2>/dev/null || return 0
		((waited)) || { has_said_all "$1" && has_powered_off "$1"; } || continue
		waited=$((waited + 1))
	done
	echo "the guest had powered off $quiet_limit s before, but QEMU did not end: it was ended" >"$1/qemu.hung"
	kill "$(<"$1/qemu.pid")" 2>/dev/null || true
}

# qemu_run DIR SECONDS CMD... runs QEMU for so long at most, and leaves how timeout(1) saw it end (qemu.status).
qemu_run() {
	local dir=$1 ends status=0
	rm -f "$dir"/qemu.{hung,pid}
	end_hung "$dir" &
	ends=$!
	(qemu_hold && echo "$BASHPID" >"$dir/qemu.pid" && exec timeout --foreground --kill-after 5 "${@:2}") || status=$?
	kill "$ends" 2>/dev/null || true
	rm -f "$dir/qemu.pid"
	[[ ! -s $dir/qemu.hung ]] || status=0
	echo "$status" >"$dir/qemu.status"
}

# note_hung DIR: what qemu_run says went to the log of QEMU
note_hung() { [[ ! -s $1/qemu.hung ]] || note "note: $(<"$1/qemu.hung")"; }

# boot DIR TEST WORDS leaves the logs, what qemu_run leaves and how long that took (qemu.seconds).
boot() {
	local dir=$1 monitor=$1/monitor answer shown began
	cell_qemu "$guest" "$2" "$3"
	qemu+=(-chardev "$(log_file "$dir" console)" -chardev "$(log_file "$dir" verdict)")
	[[ ! ${DRYRUN:-} ]] || return 0
	phase boot
	rm -f "$monitor"
	mkfifo "$monitor"
	: >"$dir/verdict.log"
	"$rig/answer" "$dir/verdict.log" "$monitor" &
	answer=$!
	show_verdict "$answer" "$dir" &
	shown=$!
	began=$(now_ms)
	# Open for reading and writing, so that no side waits for the other.
	qemu_run "$dir" "${TIMEOUT:-$(cell_timeout)}" "${qemu[@]}" -qmp stdio <>"$monitor" >"$dir/qmp.log" 2>"$dir/qemu.log"
	kill "$answer" 2>/dev/null || true
	wait "$shown" || true
	rm -f "$monitor"
	note_hung "$dir"
	seconds_since "$began" >"$dir/qemu.seconds"
}
