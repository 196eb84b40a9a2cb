// SPDX-License-Identifier: GPL-2.0
/* write.c - write into text */
#include <asm/xlp-branch.h>
#include <compat/kallsyms.h>
#include <linux/types.h>

/* patch_text() would stop the machine for each word. Its header has moved in 6.13. */
static void (*write_text)(void *addr, unsigned int word, bool remap);

bool xlp_arch_can_write_text(void)
{
	if (!write_text)
		write_text = (typeof(write_text))xlp_symbol_address("__patch_text_real");
	return write_text;
}

void xlp_arch_write_word(unsigned long addr, u32 word)
{
	write_text((void *)addr, word, true);
}
