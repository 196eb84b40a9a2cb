// SPDX-License-Identifier: GPL-2.0
/*
 * buildid.c - is a module of the build that a patch was made for?
 *
 * The linker leaves a note with a number of each module's own among its read-only data. The
 * kernel shows it in /sys/module/NAME/notes only once it has told everybody that the module
 * comes, and the module is patched before, so the data are looked through. That a module has
 * another one's note there by chance is out of the question.
 */
#include "log.h"

#include <asm/byteorder.h>
#include <compat/module.h>
#include <linux/compiler.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include "buildid.h"
#include "patch.h"
#include "present.h"

/* A note: the size of its name, that of the id, its type, the name, the id. */
#define BUILD_ID_ALIGN		4
#define BUILD_ID_HEAD		(sizeof(struct elf32_note) + sizeof("GNU"))
#define BUILD_ID_TYPE		3
#define BUILD_ID_NAME		((__force u32)cpu_to_be32(0x474e5500))	/* "GNU" */

/* As many as printk takes; what linkers make has 8 to 20. */
#define BUILD_ID_MAX		64

/* As a patch writes it, and as printk does. */
#define BUILD_ID_TEXT		(2 * BUILD_ID_MAX + 1)

const char *xlp_build_id_flaw(const char *id)
{
	size_t digits = id ? strlen(id) : 0;

	if (!id || (digits && digits % 2 == 0 && digits < BUILD_ID_TEXT &&
		    strspn(id, "0123456789abcdefABCDEF") == digits))
		return NULL;
	return "the build id is not two hexadecimal digits for each byte";
}

/*
 * Looks where the data have nothing, too, behind a variable with KASAN.
 *
 * Return: how many bytes a note at @at has for an id, or 0 if there is no such note.
 */
static noinline __no_sanitize_address size_t build_id_note(const char *at, size_t left)
{
	const u32 *word = (const u32 *)at;
	size_t room;

	if (left < BUILD_ID_HEAD || word[0] != sizeof("GNU") || word[2] != BUILD_ID_TYPE ||
	    word[3] != BUILD_ID_NAME)
		return 0;
	room = left - BUILD_ID_HEAD;
	if (room > BUILD_ID_MAX)
		room = BUILD_ID_MAX;
	return word[1] <= room ? word[1] : 0;
}

/* Return: does @mod have that one? If not, the first that it has is in @found. */
static bool build_id_find(const struct module *mod, const char *wanted, char *found)
{
	struct xlp_range data = xlp_module_rodata(mod);
	char text[BUILD_ID_TEXT];
	const char *at;
	size_t size;

	for (at = (const char *)ALIGN(data.start, BUILD_ID_ALIGN); at < (const char *)data.end;
	     at += BUILD_ID_ALIGN) {
		size = build_id_note(at, (const char *)data.end - at);
		if (!size)
			continue;
		at += BUILD_ID_HEAD;
		scnprintf(text, sizeof(text), "%*phN", (int)size, at);
		if (!strcasecmp(text, wanted))
			return true;
		if (!*found)
			memcpy(found, text, sizeof(text));
	}
	return false;
}

int xlp_build_id_check(const struct xlp_live_object *obj, const struct module *coming)
{
	const char *wanted = obj->decl->build_id;
	const struct module *mod = coming;
	char found[BUILD_ID_TEXT] = "";

	if (!wanted)
		return 0;
	if (!mod)
		mod = xlp_present_find(obj->decl->name);
	if (IS_ERR_OR_NULL(mod))
		return PTR_ERR_OR_ZERO(mod);
	if (build_id_find(mod, wanted, found))
		return 0;
	pr_err("patch '%s': object '%s': made for the build %s, and this one %s%s: make it again for this one\n",
	       xlp_patch_name(obj->patch), mod->name, wanted,
	       *found ? "is " : "does not say which it is", found);
	return -ENOEXEC;
}
