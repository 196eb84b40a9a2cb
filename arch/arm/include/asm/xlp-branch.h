/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-branch.h - what common/branch.c has to know of 32-bit arm (A32) */
#ifndef _ASM_ARM_XLP_BRANCH_H
#define _ASM_ARM_XLP_BRANCH_H

/* So many functions can be replaced at the same time. */
#define XLP_NR_STUBS	512
#define XLP_STUB_SIZE	44

#ifndef __ASSEMBLY__
#include <asm/barrier.h>
#include <asm/opcodes.h>
#include <asm/xlp-decode.h>
#include <linux/compiler.h>
#include <linux/sizes.h>
#include <linux/types.h>

struct xlp_hook;

#define XLP_BRANCH_REACH	SZ_32M

/**
 * struct xlp_stub - a stub, as it stands in xlp.ko's code
 * @choose:	saves the arguments, asks xlp_stub_choose() and goes where that says
 * @displaced:	or, if it says 0, executes the first instruction of the function ...
 * @onward:	... and loads @next into pc
 * @hook:	what xlp_stub_choose() is asked about
 * @next:	the second instruction of the function
 */
struct xlp_stub {
	u32 choose[7];
	u32 displaced;
	u32 onward;
	const struct xlp_hook *hook;
	unsigned long next;
};

/* stubs.S */
extern struct xlp_stub xlp_stubs[XLP_NR_STUBS];

static inline bool xlp_arch_branch_reaches(unsigned long site, const struct xlp_stub *stub)
{
	long offset = (unsigned long)stub - (site + 8);

	return offset >= -XLP_BRANCH_REACH && offset < XLP_BRANCH_REACH;
}

static inline u32 xlp_arch_branch(unsigned long site, const struct xlp_stub *stub)
{
	return 0xea000000 | (((unsigned long)stub - (site + 8)) >> 2 & 0xffffff);
}

static inline u32 xlp_arch_text_word(unsigned long site)
{
	return __mem_to_opcode_arm(READ_ONCE(*(const u32 *)site));
}

/* write.c; the kernel's way to write into text, which is read-only. */
bool xlp_arch_can_write_text(void);
void xlp_arch_write_word(unsigned long addr, u32 word);

static inline void xlp_arch_write_data(const void *addr, unsigned long data)
{
	xlp_arch_write_word((unsigned long)addr, __mem_to_opcode_arm(data));
}

static inline void xlp_arch_stub_continue_in(struct xlp_stub *stub, unsigned long site, u32 first)
{
	xlp_arch_write_word((unsigned long)&stub->displaced, first);
	xlp_arch_write_data(&stub->next, site + 4);
}

static inline void xlp_arch_stub_point_at(struct xlp_stub *stub, const struct xlp_hook *hook)
{
	xlp_arch_write_data(&stub->hook, (unsigned long)hook);
}

/* What this CPU has fetched already is not executed any more. */
static inline void xlp_arch_sync_core(void)
{
	isb();
}
#endif

#endif /* _ASM_ARM_XLP_BRANCH_H */
