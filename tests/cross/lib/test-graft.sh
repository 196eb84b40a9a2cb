# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Entries of test-rig: scripts/graft, on a tree that looks like a kernel's, and kernels that
# have xlp built in.

# made_tree DIR: just what scripts/graft reads and writes, and something beside it
made_tree() {
	mkdir -p "$1"/{init,kernel/livepatch,include/linux}
	printf '%s\n' '# SPDX-License-Identifier: GPL-2.0' 'VERSION = 6' 'PATCHLEVEL = 1' 'SUBLEVEL = 176' >"$1/Makefile"
	printf '%s\n\n' 'mainmenu "Linux"' 'source "init/Kconfig"' 'source "kernel/Kconfig.freezer"' \
		'source "fs/Kconfig.binfmt"' >"$1/Kconfig"
	printf '%s\n' 'obj-y += livepatch/' 'obj-y += dma/' >"$1/kernel/Makefile"
	touch "$1"/{init/main.c,kernel/livepatch/core.c,include/linux/livepatch.h}
}

# graft_run WORD... says what scripts/graft said; nothing of a user's git is in it.
graft_run() {
	GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=rig GIT_AUTHOR_EMAIL=rig@xlp GIT_COMMITTER_NAME=rig \
		GIT_COMMITTER_EMAIL=rig@xlp "$top/scripts/graft" "$@" >"$scratch/out" 2>&1
}

made_repository() {
	made_tree "$1"
	git -C "$1" init --quiet && git -C "$1" add --all && GIT_CONFIG_GLOBAL=/dev/null \
		git -C "$1" -c user.name=rig -c user.email=rig@xlp commit --quiet --message base
}

# graft_refuses TREE TEXT: it says so in one line, and nothing in the tree changes
graft_refuses() {
	local before=$scratch/before
	rm -rf "${before:?}"
	[[ ! -d $1 ]] || cp -r "$1" "$before"
	! graft_run "$1" || complain "it takes $1" || return
	printed "error: " && printed "$2" || return
	[[ $(wc -l <"$scratch/out") == 1 ]] || complain "$(<"$scratch/out")" || return
	[[ ! -d $1 ]] || diff -r "$before" "$1"
}

graft_and_back() {
	local tree=$scratch/tree
	made_tree "$tree" && cp -r "$tree" "$scratch/clean" && graft_run "$tree" || complain "$(<"$scratch/out")" || return
	grep -qx 'obj-$(CONFIG_XLP) += xlp/' "$tree/kernel/Makefile" && grep -qx 'source "kernel/xlp/Kconfig"' "$tree/Kconfig" &&
		cmp "$top/Kbuild" "$tree/kernel/xlp/Kbuild" && cmp "$top/include/xlp/xlp.h" "$tree/include/xlp/xlp.h" &&
		[[ ! -e $tree/kernel/xlp/include/xlp ]] || complain 'something is not where it belongs' || return
	# Twice is once.
	cp -r "$tree" "$scratch/once" && graft_run "$tree" && printed 'as it is here' && diff -r "$scratch/once" "$tree" || return
	# What a build leaves goes along.
	touch "$tree/kernel/xlp"/{built-in.a,modules.order,common/log.o,common/.log.o.cmd}
	graft_run --remove "$tree" && printed 'took xlp out' && diff -r "$scratch/clean" "$tree" || return
	graft_run --remove "$tree" && printed 'there is no xlp'
}

# Another xlp than this one, which nobody has changed since, is replaced.
graft_older() {
	local tree=$scratch/tree file=kernel/xlp/common/log.c
	made_tree "$tree" && graft_run "$tree" && cp -r "$tree" "$scratch/new" || return
	mv "$tree/$file" "$tree/kernel/xlp/common/logs.c" && echo '/* older */' >>"$tree/kernel/xlp/common/logs.c"
	sed -i -e "\,  $file\$,d" "$tree/kernel/xlp/graft.sums"
	(cd "$tree" && sha256sum kernel/xlp/common/logs.c >>kernel/xlp/graft.sums)
	graft_run "$tree" && printed 'up to date' && diff -r "$scratch/new" "$tree"
}

