# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests packages.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# deb ARG... makes a package for the tests of it, and says what it is called in $deb.
deb() { deb=$(aside env DEB_DIR="$scratch/deb" VERSION="${VERSION-1.2+x}" "$rig/deb" "$@" 2>"$scratch/out") || complain "$(<"$scratch/out")"; }

# a_key NAME makes a key and its certificate.
a_key() {
	openssl req -new -x509 -newkey rsa:2048 -nodes -subj "/CN=$1" -days 9 -keyout "$scratch/$1.pem" \
		-outform DER -out "$scratch/$1.der" 2>/dev/null
}

bad_deb() {
	"$rig/setup" openssl=openssl
	a_key one && a_key other && openssl pkey -in "$scratch/one.pem" -aes256 -passout pass:x -out "$scratch/locked.pem"
	refused "unknown KERNEL 'potato': use one of bookworm" "$rig/deb" x86_64 potato &&
		refused "unknown ARCH 'vax': use one of" "$rig/deb" vax trixie &&
		refused "bad VERSION '1.2-3': begin it with a digit, and use" env VERSION=1.2-3 "$rig/deb" &&
		refused 'DKMS signs with a key of its own: leave them out' env SIGN_KEY=x "$rig/deb" || return
	local key cert text
	while IFS='|' read -r key cert text; do
		refused "$text" env "SIGN_KEY=$key" "SIGN_CERT=$cert" "$rig/deb" x86_64 trixie || return
	done <<-EOF
		$scratch/one.pem||set both SIGN_KEY= and SIGN_CERT=, or none
		|$scratch/one.der|set both SIGN_KEY= and SIGN_CERT=, or none
		/none|$scratch/one.der|cannot read '/none'
		$scratch|$scratch/one.der|cannot read '$scratch'
		$scratch/one.pem|/none|cannot read '/none'
		$scratch/one.der|$scratch/one.der|is no private key in PEM
		$scratch/locked.pem|$scratch/one.der|or asks for a passphrase
		$scratch/one.pem|$scratch/one.pem|is no X.509 certificate
		$scratch/one.pem|$scratch/other.der|is not the certificate of SIGN_KEY=
	EOF
}

bad_packages() {
	refused "unknown TEST 'install': use some of modules" "$rig/packages" x86_64 trixie modules,install &&
		refused "an installed Debian, which has no kernel 'debug'" "$rig/packages" x86_64 debug &&
		refused "unknown KERNEL 'potato': use one of bookworm" "$rig/packages" x86_64 potato &&
		refused 'SUITE_TEST= and SUITE_BUILD= are for TEST=conformance' env SUITE_TEST=redirect "$rig/packages" x86_64 trixie modules &&
		refused "unknown TEST 'redirekt': use one of admins" env SUITE_TEST=redirekt "$rig/packages" x86_64 trixie conformance &&
		refused "unknown SUITE_BUILD 'there': use board" env SUITE_BUILD=there "$rig/packages" x86_64 trixie conformance &&
		refused 'TEST=secureboot is for ARCH=x86_64 alone' "$rig/packages" arm64 trixie secureboot &&
		refused 'no guest of s390 has disks here' "$rig/packages" s390 trixie
}

# A guest that refuses what it should take, and takes what it should refuse, is not all right.
packages_guest_judges() {
	local words
	sed -n '/^# judged/,/^installed/p' "$rig/packages.d/guest" | sed "\$d; s,/tmp/,$scratch/,g" >"$scratch/guest"
	words=$(
		dmesg() { [[ ${1:-} == --clear ]] || echo '[    1.0] module: Loading of unsigned module is rejected'; }
		number=0
		# shellcheck disable=SC1091	# made above
		. "$scratch/guest"
		judged one true && judged two false && judged three refused unsigned false && judged four refused unsigned true &&
			judged five refused other false
	) || true
	[[ $(grep -E '^(not )?ok' <<<"$words" | paste -sd ,) == 'ok 1 one,not ok 2 two,ok 3 three,not ok 4 four,not ok 5 five' ]] || complain "$words"
}

