/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares an existing device with the words of "dev add". */
#include "dev-ensure.h"

#include "base/escape.h"
#include "base/list.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* The differences found so far, in words. */
struct differences {
	char text[1024];
	bool not_driver; /* something other than the driver differs */
	bool driver;
};

_printf_(2, 3) static void differ(struct differences *differences, const char *format, ...)
{
	size_t length = strlen(differences->text), size = sizeof(differences->text);
	va_list args;

	if (length)
		length += snprintf(differences->text + length, size - length, "; ");
	va_start(args, format);
	if (length < size)
		vsnprintf(differences->text + length, size - length, format, args);
	va_end(args);
}

static void compare_dev(struct differences *differences, const struct dev_new *wanted,
			const struct dev *dev)
{
	char current[VIRTIO_TYPE_TEXT_SIZE], asked[VIRTIO_TYPE_TEXT_SIZE];

	if (!handle_matches(&wanted->mgmtdev.value, dev->mgmtdev))
		differ(differences, "mgmtdev is %.128s, not %.128s", dev->mgmtdev,
		       wanted->mgmtdev.value.text);
	if (wanted->type.set && wanted->type.id != dev->type.id)
		differ(differences, "type is %s, not %s", virtio_type_name(dev->type.id, current),
		       virtio_type_name(wanted->type.id, asked));
}

static void compare_config(struct differences *differences, const struct dev_new *dev,
			   const struct config *config)
{
	char text[SETTING_DIFFERENCE_SIZE];

	for (const struct setting *setting = settings; setting->word; setting++)
		if (setting_differs(setting, dev, config, text))
			differ(differences, "%s", text);
}

/* A device without a driver does not differ: an earlier run was interrupted before it was bound. */
static void compare_driver(struct differences *differences, const struct dev_new *wanted)
{
	char driver[BIND_DRIVER_SIZE];

	if (!wanted->driver.name || !bind_current(wanted->name, driver) ||
	    str_equal(driver, wanted->driver.name))
		return;
	differences->not_driver = differences->text[0];
	differences->driver = true;
	differ(differences, "driver is %s, not %s", driver, wanted->driver.name);
}

static int read_config(struct session *session, const struct dev_new *dev, struct config *config,
		       struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret;

	*config = (struct config){ 0 };
	if (!settings_given(dev))
		return 0;
	ret = kernel_config(&session->nl, dev->name, &list, err);
	if (!ret)
		*config = *(const struct config *)list.items[0];
	/* If the kernel does not describe this type of device, all values stay unknown. */
	return ret == -EOPNOTSUPP ? 0 : ret;
}

int ensure_same(struct session *session, const struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	struct differences differences = { 0 };
	struct config config;
	int ret;

	ret = kernel_dev(&session->nl, dev->name, &list, err);
	if (!ret)
		ret = read_config(session, dev, &config, err);
	if (ret)
		return ret;
	compare_dev(&differences, dev, list.items[0]);
	compare_config(&differences, dev, &config);
	compare_driver(&differences, dev);
	if (!differences.text[0])
		return 0;
	err_set(err, EEXIST, "add '%s': it exists, and differs: %s", dev->name, differences.text);
	if (differences.driver && !differences.not_driver && escape_is_plain(dev->name))
		err_hint(err, "vdpa dev set %s driver %s", dev->name, dev->driver.name);
	return -EEXIST;
}
