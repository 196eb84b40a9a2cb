// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_gate.c - holds up a module that comes or goes, or refuses it
 *
 *	of=MODULE	which one
 *	at=PLACE	where: "first-coming", "middle-coming", "last-coming", the same
 *			with "-going", or "init" and "exit" of xlp_test_race and
 *			xlp_test_twin
 *	hold=1		the next one that gets there is held up, until go_on is written
 *	held		where one is held up now
 *	refuse=ERRNO	all that get there are refused
 *
 * xlp has the first and the last place in the chain of notifiers itself. Whoever is
 * loaded later is behind it in both, so on the way it depends on the order of loading
 * whether a module gets to "first-coming" before xlp has heard of it, and to "last-going"
 * when xlp has let go of it.
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "xlp_test_gate.h"

/* Longer than any test has to do meanwhile; whoever forgets to go on does not wait for ever. */
#define LIMIT	(100 * HZ)

static char of[MODULE_NAME_LEN];
module_param_string(of, of, sizeof(of), 0644);
static char at[32];
module_param_string(at, at, sizeof(at), 0644);
static bool hold;
module_param(hold, bool, 0644);
static int refuse;
module_param(refuse, int, 0644);
static char held[sizeof(at)];
module_param_string(held, held, sizeof(held), 0444);

static DECLARE_WAIT_QUEUE_HEAD(waiting);
static unsigned int passed;

static int pass(const char *value, const struct kernel_param *unused)
{
	WRITE_ONCE(passed, passed + 1);
	wake_up_all(&waiting);
	return 0;
}

static const struct kernel_param_ops pass_ops = { .set = pass };
module_param_cb(go_on, &pass_ops, NULL, 0200);

/* Interruptibly, as that is no reason for the kernel to complain. */
static void wait_here(const char *place)
{
	unsigned int before = READ_ONCE(passed);

	strscpy(held, place, sizeof(held));
	wait_event_interruptible_timeout(waiting, READ_ONCE(passed) != before, LIMIT);
	held[0] = '\0';
}

int xg_stop(const char *module, const char *place)
{
	if (!sysfs_streq(of, module) || !sysfs_streq(at, place))
		return 0;
	/* One only: busybox's insmod makes a second attempt after a refusal. */
	if (hold) {
		hold = false;
		wait_here(place);
	}
	return refuse;
}
EXPORT_SYMBOL_GPL(xg_stop);

struct place {
	struct notifier_block block;
	const char *coming;
	const char *going;
};

static int notified(struct notifier_block *block, unsigned long event, void *data)
{
	const struct place *place = container_of(block, struct place, block);
	const struct module *mod = data;

	switch (event) {
	case MODULE_STATE_COMING:
		return notifier_from_errno(xg_stop(mod->name, place->coming));
	case MODULE_STATE_GOING:
		xg_stop(mod->name, place->going);
		break;
	}
	return NOTIFY_DONE;
}

#define PLACE(name, where) {						\
	.block = { .notifier_call = notified, .priority = (where) },	\
	.coming = name "-coming",					\
	.going = name "-going",						\
}

static struct place places[] = {
	PLACE("first", INT_MAX),
	PLACE("middle", 0),
	PLACE("last", INT_MIN),
};

static void leave(unsigned int nr)
{
	while (nr--)
		unregister_module_notifier(&places[nr].block);
}

static int __init gate_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		err = register_module_notifier(&places[i].block);
		if (err) {
			leave(i);
			return err;
		}
	}
	return 0;
}

static void __exit gate_exit(void)
{
	leave(ARRAY_SIZE(places));
}

module_init(gate_init);
module_exit(gate_exit);
MODULE_DESCRIPTION("Holds up a module that comes or goes, or refuses it");
MODULE_LICENSE("GPL");
