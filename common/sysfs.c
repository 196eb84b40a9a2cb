// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs.c - /sys/kernel/xlp
 *
 *	/sys/kernel/xlp/<patch>/enabled			1 or 0, writable
 *	/sys/kernel/xlp/<patch>/transition		1 while tasks change over
 *	/sys/kernel/xlp/<patch>/force			writable: 1 ends that at once
 *	/sys/kernel/xlp/<patch>/replace			1 if it replaces others, or 0
 *	/sys/kernel/xlp/<patch>/stack_order		its place among those in effect
 *	/sys/kernel/xlp/<patch>/<object>/patched	1 or 0
 *	/sys/kernel/xlp/<patch>/<object>/<function>,<position>/
 */
#include "log.h"

#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include "engine.h"
#include "patch.h"
#include "sysfs.h"
#include "transition.h"

/* All patches; a set, so that there can be uevents about them. */
static struct kset *sysfs_root;
/* What writers ask for. */
static const struct xlp_sysfs_ops *sysfs_ops;

#define to_patch(kobj)	container_of(kobj, struct xlp_live_patch, kobj)
#define to_object(kobj)	container_of(kobj, struct xlp_live_object, kobj)
#define to_func(kobj)	container_of(kobj, struct xlp_live_func, kobj)

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", xlp_patch_is_enabled(to_patch(kobj)));
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attr,
			     const char *buf, size_t count)
{
	struct xlp_live_patch *patch = to_patch(kobj);
	bool enable;
	int err;

	err = kstrtobool(buf, &enable);
	if (err)
		return err;
	err = enable ? sysfs_ops->enable(patch) : sysfs_ops->disable(patch);
	return err ?: count;
}
static struct kobj_attribute enabled_attr = __ATTR_RW(enabled);

static ssize_t transition_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", xlp_transition_patch() == to_patch(kobj));
}
static struct kobj_attribute transition_attr = __ATTR_RO(transition);

static ssize_t force_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	bool force;
	int err;

	err = kstrtobool(buf, &force);
	if (!err && force)
		err = sysfs_ops->force(to_patch(kobj));
	return err ?: count;
}
static struct kobj_attribute force_attr = __ATTR(force, 0200, NULL, force_store);

static ssize_t replace_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_patch(kobj)->decl->replace);
}
static struct kobj_attribute replace_attr = __ATTR_RO(replace);

/* Counted from 1, the one enabled first; 0 for one that is not enabled. */
static ssize_t stack_order_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct xlp_live_patch *own = to_patch(kobj), *patch;
	unsigned int order = 0;

	xlp_engine_enter();
	list_for_each_entry(patch, &xlp_patches, node) {
		order += !!patch->worlds;
		if (patch == own)
			break;
	}
	if (!own->worlds)
		order = 0;
	xlp_engine_leave();
	return sysfs_emit(buf, "%u\n", order);
}
static struct kobj_attribute stack_order_attr = __ATTR_RO(stack_order);

static ssize_t patched_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", xlp_object_is_patched(to_object(kobj)));
}
static struct kobj_attribute patched_attr = __ATTR_RO(patched);

static struct attribute *patch_attrs[] = {
	&enabled_attr.attr, &transition_attr.attr, &force_attr.attr,
	&replace_attr.attr, &stack_order_attr.attr, NULL
};
ATTRIBUTE_GROUPS(patch);

static struct attribute *object_attrs[] = { &patched_attr.attr, NULL };
ATTRIBUTE_GROUPS(object);

bool xlp_sysfs_reserved(const char *name)
{
	struct attribute **attr;

	for (attr = patch_attrs; *attr; attr++)
		if (!strcmp((*attr)->name, name))
			return true;
	return false;
}

/*
 * Objects and functions are parts of their patch's allocations. Each holds a
 * reference to the patch, so that goes last, however late the others are let go.
 */
