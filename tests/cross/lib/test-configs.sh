# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests kernels that the rig builds: their layers, and trees that do not build.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# Stands in for configs/, with the layers debug and small.
tiny_configs() {
	rig=$scratch
	arch=([name]=vax)
	mkdir -p "$rig/configs" "$rig/arch"
	: >"$rig/arch/vax.conf"
	echo CONFIG_A=y >"$rig/configs/base.config"
	printf '%s\n' '# from 6.12: new' CONFIG_B=y CONFIG_C=y >"$rig/configs/vax.config"
	printf '%s\n' '# until 6.12: old' '# CONFIG_D is not set' 'CONFIG_A=m' >"$rig/configs/debug.config"
	printf '%s\n' '# all from 6.12 on vax pdp: too old' '# all only vax: too new' '# all from 8.0 on pdp: no pdp' \
		'# only pdp: big' CONFIG_E=y CONFIG_F=n '# from 7.0 on pdp: big' CONFIG_G=y >"$rig/configs/small.config"
}

# asked VERSION LAYERS WANT: what becomes of the fragment for that version
asked() {
	local got
	kernel=([version]=$1 [config]=$2)
	got=$(tree_fragment | sed 1d | paste -sd ' ')
	[[ $got == "$3" ]] || complain "$1: '$got' instead of '$3'"
}

config_layers() {
	tiny_configs
	asked 6.1.176-1 debug 'CONFIG_A=y CONFIG_C=y # CONFIG_D is not set CONFIG_A=m' &&
		asked 6.12.107-1 debug 'CONFIG_A=y CONFIG_B=y CONFIG_C=y # CONFIG_D is not set CONFIG_A=m' &&
		asked 7.2.13-1 debug 'CONFIG_A=y CONFIG_B=y CONFIG_C=y CONFIG_A=m' &&
		asked 6.1.176-1 base 'CONFIG_A=y CONFIG_C=y' &&
		asked 6.12.1-1 small,debug 'CONFIG_A=y CONFIG_B=y CONFIG_C=y # CONFIG_F is not set CONFIG_G=y # CONFIG_D is not set CONFIG_A=m' || return
	kernel=([version]=6.1.176-1 [config]="debug,small")
	refused 'no CONFIG=small with Linux 6.1.176-1 for vax: too old' in_own_shell tree_layers_fit || return
	arch=([name]=uvax)
	cp "$rig"/configs/{vax,uvax}.config
	refused 'no CONFIG=small with Linux 6.1.176-1 for uvax: too new' in_own_shell tree_layers_fit
}

# All of what is in configs/, without a kernel: conditions say what they mean, and each layer
# has options for a kernel or a reason why not.
config_fragments() {
	local name version file said known=" "
	for name in $(arch_names); do
		known+="$name "
	done
	# shellcheck disable=SC2094	# it is only read
	for file in "$rig"/configs/*.config; do
		said=$(awk -v known="$known" '
			/^# (all )?(from|until|only|with) / {
				if (!/^# (all )?((from|until) [67]\.[0-9]+( on [a-z0-9_ ]+)?|only [a-z0-9_ ]+|with (clang|xlp)): ./)
					print FNR ": no condition: " $0
				head = substr($0, 1, index($0, ":") - 1)
				if (sub(/^.* (on|only) /, "", head))
					for (n = split(head, word, " "); n; n--)
						if (!index(known, " " word[n] " "))
							print FNR ": no architecture: " word[n]
				pending = !/^# all /
				next
			}
			/^(# )?CONFIG_/ { pending = 0; next }
			/^CONFIG|^[^#]/ { print FNR ": no option: " $0 }
			pending { print FNR - 1 ": a condition of nothing" }' "$file")
		[[ ! $said ]] || complain "${file##*/}:$said" || return
		for name in $(tree_arches); do
			arch_load "$name"
			for version in 6.1 6.12 7.2; do
				kernel=([version]=$version)
				[[ $(LLVM=1 tree_options "$file" 2>&1) ]] || complain "$file: nothing for $name, $version" || return
			done
		done
	done
}

# wanted KERNEL LAYERS SUITE
wanted() {
	tree_wanted "$1" && [[ "$tree_layers_wanted $tree_suite_wanted" == "$2 $3" ]] ||
		complain "$1 is '$tree_layers_wanted' of '$tree_suite_wanted'"
}

