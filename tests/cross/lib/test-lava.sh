# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests jobs for LAVA.

# shellcheck source-path=SCRIPTDIR/..
# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# lava_made SETTING=VALUE... makes jobs, and nothing that they boot, where no other run looks.
lava_made() {
	# shellcheck disable=SC2031
	env LAVA_DIR="$scratch/lava" CELL_DIR="$build/test-rig" DRYRUN=1 ARCH=arm64 KERNEL=trixie "$@" \
		"$rig/lava" >"$scratch/out" 2>&1
}

lava_jobs() {
	local job=$scratch/lava/arm64-trixie
	lava_made BOARD=rk3399-rock-pi-4b TEST=redirect,admins ARTEFACTS=https://files.lab/xlp APPEND='dyndbg="file x +p"' &&
		complain 'passed a quotation mark to a board'
	printed 'LAVA has no way to pass a quotation mark to a board' || return
	lava_made BOARD=rk3399-rock-pi-4b TEST=redirect,admins ARTEFACTS=https://files.lab/xlp LEVEL=short || { cat "$scratch/out"; return 1; }
	[[ $(cd "$scratch/lava" && echo *) == 'arm64-trixie-admins-rk3399-rock-pi-4b.yaml arm64-trixie-admins.yaml arm64-trixie-rk3399-rock-pi-4b.yaml arm64-trixie.yaml' ]] ||
		{ ls "$scratch/lava"; return 1; }
	cat "$job.yaml" "$job-rk3399-rock-pi-4b.yaml" "$job-admins-rk3399-rock-pi-4b.yaml" >"$scratch/out"
	printed "url: 'https://files.lab/xlp/arm64-trixie/kernel'" && printed "arch: aarch64" &&
		printed "-append ''console=ttyAMA0 panic=-1" && printed 'xlp.verdict=console oops=panic xlp.test=redirect xlp.level=short' &&
		printed "device_type: 'rk3399-rock-pi-4b'" && printed 'method: u-boot' && printed 'xlp.level=short slub_debug=FZPU' || return
	! grep -q 'ignore_loglevel' "$scratch/out" || complain 'the log of the kernel would stand between the lines of KTAP'
}

# A job with a mistake is not left, nor the one that was there before.
lava_refuses() {
	# shellcheck disable=SC2034	# lava.sh looks at it
	local LAVA_DIR=$scratch/lava
	lava_made TEST=redirect || return
	. "$rig/lib/lava.sh"
	cp "$lava/arm64-trixie.yaml" "$scratch/good.yaml"
	lava_write good <"$scratch/good.yaml" 2>"$scratch/out" && [[ -e $lava/good.yaml ]] || { complain "$(<"$scratch/out")"; return; }
	lava_broken 's/to: tmpfs/to: tmp/' "LAVA does not take the job of good: invalid job definition: key: ['actions', 'deploy', 'tmp'] unknown action type" &&
		lava_broken 's/method: qemu/methods: qemu/' 'invalid job definition' &&
		lava_broken '/image_arg/s/image_arg:/image arg:/' "key: ['actions[0]', 'deploy', 'tmpfs', 'images'" &&
		lava_broken 's/  arch:/  archh:/' "key: ['context', 'archh']" &&
		lava_broken 's/^actions:/actions/' 'invalid yaml' && lava_broken d 'no job could be made of good'
}
lava_write_broken() { lava_write good <"$scratch/broken.yaml"; }
# lava_broken SED TEXT
lava_broken() {
	sed "$1" "$scratch/good.yaml" >"$scratch/broken.yaml"
	refused "$2" in_own_shell lava_write_broken || return
	[[ ! -e $lava/good.yaml.new && ! -e $lava/good.yaml ]] || complain 'left on the disk'
	: >"$lava/good.yaml"
}

# What the monitors of a job make of a console that arrives letter by letter.
lava_results() {
	"$rig/setup" -n python3-yaml=/usr/lib/python3/dist-packages/yaml || return
	lava_made TEST=redirect,narrow || { cat "$scratch/out"; return 1; }
	printf '%s\r\n' '[    1.0] Run /init as init process' 'KTAP version 1' 1..3 '    KTAP version 1' '    # Subtest: redirect' \
		'    ok 1 vmlinux' '    not ok 2 modules: loaded, unloaded' '    # it was not ok 1 bit' '    ok 3 ABI # SKIP no module here' \
		'    1..3' '# redirect: 3 s' 'not ok 1 redirect' '    KTAP version 1' '    # Subtest: narrow' \
		'    1..0 # SKIP an architecture with a directory' 'ok 2 narrow # SKIP an architecture with a directory' \
		'[   12.3] [T1] Kernel panic - not syncing: Fatal exception' 'ok 3 xlp.ko unloads' 'xlp-guest-exit: 1' 'ok 9 late' >"$scratch/console"
	/usr/bin/python3 - "$scratch/lava/arm64-trixie.yaml" "$scratch/console" >"$scratch/out" <<-'EOF'
		import re, sys, yaml

		log = iter(open(sys.argv[2], newline="").read())
		come = ""

		def wait_for(*patterns):
		    global come
		    while True:
		        found = [match for match in (re.search(p, come) for p in patterns) if match]
		        if found:
		            first = min(found, key=lambda match: match.start())
		            come = come[first.end():]
		            return first.groupdict()
		        come += next(log)

		for monitor in yaml.safe_load(open(sys.argv[1]))["actions"][-1]["test"]["monitors"]:
		    wait_for(monitor["start"])
		    while groups := wait_for(monitor["end"], monitor["pattern"]):
		        print(monitor["name"], monitor["fixupdict"][groups["result"]], groups["test_case_id"].strip(), sep=": ")
	EOF
	[[ $(paste -sd '|' "$scratch/out") == 'redirect: pass: vmlinux|redirect: fail: modules: loaded, unloaded|redirect: skip: ABI|redirect: fail: redirect|narrow: skip: narrow|narrow: fail: not syncing: Fatal exception|narrow: pass: xlp.ko unloads' ]] ||
		complain "$(<"$scratch/out")"
}

bad_lava() {
	refused "bad BOARD 'a b': use the name of a device type" env BOARD='a b' "$rig/lava" &&
		refused "unknown BOOT 'pxe': use u-boot, grub" env BOARD=b BOOT=pxe "$rig/lava" &&
		refused 'BOOT and DTB are of a board' env BOOT=grub "$rig/lava" &&
		refused "bad DTB 'no.dtb': there is no such file" env BOARD=b DTB=no.dtb "$rig/lava" &&
		refused "bad ARTEFACTS '/srv/xlp': use a URL" env ARTEFACTS=/srv/xlp "$rig/lava" &&
		refused 'LAVA boots no machine of s390' lava_made ARCH=s390 BOARD=b &&
		refused "unknown TEST 'nosuch'" env TEST=nosuch "$rig/lava" &&
		refused "unknown ARCH 'vax'" env ARCH=vax "$rig/lava"
}

rig_tests+=' lava_jobs lava_refuses lava_results bad_lava'
