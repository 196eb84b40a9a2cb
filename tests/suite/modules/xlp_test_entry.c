// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_entry.c - reads and writes the word at a function's entry, behind everybody's back
 *
 *	address=ADDRESS	of the function
 *	writer=ADDRESS	of __patch_text_real(), which is not exported
 *	word		what stands there, in hex; what is written into it is put there
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/stop_machine.h>
#include <linux/types.h>

static ulong address;
module_param(address, ulong, 0444);
static ulong writer;
module_param(writer, ulong, 0444);

static int write_stopped(void *word)
{
	((void (*)(void *addr, unsigned int insn, bool remap))writer)((void *)address,
								     *(u32 *)word, true);
	return 0;
}

static int word_set(const char *text, const struct kernel_param *unused)
{
	u32 word;
	int err = kstrtou32(text, 16, &word);

	if (!err && (!address || !writer))
		err = -EINVAL;
	return err ? err : stop_machine(write_stopped, &word, NULL);
}

static int word_get(char *text, const struct kernel_param *unused)
{
	if (!address)
		return -EINVAL;
	return sprintf(text, "%08x\n", READ_ONCE(*(u32 *)address));
}

static const struct kernel_param_ops word_ops = { .set = word_set, .get = word_get };
module_param_cb(word, &word_ops, NULL, 0600);

MODULE_DESCRIPTION("Reads and writes the word at a function's entry");
MODULE_LICENSE("GPL");
