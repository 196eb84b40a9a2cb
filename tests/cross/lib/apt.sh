# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The Debian archive, through apt: it checks signatures and checksums. Every
# (suite, architecture) has an apt state of its own in the cache, so that the
# machine's own lists stay as they are and foreign ones need no dpkg setup.

# An index older than this is fetched again, so that KERNEL=sid means today's.
index_minutes=720

native_arch() { dpkg --print-architecture; }

# The mirror is the one this machine's apt uses for the main archive.
mirror() {
	if [[ ${MIRROR:-} ]]; then
		echo "$MIRROR"
		return
	fi
	local codename uri
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	uri=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk -v c="$codename" '$1 ~ "^(" c "|stable|testing|unstable|sid)$" && $2 == "main" { print $3; exit }')
	[[ $uri ]] || die "this machine's apt knows no mirror of Debian: set MIRROR= to the address of one"
	echo "$uri"
}

apt_state() { echo "$cache/apt/$1-$2"; }

# apt_do SUITE ARCH PROGRAM ARG... runs apt-get or apt-cache on that state.
apt_do() {
	local state
	state=$(apt_state "$1" "$2")
	"$3" --config-file "$state/apt.conf" "${@:4}"
}

# apt_index SUITE ARCH makes sure that the index is there and fresh.
apt_index() {
	local state
	state=$(apt_state "$1" "$2")
	apt_index_fresh "$state" || locked "apt-$1-$2" apt_update "$@"
}

apt_index_fresh() { [[ $(find "$1/updated" -mmin "-$index_minutes" 2>/dev/null) ]]; }

apt_update() {
	local state from todo
	state=$(apt_state "$1" "$2")
	apt_index_fresh "$state" && return	# another run was faster
	from=$(mirror)
	apt_configure "$1" "$2" "$state" "$from"
	if as_download "$state/log" apt_do "$1" "$2" apt-get update --quiet --error-on=any; then
		touch "$state/updated"
		rm -f "$state/missing"
		apt_note_expired "$1" "$state"
	elif [[ -e $state/updated ]]; then
		note "note: the index of $1 for $2 could not be fetched again; using the one of $(date -r "$state/updated" '+%F %R')"
	else
		todo=$(network_or_disk "$state/log")
		[[ $todo == 'make room'* ]] || {
			note "$(grep '^E:' "$state/log" | head -n 3)"
			todo+=', or name another mirror with MIRROR='
		}
		die "cannot fetch the index of suite $1 for $2: $todo"
	fi
}

apt_configure() {
	local suite=$1 darch=$2 state=$3 from=$4
	mkdir -p "$state/lists/partial" "$state/archives/partial"
	: >"$state/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $suite main" >"$state/sources.list"
	cat >"$state/apt.conf" <<-EOF
		Dir::State "$state";
		Dir::State::status "$state/status";
		Dir::Cache "$state";
		Dir::Cache::pkgcache "pkgcache.bin";
		Dir::Etc::sourcelist "$state/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "$darch";
		APT::Architectures { "$darch"; };
		APT::Sandbox::User "";
		APT::Install-Recommends "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::http::Timeout "30";
		Acquire::https::Timeout "30";
		# A suite past its date is still the newest there is; see apt_note_expired.
		Acquire::Check-Valid-Until "false";
	EOF
}

apt_note_expired() {
	local until
	until=$(sed -n 's/^Valid-Until: //p' "$2"/lists/*_InRelease | head -n 1)
	if [[ $until ]] && (($(date -d "$until" +%s) < $(date +%s))); then
		note "note: the Release file of $1 is past its Valid-Until ($until); used all the same"
	fi
}

# apt_field SUITE ARCH PACKAGE[=VERSION] FIELD prints a field, of the newest
# version if none is said; nothing if the suite has no such package.
apt_field() {
	apt_do "$1" "$2" apt-cache show --no-all-versions "$3" 2>/dev/null | sed -n "s/^$4: //p" || true
}

# apt_versions SUITE ARCH PACKAGE prints all versions in the index, newest first.
apt_versions() {
	apt_do "$1" "$2" apt-cache show --all-versions "$3" 2>/dev/null | sed -n 's/^Version: //p' || true
}

# apt_try SUITE ARCH DIR PACKAGE[=VERSION]... downloads packages into DIR; fails
# if the archive does not have all of them, whatever its index says.
apt_try() {
	local suite=$1 darch=$2 dir=$3
	shift 3
	mkdir -p "$dir"
	(cd "$dir" && as_download fetch.log apt_do "$suite" "$darch" apt-get download --quiet "$@") && return
	! apt_lacks "$dir/fetch.log" || return 1
	die "cannot download $* for $darch from $suite: $(network_or_disk "$dir/fetch.log") and run again (delete $(apt_state "$suite" "$darch") if the archive has moved on)"
}

# apt_lacks LOG: an answer of the archive, or none in the index, and no trouble on
# the way to it, which may be over at the next try.
apt_lacks() {
	grep -qE "^E: (Failed to fetch .*(40[34]|410)  |Unable to locate package |Version '.*' for '.*' was not found)" "$1"
}

# apt_fetch SUITE ARCH DIR PACKAGE[=VERSION]... does the same where nothing else will do.
apt_fetch() {
	apt_try "$@" ||
		die "the archive does not have ${*:4} for $2 from $1, which its index names: try again later, or name another mirror with MIRROR= ($(grep -m 1 '^E:' "$3/fetch.log"))"
}

# What the archive does not have, although its index does, is noted beside the
# index and goes with it, so that all cells of a run agree on a kernel.
apt_note_missing() { echo "$3 $4" >>"$(apt_state "$1" "$2")/missing"; }

# apt_is_missing SUITE ARCH NAME VERSION
apt_is_missing() { grep -qsxF "$3 $4" "$(apt_state "$1" "$2")/missing"; }

# unpack DIR DEB [PATH...] unpacks a package, or those paths of it. Symbolic
# links in DIR stay: bookworm's packages have a real ./lib.
unpack() {
	dpkg-deb --fsys-tarfile "$2" | tar --extract --keep-directory-symlink --no-same-owner --directory "$1" "${@:3}" 2>&1 | head -n 1 >&2 ||
		die "cannot unpack ${2##*/}: run again"
}

# unpack_first DIR DEB PATTERN unpacks the first such path, and reads no further: in the
# package of a kernel thousands of modules follow.
unpack_first() {
	# It complains that nobody reads on; tar says what is missing.
	{ dpkg-deb --fsys-tarfile "$2" 2>/dev/null || true; } |
		tar --extract --keep-directory-symlink --no-same-owner --occurrence=1 --directory "$1" --wildcards "$3"
}
