/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fetches the configurations of all devices, including those after which the kernel's dump ends. */
#include "config-fetch.h"

#include "base/list.h"
#include "vdpa/kernel/kernel.h"

#include <errno.h>

/* Devices that the kernel's dump left out, and their places in the complete list. */
struct missing {
	struct caller *caller; /* gets the reports about devices without description, or NULL */
	struct list *configs;
	struct list names;
	void **ordered; /* the configuration of each device, or NULL */
	size_t *places; /* for each name, its index in @ordered */
};

static void missing_release(struct missing *missing)
{
	list_clear(&missing->names);
	free(missing->ordered);
	free(missing->places);
}

static int add(struct missing *missing, const char *name, size_t place)
{
	size_t size = strlen(name) + 1;
	char *copy = list_new(&missing->names, size);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, name, size);
	missing->places[missing->names.count - 1] = place;
	return 0;
}

static void done(void *data, size_t index, int ret, const struct err *err)
{
	struct missing *missing = data;

	if (!ret)
		missing->ordered[missing->places[index]] =
			missing->configs->items[missing->configs->count - 1];
	/* A type without description is a warning, as in iproute2: an error would end scripts. */
	else if (ret == -EOPNOTSUPP && missing->caller)
		caller_warn(missing->caller, "%s", err->text);
	/* ENODEV: the device was deleted after it was listed, so nothing is missing. */
	else if (ret != -ENODEV && missing->caller)
		caller_report(missing->caller, err);
}

/* Puts the configurations of the dump into their places, and lists the devices that lack one. */
static int find_missing(const struct list *devs, struct missing *missing)
{
	size_t next = 0;
	int ret = 0;

	missing->ordered = calloc(devs->count + 1, sizeof(*missing->ordered));
	missing->places = calloc(devs->count + 1, sizeof(*missing->places));
	if (!missing->ordered || !missing->places)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < devs->count; i++) {
		const char *name = ((const struct dev *)devs->items[i])->name;
		void *config =
			list_find(missing->configs, offsetof(struct config, name), name, &next);

		missing->ordered[i] = config;
		if (!config)
			ret = add(missing, name, i);
	}
	return ret;
}

/* Orders the configurations as the devices, and drops those of devices that were added since. */
static void put_in_order(struct list *configs, void **ordered, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		if (ordered[i])
			configs->items[count++] = ordered[i];
	configs->count = count;
}

static int collect(struct nl *nl, struct caller *caller, const struct list *devs,
		   struct list *configs, struct err *err)
{
	_cleanup_(missing_release) struct missing missing = { .caller = caller,
							      .configs = configs };
	int ret = kernel_configs(nl, configs, err);

	if (!ret && find_missing(devs, &missing))
		ret = err_memory(err);
	if (!ret)
		ret = kernel_configs_of(nl, &missing.names, configs, done, &missing, err);
	if (!ret)
		put_in_order(configs, missing.ordered, devs->count);
	return ret;
}

int config_fetch(struct session *session, const struct list *devs, struct list *configs,
		 struct err *err)
{
	return collect(&session->nl, session->caller, devs, configs, err);
}

int config_fetch_quietly(struct session *session, const struct list *devs, struct list *configs,
			 struct err *err)
{
	return collect(&session->nl, NULL, devs, configs, err);
}
