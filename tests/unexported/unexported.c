// SPDX-License-Identifier: GPL-2.0
/*
 * unexported.c - does compat/unexported.c find what a kernel has, and say what it lacks?
 *
 * A kernel has every function at an address of its own but those that a case takes away,
 * and lets probes sit where the case says.
 */
#include <compat/direct.h>
#include <compat/sections.h>
#include <compat/text.h>
#include <compat/unexported.h>
#include <stdarg.h>

#define FIRST	0x1000UL

/**
 * struct kernel - a kernel that is looked at
 * @name:	what it is about
 * @missing:	a function it lacks, or NULL
 * @probe_err:	what registering a probe at offset 0 ends with
 * @probe_err_8: and at offset 8
 * @moved:	how far a probe is moved from the function's beginning, whatever was asked for
 * @symbol:	what the place of a probe is called, but for how far it is in, or NULL: as
 *		the function
 * @err:	what the search is to end with
 * @said:	the lines that the log has then, each with its level
 */
struct kernel {
	const char *name;
	const char *missing;
	int probe_err;
	int probe_err_8;
	unsigned long moved;
	const char *symbol;
	int err;
	const char *said;
};

#define NO_KALLSYMS(err) \
	"3xlp: cannot find kallsyms_lookup_name by a kprobe (" #err "): "		\
	"KPROBES and KALLSYMS are needed\n"
#define LACKS(function, purpose) \
	"3xlp: this kernel has no " function ", needed for " purpose "\n"

static const struct kernel kernels[] = {
	{ "all is there", .said = "" },
	{ "probes are moved", .moved = 4, .said = "" },
	{ "probes sit behind ftrace's call", .probe_err = -EINVAL, .moved = 8, .said = "" },
	{ "no probes", .probe_err = -EOPNOTSUPP, .probe_err_8 = -EINVAL, .err = -EOPNOTSUPP,
	  .said = NO_KALLSYMS(-22) },
	{ "no memory for a probe", .probe_err = -ENOMEM, .err = -ENOMEM, .said = "" },
	{ "no memory for the second", .probe_err = -EINVAL, .probe_err_8 = -ENOMEM,
	  .err = -ENOMEM, .said = "" },
	{ "a place without a symbol", .symbol = "", .err = -EOPNOTSUPP, .said = NO_KALLSYMS(-2) },
	{ "a place in another function", .symbol = "kallsyms_lookup", .err = -EOPNOTSUPP,
	  .said = NO_KALLSYMS(-2) },
	{ "a place in a function with a longer name", .symbol = "kallsyms_lookup_names",
	  .err = -EOPNOTSUPP, .said = NO_KALLSYMS(-2) },
	{ "the first function is missing", "kallsyms_on_each_match_symbol", .err = -EOPNOTSUPP,
	  .said = LACKS("kallsyms_on_each_match_symbol", "finding functions of vmlinux") },
	{ "a function is missing", "kernel_text_address", .err = -EOPNOTSUPP,
	  .said = LACKS("kernel_text_address", "telling generated code from data") },
	{ "a function is missing that xlp can do without", "get_kprobe",
	  .said = "6xlp: this kernel has no get_kprobe: no naming the kprobe on a function\n" },
	{ "the last one of all architectures is missing", "ftrace_startup",
	  .said = "6xlp: this kernel has no ftrace_startup: "
		  "no keeping direct callers out meanwhile\n" },
	{ "one of this architecture is missing", "unwind_by_tables",
	  .said = "6xlp: this kernel has no unwind_by_tables: no walking stacks by tables\n" },
};

static const struct kernel *kernel;
static char said[4096];
static unsigned int nr_probes;
static bool is_armed;
/* Which of the searches behind it have been made. */
static unsigned int nr_searches;

void kernel_log(char level, const char *format, ...)
{
	size_t length = strlen(said);
	va_list args;

	said[length++] = level;
	va_start(args, format);
	vsnprintf(said + length, sizeof(said) - length, format, args);
	va_end(args);
}

void xlp_find_text(void)
{
	nr_searches++;
}

void xlp_find_sections(void)
{
	nr_searches++;
}

void xlp_find_direct(void)
{
	nr_searches++;
}

int register_kprobe(struct kprobe *probe)
{
	int err = probe->offset ? kernel->probe_err_8 : kernel->probe_err;

	if (strcmp(probe->symbol_name, "kallsyms_lookup_name"))
		return -ENOENT;
	is_armed |= !(probe->flags & KPROBE_FLAG_DISABLED);
	if (err)
		return err;
	nr_probes++;
	/* So that what is found is called by the name that was asked for. */
	probe->addr = (char *)kallsyms_lookup_name + kernel->moved;
	return 0;
}

void unregister_kprobe(struct kprobe *probe)
{
	nr_probes--;
	probe->addr = NULL;
}

/* Of kallsyms_lookup_name, the only one that is known. */
#define FUNCTION_SIZE	0x80U

int sprint_symbol(char *buffer, unsigned long addr)
{
	unsigned long offset = addr - (unsigned long)kallsyms_lookup_name;
	const char *symbol = kernel->symbol ? kernel->symbol : "kallsyms_lookup_name";

	if (!*symbol || offset >= FUNCTION_SIZE)
		return sprintf(buffer, "0x%lx", addr);
	return sprintf(buffer, "%s+0x%lx/0x%x", symbol, offset, FUNCTION_SIZE);
}

/* All of the table: what they are called, and where they were found. */
#define NAME(function, ...)	#function,
#define PLACE(function, ...)	(unsigned long *)&xlp_##function,

static const char *const names[] = { XLP_UNEXPORTED_FUNCTIONS(NAME) };
static unsigned long *const places[] = { XLP_UNEXPORTED_FUNCTIONS(PLACE) };

/* Such as nobody calls: their number in the table. */
static unsigned long address_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return FIRST + i;
	return 0;
}

unsigned long kallsyms_lookup_name(const char *name)
{
	if (!strcmp(name, "kallsyms_lookup_name"))
		return (unsigned long)kallsyms_lookup_name;
	if (kernel->missing && !strcmp(kernel->missing, name))
		return 0;
	return address_of(name);
}

static bool found_right(void)
{
	bool right = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (*places[i] == kallsyms_lookup_name(names[i]))
			continue;
		printf("# %s is not where it was found\n", names[i]);
		right = false;
	}
	return right;
}

static void forget_found(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		*places[i] = 0;
}

static bool is_right(void)
{
	bool found = true;
	int err;

	said[0] = '\0';
	nr_searches = 0;
	forget_found();
	err = xlp_find_unexported();
	if (err != kernel->err)
		printf("# error %d\n", err);
	if (strcmp(said, kernel->said))
		printf("# said: %s", said);
	if (nr_probes || is_armed)
		printf("# a probe is left, or was armed\n");
	if (!err)
		found = found_right();
	if (nr_searches != (err ? 0 : 3))
		printf("# %u searches behind it\n", nr_searches);
	return err == kernel->err && !strcmp(said, kernel->said) && !nr_probes && !is_armed &&
	       found && nr_searches == (err ? 0 : 3);
}

int main(void)
{
	bool all = true;
	unsigned int i;

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(kernels));
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		bool right;

		kernel = &kernels[i];
		right = is_right();
		printf("%sok %u %s\n", right ? "" : "not ", i + 1, kernel->name);
		all &= right;
	}
	return !all;
}
