// SPDX-License-Identifier: GPL-2.0
/*
 * text.c - does compat/text.c find the pieces of kernels?
 *
 * It is built once for each architecture, with that one's tables, and looks at the kernels
 * of that one. usage: text [FIRST]	FIRST: what the first kernel's number is
 *
 * Symbols and their order are those of kernels that were looked at, addresses are
 * not. A kernel is an array of symbols, each as long as the next one is away.
 */
#include <linux/kernel.h>
#include <compat/kallsyms.h>
#include <compat/text.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct symbol - a symbol of a kernel
 * @addr:	where it is
 * @name:	its name
 * @trampoline:	no walk passes it
 * @replaces:	its address is put in place of return addresses
 * @entry:	below it a task has no frame
 * @outermost:	a task's last frame may belong to it
 */
struct symbol {
	unsigned long addr;
	const char *name;
	bool trampoline;
	bool replaces;
	bool entry;
	bool outermost;
};

/**
 * struct kernel - one kernel
 * @arch:	whose tables it is looked at with
 * @name:	what is special about it
 * @symbols:	its symbols, by address
 * @lists_tracers: they say what tracers call and put in place of return addresses
 * @lists_entries: and where exceptions enter and new tasks begin, as far as walks by frame
 *		records need it
 */
struct kernel {
	const char *arch;
	const char *name;
	const struct symbol *symbols;
	bool lists_tracers;
	bool lists_entries;
};

#define ORDINARY(addr, name)	{ addr, name, false, false, false, false }
#define TRAMPOLINE(addr, name)	{ addr, name, true, false, false, false }
#define REPLACES(addr, name)	{ addr, name, true, true, false, false }
#define ENTRY(addr, name)	{ addr, name, false, false, true, true }
#define CALLS(addr, name)	{ addr, name, false, false, true, false }
#define CALLED(addr, name)	{ addr, name, false, false, false, true }
#define END(addr)		{ addr, NULL, false, false, false, false }

/* The callback, in C, lies before the trampoline on riscv and behind it on the others. */
static const struct symbol riscv[] = {
	ORDINARY(0x1000, "arch_rethook_prepare"),
	TRAMPOLINE(0x1080, "arch_rethook_trampoline_callback"),
	REPLACES(0x10c0, "arch_rethook_trampoline"),
	ORDINARY(0x1180, "simulate_jal"),
	TRAMPOLINE(0x2000, "ftrace_caller"),
	REPLACES(0x2100, "return_to_handler"),
	ORDINARY(0x2180, "ret_from_fork_asm"),
	END(0x2200),
};

/* Entry code has no frame of its own: what it calls comes last. */
static const struct symbol riscv_6_12[] = {
	CALLED(0x1000, "__noinstr_text_start"),
	CALLED(0x1004, "do_trap_ecall_u"),
	CALLED(0x1100, "syscall_exit_to_user_mode"),
	ORDINARY(0x1200, "__noinstr_text_end"),
	CALLED(0x1400, "schedule_tail"),
	ORDINARY(0x1480, "schedule"),
	CALLED(0x1500, "smp_callin"),
	ORDINARY(0x1580, "rest_init"),
	ORDINARY(0x1600, "cpu_startup_entry"),
	CALLS(0x2000, "handle_exception"),
	CALLS(0x2200, "ret_from_exception"),
	ORDINARY(0x2300, "ret_from_exception_end"),
	ORDINARY(0x2304, "handle_kernel_stack_overflow"),
	ENTRY(0x2400, "ret_from_fork"),
	ORDINARY(0x2440, "call_on_irq_stack"),
	TRAMPOLINE(0x3000, "ftrace_caller"),
	REPLACES(0x3100, "return_to_handler"),
	TRAMPOLINE(0x3280, "arch_rethook_trampoline_callback"),
	REPLACES(0x32c0, "arch_rethook_trampoline"),
	ORDINARY(0x8000, "obsolete_checksetup"),
	CALLED(0x8040, "start_kernel"),
	ORDINARY(0x8200, "do_one_initcall"),
	END(0x8280),
};

