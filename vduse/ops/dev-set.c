/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes a device that exists through its attributes in sysfs. */
#include "dev-set.h"

#include "vduse/kernel/kernel.h"
#include "vduse/model/settings.h"

#include <errno.h>

static int set_one(struct caller *caller, const struct dev_new *dev, const struct setting *setting,
		   struct err *err)
{
	const uint64_t wanted = setting_number(setting, dev);
	uint64_t number = wanted;
	int ret = kernel_set_number(dev->name, setting->word, &number, err);

	if (ret || number == wanted)
		return ret;
	if (!setting->rounded)
		return err_set(err, EIO, "set '%.300s': %s is %ju now, not %ju", dev->name,
			       setting->word, (uintmax_t)number, (uintmax_t)wanted);
	caller_warn(caller, "the kernel rounded %s from %ju to %ju", setting->word,
		    (uintmax_t)wanted, (uintmax_t)number);
	return 0;
}

int dev_set(struct caller *caller, const struct dev_new *dev, struct err *err)
{
	int ret = 0;

	for (const struct setting *setting = settings; setting->word && !ret; setting++)
		if (setting->place == SETTING_ATTRIBUTE && setting_is_given(setting, dev))
			ret = set_one(caller, dev, setting, err);
	return ret;
}
