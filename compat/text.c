// SPDX-License-Identifier: GPL-2.0
/* text.c - pieces of the kernel's assembly that stack walkers must know */

#include <asm-generic/xlp/names.h>
#include <compat/kallsyms.h>
#include <compat/module.h>
#include <compat/text.h>
#include <linux/kernel.h>

/**
 * struct piece - some code, by name
 * @name:	a symbol of it; which of them a kernel has differs
 * @family:	assembly has labels inside that are symbols too: neighbours whose
 *		names begin like this belong to it
 * @end:	a symbol behind it, in place of a family; or NULL
 * @needed:	without it nobody can tell entry code
 * @addr:	of the symbol itself; 0 if this kernel has none. What is put in place of
 *		a return address is this, wherever the piece begins: a neighbour of the
 *		family may lie before it
 * @range:	where all of it is; empty if this kernel has none
 */
struct piece {
	const char *name;
	const char *family;
	const char *end;
	bool needed;
	unsigned long addr;
	struct xlp_range range;
};

/* The rows of <asm-generic/xlp/names.h>. */
#define XLP_CODE(name)			{ name, name, NULL, false }
#define XLP_CODE_NEEDED(name)		{ name, name, NULL, true }
#define XLP_CODE_BETWEEN(start, end)	{ start, NULL, end, true }

static struct piece ftrace_calls[] = {
	{ "ftrace_caller", "ftrace_" },
	{ "ftrace_regs_caller", "ftrace_" },
};

static struct piece hooked_returns[] = {
	XLP_CODE("return_to_handler"),
	XLP_CODE("__kretprobe_trampoline"),
	XLP_CODE("arch_rethook_trampoline"),
};

static struct piece trampolines[] = { XLP_ARCH_TRAMPOLINES };
static struct piece entry_code[] = { XLP_ARCH_ENTRY_CODE };
static struct piece outermost_code[] = { XLP_ARCH_OUTERMOST };

static bool in_pieces(const struct piece *piece, unsigned int n, unsigned long addr)
{
	for (; n--; piece++)
		if (xlp_in_range(&piece->range, addr))
			return true;
	return false;
}

bool xlp_in_trampoline(unsigned long addr)
{
	return in_pieces(ftrace_calls, ARRAY_SIZE(ftrace_calls), addr) ||
	       in_pieces(hooked_returns, ARRAY_SIZE(hooked_returns), addr) ||
	       in_pieces(trampolines, ARRAY_SIZE(trampolines), addr);
}

bool xlp_is_hooked_return(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooked_returns); i++)
		if (addr && hooked_returns[i].addr == addr)
			return true;
	return false;
}

bool xlp_in_entry_code(unsigned long addr)
{
	return in_pieces(entry_code, ARRAY_SIZE(entry_code), addr);
}

bool xlp_in_outermost_code(unsigned long addr)
{
	return in_pieces(outermost_code, ARRAY_SIZE(outermost_code), addr);
}

/* ---- finding them ---- */

/* The labels inside it, and what else of its family lies beside it. */
static struct xlp_range family_around(const struct piece *piece)
{
	struct xlp_range range = xlp_symbol_around(piece->addr);

	while (range.end && xlp_symbol_begins_with(range.end, piece->family))
		range.end = xlp_symbol_around(range.end).end;
	while (range.start && xlp_symbol_begins_with(range.start - 1, piece->family))
		range.start = xlp_symbol_around(range.start - 1).start;
	return range;
}

static struct xlp_range until_end(const struct piece *piece)
{
	unsigned long end = xlp_symbol_address(piece->end);

	if (!piece->addr || end <= piece->addr)
		return (struct xlp_range){ };
	return (struct xlp_range){ piece->addr, end };
}

static void find_pieces(struct piece *piece, unsigned int n)
{
	for (; n--; piece++) {
		piece->addr = xlp_symbol_address(piece->name);
		piece->range = piece->end ? until_end(piece) : family_around(piece);
	}
}

void xlp_find_text(void)
{
	find_pieces(ftrace_calls, ARRAY_SIZE(ftrace_calls));
	find_pieces(hooked_returns, ARRAY_SIZE(hooked_returns));
	find_pieces(trampolines, ARRAY_SIZE(trampolines));
	find_pieces(entry_code, ARRAY_SIZE(entry_code));
	find_pieces(outermost_code, ARRAY_SIZE(outermost_code));
}

bool xlp_text_found(void)
{
	const struct piece *graph = &hooked_returns[0], *probe = &hooked_returns[1];

	if (IS_ENABLED(CONFIG_RETHOOK))
		probe = &hooked_returns[2];
	return (ftrace_calls[0].range.end || ftrace_calls[1].range.end) &&
	       (!IS_ENABLED(CONFIG_FUNCTION_GRAPH_TRACER) || graph->range.end) &&
	       (!IS_ENABLED(CONFIG_KRETPROBES) || probe->range.end);
}

static bool have_needed(const struct piece *piece, unsigned int n)
{
	for (; n--; piece++)
		if (piece->needed && !piece->range.end)
			return false;
	return true;
}

bool xlp_entry_code_found(void)
{
	return ARRAY_SIZE(entry_code) && have_needed(entry_code, ARRAY_SIZE(entry_code)) &&
	       have_needed(outermost_code, ARRAY_SIZE(outermost_code));
}
