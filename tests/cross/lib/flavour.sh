# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian builds several flavours of a kernel for an architecture. The name of one ends each of
# its releases: "amd64", "cloud-amd64", "arm64-16k". FLAVOUR=cloud asks for the one that has
# the architecture's own word, and "cloud" before or behind it.

# shellcheck disable=SC2154	# arch[] is in the parts before

# flavours SUITE prints the names of all that there are for the architecture that is loaded:
# each has a package that depends on its newest headers.
flavours() {
	apt_do "$1" "${arch[debian_arch]}" apt-cache pkgnames linux-headers- |
		sed -nE "s/^linux-headers-((.*-)?${arch[flavour]}(-.*)?)$/\1/p" | sed '/^[0-9]/d' | sort
}

# flavour_words reads names and prints what FLAVOUR= says for them; nothing for the one
# that is taken without it.
flavour_words() { sed -E "s/^${arch[flavour]}-?//; s/-${arch[flavour]}$//; /^$/d"; }

# flavour_name SUITE prints the name of what is asked for; fails if the suite has none.
flavour_name() {
	[[ ${FLAVOUR:-} ]] || { echo "${arch[flavour]}"; return; }
	flavours "$1" | awk -v own="${arch[flavour]}" -v word="$FLAVOUR" '
		$0 == own "-" word || $0 == word "-" own { print; found = 1 }
		END { exit !found }'
}

# flavour_unknown SUITE... dies of what none of these has, and says what they have.
flavour_unknown() {
	local suite words
	words=$(for suite; do flavours "$suite"; done | flavour_words | sort -u | paste -sd ' ')
	die "no flavour '$FLAVOUR' of Linux for ${arch[name]} in $*: ${words:+use FLAVOUR= one of $words, or }leave it out"
}

# flavour_releases SUITE NAME reads releases and prints those of that flavour: what they end
# with has that name, and is no longer name.
flavour_releases() {
	awk -v name="$2" '
		function ends(release, name) {
			return substr(release, length(release) - length(name)) == "-" name
		}
		FILENAME != "-" { names[$0]; next }
		ends($0, name) {
			for (other in names)
				if (length(other) > length(name) && ends($0, other))
					next
			print
		}' <(flavours "$1") -
}
