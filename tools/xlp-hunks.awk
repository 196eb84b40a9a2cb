# SPDX-License-Identifier: GPL-2.0
# Guesses which functions a diff changes, from what its hunks show of the source; for tools/xlp-check-diff.
#
# Prints, with tabs between: function NAME FILE, syscall NAME FILE, new NAME FILE, gone NAME FILE,
# unsure TEXT, and damaged TEXT, if a hunk is not what its head says.

BEGIN { OFS = "\t" }

function once(kind, name, text) {
	if ((kind, name SUBSEP file) in said)
		return
	said[kind, name SUBSEP file] = 1
	if (kind == "unsure")
		print kind, text
	else if (kind == "new" || kind == "gone")
		later[++nr_later] = name SUBSEP file
	else
		print kind, name, file
}

# name_in HEAD: the function that begins so, or nothing; sets type to function, syscall, macro or data
function name_in(head,    text, args) {
	type = "data"
	text = head
	if (text ~ /^[ \t]*(typedef|#)/)
		return ""
	# Attributes with words of their own stand before the name.
	while (match(text, /__[a-z_]+\([^()]*\)[ \t*]+[A-Za-z_]/))
		text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH - 1)
	if (!match(text, /\(/) || substr(text, 1, RSTART - 1) ~ /[=;{]/)
		return ""
	args = substr(text, RSTART + 1)
	text = substr(text, 1, RSTART - 1)
	sub(/[ \t]+$/, "", text)
	if (!match(text, /[A-Za-z_][A-Za-z0-9_]*$/))
		return ""
	text = substr(text, RSTART)
	if (text ~ /^(COMPAT_)?SYSCALL_DEFINE[0-6]$/) {
		type = "syscall"
		if (!match(args, /[A-Za-z_][A-Za-z0-9_]*/))
			return ""
		return (text ~ /^C/ ? "compat_sys_" : "sys_") substr(args, RSTART, RLENGTH)
	}
	type = text ~ /[a-z]/ ? "function" : "macro"
	return text
}

# Where the lines of this hunk are of: unknown, outside, or the function "name".
function enter(place, what, kind) { where = place; name = what; name_type = kind }

function of_lines() { return "line " at " of " file }

function changed_here() {
	if (where == "function" && name_is_new)
		once("new", name)
	else if (where == "function" && name_is_gone)
		once("gone", name)
	else if (where == "function" && name_type == "macro")
		once("unsure", name, "what the macro " name " makes is changed (" of_lines() "): see yourself how that function is called")
	else if (where == "function")
		once(name_type, name)
	else if (where == "data")
		once("unsure", name, "no function, but data or a type is changed (" of_lines() ", \"" name "\"): xlp build says whether a patch can")
	else if (where == "unknown")
		once("unsure", hunk, "the diff does not say which function " of_lines() " is in: make it by git diff in a tree of the kernel, or say --source")
}

# A line that begins in the first column, and is no label, preprocessor's or comment's.
function is_head(text) { return text ~ /^[A-Za-z_]/ && text !~ /^[A-Za-z_][A-Za-z0-9_]*[ \t]*:([^:]|$)/ }

function read_head(text, sign,    what) {
	# A type alone in its line, or parameters in several.
	head = head_open ? head " " text : text
	if (!head_open) {
		head_is_new = sign == "+"
		head_is_gone = sign == "-"
	}
	if (sign != "+")
		head_is_new = 0
	if (sign != "-")
		head_is_gone = 0
	head_open = 1
	if (text ~ /;[ \t]*(\/\*.*)?$/) {
		# A declaration, or a variable: of those that come no patch knows.
		if (sign == "-" || sign == "+" && text ~ /^[A-Za-z0-9_]+\(/)
			once("unsure", text, "no function, but \"" text "\" is " (sign == "-" ? "removed" : "added") " (" of_lines() "): xlp build says whether a patch can")
		enter("outside")
		head_open = 0
	} else if (text ~ /{[ \t]*$/)
		open_body(text, sign)
}

function open_body(text, sign,    what) {
	what = name_in(head)
	if (what != "") {
		enter("function", what, type)
		name_is_new = head_is_new
		name_is_gone = head_is_gone && sign == "-"
	} else if (head_is_new)
		enter("outside")
	else
		enter("data", head == "" ? text : head)
	head_open = 0
}

# A macro of several lines, which each version has for itself; one that comes changes nothing yet.
function take_macro(sign, text,    version, more) {
	version = sign == " " ? "-" : sign
	if (text ~ /^#[ \t]*define[ \t]/) {
		macro[version] = text
		sub(/^#[ \t]*define[ \t]+/, "", macro[version])
		sub(/[^A-Za-z0-9_].*/, "", macro[version])
		macro_is_new = sign == "+" && macro["-"] != macro["+"]
	} else if (!macro_goes_on[version])
		return 0
	more = text ~ /\\[ \t]*$/
	if (sign != "+")
		macro_goes_on["-"] = more
	if (sign != "-")
		macro_goes_on["+"] = more
	if (sign == " ")
		macro["+"] = macro["-"]
	if (sign != " " && !macro_is_new)
		once("unsure", macro[version], "no function, but the macro " macro[version] " is changed (" of_lines() "), and with it each that uses it: say --source")
	return 1
}

function take(sign, text,    bare) {
	bare = text
	gsub(/[ \t]/, "", bare)
	if (head_open && (text ~ /^[ \t]/ || text ~ /^{/ || is_head(text))) {
		if (text ~ /^{/)
			open_body(text, sign)
		else
			read_head(text, sign)
		if (sign != " " && !head_is_new)
			head_changed = 1
		if (!head_open && head_changed) {
			changed_here()
			head_changed = 0
		}
		return
	}
	head_open = 0
	if (is_head(text)) {
		head_changed = 0
		read_head(text, sign)
		# An old head that changes is of the function that it begins.
		if (sign == "-" && head_open)
			head_changed = 1
		return
	}
	if (text ~ /^}/) {
		if (sign != " ")
			changed_here()
		enter("outside")
		return
	}
	# Within functions comments are indented by more than a blank.
	if (text ~ /^\/\*/)
		enter("outside")
	if (text ~ /^\/\*|^ \*/ || bare ~ /^\/\/|^\/\*([^*]|\*+[^*\/])*\*+\/$/ || bare == "")
		return
	if (take_macro(sign, text) || sign == " ")
		return
	if (text ~ /^#[ \t]*include/)
		return
	if (where == "outside" || where == "unknown" && text ~ /^#/) {
		# What is no comment, outside of functions: conditions and macros of the preprocessor.
		if (text ~ /^#/ && sign == "-")
			once("unsure", text, "no function, but \"" text "\" is removed (" of_lines() "), which may change each that uses it: say --source")
		else if (text ~ /^#/)
			once("unsure", text, "no function, but \"" text "\" is added (" of_lines() "), which may change each that uses it: say --source")
		return
	}
	changed_here()
}

function end_of_hunk() {
	if (old_left > 0 || new_left > 0)
		print "damaged", "line " NR ": the hunk before it ends early"
	old_left = new_left = 0
}

{ sub(/\r$/, "") }

# A message before a diff may quote a hunk, which is of no file.
old_left <= 0 && new_left <= 0 && /^(From |diff |-- $)/ { of_file = 0 }

/^@@ -[0-9]+(,[0-9]+)? \+[0-9]+(,[0-9]+)? @@/ && old_left <= 0 && new_left <= 0 && of_file {
	split($2, f, ",")
	at = -f[1]
	old_left = $2 ~ /,/ ? f[2] : 1
	split($3, f, ",")
	new_left = $3 ~ /,/ ? f[2] : 1
	context = $0
	sub(/^@@ [^@]* @@ ?/, "", context)
	hunk = NR
	head_open = head_changed = name_is_new = name_is_gone = macro_is_new = 0
	macro["-"] = macro["+"] = macro_goes_on["-"] = macro_goes_on["+"] = ""
	if (context == "" || !is_head(context))
		enter("unknown")
	else if ((what = name_in(context)) != "" && context !~ /;[ \t]*$/)
		enter("function", what, type)
	else if (context ~ /[={;][ \t]*$/)
		enter("data", context)
	else
		enter("unknown")
	next
}

old_left > 0 || new_left > 0 {
	sign = substr($0, 1, 1)
	text = substr($0, 2)
	if (sign == "\\")
		next
	if (sign == "")
		sign = " "	# editors take the blank from an empty line
	if (sign !~ /[ +-]/) {
		end_of_hunk()
		next
	}
	take(sign, text)
	if (sign != "+") { old_left--; at++ }
	if (sign != "-") new_left--
	next
}

/^\+\+\+ / {
	file = $2
	sub(/^[^\/]*\//, "", file)
	of_file = 1
}

# One that goes and comes is one that changes as a whole.
function show_later(    i, parts) {
	for (i = 1; i <= nr_later; i++) {
		split(later[i], parts, SUBSEP)
		file = parts[2]
		if ((("new", later[i]) in said) && (("gone", later[i]) in said))
			once("function", parts[1])
		else
			print (("new", later[i]) in said) ? "new" : "gone", parts[1], file
	}
}

END {
	end_of_hunk()
	show_later()
}