graft_series() {
	local tree=$scratch/tree
	made_repository "$tree" && cp -r "$tree" "$scratch/am" && cp -r "$tree" "$scratch/clean" || return
	graft_run --patch "$tree" && diff -r "$scratch/clean" "$tree" || complain 'to print a series changes the tree' || return
	grep -v '^warning: ' "$scratch/out" >"$scratch/series"
	[[ $(grep -c '^Subject: \[PATCH' "$scratch/series") == 2 ]] || complain 'not a series of two' || return
	GIT_COMMITTER_NAME=rig GIT_COMMITTER_EMAIL=rig@xlp git -C "$scratch/am" am --quiet <"$scratch/series" 2>&1 || return
	[[ ! $(git -C "$scratch/am" status --porcelain) ]] || complain 'git am leaves something' || return
	graft_run "$tree" && diff -r --exclude=.git "$scratch/am" "$tree" || return
	# What is committed like that is known again, and no series is made of it but the same.
	graft_run "$scratch/am" && printed 'as it is here'
}

graft_refused() {
	local tree=$scratch/tree file
	graft_refuses "$scratch/none" "there is no $scratch/none" && graft_refuses "$rig" 'no tree of the kernel' || return
	made_tree "$tree" && rm "$tree/init/main.c" && graft_refuses "$tree" 'it has no init/main.c' || return
	made_tree "$tree" && echo 'VERSION = 5' >"$tree/Makefile" && echo 'PATCHLEVEL = 19' >>"$tree/Makefile" &&
		graft_refuses "$tree" 'is Linux 5.19: xlp needs 6.1' || return
	made_tree "$tree" && echo 'obj-y += dma/' >"$tree/kernel/Makefile" &&
		graft_refuses "$tree" "has not one line 'obj-y += livepatch/'" || return
	graft_run --remove --patch "$tree" && complain 'two actions at once' || printed 'usage: '
}

graft_half() {
	local tree=$scratch/tree
	made_tree "$tree" && graft_run "$tree" && cp -r "$tree" "$scratch/whole" || return
	sed -i '/xlp/d' "$tree/kernel/Makefile" && graft_refuses "$tree" 'a part of xlp only' || return
	graft_run --remove "$tree" && made_tree "$scratch/clean" && diff -r "$scratch/clean" "$tree" || return
	cp -r "$scratch/whole/." "$tree" && rm -r "$tree/include/xlp" && graft_refuses "$tree" 'a part of xlp only' || return
	cp -r "$scratch/whole/." "$tree" && rm -r "$tree/kernel/xlp" && graft_refuses "$tree" 'not put there' || return
	# What somebody has changed or added is nobody's to take away.
	cp -r "$scratch/whole/." "$tree" && echo '/* mine */' >>"$tree/kernel/xlp/common/log.c" &&
		graft_refuses "$tree" 'kernel/xlp/common/log.c' || return
	! graft_run --remove "$tree" && printed 'kernel/xlp/common/log.c' || return
	cp -r "$scratch/whole/." "$tree" && touch "$tree/kernel/xlp/notes" && graft_refuses "$tree" '(kernel/xlp/notes)' || return
	! graft_run --remove "$tree" && ! graft_run --patch "$tree" && [[ -e $tree/kernel/xlp/notes ]] || return
	# It may have a name as if it had been built.
	rm "$tree/kernel/xlp/notes" && echo mine >"$tree/kernel/xlp/hand.s" && graft_refuses "$tree" '(kernel/xlp/hand.s)' &&
		! graft_run --remove "$tree" && [[ -e $tree/kernel/xlp/hand.s ]]
}

