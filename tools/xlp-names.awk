# SPDX-License-Identifier: GPL-2.0
# Says what becomes of functions in a kernel, before there is a patch; for tools/xlp-check-diff, which has it
# read after xlp-kernel.awk.
#
# Variables: machine, as uname -m has it; part, of what the lines are: wanted (xlp-hunks.awk, xlp-lines.awk),
# kallsyms, aliases (kallsyms once more), functions (available_filter_functions). Prints lines, with tabs between: NAME, a
# word, and why if that is not "yes".

BEGIN { OFS = "\t" }

function object_of(text) { return text ~ /^\[.*\]$/ ? substr(text, 2, length(text) - 2) : "vmlinux" }

# arch_of MACHINE: its directory below arch/, or nothing if it is not known
function arch_of(machine) {
	if (machine ~ /^(x86_64|i[3-6]86)$/)
		return "x86"
	if (machine == "aarch64")
		return "arm64"
	if (match(machine, /^(arm|s390|riscv|loongarch|mips)/))
		return substr(machine, 1, RLENGTH)
	return machine ~ /^ppc/ ? "powerpc" : ""
}

# is_foreign FILE: of an architecture that the kernel is not of; arm64 compiles what arm has for Xen.
function is_foreign(file,    parts) {
	return split(file, parts, "/") > 2 && parts[1] == "arch" && arch_of(machine) != "" && parts[2] != arch_of(machine) &&
	       !(machine == "aarch64" && file ~ /^arch\/arm\/xen\//)
}

part == "wanted" && $1 ~ /^(function|syscall)$/ { nr_files[$2]++ }
part == "wanted" && $1 == "function" { order[++nr] = $2; file[nr] = $3; wanted[$2] = $2 }
part == "wanted" && $1 == "beside" { beside[$3] = beside[$3] " " $2; is_beside[$2] = 1 }

part == "wanted" && $1 == "caller" {
	callers[$2] = callers[$2] " " $3
	wanted[$3] = $3
}

# What the macro makes is called by each architecture in its own way.
part == "wanted" && $1 == "syscall" {
	order[++nr] = $2
	file[nr] = $3
	is_call[$2] = 1
	stem = $2
	sub(/^(compat_)?sys_/, "", stem)
	made = $2 ~ /^compat/ ? "compat_" : ""
	n = split("__do __se __x64 __x32 __ia32 __arm64 __s390 __s390x __riscv", prefixes, " ")
	wanted[$2] = made_of[$2] = $2
	for (i = 1; i <= n; i++) {
		name = prefixes[i] "_" made "sys_" stem
		wanted[name] = $2
		made_of[$2] = made_of[$2] " " name
	}
}

# note_place OBJECT: where functions of the files are among all, which kallsyms has as the linker has them
function note_place(object,    name) {
	if ($2 !~ /^[tTwW]$/ || $3 ~ /^__pfx_/)
		return
	nr_places++
	name = $3
	sub(/\..*/, "", name)
	if (match(name, /^__(do|se|x64|x32|ia32|arm64|s390x?|riscv)_(compat_)?sys_/))
		sub(/^__[a-z0-9]*_/, "", name)
	if (name in is_beside)
		places[object, name] = places[object, name] " " nr_places ":" $1
	if ($3 in wanted)
		place[object, $3] = nr_places
}

part == "kallsyms" {
	object = object_of($4)
	if (object == "vmlinux") {
		nr_of_kernel++
		note_address($1, $3)
	}
	note_place(object)
	if ($3 in wanted) {
		if (!count[object, $3]++)
			objects[$3] = objects[$3] " " object
		address[object, $3] = $1
		if ($2 ~ /^[Ww]$/)
			is_weak[object, $3] = 1
		if (!($1 in at))
			at[$1] = $3
		else
			others[$3] = others[$3] " " at[$1]
		next
	}
	# "f.constprop.0" is called for some f, "f.part.0" for a part of it; "f.cold" is run by f alone.
	base = $3
	if (!sub(/\..*/, "", base) || !(base in wanted) || $3 ~ /\.cold(\.[0-9]+)?$/)
		next
	clones[base] = clones[base] " " $3
	clone_of[$3] = object
}

# The list of what ftrace catches has one name of each function; it may be one that is not asked for.
part == "aliases" && has_addresses && ($1 in at) && $3 != at[$1] { others[at[$1]] = others[at[$1]] " " $3 }

part == "functions" { caught[object_of($2), $1] = 1 }

function is_caught(object, name,    n, i, f) {
	if ((object, name) in caught)
		return 1
	n = split(others[name], f, " ")
	for (i = 1; i <= n; i++)
		if ((object, f[i]) in caught)
			return 1
	return 0
}

function say(name, word, why) { print name, word, why }

function list(text) {
	sub(/^ /, "", text)
	gsub(/ /, ", ", text)
	return text
}

function judge_clones(name, there,    n, i, f, why) {
	n = split(clones[name], f, " ")
	why = (there ? "there are also " : "not by this name: there is ") list(clones[name])
	for (i = 1; i <= n; i++)
		if (!((clone_of[f[i]], f[i]) in caught)) {
			say(name, "not-caught", why ", and ftrace does not catch calls of " f[i] ": change what calls it")
			return
		}
	say(name, there ? "clones" : "clone-only", why ": what xlp build makes replaces them, by hand it takes each by its name")
}

# called_by NAME: whoever it may be inlined into, and which of them cannot be replaced either
function called_by(name,    n, i, f, text, object) {
	n = split(callers[name], f, " ")
	for (i = 1; i <= n; i++) {
		object = objects[f[i]]
		sub(/^ /, "", object)
		text = text (i > 1 ? ", " : "") f[i] (object == "" ? " (not there)" : is_caught(object, f[i]) ? "" : " (not caught)")
	}
	return n ? "; its file calls it in " text : ""
}

# is_of_file FILE, NAME of a function, OBJECT, SYMBOL: has the object others of the file near that symbol? What one file
# has lies together in vmlinux, but for functions of sections of their own.
function is_of_file(file, name, object, symbol,    n, m, i, k, f, p, at, elsewhere, of_boot) {
	n = split(beside[file], f, " ")
	for (i = 1; i <= n; i++) {
		if (f[i] == name)
			continue
		m = split(places[object, f[i]], p, " ")
		for (k = 1; k <= m; k++) {
			split(p[k], at, ":")
			if (object != "vmlinux" || at[1] - place[object, symbol] <= 20 && place[object, symbol] - at[1] <= 20)
				return 1
			if (in_init(at[2]))
				of_boot = 1
			else
				elsewhere = 1
		}
	}
	return n < 2 || of_boot && !elsewhere
}

# say_yes NAME, FILE, OBJECT, SYMBOL, TEXT: if it is that of the file
function say_yes(name, file, object, symbol, text) {
	if (nr_files[name] > 1)
		say(name, "which", "the diff changes one in each of " nr_files[name] " files, and the kernel has one")
	else if (!is_of_file(file, name, object, symbol))
		say(name, "which", "no other function of " file " is near it in " object ": it may be one of another file, if that of this file is inlined or left out")
	else
		say(name, "yes", text)
}

function judge(name, file,    n, f, object) {
	n = split(objects[name], f, " ")
	object = f[1]
	if (!n && name in clones)
		judge_clones(name, 0)
	else if (!n)
		say(name, "not-there", "not in this kernel: inlined, renamed or configured out, or of a module that was not loaded there" called_by(name))
	else if (n > 1)
		say(name, "which", "one is in each of" objects[name] ": of which one the file is part is not looked at")
	else if (count[object, name] > 1)
		say(name, "ambiguous", count[object, name] " symbols of " object " have this name: say its position (doc/patch-authors.md)")
	else if (object == "vmlinux" && in_init(address[object, name]))
		say(name, "boot-only", "only there during boot: nothing calls it any more")
	else if (!is_caught(object, name))
		say(name, "not-caught", "ftrace does not catch its calls: change what calls it")
	else if (name in clones)
		judge_clones(name, 1)
	else
		say_yes(name, file, object, name, object == "vmlinux" ? "" : "of the module " object)
}

# One of what the macro makes has to be there; the rest is inlined into it. What is weak is COND_SYSCALL's, which says
# that there is none.
function judge_call(call, file,    n, i, f, there, bad, weak, last) {
	n = split(made_of[call], f, " ")
	for (i = 1; i <= n; i++) {
		if (!(f[i] in objects))
			continue
		if (("vmlinux", f[i]) in is_weak)
			weak = weak " " f[i]
		else if (is_caught("vmlinux", f[i]))
			there = there " " (last = f[i])
		else
			bad = f[i]
	}
	if (bad != "")
		say(call, "not-caught", "ftrace does not catch calls of " bad ", which is made of it: change what calls it")
	else if (there == "" && weak != "")
		say(call, "not-there", "configured out: " list(weak) (weak ~ / .* / ? " say" : " says") " only that there is no such call")
	else if (there == "")
		say(call, "not-there", "not in this kernel: inlined, renamed or configured out")
	else
		say_yes(call, file, "vmlinux", last, "as " list(there))
}

END {
	if (!nr_of_kernel)
		print "-", "no-kernel", "kallsyms has no symbols of a kernel: save it anew (xlp check --save)"
	else if (is_cut_off())
		print "-", "no-kernel", "kallsyms is not whole: save it anew (xlp check --save)"
	for (i = 1; i <= nr; i++)
		if (is_foreign(file[i]))
			say(order[i], "not-there", file[i] " is of another architecture than " machine)
		else if (order[i] in is_call)
			judge_call(order[i], file[i])
		else
			judge(order[i], file[i])
}
