/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel for doctor, in a child process: doctor must answer even if the kernel hangs. */
#include "abi/vdpa.h"
#include "base/escape.h"
#include "base/list.h"
#include "bus/vdpa-bus.h"
#include "doctor-checks.h"
#include "sys/holders.h"
#include "sys/sysfs.h"
#include "sys/worker.h"
#include "vdpa/kernel/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The lookup of the family may load a module, which takes a while on a busy host. */
#define ASK_SECONDS 5

static int is_waiting(void *data _unused_, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%s", name);
	return !str_equal(name, "control") && !sysfs_exists(path);
}

/*
 * Returns whether another device can be added. Management devices on a bus have room for one each.
 * The one of VDUSE needs a VDUSE device that was created and is not on the vdpa bus yet.
 */
static bool has_room(const struct mgmtdev *mgmtdev, const struct list *devs)
{
	if (str_equal(mgmtdev->name, "vduse"))
		return sysfs_each("/sys/class/vduse", is_waiting, NULL) > 0;
	if (!strchr(mgmtdev->name, '/'))
		return true;
	for (size_t i = 0; i < devs->count; i++)
		if (str_equal(((const struct dev *)devs->items[i])->mgmtdev, mgmtdev->name))
			return false;
	return true;
}

struct unmanaged {
	const struct list *devs;
	struct name_list *names;
};

static int take_unmanaged(void *data, const char *name)
{
	const struct unmanaged *unmanaged = data;

	if (!list_find(unmanaged->devs, offsetof(struct dev, name), name, NULL))
		name_list_add(unmanaged->names, name);
	return 0;
}

static void judge(struct answers *answers, const struct list *mgmtdevs, const struct list *devs)
{
	struct unmanaged unmanaged = { devs, &answers->unmanaged };

	for (size_t i = 0; i < mgmtdevs->count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs->items[i];

		answers->room |= has_room(mgmtdev, devs);
		answers->has_vduse |= str_equal(mgmtdev->name, "vduse");
		name_list_add(&answers->mgmtdevs, mgmtdev->name);
	}
	name_list_end(&answers->mgmtdevs);
	answers->devs = devs->count;
	sysfs_each(VDPA_BUS "/devices", take_unmanaged, &unmanaged);
	name_list_end(&answers->unmanaged);
}

/*
 * Runs in a child process: see answers_get(). The lists are kept apart from the family, since a
 * kernel may know the family and still refuse a dump.
 */
static int ask(void *data, struct err *err _unused_)
{
	_cleanup_(list_clear) struct list mgmtdevs = { 0 };
	_cleanup_(list_clear) struct list devs = { 0 };
	_cleanup_(nl_release) struct nl nl;
	struct answers *answers = data;
	int can_set;

	nl_init(&nl, VDPA_GENL_NAME, VDPA_GENL_VERSION);
	can_set = nl_has_command(&nl, VDPA_CMD_DEV_ATTR_SET, &answers->no_family);
	if (can_set < 0)
		return 0;
	answers->has_family = true;
	answers->can_set = can_set;
	answers->commands = (unsigned int)__builtin_popcountll(nl.commands);
	if (!kernel_mgmtdevs(&nl, &mgmtdevs, &answers->no_list) &&
	    !kernel_devs(&nl, &devs, &answers->no_list)) {
		err_clear(&answers->no_list);
		judge(answers, &mgmtdevs, &devs);
	}
	return 0;
}

struct answers *answers_get(void)
{
	struct answers *answers = worker_memory(sizeof(*answers));
	struct worker worker = WORKER_INIT;
	struct err err = { 0 };
	int ret;

	if (!answers)
		return NULL;
	ret = worker_start(&worker, ask, answers, &err);
	if (!ret)
		ret = worker_wait(&worker, ASK_SECONDS, &err);
	worker_release(&worker);
	answers->stuck = ret == -ETIMEDOUT;
	if (ret && !answers->stuck)
		answers->no_family = err;
	return answers;
}

void answers_free(struct answers *const *answers)
{
	worker_memory_free(*answers, sizeof(**answers));
}

/* The cause of a stuck kernel, found in /sys and /proc, which answer all the same */

static void take_major(void *data, const char *line)
{
	unsigned int number;
	char name[64];

	if (sscanf(line, "%u %63s", &number, name) == 2 && str_equal(name, "vhost-vdpa"))
		*(unsigned int *)data = number;
}

static bool hint_holders(struct err *err)
{
	_cleanup_(list_clear) struct list holders = { 0 };
	struct name_list names = { 0 };
	unsigned int major = 0;
	bool complete;

	sysfs_each_line("/proc/devices", take_major, &major);
	if (!major || holders_collect(major, &holders, &complete))
		return false;
	for (size_t i = 0; i < holders.count; i++) {
		const struct holder *holder = holders.items[i];
		char text[64];

		snprintf(text, sizeof(text), "%d (%s)", (int)holder->pid, holder->command);
		name_list_add(&names, text);
	}
	name_list_end(&names);
	if (names.count)
		err_hint(err,
			 "the kernel waits until /dev/vhost-vdpa-N is closed, which is open in "
			 "process %s: end it",
			 names.text);
	return names.count;
}

/* Finds a VDUSE device that no program serves, whether it is still on the vdpa bus or not. */
static int take_unserved(void *data, const char *name)
{
	char path[512], *found = data;
	struct holder holder;

	snprintf(path, sizeof(path), "/sys/class/vduse/%.255s/dev", name);
	if (str_equal(name, "control") || bus_find_holder(path, &holder))
		return 0;
	snprintf(found, 256, "%s", name);
	return 1;
}

void hint_stuck_kernel(struct err *err)
{
	char unserved[256];

	if (hint_holders(err))
		return;
	if (sysfs_each("/sys/class/vduse", take_unserved, unserved) > 0)
		err_hint(err,
			 "no program serves the VDUSE device '%s': start it again, or delete the "
			 "device: vduse dev del %s detach",
			 unserved, escape_is_plain(unserved) ? unserved : "NAME");
	else
		err_hint(err, "look for a process that is stuck in state D%s",
			 geteuid() ? ", as root" : ": ps -eo pid,stat,args | grep ' D'");
}