static const struct symbol riscv_7_2[] = {
	CALLED(0x1000, "__noinstr_text_start"),
	CALLED(0x1004, "do_trap_ecall_u"),
	ORDINARY(0x1200, "__noinstr_text_end"),
	CALLED(0x1280, "ret_from_fork_kernel"),
	CALLED(0x12c0, "ret_from_fork_user"),
	ORDINARY(0x1300, "copy_thread"),
	CALLED(0x1400, "schedule_tail"),
	ORDINARY(0x1480, "schedule"),
	CALLED(0x1500, "smp_callin"),
	ORDINARY(0x1580, "rest_init"),
	CALLS(0x2000, "handle_exception"),
	CALLS(0x2200, "ret_from_exception"),
	ORDINARY(0x2300, "ret_from_exception_end"),
	ENTRY(0x2400, "ret_from_fork_kernel_asm"),
	ENTRY(0x2440, "ret_from_fork_user_asm"),
	ORDINARY(0x2480, "call_on_irq_stack"),
	TRAMPOLINE(0x3000, "ftrace_caller"),
	REPLACES(0x3100, "return_to_handler"),
	REPLACES(0x32c0, "arch_rethook_trampoline"),
	ORDINARY(0x8000, "obsolete_checksetup"),
	CALLED(0x8040, "start_kernel"),
	ORDINARY(0x8200, "do_one_initcall"),
	END(0x8280),
};

static const struct symbol riscv_traced[] = {
	CALLS(0x2000, "handle_exception"),
	ORDINARY(0x2300, "ret_from_exception_end"),
	ENTRY(0x2400, "ret_from_fork"),
	TRAMPOLINE(0x3000, "ftrace_caller"),
	REPLACES(0x3100, "return_to_handler"),
	REPLACES(0x32c0, "arch_rethook_trampoline"),
	END(0x3380),
};

/* Without walks by frame records nobody asks for entry code. */
static const struct symbol x86[] = {
	ORDINARY(0x800, "__entry_text_start"),
	ORDINARY(0xc00, "__entry_text_end"),
	TRAMPOLINE(0x1000, "ftrace_caller"),
	TRAMPOLINE(0x1060, "ftrace_caller_op_ptr"),
	TRAMPOLINE(0x1080, "ftrace_call"),
	TRAMPOLINE(0x10a0, "ftrace_caller_end"),
	TRAMPOLINE(0x10c0, "ftrace_regs_caller"),
	REPLACES(0x1200, "return_to_handler"),
	ORDINARY(0x1280, "clear_page_rep"),
	TRAMPOLINE(0x1400, "retbleed_return_thunk"),
	ORDINARY(0x1440, "srso_alias_untrain_ret"),
	TRAMPOLINE(0x1480, "srso_alias_safe_ret"),
	TRAMPOLINE(0x14c0, "srso_alias_return_thunk"),
	TRAMPOLINE(0x1500, "srso_safe_ret"),
	TRAMPOLINE(0x1540, "srso_return_thunk"),
	TRAMPOLINE(0x1580, "call_depth_return_thunk"),
	ORDINARY(0x15c0, "entry_untrain_ret"),
	TRAMPOLINE(0x1600, "__x86_return_thunk"),
	TRAMPOLINE(0x1640, "its_return_thunk"),
	ORDINARY(0x1680, "__x86_indirect_thunk_rax"),
	REPLACES(0x2000, "arch_rethook_trampoline"),
	TRAMPOLINE(0x2060, "arch_rethook_trampoline_callback"),
	ORDINARY(0x20c0, "arch_rethook_prepare"),
	END(0x2100),
};

