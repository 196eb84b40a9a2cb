// SPDX-License-Identifier: GPL-2.0
/* code.c - shows what compat/text.c finds; its tables are its own, so it is a part of this */
#include "../../compat/text.c"

#include <linux/seq_file.h>

#include "port.h"

static void show_piece(struct seq_file *m, const struct piece *piece)
{
	char there[40];

	if (piece->range.end) {
		snprintf(there, sizeof(there), "%lu bytes", piece->range.end - piece->range.start);
		port_row(m, "code", piece->name, there, NULL);
	} else {
		port_row(m, "code", piece->name, "not in this kernel",
			 piece->needed ? "no walk by frame records" : NULL);
	}
}

static void show_pieces(struct seq_file *m, const struct piece *piece, unsigned int n)
{
	for (; n--; piece++)
		show_piece(m, piece);
}

void port_show_code(struct seq_file *m)
{
	show_pieces(m, ftrace_calls, ARRAY_SIZE(ftrace_calls));
	show_pieces(m, hooked_returns, ARRAY_SIZE(hooked_returns));
	show_pieces(m, trampolines, ARRAY_SIZE(trampolines));
	port_row(m, "code", "(all between calls and functions)", xlp_text_found() ? "yes" : "no",
		 xlp_text_found() ? NULL : "no walk is trusted: asm/xlp-names.h lacks a name");
	show_pieces(m, entry_code, ARRAY_SIZE(entry_code));
	show_pieces(m, outermost_code, ARRAY_SIZE(outermost_code));
	port_row(m, "code", "(all that frame records need)", xlp_entry_code_found() ? "yes" : "no",
		 xlp_entry_code_found() ? NULL : "no walk by frame records");
}
