// SPDX-License-Identifier: GPL-2.0
/*
 * unexported.c - find kernel functions that modules may not link to
 *
 * kallsyms_lookup_name() is found by registering a kprobe on it, which takes a
 * name, and all others through it.
 */
#define pr_fmt(fmt) "xlp: " fmt

#include <compat/direct.h>
#include <compat/sections.h>
#include <compat/text.h>
#include <compat/unexported.h>

#include <linux/kprobes.h>
#include <linux/string.h>

#define XLP_DEFINE_UNEXPORTED(name, need, purpose) \
	DEFINE_STATIC_CALL_NULL(xlp_##name, name);
XLP_UNEXPORTED_FUNCTIONS(XLP_DEFINE_UNEXPORTED)

/*
 * Where kprobes may sit in a function differs: usually a probe asked for at
 * offset 0 is accepted and perhaps moved; where ftrace's call site fills the
 * first eight bytes it is refused there, but not behind them.
 */
static const unsigned int probe_offsets[] = { 0, 8 };

/*
 * The probe is never armed. To disarm one takes memory; without, the kernel keeps it in its
 * table, and this one is on a stack.
 */
static int probe_address(const char *name, unsigned int offset, unsigned long *address)
{
	struct kprobe probe = {
		.symbol_name = name,
		.offset = offset,
		.flags = KPROBE_FLAG_DISABLED,
	};
	char text[KSYM_SYMBOL_LEN];
	unsigned long addr, moved;
	char *plus;
	int err;

	err = register_kprobe(&probe);
	if (err)
		return err;
	addr = (unsigned long)probe.addr;
	unregister_kprobe(&probe);

	/* "name+0x<moved>/0x<size>" tells how far into the function it sits */
	sprint_symbol(text, addr);
	plus = strchr(text, '+');
	if (!plus || plus - text != strlen(name) || strncmp(text, name, plus - text) ||
	    sscanf(plus, "+0x%lx/", &moved) != 1)
		return -ENOENT;
	*address = addr - moved;
	return 0;
}

static int find_lookup_function(void)
{
	unsigned long addr;
	int err = -ENOENT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probe_offsets) && err && err != -ENOMEM; i++)
		err = probe_address("kallsyms_lookup_name", probe_offsets[i], &addr);
	if (err == -ENOMEM)
		return err;
	if (err) {
		pr_err("cannot find kallsyms_lookup_name by a kprobe (%d): KPROBES and KALLSYMS are needed\n",
		       err);
		return -EOPNOTSUPP;
	}
	static_call_update(xlp_kallsyms_lookup_name,
			   (typeof(&kallsyms_lookup_name))addr);
	return 0;
}

#define XLP_REQUIRED	true
#define XLP_OPTIONAL	false

static bool report_missing(const char *name, bool required, const char *purpose)
{
	if (required)
		pr_err("this kernel has no %s, needed for %s\n", name, purpose);
	else
		pr_info("this kernel has no %s: no %s\n", name, purpose);
	return required;
}

int xlp_find_unexported(void)
{
	bool fatal = false;
	unsigned long addr;
	int err;

	err = find_lookup_function();
	if (err)
		return err;

#define XLP_FIND(name, need, purpose)						\
	addr = unexported(kallsyms_lookup_name)(#name);				\
	if (addr)								\
		static_call_update(xlp_##name, (typeof(&name))addr);		\
	else									\
		fatal |= report_missing(#name, XLP_##need, purpose);
	XLP_UNEXPORTED_FUNCTIONS(XLP_FIND)

	if (fatal)
		return -EOPNOTSUPP;
	xlp_find_text();
	xlp_find_sections();
	xlp_find_direct();
	return 0;
}