/* Of 32 bits: what calls without a record, and where walks by frame records end. */
static const struct symbol i386[] = {
	CALLED(0x1000, "i386_start_kernel"),
	ORDINARY(0x1080, "startup_32_smp"),
	CALLED(0x1100, "start_secondary"),
	TRAMPOLINE(0x1200, "ftrace_caller"),
	TRAMPOLINE(0x1240, "ftrace_call"),
	TRAMPOLINE(0x1260, "ftrace_graph_call"),
	TRAMPOLINE(0x1280, "ftrace_stub"),
	TRAMPOLINE(0x12a0, "ftrace_regs_caller"),
	TRAMPOLINE(0x12e0, "ftrace_graph_caller"),
	REPLACES(0x1300, "return_to_handler"),
	ORDINARY(0x1340, "__switch_to_asm"),
	CALLED(0x1380, "schedule_tail_wrapper"),
	ENTRY(0x13c0, "ret_from_fork"),
	TRAMPOLINE(0x1400, "preempt_schedule_thunk"),
	TRAMPOLINE(0x1440, "preempt_schedule_notrace_thunk"),
	ORDINARY(0x1480, "preempt_schedule"),
	TRAMPOLINE(0x1500, "__x86_return_thunk"),
	REPLACES(0x1600, "arch_rethook_trampoline"),
	CALLED(0x1700, "kthread"),
	ORDINARY(0x1780, "schedule"),
	CALLS(0x2000, "__entry_text_start"),
	CALLS(0x2080, "asm_exc_page_fault"),
	CALLS(0x2100, "entry_INT80_32"),
	ORDINARY(0x2200, "__entry_text_end"),
	CALLED(0x2300, "__noinstr_text_start"),
	CALLED(0x2340, "do_int80_syscall_32"),
	ORDINARY(0x2400, "__noinstr_text_end"),
	END(0x2500),
};

static const struct symbol i386_unborn[] = {
	TRAMPOLINE(0x1200, "ftrace_caller"),
	REPLACES(0x1300, "return_to_handler"),
	REPLACES(0x1600, "arch_rethook_trampoline"),
	CALLS(0x2000, "__entry_text_start"),
	ORDINARY(0x2200, "__entry_text_end"),
	CALLED(0x2300, "__noinstr_text_start"),
	ORDINARY(0x2400, "__noinstr_text_end"),
	END(0x2500),
};

static const struct symbol powerpc[] = {
	TRAMPOLINE(0x1000, "ftrace_caller"),
	TRAMPOLINE(0x1100, "ftrace_regs_caller"),
	TRAMPOLINE(0x1200, "ftrace_no_trace"),
	TRAMPOLINE(0x1300, "livepatch_handler"),
	REPLACES(0x1400, "return_to_handler"),
	ORDINARY(0x1480, "ret_from_fork"),
	REPLACES(0x1500, "arch_rethook_trampoline"),
	END(0x1580),
};

/* Where exceptions enter is said by the linker, and a new task's entry lies elsewhere. */
static const struct symbol arm64[] = {
	ORDINARY(0x1000, "bcmp"),
	ENTRY(0x1800, "__entry_text_start"),
	ENTRY(0x1804, "vectors"),
	ENTRY(0x2000, "el1t_64_sync"),
	ORDINARY(0x2400, "__entry_text_end"),
	TRAMPOLINE(0x2800, "ftrace_caller"),
	REPLACES(0x2900, "return_to_handler"),
	ORDINARY(0x2980, "cpu_switch_to"),
	ENTRY(0x2a00, "ret_from_fork"),
	ORDINARY(0x2a40, "call_on_irq_stack"),
	REPLACES(0x2b00, "arch_rethook_trampoline"),
	CALLED(0x2b80, "__secondary_switched"),
	ORDINARY(0x2c00, "__secondary_too_slow"),
	CALLED(0x3000, "__primary_switched"),
	END(0x3080),
};

static const struct symbol arm64_unlisted[] = {
	TRAMPOLINE(0x2800, "ftrace_caller"),
	REPLACES(0x2900, "return_to_handler"),
	ENTRY(0x2a00, "ret_from_fork"),
	ORDINARY(0x2a40, "call_on_irq_stack"),
	REPLACES(0x2b00, "arch_rethook_trampoline"),
	END(0x2b80),
};

