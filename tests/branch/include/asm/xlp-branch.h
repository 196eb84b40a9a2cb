/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-branch.h - an architecture whose branches name a stub by its number */
#ifndef _BRANCH_ASM_XLP_BRANCH_H
#define _BRANCH_ASM_XLP_BRANCH_H

#define XLP_NR_STUBS		4
#define XLP_BRANCH_REACH	0x2000000
#define BRANCH			0xea000000
#define is_branch(word)		(((word) & 0xff000000) == BRANCH)

struct xlp_hook;

/**
 * struct xlp_stub - a stub
 * @hook:	what it asks about
 * @first:	what it executes in place of the entry
 * @next:	where it goes on
 * @busy:	tasks may be in it
 */
struct xlp_stub {
	const struct xlp_hook *hook;
	u32 first;
	unsigned long next;
	bool busy;
};

extern struct xlp_stub xlp_stubs[XLP_NR_STUBS];

u32 xlp_arch_text_word(unsigned long site);
void xlp_arch_write_word(unsigned long site, u32 word);
void xlp_arch_stub_continue_in(struct xlp_stub *stub, unsigned long site, u32 first);
bool xlp_arch_branch_reaches(unsigned long site, const struct xlp_stub *stub);

static inline u32 xlp_arch_branch(unsigned long site, const struct xlp_stub *stub)
{
	return BRANCH | (u32)(stub - xlp_stubs);
}

static inline void xlp_arch_stub_point_at(struct xlp_stub *stub, const struct xlp_hook *hook)
{
	stub->hook = hook;
}

static inline bool xlp_arch_may_be_displaced(u32 word)
{
	return !is_branch(word);
}

static inline bool xlp_arch_can_write_text(void)
{
	return true;
}

static inline void xlp_arch_sync_core(void)
{
}

#endif /* _BRANCH_ASM_XLP_BRANCH_H */
