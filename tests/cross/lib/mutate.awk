# SPDX-License-Identifier: GPL-2.0
# Prints every one-line mutant of C files in kernel style, one a line, with unit
# separators (037) between the fields:
#
#	FILE:LINE COUNT OPERATOR OLD NEW
#
# OLD is the statement, or the head of one, that begins in that line and has COUNT
# lines, NEW what is to stand there; form feeds are for newlines in them. Only bodies of
# functions are mutated: from "{" to "}" in the first column. Headers before them on
# the command line say which enumerators belong together.

FNR == 1 { body = comment = in_enum = 0; logical = "" }

# --- enumerators: each may become the next of its enum --------------------------

FILENAME ~ /\.h$/ {
	if (/^enum [a-z_]+ \{/) {
		in_enum = 1
		first = last = ""
	} else if (in_enum && /^}/) {
		in_enum = 0
		if (first != last)
			successor[last] = first
	} else if (in_enum && match($0, /^\t[A-Z][A-Z0-9_]+/) && !/^\tXLP_NR_/) {
		word = substr($0, 2, RLENGTH - 1)
		if (first == "")
			first = word
		else
			successor[last] = word
		last = word
	}
	next
}

BEGIN {
	successor["true"] = "false"
	successor["false"] = "true"
	nr = split("ENOMEM EINVAL EBUSY EAGAIN ENOENT EEXIST ENOSPC EINPROGRESS EOPNOTSUPP", errno, " ")
	for (i = 1; i <= nr; i++)
		successor[errno[i]] = errno[i % nr + 1]
}

# --- statements -------------------------------------------------------------------

