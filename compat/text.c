// SPDX-License-Identifier: GPL-2.0
/* text.c - pieces of the kernel's assembly that stack walkers must know */

#include <compat/module.h>
#include <compat/text.h>
#include <linux/kallsyms.h>
#include <linux/string.h>

/**
 * struct piece - some code, by name
 * @name:	a symbol of it; which of them a kernel has differs
 * @family:	assembly has labels inside that are symbols too: neighbours whose
 *		names begin like this belong to it
 * @addr:	of the symbol itself; 0 if this kernel has none. What is put in place of
 *		a return address is this, wherever the piece begins: a neighbour of the
 *		family may lie before it
 * @range:	where all of it is; empty if this kernel has none
 */
struct piece {
	const char *name;
	const char *family;
	unsigned long addr;
	struct xlp_range range;
};

static struct piece ftrace_calls[] = {
	{ "ftrace_caller", "ftrace_" },
	{ "ftrace_regs_caller", "ftrace_" },
	{ "livepatch_handler", "livepatch_handler" },	/* powerpc's part of it */
};

static struct piece hooked_returns[] = {
	{ "return_to_handler", "return_to_handler" },
	{ "__kretprobe_trampoline", "__kretprobe_trampoline" },
	{ "arch_rethook_trampoline", "arch_rethook_trampoline" },
};

/*
 * x86 may end a function by a jump to one of these. ftrace's trampolines end so
 * as well: then the address on top of the stack is no return address but the
 * handler's choice, a function's entry, from which no frame can be told.
 */
static struct piece return_thunks[] = {
	{ "__x86_return_thunk", "__x86_return_thunk" },
	{ "retbleed_return_thunk", "retbleed_return_thunk" },
	{ "srso_safe_ret", "srso_safe_ret" },
	{ "srso_return_thunk", "srso_return_thunk" },
	{ "srso_alias_safe_ret", "srso_alias_safe_ret" },
	{ "srso_alias_return_thunk", "srso_alias_return_thunk" },
	{ "call_depth_return_thunk", "call_depth_return_thunk" },
	{ "its_return_thunk", "its_return_thunk" },
};

static struct piece new_tasks = { "ret_from_fork", "ret_from_fork" };
static struct xlp_range exception_entries;

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
	       in_pieces(return_thunks, ARRAY_SIZE(return_thunks), addr);
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
	return xlp_in_range(&exception_entries, addr) || xlp_in_range(&new_tasks.range, addr);
}

/* ---- finding them ---- */

static struct xlp_range symbol_around(unsigned long addr)
{
	unsigned long size, offset;

	if (!addr || !unexported(kallsyms_lookup_size_offset)(addr, &size, &offset))
		return (struct xlp_range){ };
	return (struct xlp_range){ addr - offset, addr - offset + size };
}

static bool is_of_family(unsigned long addr, const char *family)
{
	char name[KSYM_SYMBOL_LEN];

	sprint_symbol_no_offset(name, addr);
	return !strncmp(name, family, strlen(family));
}

static void find_pieces(struct piece *piece, unsigned int n)
{
	for (; n--; piece++) {
		struct xlp_range range;

		piece->addr = unexported(kallsyms_lookup_name)(piece->name);
		range = symbol_around(piece->addr);
		while (range.end && is_of_family(range.end, piece->family))
			range.end = symbol_around(range.end).end;
		while (range.start && is_of_family(range.start - 1, piece->family))
			range.start = symbol_around(range.start - 1).start;
		piece->range = range;
	}
}

void xlp_find_text(void)
{
	find_pieces(ftrace_calls, ARRAY_SIZE(ftrace_calls));
	find_pieces(hooked_returns, ARRAY_SIZE(hooked_returns));
	find_pieces(return_thunks, ARRAY_SIZE(return_thunks));
	find_pieces(&new_tasks, 1);
	exception_entries.start = unexported(kallsyms_lookup_name)("__entry_text_start");
	exception_entries.end = unexported(kallsyms_lookup_name)("__entry_text_end");
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

bool xlp_entry_code_found(void)
{
	return exception_entries.start < exception_entries.end && new_tasks.range.end;
}
