/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_calls.h - a patch whose callbacks say when they are called
 *
 *	fail=OBJECT, with=ERRNO	the pre_patch callback of that object fails
 *	late=ERRNO		the module's init fails after it has enabled the patch
 *	linger=1		the module's init waits behind that until "go_on" is written
 *	stay=CALLBACK		that callback of vmlinux waits until "go_on" is written
 *	ask			written: the writer asks for the state before, outside of callbacks
 *	version=N		of state 1; 0: it does not know that state
 *	other=1			it knows state 2 as well
 *	model=N, replace=1, stays=1	of the patch
 *
 * Each callback is one line of the log, "<patch>: <callback> <object>". The data of
 * state 1 counts the patches that have taken it over from each other.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/string.h>

#define XK_WORLD	XT_NEW
#include "xlp_test_replaced.h"

#define STATE	1

static char *fail = "";
module_param(fail, charp, 0644);
static int with = -ENODEV;
module_param(with, int, 0644);
static int late;
module_param(late, int, 0444);
static bool linger;
module_param(linger, bool, 0444);
static char *stay = "";
module_param(stay, charp, 0644);
static uint version = 1;
module_param(version, uint, 0444);
static bool other;
module_param(other, bool, 0444);
static bool stays;
module_param(stays, bool, 0444);
XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

static struct xlp_patch patch;

static const char *name_of(const struct xlp_object *obj)
{
	return obj->name ?: "vmlinux";
}

/* With whether the object's module is what it should be. */
static void say(const char *callback, const struct xlp_object *obj)
{
	const char *mod = obj->mod ? obj->mod->name : "vmlinux";

	pr_info("%s: %s %s\n", THIS_MODULE->name, callback,
		strcmp(mod, name_of(obj)) ? "?" : mod);
	if (!obj->name && sysfs_streq(stay, callback))
		xk_stay();
}

/* The version of the state that it is about to take over. */
static void find_state(void)
{
	const struct xlp_state *before = xlp_get_prev_state(STATE);

	pr_info("%s: state before: %u\n", THIS_MODULE->name, before ? before->version : 0);
}

static int set_ask(const char *val, const struct kernel_param *kp)
{
	find_state();
	return 0;
}

static const struct kernel_param_ops ask_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_ask,
};
module_param_cb(ask, &ask_ops, NULL, 0200);

static void take_over_state(void)
{
	struct xlp_state *state = xlp_get_state(&patch, STATE), *before;

	if (!state)
		return;
	before = xlp_get_prev_state(STATE);
	state->data = (void *)((before ? (unsigned long)before->data : 0) + 1);
	pr_info("%s: state %lu version %u after %u\n", THIS_MODULE->name,
		(unsigned long)state->data, state->version, before ? before->version : 0);
}

static int pre_patch(struct xlp_object *obj)
{
	say("pre_patch", obj);
	if (!obj->name)
		find_state();
	return sysfs_streq(fail, name_of(obj)) ? with : 0;
}

static void post_patch(struct xlp_object *obj)
{
	say("post_patch", obj);
	if (!obj->name)
		take_over_state();
}

static void pre_unpatch(struct xlp_object *obj)
{
	say("pre_unpatch", obj);
}

static void post_unpatch(struct xlp_object *obj)
{
	say("post_unpatch", obj);
}

#define CALLBACKS {				\
	.pre_patch = pre_patch,			\
	.post_patch = post_patch,		\
	.pre_unpatch = pre_unpatch,		\
	.post_unpatch = post_unpatch,		\
}

static struct xlp_func no_funcs[] = { { } };

static struct xlp_object objs[] = {
	{ .funcs = no_funcs, .callbacks = CALLBACKS },
	{ .name = "xlp_test_tasks", .funcs = tasks_funcs, .callbacks = CALLBACKS },
	{ .name = "xlp_test_late", .funcs = late_funcs, .callbacks = CALLBACKS },
	{ }
};

static struct xlp_state states[3];

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.states = states,
};

static int __init calls_init(void)
{
	unsigned int nr = 0;
	int err;

	if (version)
		states[nr++] = (struct xlp_state){ .id = STATE, .version = version };
	if (other)
		states[nr++] = (struct xlp_state){ .id = STATE + 1, .version = 1 };
	patch.model = model;
	patch.replace = replace;
	patch.stays = stays;
	/* Busybox's insmod makes two attempts. */
	pr_info("%s: init\n", THIS_MODULE->name);
	err = xlp_enable_patch(&patch);
	if (err)
		return err;
	if (linger)
		xk_stay();
	return late;
}

static void __exit calls_exit(void)
{
}

module_init(calls_init);
module_exit(calls_exit);
MODULE_DESCRIPTION("A patch whose callbacks say when they are called");
MODULE_LICENSE("GPL");