/^[a-z].*\(/ { is_bool = /^(static |inline |noinline |__always_inline |notrace )*bool / }
/^\{/ { body = 1; logical = ""; next }
/^}/ { body = 0; next }
!body { next }

{
	line = without_comments($0)
	if (line ~ /^[ \t]*$/ || line ~ /^#/ || line ~ /^[a-z_]+:$/)
		next
	if (logical == "") {
		start = FNR
		logical = line
	} else {
		logical = logical "\n" line
	}
	if (!is_complete(logical))
		next
	statement(logical, start, FNR - start + 1)
	logical = ""
}

# Comments become nothing, but not their lines.
function without_comments(text,    from, to) {
	if (comment) {
		to = index(text, "*/")
		if (!to)
			return ""
		comment = 0
		return without_comments(substr(text, to + 2))
	}
	from = index(text, "/*")
	if (!from)
		return text
	to = index(substr(text, from), "*/")
	if (!to) {
		comment = 1
		text = substr(text, 1, from - 1)
	} else {
		text = substr(text, 1, from - 1) substr(text, from + to + 1)
	}
	sub(/[ \t]+$/, "", text)
	return text
}

# Strings and characters as blanks, so that nothing in them counts as code.
function code_of(text,    out, i, c, quote) {
	out = quote = ""
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (quote == "") {
			if (c == "\"" || c == "'")
				quote = c
			out = out (quote == "" ? c : " ")
		} else {
			out = out (c == "\n" ? c : " ")
			if (c == "\\") {
				out = out " "
				i++
			} else if (c == quote) {
				quote = ""
			}
		}
	}
	return out
}

function depth_of(code,    open, close_) {
	open = gsub(/[({[]/, "", code)
	close_ = gsub(/[)}\]]/, "", code)
	return open - close_
}

function is_complete(text,    code) {
	code = code_of(text)
	sub(/[ \t]+$/, "", code)
	if (code ~ /^[ \t]*\}/ || code ~ /(^|[ \t])(else|do)( \{)?$/)
		return 1
	if (code ~ /\{$/ && code !~ /= *(\([a-z_ ]+\)|\{)? *\{$/)
		return depth_of(code) == 1
	if (depth_of(code))
		return 0
	return code ~ /[;:]$/ || is_head(code)
}

function is_loop(code) {
	return code ~ /^[ \t]*(for|while) \(/ || code ~ /^[ \t]*[a-z_]*for_each[a-z_]*\(/
}

function is_head(code) {
	return code ~ /\)( \{)?$/ && (code ~ /^[ \t]*(\} else )?(else )?(if|switch) \(/ || is_loop(code))
}

# --- operators --------------------------------------------------------------------

function emit(operator, old, new) {
	gsub(/\n/, "\f", old)
	gsub(/\n/, "\f", new)
	if (old != new)
		printf "%s:%d\037%d\037%s\037%s\037%s\n", FILENAME, start_line, nr_lines, operator, old, new
}

function statement(text, first_line, count,    code) {
	start_line = first_line
	nr_lines = count
	code = code_of(text)
	if (code ~ /^[ \t]*(case |default:)/ || code ~ /^[ \t]*(goto|static) /)
		return
	turn_condition(text, code)
	drop_statement(text, code)
	cut_loop(text, code)
	if (is_declaration(code) && code !~ /=/)
		return
	change_constants(text, code)
	change_comparisons(text, code)
	change_logic(text, code)
}

# where the bracket at @from is closed
function closing(code, from,    i, depth, c) {
	for (i = from; i <= length(code); i++) {
		c = substr(code, i, 1)
		if (c == "(")
			depth++
		else if (c == ")" && !--depth)
			return i
	}
	return 0
}

function turn_condition(text, code,    from, to) {
	if (match(code, /(^|[ \t])if \(/)) {
		from = RSTART + RLENGTH - 1
		to = closing(code, from)
		if (to)
			emit("condition turned", text, substr(text, 1, from) "!" substr(text, from, to - from + 1) substr(text, to))
	} else if (is_bool && match(code, /^[ \t]*return /) && code !~ /return (true|false);$/) {
		from = RLENGTH
		emit("result turned", text, substr(text, 1, from) "!(" substr(text, from + 1, length(text) - from - 1) ");")
	}
}

function is_declaration(code) {
	return code ~ /^[ \t]*(const |unsigned |struct |enum |static |u64 |bool |int |char |void |long |cpumask_var_t |DEFINE_|DECLARE_)/ ||
	       code ~ /^[ \t]*[a-z_0-9]+_t /
}

function drop_statement(text, code,    indent) {
	if (code !~ /;$/ || is_declaration(code))
		return
	match(text, /^[ \t]*/)
	indent = substr(text, 1, RLENGTH)
	if (code ~ /^[ \t]*[a-z_][a-z_0-9]*\(/ && code !~ /^[ \t]*(return|while|for)[ (]/)
		emit("call dropped", text, indent ";")
	else if (code ~ /^[ \t]*[*]*[a-z_][][a-z_0-9>.&*()+ -]* ([-+|&]|<<|>>)?= / ||
		 code ~ /^[ \t]*([a-z_][][a-z_0-9>.-]*(\+\+|--)|(\+\+|--)[a-z_][][a-z_0-9>.-]*);$/)
		emit("assignment dropped", text, indent ";")
}

# A second round ends both the loop and the one around it.
function cut_loop(text, code,    indent, brace) {
	if (code ~ /^[ \t]*\} while \(.*\);$/) {
		match(text, /^[ \t]*/)
		emit("loop cut", text, substr(text, 1, RLENGTH) "} while (0);")
		return
	}
	if (!is_loop(code) || code !~ /\)( \{)?$/)
		return
	match(text, /^[ \t]*/)
	indent = substr(text, 1, RLENGTH)
	brace = sub(/ \{$/, "", text)
	emit("loop cut", text (brace ? " {" : ""), indent "for (unsigned int round_ = 0; !round_; round_++)\n" \
	     text "\n" indent "if (round_++) break; else" (brace ? " {" : ""))
}

function replace_at(text, at, length_, new) {
	return substr(text, 1, at - 1) new substr(text, at + length_)
}

function change_constants(text, code,    at, rest, word, before) {
	at = 1
	rest = code
	while (match(rest, /[A-Za-z0-9_]+/)) {
		word = substr(rest, RSTART, RLENGTH)
		at += RSTART - 1
		before = substr(code, at - 1, 1)
		if (word ~ /^(0x[0-9a-f]+|[0-9]+)(U|UL|ULL)?$/) {
			emit("constant plus 1", text, replace_at(text, at, length(word), "(" word " + 1)"))
			if (word !~ /^0/)
				emit("constant 0", text, replace_at(text, at, length(word), "0"))
		} else if (word in successor && before != ".") {
			emit("constant " successor[word], text, replace_at(text, at, length(word), successor[word]))
		}
		rest = substr(rest, RSTART + RLENGTH)
		at += length(word)
	}
}

function change_operator(text, code, pattern, operator, new, name,    at, rest) {
	at = 0
	rest = code
	while (match(rest, pattern)) {
		at += RSTART
		emit(name, text, replace_at(text, at + 1, length(operator), new))
		rest = substr(rest, RSTART + 1)
	}
}

function change_comparisons(text, code) {
	change_operator(text, code, " < ", "<", "<=", "< to <=")
	change_operator(text, code, " <= ", "<=", "<", "<= to <")
	change_operator(text, code, " > ", ">", ">=", "> to >=")
	change_operator(text, code, " >= ", ">=", ">", ">= to >")
}

function change_logic(text, code) {
	change_operator(text, code, " && ", "&&", "||", "&& to ||")
	change_operator(text, code, " &&\n", "&&", "||", "&& to ||")
	change_operator(text, code, " [|][|] ", "||", "&&", "|| to &&")
	change_operator(text, code, " [|][|]\n", "||", "&&", "|| to &&")
}