static void sysfs_release_patch(struct kobject *kobj)
{
	struct completion *released = to_patch(kobj)->released;

	xlp_patch_free(to_patch(kobj));
	complete(released);
}

static void sysfs_release_object(struct kobject *kobj)
{
	kobject_put(&to_object(kobj)->patch->kobj);
}

static void sysfs_release_func(struct kobject *kobj)
{
	kobject_put(&to_func(kobj)->object->patch->kobj);
}

static const struct kobj_type patch_type = {
	.release	= sysfs_release_patch,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= patch_groups,
};

static const struct kobj_type object_type = {
	.release	= sysfs_release_object,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= object_groups,
};

static const struct kobj_type func_type = {
	.release	= sysfs_release_func,
	.sysfs_ops	= &kobj_sysfs_ops,
};

void xlp_sysfs_init(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	kobject_init(&patch->kobj, &patch_type);
	xlp_for_each_object(patch, obj) {
		kobject_init(&obj->kobj, &object_type);
		kobject_get(&patch->kobj);
		xlp_for_each_func(obj, func) {
			kobject_init(&func->kobj, &func_type);
			kobject_get(&patch->kobj);
		}
	}
}

static int sysfs_add_object(struct xlp_live_patch *patch, struct xlp_live_object *obj)
{
	struct xlp_live_func *func;
	int err;

	err = kobject_add(&obj->kobj, &patch->kobj, "%s", xlp_object_name(obj));
	if (err)
		return err;
	xlp_for_each_func(obj, func) {
		err = kobject_add(&func->kobj, &obj->kobj, "%s,%lu", func->decl->old_name,
				  max(func->decl->old_sympos, 1UL));
		if (err)
			return err;
	}
	return 0;
}

int xlp_sysfs_add(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	int err;

	patch->kobj.kset = sysfs_root;
	err = kobject_add(&patch->kobj, NULL, "%s", xlp_patch_name(patch));
	if (err)
		return err;
	xlp_for_each_object(patch, obj) {
		err = sysfs_add_object(patch, obj);
		if (err)
			return err;
	}
	return 0;
}

static void sysfs_visit(struct xlp_live_patch *patch, void (*visit)(struct kobject *kobj))
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	xlp_for_each_object(patch, obj) {
		xlp_for_each_func(obj, func)
			visit(&func->kobj);
		visit(&obj->kobj);
	}
	visit(&patch->kobj);
}

static void sysfs_hide_kobject(struct kobject *kobj)
{
	if (kobj->state_in_sysfs)
		kobject_del(kobj);
}

void xlp_sysfs_hide(struct xlp_live_patch *patch)
{
	sysfs_visit(patch, sysfs_hide_kobject);
}

void xlp_sysfs_remove(struct xlp_live_patch *patch)
{
	DECLARE_COMPLETION_ONSTACK(released);

	patch->released = &released;
	xlp_sysfs_hide(patch);
	sysfs_visit(patch, kobject_put);
	wait_for_completion(&released);
}

/* Where the kernel has a livepatch of its own, that name is taken. */
static bool sysfs_has_link(void)
{
	return xlp_compat && !IS_ENABLED(CONFIG_LIVEPATCH);
}

void xlp_sysfs_set_ops(const struct xlp_sysfs_ops *ops)
{
	sysfs_ops = ops;
}

int xlp_sysfs_create_root(void)
{
	int err;

	sysfs_root = kset_create_and_add("xlp", NULL, kernel_kobj);
	if (!sysfs_root)
		return -ENOMEM;
	err = sysfs_has_link() ?
	      sysfs_create_link(kernel_kobj, &sysfs_root->kobj, "livepatch") : 0;
	if (err)
		kset_unregister(sysfs_root);
	return err;
}

void xlp_sysfs_remove_root(void)
{
	if (sysfs_has_link())
		sysfs_remove_link(kernel_kobj, "livepatch");
	kset_unregister(sysfs_root);
}
