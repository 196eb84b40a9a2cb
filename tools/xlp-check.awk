# SPDX-License-Identifier: GPL-2.0
# Compares what a module wants (xlp-module) with what a kernel has; for tools/xlp-check,
# which has it read after xlp-kernel.awk.
#
# Variables: release, version of the kernel; patch; part, of what the lines of a file are:
# module, kallsyms, functions (available_filter_functions), symvers

function say(word, text) { print word ": " text }

function refuse(text) {
	say("refused", text)
	refused++
}

# OBJECT.NAME.POSITION; the name may have dots in it.
function split_name(text, words,    n, parts, i) {
	n = split(text, parts, ".")
	if (n < 3 || parts[n] !~ /^[0-9]+$/)
		return 0
	words["object"] = parts[1]
	words["position"] = parts[n] + 0
	words["name"] = parts[2]
	for (i = 3; i < n; i++)
		words["name"] = words["name"] "." parts[i]
	return 1
}

function want(text, list, n,    words) {
	list[n] = text
	if (split_name(text, words)) {
		wanted[words["name"]] = 1
		objects[words["object"]] = 0
	}
}

# ---- the module ----

part == "module" && $1 == "info" {
	key = $2
	sub(/=.*/, "", key)
	info[key] = substr($0, 6 + length(key) + 1)
}
part == "module" && $1 == "replaces" { want($2, replaces, ++nr_replaced) }
part == "module" && $1 == "version" { crc[$2] = $3 }
part == "module" && ($1 == "needs" || $1 == "open") {
	if ($2 ~ /^xlp_sym\./)
		want(substr($2, 9), bound, ++nr_bound)
	else if ($1 == "needs")
		needs[++nr_needs] = $2
}

# ---- the kernel ----

part == "kallsyms" {
	object = "vmlinux"
	if ($4 ~ /^\[.*\]$/)
		object = substr($4, 2, length($4) - 2)
	if (object in objects)
		objects[object] = 1
	if (object == "vmlinux") {
		nr_of_kernel++
		# Without KALLSYMS_ALL there are such as the linker makes, none of a file's own.
		if ($2 ~ /^[db]$/)
			lists_data = 1
		note_address($1, $3)
	} else if (object == "xlp")
		of_xlp[$3] = 1
	else
		of_module[$3] = object
	if ($3 in wanted) {
		count[object, $3]++
		if (!((object, $3) in address))
			address[object, $3] = $1
		next
	}
	# A clone is called by another name: of what, up to its first dot.
	base = $3
	if (sub(/\..*/, "", base) && base in wanted && $3 !~ /\.cold/ && !((object, base) in clone))
		clone[object, base] = $3
}
part == "functions" {
	object = $2 ~ /^\[.*\]$/ ? substr($2, 2, length($2) - 2) : "vmlinux"
	if ($1 in wanted)
		caught[object, $1]++
}
part == "symvers" {
	exports[$2] = $1
	nr_exports++
}

# ---- judging ----

# Is a symbol there, once, or that often? Says what is wrong, or returns 1.
function is_there(object, name, position, why,    n) {
	n = count[object, name] + 0
	if (!n)
		refuse(name ": not in this kernel: " why \
		       ((object, name) in clone ? "; there is " clone[object, name] : ""))
	else if (!position && n > 1)
		refuse(name ": ambiguous, " n " symbols have this name: say its position")
	else if (position > n)
		refuse(name ": position " position " is past the end, " n (n == 1 ? " symbol has" : " symbols have") " this name")
	else
		return 1
	return 0
}

function judge_replaced(text,    words, object, name) {
	split_name(text, words)
	object = words["object"]
	name = words["name"]
	if (!objects[object]) {
		say("note", name ": not looked at, as the module " object " is not loaded there")
		return
	}
	if (!is_there(object, name, words["position"], "inlined, renamed or configured out"))
		return
	if (!caught[object, name])
		refuse(name ": ftrace does not catch its calls: change what calls it")
	else
		say("replaces", name (object == "vmlinux" ? "" : " of " object))
}

function judge_bound(text,    words, name, object) {
	if (!split_name(text, words)) {
		refuse(text ": not xlp_sym.OBJECT.NAME.POSITION")
		return
	}
	name = words["name"]
	object = words["object"]
	if (words["position"] > 1)
		refuse(text ": only the first symbol of a name is bound: make it an import")
	else if (!objects[object] && object != "vmlinux")
		say("note", name ": not looked at, as the module " object " is not loaded there: load it before the patch")
	else if (is_there(object, name, words["position"],
			  "inlined, renamed or configured out" (lists_data ? "" : ", or data, which this kernel does not list"))) {
		if (object == "vmlinux" && in_init(address[object, name]))
			refuse(name ": only there during boot")
		else
			say("bound", name (object == "vmlinux" ? "" : " of " object))
	}
}

# What xlp.ko and other modules export is not in the kernel's list.
function judge_needed(name) {
	if (name in of_xlp || name ~ /^(__)?xlp_/)
		return
	if (!(name in exports)) {
		if (name in of_module)
			say("note", name ": not looked at, as it is from the module " of_module[name])
		else
			refuse(name ": this kernel does not export it")
	} else if (name in crc && crc[name] "" != exports[name] "")
		refuse(name ": its prototype, or a type that it takes, is not what it was when the patch was built: build it anew")
	else
		nr_as_built++
}

function judge_build(    built_for) {
	built_for = info["vermagic"]
	sub(/ .*/, "", built_for)
	if (built_for != release)
		refuse("it is built for " (built_for == "" ? "no kernel that it names" : built_for) ": build it for this one")
	if (!("xlp_built_as" in info))
		say("note", "the patch does not say for which build of " release " it is")
	else if (info["xlp_built_as"] != version)
		refuse("it is for the build " info["xlp_built_as"] ": make it again of its diff")
}

END {
	say("kernel", release ", " version)
	judge_build()
	if (!nr_of_kernel)
		refuse("kallsyms has no symbols of a kernel: save it anew (xlp check --save)")
	else if (is_cut_off())
		refuse("kallsyms is not whole: save it anew (xlp check --save)")
	if (!nr_replaced)
		say("note", "which functions it replaces is not written in it, so these are not looked at")
	for (i = 1; i <= nr_replaced; i++)
		judge_replaced(replaces[i])
	for (i = 1; i <= nr_bound; i++)
		judge_bound(bound[i])
	if (nr_bound && !has_addresses)
		say("note", "addresses are hidden (kernel.kptr_restrict), so whether a name is there during boot only is not looked at")
	if (!nr_exports)
		say("note", "exports and prototypes are not looked at: no Module.symvers of this kernel is there")
	else
		for (i = 1; i <= nr_needs; i++)
			judge_needed(needs[i])
	if (nr_as_built)
		say("exported", nr_as_built (nr_as_built == 1 ? " name" : " names") ", as when it was built")
	if (refused)
		say(patch, "does not fit: " refused (refused == 1 ? " line above refuses" : " lines above refuse") " it")
	else
		say(patch, "fits")
	exit refused ? 1 : 0
}
