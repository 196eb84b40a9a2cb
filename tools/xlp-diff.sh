# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Which files of the kernel's source diffs change, for xlp build and xlp check, which define die.

# changed_files DIFF prints a line for each, as the diff has it.
changed_files() {
	awk '
		{ sub(/\r$/, "") }
		/^diff --git / { git = 1 }
		/^(--- |@@ )/ { git = 0 }
		git && /^(rename|copy) (from|to) / { print "moved" }
		git && /^deleted file mode / { print "gone" }
		git && /^new file mode / { print "new" }
		/^GIT binary patch$|^Binary files .* differ$/ { print "binary" }
		/^--- / && before ~ /^\*\*\* / { print "context" }
		/^@@@+ -/ { print "merge" }
		/^\+\+\+ / && before ~ /^--- / {
			if (before ~ /^--- \/dev\/null/) print "new"
			else if (/^\+\+\+ \/dev\/null/) print "gone"
			else if (match($0, /^\+\+\+ [^\/\t]*\//)) {
				name = substr($0, RLENGTH + 1)
				sub(/\t.*/, "", name)
				print "changed " name
			}
		}
		{ before = $0 }' "$1"
}

# diffs_check DIFF... puts the files into files[], in order, and dies of what no patch can be made of.
diffs_check() {
	local diff file said
	for diff; do
		[[ -s $diff ]] || die "$diff is empty: make it by git diff, or by diff -up"
		said=$(changed_files "$diff")
		case $'\n'$said$'\n' in
		*$'\nnew\n'*) die "$diff adds a file: put what is new into one that is there" ;;
		*$'\ngone\n'*) die "$diff removes a file: leave it" ;;
		*$'\nmoved\n'*) die "$diff moves or copies a file: change it where it is" ;;
		*$'\nbinary\n'*) die "$diff changes a file that is no source" ;;
		*$'\nmerge\n'*) die "$diff is of a merge (@@@), which patch passes over: make it with one of the parents, by git diff -m or git diff OLD NEW" ;;
		*$'\ncontext\n'*) die "$diff is a context diff: make it by diff -u" ;;
		*$'\nchanged '*) ;;
		*) die "$diff is no diff with names of files as a/fs/exec.c and b/fs/exec.c" ;;
		esac
	done
	mapfile -t files < <(for diff; do changed_files "$diff"; done | sed 's/^changed //' | sort -u)
	for file in "${files[@]}"; do
		[[ /$file/ != */../* ]] || die "$file is not in the source"
		[[ ! ${source:-} || -f $source/$file ]] || die "the source has no $file"
		case $file in
		# Three files of it are compiled for the kernel, too.
		tools/lib/bpf/*.c) ;;
		arch/*/boot/*.c | arch/*/purgatory/*.c | arch/*/nvhe/*.c | arch/*/tools/*.c | arch/*/vdso*/v[cg]*.c | arch/x86/realmode/rm/*.c | \
			drivers/firmware/efi/libstub/*.c | lib/vdso/*.c | tools/*.c | scripts/*.c | usr/*.c)
			die "$file is of a program of its own (boot code, vDSO, hypervisor, tool), not of the kernel that runs" ;;
		*.c) ;;
		*.S) die "$file is assembly, which cannot be patched: change its callers" ;;
		*.h) die "$file is a header, which other files have too: put the change into the .c file, with a name of its own" ;;
		*) die "$file says how the kernel is built or configured, which has been done" ;;
		esac
	done
}
