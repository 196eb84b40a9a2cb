# SPDX-License-Identifier: GPL-2.0
# Says which functions lines that differ between two versions of a file lie in; for tools/xlp-check-diff.
#
# Variables: file; part, of what the lines are: before and after (ctags --fields=neKS of the versions), lines
# (diff of them), text (the first version). Prints what xlp-hunks.awk does, caller NAME FUNCTION FILE for
# functions that call those that change, and beside NAME FILE for each function of the file that is not weak.

BEGIN { FS = OFS = "\t" }

function once(kind, name, text) {
	gsub(/\t/, " ", text)
	if (kind == "function")
		called[name] = 1
	if (!((kind, name) in said))
		print kind, text == "" ? name : text, text == "" ? file : ""
	said[kind, name] = 1
}

function field(key,    i) {
	for (i = 4; i <= NF; i++)
		if (index($i, key ":") == 1)
			return substr($i, length(key) + 2)
	return ""
}

# name_of TAG: as kallsyms has it, but for system calls, which are several there; sets kind. A macro without a semicolon
# behind it, such as subsys_initcall(f), is no head of the function below.
function name_of(tag, signature, typeref,    first) {
	kind = "function"
	if (tag ~ /[a-z]/ && (typeref != "" || signature !~ /^\([A-Za-z0-9_]+\)$/ || signature == "(void)"))
		return tag
	first = substr(signature, 2)
	sub(/[^A-Za-z0-9_].*/, "", first)
	kind = tag ~ /^(COMPAT_)?SYSCALL_DEFINE[0-6]$/ && first != "" ? "syscall" : "made"
	if (kind == "syscall")
		return (tag ~ /^C/ ? "compat_sys_" : "sys_") first
	return tag signature
}

part == "before" || part == "after" {
	if ($1 ~ /^!/)
		next
	n = ++nr_tags[part]
	from[part, n] = field("line") + 0
	to[part, n] = field("end") + 0
	if (to[part, n] < from[part, n])
		to[part, n] = from[part, n]
	word[part, n] = $4
	name = $4 == "function" ? name_of($1, field("signature"), field("typeref")) : $1
	names[part, n] = name
	kinds[part, n] = $4 == "function" ? kind : $4
	if ($4 == "function")
		functions[part, name]++
	if ($4 == "function" && part == "before" && kind != "made") {
		beside[name] = 1
		begins[from[part, n]] = name
	}
	# EXPORT_SYMBOL(f) and the like have no type.
	if ($4 == "prototype" && field("typeref") == "")
		kinds[part, n] = "call"
	others[part, $4, name] = 1
}

# tag_at PART LINE: the innermost that is no member; functions first
function tag_at(part, line,    i, best) {
	for (i = 1; i <= nr_tags[part]; i++)
		if (from[part, i] <= line && line <= to[part, i] && word[part, i] !~ /^(member|enumerator|local|label)$/)
			if (!best || from[part, i] >= from[part, best])
				best = i
	return best + 0
}

# A type that stands in a line of its own, before the name.
function tag_below(part, line,    i) {
	for (i = 1; i <= nr_tags[part]; i++)
		if (word[part, i] == "function" && from[part, i] - line >= 1 && from[part, i] - line <= 2)
			return i
	return 0
}

function changed(part, line, text,    i, name, where, other) {
	if (text ~ /^[ \t]*$/ || text ~ /^[ \t]*(\/\/.*|\/\*([^*]|\*+[^*\/])*\*+\/[ \t]*)$/)
		return
	where = "line " line " of " file (part == "before" ? "" : " as it is to be")
	other = part == "before" ? "after" : "before"
	i = tag_at(part, line)
	if (!i && text ~ /^[ \t]*(\*|\/\*|#[ \t]*include)/)
		return
	if (!i && text ~ /^[A-Za-z_]/ && text !~ /[;=({]/)
		i = tag_below(part, line)
	if (!i || kinds[part, i] == "call") {
		once("unsure", text, "no function, but \"" text "\" (" where "), which may change each that uses it: xlp build says")
		return
	}
	name = names[part, i]
	if (kinds[part, i] == "made")
		once("unsure", name, "what the macro " name " makes is changed (" where "): see yourself how that function is called")
	else if (word[part, i] == "function") {
		if (!((other, name) in functions))
			once(part == "before" ? "gone" : "new", name)
		else {
			once(kinds[part, i], name)
			if (functions["before", name] > 1)
				once("unsure", name, name " is " functions["before", name] " times in " file ": which one this kernel has is not looked at")
		}
	} else if (word[part, i] == "macro" && part == "after" && !((other, "macro", name) in others)) {
		# Headers ask for these; others are harmless, if nothing has used the name so far.
		if (name ~ /^(pr_fmt|dev_fmt|DEBUG|KBUILD_MODNAME)$/)
			once("unsure", name, "no function, but the macro " name " comes (" where "), which changes what each prints: xlp build says which")
		else
			came[name] = where
	} else if (!((other, word[part, i], name) in others) && (part == "after" || word[part, i] ~ /^(prototype|externvar)$/))
		return	# new: nobody has it in memory
	else if (word[part, i] == "macro")
		once("unsure", name, "no function, but the macro " name " is changed (" where "), and with it each that uses it: xlp build says which")
	else
		once("unsure", name, "no function, but the " word[part, i] " " name " is changed (" where "): xlp build says whether a patch can")
}

# "A[,B]cC[,D]", then "< " and "> " with the lines
part == "lines" && /^[0-9]/ {
	match($0, /[acd]/)
	split(substr($0, 1, RSTART - 1), f, ",")
	line["<"] = f[1] + 0
	split(substr($0, RSTART + 1), f, ",")
	line[">"] = f[1] + 0
}
part == "lines" && /^< / { changed("before", line["<"]++, substr($0, 3)) }
part == "lines" && /^> / { changed("after", line[">"]++, substr($0, 3)) }

# Of what is weak the kernel may have that of another file.
part == "text" && /(^|[^A-Za-z0-9])(__)?weak([^A-Za-z0-9]|$)/ {
	for (i = FNR; i < FNR + 2; i++)
		if (i in begins)
			delete beside[begins[i]]
}

part == "text" {
	for (name in came)
		if (index($0, name) && $0 ~ ("(^|[^A-Za-z0-9_])" name "([^A-Za-z0-9_]|$)"))
			once("unsure", name, "no function, but the macro " name " comes (" came[name] "), a name that the file has used before: xlp build says which functions change")
	for (name in called)
		if (index($0, name) && $0 ~ ("(^|[^A-Za-z0-9_])" name "[ \t]*\\(") && (i = tag_at("before", FNR)) && kinds["before", i] == "function" &&
		    names["before", i] != name && !((name, names["before", i]) in said)) {
			said[name, names["before", i]] = 1
			print "caller", name, names["before", i], file
		}
}

END {
	for (name in beside)
		print "beside", name, file
}