# A copy of the sources that no git knows, and one that git has.
deb_versions() {
	local copy=$scratch/sources
	mkdir -p "$copy"
	(cd "$top" && cp -r Kbuild Kconfig COPYING README.md arch common compat include samples doc packages "$copy" &&
		mkdir "$copy/tests" && cp -r tests/cross "$copy/tests")
	in_copy() { (cd "$copy" && env HOME="$scratch" GIT_CEILING_DIRECTORIES="$scratch" "$@"); }
	version_is() {
		deb=$(in_copy env DEB_DIR="$scratch/deb" tests/cross/deb 2>"$scratch/out") || { complain "$(<"$scratch/out")"; return 1; }
		# shellcheck disable=SC2053	# a pattern
		[[ ${deb##*/} == xlp-dkms_$1_all.deb ]] || complain "$deb is not version $1"
	}
	refused 'set VERSION=' in_copy tests/cross/deb &&
		refused 'set DEBFULLNAME= and DEBEMAIL=' in_copy env VERSION=1 tests/cross/deb || return
	in_copy git init --quiet
	printf '[user]\nname = A Person\nemail = a@example.org\n' >"$scratch/.gitconfig"
	in_copy git add . && in_copy git commit --quiet --message one --date 2026-01-02T03:04:05Z &&
		version_is '0+20??????.????.g*([0-9a-f])' && in_copy git tag --annotate --message one v1.5-rc2 && version_is 1.5+rc2 &&
		[[ $(dpkg-deb --field "$deb" Maintainer) == 'A Person <a@example.org>' ]] &&
		echo >>"$copy/common/new.c" && version_is 1.5+rc2.changed && dpkg-deb --contents "$deb" | grep /common/new.c >/dev/null &&
		in_copy git add . && in_copy git commit --quiet --message two && version_is '1.5+rc2.1.g*([0-9a-f])'
}

# deb_unpacked unpacks $deb and looks at what every package has.
deb_unpacked() {
	raw=$scratch/deb/raw
	dpkg-deb --raw-extract "$deb" "$raw"
	! grep -rE '@[A-Z]+@' "$raw"/DEBIAN "$raw"/usr/src/*/dkms.conf 2>/dev/null >&2 && (cd "$raw" && md5sum --quiet --check DEBIAN/md5sums) &&
		[[ ! $(find "$raw" ! -type l -perm /022) && -e $(echo "$raw"/usr/share/doc/*/copyright) ]] &&
		zcat "$raw"/usr/share/doc/*/changelog.gz | sed -n 1p | grep -E '^xlp-[a-z0-9.+-]+ \(1\.2\+x\) [a-z]+; urgency=[a-z]+$' >/dev/null ||
		complain "bad content of $deb"
}

# deb_patch SOURCE SYMVERS builds a patch as its author does, with what a package brings.
# shellcheck disable=SC2031	# it was changed in a subshell
deb_patch() {
	mkdir -p "$scratch/fix"
	cp "$top/samples/xlp-cmdline.c" "$scratch/fix"
	printf 'obj-m := xlp-cmdline.o\nccflags-y := -I%s/include\n' "$1" >"$scratch/fix/Kbuild"
	# shellcheck disable=SC2016	# expanded inside
	deb_in_root sh -c 'make -C "/lib/modules/$1/build" M=/tmp/fix CC=x86_64-linux-gnu-gcc CONFIG_DEBUG_INFO_BTF_MODULES= KBUILD_EXTRA_SYMBOLS="$2"' - \
		"${kernel[release]}" "$2" >"$scratch/out" 2>&1 && [[ -e $scratch/fix/xlp-cmdline.ko ]] ||
		complain "$(<"$scratch/out")"
}

# The build root as a machine that has the package and the kernel's headers.
deb_in_root() {
	in_root_of_kernel mount_dir "$scratch/fix" /tmp/fix mount_dir "$raw/usr/src" /tmp/src \
		mount_dir "$scratch/modules" /usr/lib/modules mount_dir "$scratch/dkms" /var/lib/dkms -- "$@"
}

# What DKMS itself makes of it, with the compiler of the root by the name that the kernel's had.
# shellcheck disable=SC2016,SC2031	# expanded inside, and changed in a subshell
deb_for_dkms() {
	local first module
	deb && first=$(sha256sum "$deb") && deb && [[ $(sha256sum "$deb") == "$first" ]] || complain 'not the same twice' || return
	deb_unpacked && [[ ! -e $raw/usr/src/xlp/tests ]] && sh -n "$raw/DEBIAN/postinst" && sh -n "$raw/DEBIAN/prerm" ||
		complain "bad content of $deb" || return
	aside_cell x86_64 trixie dkms
	mkdir -p "$scratch"/{dkms,fix} "$scratch/modules/${kernel[release]}"
	ln -s "$(kernel_build_dir)" "$scratch/modules/${kernel[release]}/build"
	deb_in_root sh -c '
		mkdir /tmp/bin && PATH=/tmp/bin:$PATH
		ln -s "$(command -v x86_64-linux-gnu-gcc)" "/tmp/bin/$(sed -n "s/^CONFIG_CC_VERSION_TEXT=\"\([^ ]*\) .*/\1/p" "$2/.config")"
		dkms add xlp/1.2+x --sourcetree /tmp/src && dkms install xlp/1.2+x -k "$1" --sourcetree /tmp/src ||
			{ cat /var/lib/dkms/xlp/1.2+x/build/make.log; exit 1; }' - "${kernel[release]}" "$(kernel_build_dir)" >"$scratch/out" 2>&1 ||
		{ complain "$(tail -n 20 "$scratch/out")"; return 1; }
	module=$(find "$scratch/modules" -name '*.ko*')
	[[ $module == "$scratch/modules/${kernel[release]}/updates/dkms/xlp.ko" ]] || complain "modules: $module" || return
	deb_patch /tmp/src/xlp "/var/lib/dkms/xlp/kernel-${kernel[release]}-x86_64/module/Module.symvers"
}

# shellcheck disable=SC2031	# it was changed in a subshell
deb_for_kernel() {
	local module
	"$rig/setup" openssl=openssl
	a_key one
	SIGN_KEY=$scratch/one.pem SIGN_CERT=$scratch/one.der deb x86_64 trixie && deb_unpacked || return
	aside_cell x86_64 trixie
	[[ $(dpkg-deb --field "$deb" Architecture) == amd64 &&
		$(dpkg-deb --field "$deb" Depends) == "linux-image-${kernel[release]} |"* ]] || complain "$(dpkg-deb --field "$deb")" || return
	module=$raw/usr/lib/modules/${kernel[release]}/updates/xlp.ko
	tail -c 28 "$module" | grep -qaF '~Module signature appended~' && grep -qaF "vermagic=${kernel[release]} " "$module" ||
		complain 'xlp.ko is not signed, or for another kernel' || return
	mkdir -p "$scratch"/{dkms,fix} "$scratch/modules/${kernel[release]}"
	ln -s "$(kernel_build_dir)" "$scratch/modules/${kernel[release]}/build"
	deb_patch "/tmp/src/xlp-modules-${kernel[release]}" "/tmp/src/xlp-modules-${kernel[release]}/Module.symvers"
}

rig_tests+=' bad_deb bad_packages packages_guest_judges deb_versions deb_for_dkms deb_for_kernel'
