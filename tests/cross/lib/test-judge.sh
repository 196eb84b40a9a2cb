# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What test-rig makes of canned logs: the judge.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

good='KTAP version 1
1..2
ok 1 load
    KTAP version 1
    1..3
    ok 1 vmlinux
    ok 2 module # SKIP no module here
    ok 3 pointer
ok 2 calls
xlp-guest-exit: 0'

# judged CODE COUNTS VERDICT [CONSOLE [QEMU_STATUS]]
judged() {
	local code=$1 counts=$2 status=0
	echo "$3" >"$scratch/verdict.log"
	echo "${4:-[    1.0] Run /init as init process}" >"$scratch/console.log"
	echo "${5:-0}" >"$scratch/qemu.status"
	: >"$scratch/qemu.log"
	"$rig/judge" "${guest:-suite}" "$scratch" >"$scratch/out" || status=$?
	[[ $status == "$code" ]] || { complain "exit $status, not $code"; return; }
	[[ $(<"$scratch/counts") == "$counts" ]] || complain "counted $(<"$scratch/counts"), not $counts"
}

judge_good() { judged 0 '3 passed, 0 failed, 1 skipped' "$good"; }
judge_carriage_returns() { judged 0 '3 passed, 0 failed, 1 skipped' "${good//$'\n'/$'\r\n'}"; }
judge_not_ok() {
	judged 1 '2 passed, 1 failed, 1 skipped' "${good/ok 3 pointer/not ok 3 pointer}" &&
		printed 'FAILED: calls: pointer'
}
# Neither what was said of another result nor what is no reason; of the log the last lines.
judge_because() {
	local verdict=${good/    ok 1/    # of another$'\n'    ok 1} said
	said=$(printf '    # %s\n' 'Subtest: calls' '2 is not 3' 'log: '{1..7})
	judged 1 '2 passed, 1 failed, 1 skipped' "${verdict/    ok 3/$said$'\n'    not ok 3}" || return
	[[ $(grep -A 99 '^FAILED' "$scratch/out" | grep -v '^logs: ' | paste -sd '|') == \
		$'FAILED: calls: pointer|\t2 is not 3|\tlog: 3|\tlog: 4|\tlog: 5|\tlog: 6|\tlog: 7' ]] ||
		complain "$(<"$scratch/out")"
}

judge_status_of_command() { judged 1 '3 passed, 1 failed, 1 skipped' "${good/%0/1}"; }
judge_all_skipped() {
	judged 4 '0 passed, 0 failed, 1 skipped' $'KTAP version 1\n1..0 # SKIP no ftrace\nxlp-guest-exit: 4' &&
		judged 4 '0 passed, 0 failed, 1 skipped' $'KTAP version 1\n1..1\nok 1 a # SKIP why\nxlp-guest-exit: 0'
}
judge_silence() { judged 255 '0 passed, 2 failed, 0 skipped' ''; }
judge_zero_tests() {
	judged 1 '0 passed, 1 failed, 0 skipped' $'KTAP version 1\n1..0\nxlp-guest-exit: 0' &&
		judged 1 '0 passed, 1 failed, 0 skipped' $'KTAP version 1\nxlp-guest-exit: 0'
}
judge_plan_not_kept() { judged 1 '3 passed, 1 failed, 1 skipped' "${good/1..2/1..3}"; }
judge_plan_of_subtests_not_kept() { judged 1 '3 passed, 1 failed, 1 skipped' "${good/1..3/1..4}"; }
judge_no_plan() { judged 1 '3 passed, 1 failed, 1 skipped' "${good/1..2/}"; }
judge_truncated() { judged 1 '3 passed, 1 failed, 1 skipped' "${good/ok 2 calls/}"; }
judge_result_missing() { judged 1 '2 passed, 1 failed, 1 skipped' "${good/    ok 3 pointer/}"; }
judge_bail_out() { judged 1 '3 passed, 1 failed, 1 skipped' "${good/xlp-guest/Bail out! no memory$'\n'xlp-guest}"; }
judge_dead_guest() { judged 255 '3 passed, 1 failed, 1 skipped' "${good%xlp-*}"; }
judge_panic() {
	judged 255 '3 passed, 2 failed, 1 skipped' "${good%xlp-*}" '[    9.1] Kernel panic - not syncing: sysrq'
}

# The first complaint, and where, of the consoles of each architecture.
judge_cause_of_death() {
	local cause console
	while IFS='|' read -r cause console; do
		judged 255 '3 passed, 2 failed, 1 skipped' "${good%xlp-*}" "${console//@/$'\r\n'}" &&
			printed "FAILED: the guest died: $cause" &&
			printed 'FAILED: the kernel complained on the console:' || return
	done <<-'EOF'
		BUG: kernel NULL pointer dereference, address: 0000000000000000 (at xt_leaf+0x5)|[    7.1] ok@[    7.2] BUG: kernel NULL pointer dereference, address: 0000000000000000@[    7.3] Oops: 0002 [#1] PREEMPT SMP NOPTI@[    7.3] RIP: 0010:xt_leaf+0x5/0x10 [xlp_test_target]@[    7.4] RIP: 0033:0x45d2@[    7.5] Kernel panic - not syncing: Fatal exception
		Unable to handle kernel paging request at virtual address ffff8000 (at xt_leaf+0x8)|[    7.2] Unable to handle kernel paging request at virtual address ffff8000@[    7.3] Internal error: Oops: 0000000096000004 [#1] SMP@[    7.3] pc : xt_leaf+0x8/0x20 [xlp_test_target]@[    7.3] lr : xt_outer+0x8/0x20
		BUG: Kernel NULL pointer dereference on write at 0x00000000 (at xt_leaf+0x14)|[    7.2] BUG: Kernel NULL pointer dereference on write at 0x00000000@[    7.3] NIP:  c00800000 LR: c0080000@[    7.3] NIP [c008000000c40014] xt_leaf+0x14/0x40
		Unable to handle kernel pointer dereference in virtual kernel address space (at xt_leaf+0x12)|[    7.2] Unable to handle kernel pointer dereference in virtual kernel address space@[    7.3] Krnl PSW : 0704c00180000000 000003ff8001a0f2 (xt_leaf+0x12/0x20 [xlp_test_target])
		INFO: task insmod:12 blocked for more than 120 seconds.|[    7.2] INFO: task insmod:12 blocked for more than 120 seconds.
	EOF
	judged 255 '3 passed, 1 failed, 1 skipped' "${good%xlp-*}" &&
		printed 'FAILED: the guest died: it never said how the tests ended'
}

# An emulator may be at fault: QEMU 7.2 returns garbage flags from cmpxchg16b, and the
# cloud kernel 6.12.95 of trixie-backports dies of them.
judge_early_death() {
	local QEMU_SUITE='' verdict
	judged 255 '0 passed, 3 failed, 0 skipped' '' '[    0.2] Oops: invalid opcode: 0000 [#1] SMP NOPTI@[    0.2] Kernel panic - not syncing: Fatal exception' &&
		printed 'FAILED: the guest died before xlp was loaded: Oops: invalid opcode' && printed 'another QEMU, by QEMU_SUITE=' || return
	export QEMU_SUITE=trixie
	judged 255 '0 passed, 2 failed, 0 skipped' '' && printed 'QEMU_SUITE=sid' &&
		judged 124 '0 passed, 2 failed, 0 skipped' '' '' 124 && printed 'time-out before xlp was loaded' || return
	# Not where xlp may have had its part.
	for verdict in 'KTAP version 1' ''; do
		judged 255 "0 passed, 2 failed, 0 skipped" "$verdict" "${verdict:-[    2.1] xlp: loading out-of-tree module taints kernel.}" &&
			printed 'FAILED: the guest died: it never said' && ! grep QEMU_SUITE "$scratch/out" || return
	done
}

judge_time_out() { judged 124 '3 passed, 1 failed, 1 skipped' "${good%xlp-*}" '' 124; }

judge_splats() {
	local line
	while read -r line; do
		judged 1 '3 passed, 1 failed, 1 skipped' "$good" "[    5.123456] $line" || return
	done <<-EOF
		BUG: kernel NULL pointer dereference, address: 0000000000000000
		BUG: KASAN: slab-out-of-bounds in foo+0x1/0x2
		BUG: KCSAN: data-race in xlp_transition_patch / transition_close
		BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580
		kernel BUG at mm/slub.c:1!
		WARNING: CPU: 1 PID: 77 at kernel/trace/ftrace.c:1978 ftrace_bug+0x1c/0x250
		WARNING: possible circular locking dependency detected
		WARNING: suspicious RCU usage
		Oops: Kernel access of bad area, sig: 11 [#1]
		Internal error: Oops: 0000000096000004 [#1] SMP
		Unable to handle kernel paging request at virtual address ffff800008000000
		Unable to handle kernel pointer dereference in virtual kernel address space
		CFI failure at tracepoint_call+0x1c/0x30 (target: probe+0x0/0x20 [xlp]; expected type: 0x12345678)
		general protection fault, probably for non-canonical address
		illegal operation: 0001 ilc:1 [#1] SMP
		WARNING: inconsistent lock state
		WARNING: possible irq lock inversion dependency detected
		WARNING: held lock freed!
		WARNING: lock held when returning to user space!
		INFO: trying to register non-static key.
		turning off the locking correctness validator.
		INFO: task insmod:123 blocked for more than 120 seconds.
		INFO: rcu_tasks detected stalls on tasks:
		rcu: INFO: rcu_preempt self-detected stall on CPU
		watchdog: BUG: soft lockup - CPU#0 stuck for 26s!
		Kernel panic - not syncing: Fatal exception
	EOF
}

judge_harmless() {
	judged 0 '3 passed, 0 failed, 1 skipped' "$good" '[    0.5] WARNING: nvram corruption detected: 0-length partition' &&
		judged 0 '3 passed, 0 failed, 1 skipped' "$good" '[    0.3] kcsan: non-strict mode configured - use CONFIG_KCSAN_STRICT=y to see all data races'
}

judge_demo() {
	local guest=demo said
	said=$(printf '%s: x\n' kernel before patched after enable disable)
	judged 0 '1 passed, 0 failed, 0 skipped' "$said"$'\nxlp-guest-exit: 0' &&
		judged 1 '0 passed, 1 failed, 0 skipped' "${said/patched: x/patched:}"$'\nxlp-guest-exit: 0' &&
		judged 255 '1 passed, 1 failed, 0 skipped' "$said"
}

# What a guest has saved of its code: all of it, or nothing is taken.
judge_saved() {
	local guest=running said end=$'\nxlp-guest-exit: 0' dir=$scratch/saved
	mkdir -p "$dir/from" && echo code >"$dir/from/text" && echo names >"$dir/from/kallsyms" || return
	tar --create --directory "$dir/from" . | gzip >"$dir/archive"
	said="$(base64 -w 30 "$dir/archive" | sed 's/^/saved /; s/$/\r/')"$'\n'"saved-all $(sha256sum <"$dir/archive" | cut -d ' ' -f 1)"
	judged 0 '1 passed, 0 failed, 0 skipped' "$said$end" || return
	running_take "$scratch/verdict.log" "$dir/to" && [[ $(gzip -dc "$dir/to/text.gz")$(<"$dir/to/kallsyms") == codenames ]] ||
		complain "not taken: $(ls "$dir/to")" || return
	judged 1 '0 passed, 1 failed, 0 skipped' "${said/saved-all/saved-some}$end" &&
		judged 255 '1 passed, 1 failed, 0 skipped' "$said" || return
	sed '1d' <<<"$said" >"$dir/less"
	! running_take "$dir/less" "$dir/to" 2>"$scratch/out" || complain 'what is not whole is taken' || return
	! running_take "$scratch/none" "$dir/to" 2>"$scratch/out" || complain 'nothing is taken'
}

# boots SAID COMMAND: what boot makes of a QEMU whose guest says that, and that does that then.
boots() {
	local guest=suite qemu
	echo "$1" >"$scratch/said"
	printf '%s\n' '#!/bin/bash' "cat '$scratch/said' >>'$scratch/verdict.log'" "$2" >"$scratch/qemu"
	chmod +x "$scratch/qemu"
	cell_qemu() { qemu=("$scratch/qemu"); }
	qemu_hold() { :; }
	phase() { :; }
	: >"$scratch/console.log"
	quiet_limit=1 boot "$scratch" '' '' >"$scratch/out" 2>&1 || return
	"$rig/judge" suite "$scratch" >>"$scratch/out"
}

# It cannot even be asked to end.
hangs="trap '' TERM; exec sleep 300"
powers_off='{"timestamp": {"seconds": 1796111496, "microseconds": 120301}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown"}}'

qemu_hangs() {
	local status=0 hangs="echo '$powers_off'; $hangs"
	TIMEOUT=30 boots "$good" "$hangs" && printed 'note: the guest had powered off 1 s before, but QEMU did not end' || return
	[[ $(<"$scratch/counts") == '3 passed, 0 failed, 1 skipped' ]] || complain "$(<"$scratch/counts")" || return
	TIMEOUT=4 boots "${good%xlp-*}" "$hangs" || status=$?
	[[ $status == 124 ]] || complain "without a last word: exit $status, not 124" || return
	! grep 'QEMU did not end' "$scratch/out" || complain 'it was ended without a last word' || return
	TIMEOUT=30 boots "$good" 'sleep 0.3; exit 3' && [[ $(<"$scratch/qemu.status") == 3 ]] ||
		complain "of one that ends: $(<"$scratch/qemu.status")" || return
	! grep 'QEMU did not end' "$scratch/out" || complain 'it was ended before it could end'
}

# The guest has said all, and its kernel does not come to power off: no time is too short to see that.
kernel_hangs() {
	local status=0
	TIMEOUT=4 boots "$good" "$hangs" || status=$?
	[[ $status == 124 ]] || complain "without a word of power-off: exit $status, not 124" || return
	! grep 'QEMU did not end' "$scratch/out" || complain 'QEMU is blamed for it' || return
	status=0
	TIMEOUT=30 boots "$good" "echo '[   99.1] reboot: Power down' >>'$scratch/console.log'; $hangs" || status=$?
	[[ $status == 0 ]] && printed 'QEMU did not end' || complain "with the kernel's last word: exit $status"
}

rig_tests+=' judge_good judge_carriage_returns judge_not_ok judge_because judge_status_of_command
	judge_all_skipped judge_silence judge_zero_tests judge_plan_not_kept
	judge_plan_of_subtests_not_kept judge_no_plan judge_truncated judge_result_missing
	judge_bail_out judge_dead_guest judge_panic judge_cause_of_death judge_early_death
	judge_time_out judge_splats judge_harmless judge_demo judge_saved qemu_hangs kernel_hangs'
