// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs.c - /sys/kernel/xlp
 *
 *	/sys/kernel/xlp/<patch>/enabled			1 or 0, writable
 *	/sys/kernel/xlp/<patch>/<object>/patched	1 or 0
 *	/sys/kernel/xlp/<patch>/<object>/<function>,<position>/
 */
#define pr_fmt(fmt) "xlp: " fmt

#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>
#include "declare.h"
#include "patch.h"
#include "sysfs.h"

static struct kobject *root;

#define to_patch(kobj)	container_of(kobj, struct xlp_live_patch, kobj)
#define to_object(kobj)	container_of(kobj, struct xlp_live_object, kobj)

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_patch(kobj)->enabled));
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
	err = enable ? xlp_patch_enable(patch) : xlp_patch_disable(patch);
	return err ?: count;
}
static struct kobj_attribute enabled_attr = __ATTR_RW(enabled);

static ssize_t patched_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_object(kobj)->patched));
}
static struct kobj_attribute patched_attr = __ATTR_RO(patched);

static struct attribute *patch_attrs[] = { &enabled_attr.attr, NULL };
ATTRIBUTE_GROUPS(patch);

static struct attribute *object_attrs[] = { &patched_attr.attr, NULL };
ATTRIBUTE_GROUPS(object);

static void release_patch(struct kobject *kobj)
{
	xlp_undeclare(to_patch(kobj));
}

/*
 * Objects and functions live in allocations of their patch, and each directory
 * holds a reference to the one above.
 */
static void release_nothing(struct kobject *kobj)
{
}

static const struct kobj_type patch_type = {
	.release	= release_patch,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= patch_groups,
};

static const struct kobj_type object_type = {
	.release	= release_nothing,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= object_groups,
};

static const struct kobj_type func_type = {
	.release	= release_nothing,
	.sysfs_ops	= &kobj_sysfs_ops,
};

void xlp_sysfs_init(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	kobject_init(&patch->kobj, &patch_type);
	xlp_for_each_object(patch, obj) {
		kobject_init(&obj->kobj, &object_type);
		xlp_for_each_func(obj, func)
			kobject_init(&func->kobj, &func_type);
	}
}

static int add_object(struct xlp_live_patch *patch, struct xlp_live_object *obj)
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

	err = kobject_add(&patch->kobj, root, "%s", xlp_patch_name(patch));
	if (err)
		return err;
	xlp_for_each_object(patch, obj) {
		err = add_object(patch, obj);
		if (err)
			return err;
	}
	return 0;
}

void xlp_sysfs_remove(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	/* From the leaves up; each put frees nothing but the name. */
	xlp_for_each_object(patch, obj) {
		xlp_for_each_func(obj, func) {
			kobject_del(&func->kobj);
			kobject_put(&func->kobj);
		}
		kobject_del(&obj->kobj);
		kobject_put(&obj->kobj);
	}
	kobject_del(&patch->kobj);
	kobject_put(&patch->kobj);
}

int xlp_sysfs_create_root(void)
{
	root = kobject_create_and_add("xlp", kernel_kobj);
	return root ? 0 : -ENOMEM;
}

void xlp_sysfs_remove_root(void)
{
	kobject_put(root);
}