config_names() {
	local own=$scratch/my-own.config name
	tiny_configs
	wanted debug debug trixie && wanted debug-sid debug sid && wanted debug,small-trixie-backports debug,small trixie-backports &&
		wanted base,../my-own.config-sid base,../my-own.config sid && wanted base,my-own.config base,my-own.config trixie &&
		wanted debug,small-potato debug,small potato || return
	for name in sid 6.12 vax ./debug my-own.config ''; do
		! tree_wanted "$name" || complain "$name is a layer" || return
	done
	echo CONFIG_Z=y >"$own"
	cd "$scratch" || return
	[[ $(tree_layers_chosen base) == base && $(tree_layers_chosen debug,base,small,debug) == debug,small &&
		$(tree_layers_chosen base,my-own.config,debug) == "$own,debug" ]] || complain "$(tree_layers_chosen base,my-own.config,debug)" || return
	asked 7.2 "debug,$own" 'CONFIG_A=y CONFIG_B=y CONFIG_C=y CONFIG_A=m CONFIG_Z=y' &&
		[[ $(tree_name) == debug+my-own-* && $(cell_name vax debug,./x-sid) == vax-tree-* && $(cell_name vax debug,rt) == vax-debug+rt ]] ||
		complain "$(tree_name)"
}

# Stands in for the source of a kernel, and for the root: its "kernel" is built here.
tiny_source() {
	tiny_configs
	cache=$scratch/tiny-cache
	arch+=([kbuild_arch]=vax [triplet]=vax [tree_image]=arch/vax/boot/Image)
	root_provide() { :; }
	root_packages() { :; }
	in_root() {
		while [[ $1 == mount_* ]]; do
			[[ $1 != mount_readonly ]] || echo "$2" >"$scratch/readonly"
			shift 3
		done
		"${@:2}"
	}
	mkdir -p "$scratch/linux"
	cat >"$scratch/linux/Makefile" <<-'END'
		# SPDX-License-Identifier: GPL-2.0
		VERSION = 7
		PATCHLEVEL = 2
		SUBLEVEL = 13
		EXTRAVERSION =
		NAME = Tiny

		allnoconfig: ; @grep -v "$(or $(LOSES),none)=" $(KCONFIG_ALLCONFIG) >$(O)/.config
		works: ; @printf '%s\n' '  CC      a.o' 'a.c:3:1: error: no ; here' 'a.c:4:1: error: nor there'; exit 1
		Image: works; @mkdir -p $(O)/include/config && echo 7.2.13-tiny >$(O)/include/config/kernel.release
		modules:
	END
}

# tries CONFIG: what make kernel does
tries() (
	tree_find "$scratch/linux" "$1"
	tree_provide
	echo "${kernel[release]} in ${kernel[tree]}"
)

tree_does_not_build() {
	tiny_source
	cd "$scratch" || return
	refused 'error: Linux 7.2.13-debug does not build for vax: see ' tries debug &&
		[[ $(grep -n 'a.c:3:1: error: no ; here' out | cut -d: -f1) == $(($(grep -n 'a.c:4:1' out | cut -d: -f1) - 1)) ]] &&
		[[ $(<"$scratch/readonly") == "$scratch/linux" ]] || complain "$(<"$scratch/out")" || return
	touch linux/works
	tries debug >out 2>&1 && printed "7.2.13-tiny in $cache/built/vax-debug-dir-" || complain "$(<"$scratch/out")" || return
	# What is built is built again: anything may have changed in the directory.
	rm linux/works
	refused 'a.c:3:1: error' tries debug
}

tree_with_bad_source() {
	tiny_source
	echo '# all with xlp: there is none' >"$rig/configs/xlp.config"
	refused 'no CONFIG=xlp with Linux 7.2.13 for vax: there is none' tries xlp || return
	LOSES=CONFIG_C refused "options of CONFIG=debug that Linux 7.2.13-debug for vax does not take: 'CONFIG_C=y'" tries debug || return
	mkdir -p "$scratch/linux/include/config"
	refused "$scratch/linux is not clean (there is include/config), and the rig builds elsewhere: make mrproper" tries debug || return
	rm -r "$scratch/linux/include" "$scratch/linux/Makefile"
	refused "there is no source of a kernel in $scratch/linux" tries debug
}

config_lost_options() {
	kernel=([tree]=$scratch)
	printf '%s\n' CONFIG_A=y CONFIG_B=y '# CONFIG_C is not set' '# CONFIG_D is not set' CONFIG_E=m CONFIG_E=y \
		>"$scratch/xlp.config"
	printf '%s\n' CONFIG_A=y '# CONFIG_B is not set' CONFIG_C=y CONFIG_E=y >"$scratch/.config"
	tree_lost >"$scratch/out"
	[[ $(paste -sd ' ' "$scratch/out") == "'# CONFIG_C is not set' 'CONFIG_B=y'" ]] || complain "$(<"$scratch/out")"
}

rig_tests+=' config_layers config_fragments config_names config_lost_options tree_does_not_build
	tree_with_bad_source'