static const struct symbol arm64_endless[] = {
	ORDINARY(0x1800, "__entry_text_start"),
	TRAMPOLINE(0x2800, "ftrace_caller"),
	REPLACES(0x2900, "return_to_handler"),
	ENTRY(0x2a00, "ret_from_fork"),
	REPLACES(0x2b00, "arch_rethook_trampoline"),
	END(0x2b80),
};

static const struct symbol arm64_unborn[] = {
	ENTRY(0x1800, "__entry_text_start"),
	ORDINARY(0x2400, "__entry_text_end"),
	TRAMPOLINE(0x2800, "ftrace_caller"),
	REPLACES(0x2900, "return_to_handler"),
	REPLACES(0x2b00, "arch_rethook_trampoline"),
	END(0x2b80),
};

static const struct symbol arm64_no_probes[] = {
	TRAMPOLINE(0x2800, "ftrace_caller"),
	REPLACES(0x2900, "return_to_handler"),
	END(0x2b00),
};

/* Entry code is left out of walks, but what it calls is where they end. */
static const struct symbol loongarch[] = {
	CALLS(0x1000, "handle_syscall"),
	CALLS(0x1100, "ret_from_fork_asm"),
	CALLS(0x1180, "ret_from_kernel_thread_asm"),
	ORDINARY(0x1200, "handle_vint"),
	TRAMPOLINE(0x1300, "ftrace_stub"),
	TRAMPOLINE(0x1320, "ftrace_common"),
	TRAMPOLINE(0x1400, "ftrace_caller"),
	TRAMPOLINE(0x1440, "ftrace_regs_caller"),
	TRAMPOLINE(0x1480, "ftrace_graph_caller"),
	REPLACES(0x14c0, "return_to_handler"),
	ORDINARY(0x1500, "relocate_new_kernel"),
	REPLACES(0x1600, "arch_rethook_trampoline"),
	ORDINARY(0x1700, "__switch_to"),
	CALLS(0x1800, "tlb_do_page_fault_0"),
	CALLS(0x1840, "tlb_do_page_fault_1"),
	ORDINARY(0x1880, "handle_tlb_load"),
	CALLED(0x2000, "ret_from_fork"),
	CALLED(0x2080, "ret_from_kernel_thread"),
	ORDINARY(0x2100, "copy_thread"),
	CALLED(0x2200, "do_syscall"),
	CALLED(0x2300, "do_vint"),
	ORDINARY(0x2400, "do_nothing"),
	CALLED(0x2500, "do_page_fault"),
	ORDINARY(0x2600, "start_kernel"),
	CALLED(0x2700, "start_secondary"),
	END(0x2800),
};

static const struct symbol loongarch_unlisted[] = {
	CALLS(0x1000, "handle_syscall"),
	CALLS(0x1100, "ret_from_fork_asm"),
	CALLS(0x1180, "ret_from_kernel_thread_asm"),
	TRAMPOLINE(0x1400, "ftrace_caller"),
	REPLACES(0x14c0, "return_to_handler"),
	REPLACES(0x1600, "arch_rethook_trampoline"),
	CALLED(0x2000, "ret_from_fork"),
	CALLED(0x2080, "ret_from_kernel_thread"),
	END(0x2100),
};

