# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Which guests a run has, and the words on their kernels' command lines.

# The shortest command line that a kernel of the rig takes is riscv's.
readonly append_limit=1023

# append_check refuses an APPEND= that cannot be passed, or that would take a word
# of the rig's own from it.
append_check() {
	local LC_ALL=C append=${APPEND:-} quotes word
	local -a words
	[[ ! $append =~ [^\ -~] ]] || die "bad APPEND: a kernel's command line is one line of ASCII"
	quotes=${append//[!\"]/}
	((${#quotes} % 2 == 0)) || die "bad APPEND: a quotation mark has no other one"
	# The guest's init knows nothing of quotation marks.
	read -ra words <<<"${append//\"/ }"
	for word in "${words[@]}"; do
		case $word in
		xlp.* | console=* | rdinit=* | --) die "bad APPEND: '$word' is for the rig to say" ;;
		esac
	done
}

append_fits() {
	((${#1} <= append_limit)) ||
		die "APPEND is too long: the kernel's command line would have ${#1} characters, and not every kernel takes more than $append_limit"
}

# archive_of DIR WHAT prints an archive of what is called so there, with all that is in it. A guest's
# files may be archive after archive.
archive_of() { (cd "$1" && find "$2" ! -name . | LC_ALL=C sort | cpio --create --format newc --owner 0:0 --quiet); }

# guest_pack INITRAMFS NAME FILE... adds the files to the guest's, in /xlp/NAME.
guest_pack() (
	local dir
	dir=$(mktemp -d)
	trap 'rm -rf "${dir:?}"' EXIT
	mkdir -p "$dir/xlp/$2"
	cp "${@:3}" "$dir/xlp/$2/"
	archive_of "$dir" "xlp/$2" >>"$1"
)

# extra_pack INITRAMFS adds what lies in EXTRA= to the guest's files: DIR/bin/tool is /bin/tool.
extra_pack() {
	[[ ! ${EXTRA:-} ]] || archive_of "$EXTRA" . >>"$1" ||
		die "cannot pack what is in EXTRA='$EXTRA'"
}

# test_append TEST prints the words that a test of the suite asks for.
test_append() { sed -n 's/^# Append: *//p' "$top/tests/suite/test-$1.sh" 2>/dev/null || true; }

# guests_of TESTS prints a line "WORDS|TESTS" for each guest that these tests of the suite
# take; no name means all of them. Tests that ask for words have a guest of their own, so
# that the rest is neither slowed down nor left without results if that guest dies.
guests_of() {
	local names=${1//,/ } test
	[[ $names ]] || names=$("$top/tests/suite/run" -l)
	for test in $names; do
		printf '%s|%s\n' "$(test_append "$test")" "$test"
	done | sort --stable --field-separator='|' --key=1,1 | awk -F'|' '
		NR > 1 && $1 != words { print words "|" tests; tests = "" }
		{ words = $1; tests = tests (tests ? "," : "") $2 }
		END { print words "|" tests }'
}