# Killed at any of its renames, it knows what it has left, and takes that away.
graft_killed() {
	local tree=$scratch/tree whole=$scratch/whole nr word
	made_tree "$scratch/clean" && cp -r "$scratch/clean" "$whole" && graft_run "$whole" || return
	mkdir "$scratch/bin"
	printf '%s\n' '#!/bin/sh' '[ "$(wc -l <"$COUNT")" -lt "$LAST" ] || kill -KILL 0' 'echo >>"$COUNT"' \
		'exec /usr/bin/mv "$@"' >"$scratch/bin/mv"
	chmod +x "$scratch/bin/mv"
	for word in graft --remove; do
		for nr in 0 1 2 3; do
			rm -rf "${tree:?}" && cp -r "$([[ $word == graft ]] && echo "$scratch/clean" || echo "$whole")" "$tree"
			: >"$scratch/count"
			# In a process group of its own, which dies as a whole.
			{ ! COUNT=$scratch/count LAST=$nr PATH=$scratch/bin:$PATH setsid --wait "$top/scripts/graft" ${word#graft} "$tree" \
				>"$scratch/out" 2>&1; } 2>/dev/null || complain "$word is not killed at rename $nr" || return
			[[ $(echo "$tree"/kernel/.xlp.*) != *'*' ]] || complain 'it was not killed, as it could clean up' || return
			graft_run --remove "$tree" && diff -r "$scratch/clean" "$tree" || complain "$word, $nr: $(<"$scratch/out")" || return
		done
	done
}

# One that is at work is waited for while it may be the rest of one that was killed.
graft_busy() {
	local tree=$scratch/tree
	made_tree "$tree" && made_tree "$scratch/clean" || return
	flock "$tree/kernel" sleep 30 &
	until ! flock --nonblock "$tree/kernel" true; do sleep 0.1; done
	graft_refuses "$tree" 'another scripts/graft is at work in' && diff -r "$scratch/clean" "$tree" || return
	(sleep 1 && pkill -P $! sleep) &
	graft_run "$tree" && printed 'put xlp into'
}

# What is none of scripts/graft's business stays as it is.
graft_beside() {
	local tree=$scratch/tree
	# A repository that called it, as by a hook.
	made_tree "$tree" && made_repository "$scratch/mine" && git -C "$scratch/mine" rev-parse HEAD >"$scratch/head" || return
	GIT_DIR=$scratch/mine/.git graft_run --patch "$tree" && git -C "$scratch/mine" rev-parse HEAD | cmp - "$scratch/head" || return
	GIT_DIR=$scratch/mine/.git "$BASH" -c '. "$1/lib/base.sh"; git -C "$2" rev-parse HEAD' - "$rig" "$scratch" >"$scratch/out" 2>&1 &&
		complain 'a program of the rig takes that repository for its own' && return 1
	# A link in its place.
	ln -s /nonexistent "$tree/include/xlp" && ! graft_run "$tree" && printed '(include/xlp)' &&
		! graft_run --remove "$tree" && [[ -L $tree/include/xlp && ! -e $tree/kernel/xlp ]] || return
	rm "$tree/include/xlp" && mv "$tree/Kconfig" "$scratch/Kconfig" && ln -s "$scratch/Kconfig" "$tree/Kconfig" &&
		! graft_run "$tree" && printed 'Kconfig is a link' || return
	# A tree in a larger repository.
	made_tree "$scratch/mono/linux" && git -C "$scratch/mono" init --quiet && git -C "$scratch/mono" add --all &&
		GIT_CONFIG_GLOBAL=/dev/null git -C "$scratch/mono" -c user.name=rig -c user.email=rig@xlp commit --quiet --message linux &&
		echo '/* mine */' >>"$scratch/mono/linux/kernel/livepatch/core.c" || return
	graft_refuses "$scratch/mono/linux" '(kernel/livepatch/core.c)' || return
	git -C "$scratch/mono" checkout --quiet . && ln -s "$top/scripts/graft" "$scratch/graft" &&
		"$scratch/graft" "$scratch/mono/linux" >"$scratch/out" 2>&1 && graft_run "$scratch/mono/linux" && printed 'as it is here'
}

graft_dirty() {
	local tree=$scratch/tree
	made_repository "$tree" && echo '/* mine */' >>"$tree/kernel/livepatch/core.c" || return
	graft_refuses "$tree" 'not committed: commit or stash them first (kernel/livepatch/core.c)' || return
	git -C "$tree" checkout --quiet . && echo 'obj-y += mine/' >>"$tree/kernel/Makefile" || return
	graft_refuses "$tree" '(kernel/Makefile)' || return
	# xlp itself is no such change, but one beside it in the same file is.
	git -C "$tree" checkout --quiet . && graft_run "$tree" && graft_run "$tree" && printed 'as it is here' || return
	echo 'obj-y += mine/' >>"$tree/kernel/Makefile" && graft_refuses "$tree" '(kernel/Makefile)' || return
	sed -i '/mine/d' "$tree/kernel/Makefile" && graft_run --remove "$tree" &&
		[[ ! $(git -C "$tree" status --porcelain) ]] || complain 'git sees what was there'
}

# What the suite takes xlp.ko for, a kernel that has xlp itself is told on its command line.
kernel_with_xlp() {
	# shellcheck disable=SC2034	# read by what is tested
	kernel=([tree]=$scratch/built [release]=6.12-xlp)
	mkdir -p "$scratch/built/include/generated"
	echo '#define CONFIG_XLP_MODULE 1' >"$scratch/built/include/generated/autoconf.h"
	[[ ! $(kernel_xlp_words) ]] && (GUEST=bench kernel_xlp_can) || complain 'a module is taken for a part of the kernel' || return
	echo '#define CONFIG_XLP 1' >"$scratch/built/include/generated/autoconf.h"
	[[ $(kernel_xlp_words) == ' xlp.compat=0' && $(GUEST=selftests kernel_xlp_words) == ' xlp.compat=1' ]] ||
		complain "$(kernel_xlp_words)$(GUEST=selftests kernel_xlp_words)" || return
	(GUEST=selftests AGAINST=xlp kernel_xlp_can && kernel_xlp_can) || complain 'it is refused' || return
	! (GUEST=bench kernel_xlp_can) 2>"$scratch/out" && ! (GUEST=selftests AGAINST=both kernel_xlp_can) 2>>"$scratch/out" &&
		[[ $(grep -c '^error: Linux 6.12-xlp has xlp built in' "$scratch/out") == 2 ]] || complain "$(<"$scratch/out")"
}

# A module that was built with the kernel is what its guests load, not this tree's.
# shellcheck disable=SC2034	# kernel[] is read by what is tested
kernel_with_xlp_module() {
	local own=$scratch/built/kernel/xlp/xlp.ko packed
	mkdir -p "${own%/*}" "$scratch/tree"
	kernel=()
	[[ ! $(kernel_own_xlp) ]] || complain "Debian's kernels have none" || return
	kernel=([tree]=$scratch/built)
	[[ ! $(kernel_own_xlp) ]] || complain 'there is none' || return
	echo 'xlp of own' >"$own" && echo 'xlp of tree' >"$scratch/tree/xlp.ko" && touch "$scratch/busybox"
	for packed in own tree; do
		"$rig/initramfs" "$scratch/busybox" "$scratch/tree" "$scratch/initramfs" "" "$(kernel_own_xlp)" &&
			[[ $(LC_ALL=C grep -ao 'xlp of [a-z]*' "$scratch/initramfs") == "xlp of $packed" ]] ||
			complain "not the $packed one is packed" || return
		rm -f "$own"
	done
}

rig_tests+=' graft_and_back graft_older graft_series graft_refused graft_half graft_killed graft_busy graft_beside
	graft_dirty kernel_with_xlp kernel_with_xlp_module'