static const struct kernel kernels[] = {
	{ "riscv", "a part of a trampoline that lies before its entry", riscv, true, false },
	{ "riscv", "a thread begins in what it is to call", riscv_6_12, true, true },
	{ "riscv", "a thread begins in a function of its own", riscv_7_2, true, true },
	{ "riscv", "what may not be traced is not listed", riscv_traced, true, false },
	{ "x86", "parts that lie behind it, and return thunks", x86, true, false },
	{ "i386", "walks end in what entry code calls", i386, true, true },
	{ "i386", "where new tasks begin is not listed", i386_unborn, true, false },
	{ "powerpc", "live patching of its own", powerpc, true, false },
	{ "arm64", "where walks may end", arm64, true, true },
	{ "arm64", "where exceptions enter is not listed", arm64_unlisted, true, false },
	{ "arm64", "nor where that ends", arm64_endless, true, false },
	{ "arm64", "where new tasks begin is not listed", arm64_unborn, true, false },
	{ "arm64", "what probes put in place of return addresses is not listed",
	  arm64_no_probes, false, false },
	{ "loongarch", "walks end in what entry code calls", loongarch, true, true },
	{ "loongarch", "what system calls enter is not listed", loongarch_unlisted, true, false },
};

/* The one that is looked at. */
static const struct symbol *symbols;

static const struct symbol *symbol_at(unsigned long addr)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol->name; symbol++)
		if (addr >= symbol[0].addr && addr < symbol[1].addr)
			return symbol;
	return NULL;
}

unsigned long xlp_symbol_address(const char *name)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol->name; symbol++)
		if (!strcmp(symbol->name, name))
			return symbol->addr;
	return 0;
}

struct xlp_range xlp_symbol_around(unsigned long addr)
{
	const struct symbol *symbol = symbol_at(addr);

	if (!symbol)
		return (struct xlp_range){ };
	return (struct xlp_range){ symbol[0].addr, symbol[1].addr };
}

bool xlp_symbol_begins_with(unsigned long addr, const char *beginning)
{
	const struct symbol *symbol = symbol_at(addr);

	return symbol && !strncmp(symbol->name, beginning, strlen(beginning));
}

int text_core_kernel_text(unsigned long addr)
{
	return !!symbol_at(addr);
}

bool text_is_module_text_address(unsigned long addr)
{
	return !addr;
}

int text_kernel_text_address(unsigned long addr)
{
	return text_core_kernel_text(addr);
}

/* What is wrong with an address, or NULL. */
static const char *flaw_at(const struct symbol *symbol, unsigned long addr)
{
	bool replaces = symbol->replaces && addr == symbol->addr;

	if (xlp_in_trampoline(addr) != symbol->trampoline)
		return symbol->trampoline ? "is passed" : "is not passed";
	if (xlp_is_hooked_return(addr) != replaces)
		return replaces ? "is not resolved" : "is taken for a replaced address";
	if (xlp_in_entry_code(addr) != symbol->entry)
		return symbol->entry ? "is not taken for entry code" : "is taken for entry code";
	if (xlp_in_outermost_code(addr) != symbol->outermost)
		return symbol->outermost ? "is not taken for an end" : "is taken for an end";
	return NULL;
}

static bool is_right(const struct kernel *kernel)
{
	const struct symbol *symbol;
	unsigned long addr;
	const char *flaw;

	symbols = kernel->symbols;
	xlp_find_text();
	for (symbol = symbols; symbol->name; symbol++) {
		for (addr = symbol[0].addr; addr < symbol[1].addr; addr++) {
			flaw = flaw_at(symbol, addr);
			if (!flaw)
				continue;
			printf("# %s+0x%lx %s\n", symbol->name, addr - symbol->addr, flaw);
			return false;
		}
	}
	if (xlp_text_found() == kernel->lists_tracers &&
	    xlp_entry_code_found() == kernel->lists_entries)
		return true;
	printf("# what is found is not what there is\n");
	return false;
}

int main(int argc, char **argv)
{
	unsigned int number = argc > 1 ? atoi(argv[1]) : 1;
	bool all = true;
	unsigned int i;

	if (number == 1)
		printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(kernels));
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		bool right;

		if (strcmp(kernels[i].arch, ARCHITECTURE))
			continue;
		right = is_right(&kernels[i]);
		printf("%sok %u %s: %s\n", right ? "" : "not ", number++, kernels[i].arch,
		       kernels[i].name);
		all &= right;
	}
	return !all;
}
