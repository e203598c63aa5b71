/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says in words why the kernel refused, with a hint. */
#include "explain.h"

#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "sys/modules.h"
#include "sys/rights.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <unistd.h>

/* What the vdpa core puts before its own words. */
#define CORE_PREFIX "vdpa: "

void explain_hint_mgmtdevs(struct err *err)
{
	static const struct module_choice choices[] = {
		{ "vdpa_sim_net", "simulated network devices" },
		{ "vdpa_sim_blk", "simulated disks" },
		{ "vduse", "devices that programs serve" },
		{ "vp_vdpa", "PCI functions that speak virtio" },
		{ "mlx5_vdpa", "cards of NVIDIA" },
		{ "pds_vdpa", "cards of AMD Pensando" },
		{ "ifcvf", "cards of Intel" },
		{ "octep_vdpa", "cards of Marvell" },
	};

	modules_hint_any(err, choices, ARRAY_SIZE(choices), "vDPA modules");
}

static void hint_family(struct err *err)
{
	if (sysfs_exists(VDPA_BUS))
		rights_hint_network(err, "vdpa");
	else
		explain_hint_mgmtdevs(err);
}

void explain_hint(struct err *err)
{
	if (err->status == STATUS_NOT_SUPPORTED && err->code == ENOENT)
		hint_family(err);
	else if (err->code == EPERM)
		rights_hint_net_admin(err, "vdpa");
}

void explain_trim(struct err *err)
{
	size_t length = strlen(CORE_PREFIX);

	if (str_starts(err->text, CORE_PREFIX))
		memmove(err->text, err->text + length, strlen(err->text + length) + 1);
}

int explain(struct err *err, const char *tried)
{
	explain_trim(err);
	err_context(err, "%s", tried);
	explain_hint(err);
	return -err->code;
}

/* Requests about such a device are refused each in its own words, or without any. */
static bool is_unmanaged(const struct err *err, const char *name)
{
	if (str_equal(err->text, "unmanaged vdpa device") ||
	    str_starts(err->text, "Only user created device"))
		return true;
	return str_equal(err->text, err_words(EINVAL)) && bus_has(name);
}

int explain_dev(struct err *err, const char *name, const char *verb)
{
	explain_trim(err);
	if (err->code == ENODEV)
		err_set(err, ENODEV, "there is no such device");
	if (err->code == EINVAL && is_unmanaged(err, name))
		err_set_status(err, STATUS_NOT_SUPPORTED, EINVAL,
			       "no management device created it, so the kernel offers nothing but "
			       "what is in sysfs");
	err_context(err, "%s '%.300s'", verb, name);
	explain_hint(err);
	if (err->code == ENODEV)
		bus_hint_devices(err, name);
	return -err->code;
}

/* Management devices that are made by a module of their own. */
static const struct {
	const char *mgmtdev, *module, *option;
} modules[] = {
	{ "vdpasim_net", "vdpa_sim_net", "CONFIG_VDPA_SIM_NET" },
	{ "vdpasim_blk", "vdpa_sim_blk", "CONFIG_VDPA_SIM_BLOCK" },
	{ "vduse", "vduse", "CONFIG_VDPA_USER" },
};

/* Names of the auxiliary bus are MODULE.KIND.NUMBER. */
static bool is_auxiliary(const char *name)
{
	const char *last = strrchr(name, '.');

	return last && last != name && strchr(name, '.') != last && last[1] &&
	       !last[1 + strspn(last + 1, "0123456789")];
}

static void hint_mgmtdev(struct err *err, const struct handle *handle)
{
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		/* The module's name in its place. */
		if (!handle->bus[0] && str_equal(handle_name(handle), modules[i].module) &&
		    !str_equal(modules[i].mgmtdev, modules[i].module)) {
			err_hint(err, "the management device of module %s is called %s",
				 modules[i].module, modules[i].mgmtdev);
			return;
		}
		if (!handle->bus[0] && str_equal(handle_name(handle), modules[i].mgmtdev)) {
			modules_hint(err, modules[i].module, modules[i].option);
			return;
		}
	}
	if (!handle->bus[0] && is_auxiliary(handle_name(handle)))
		err_hint(err, "with its bus it is auxiliary/%.200s", handle_name(handle));
	else if (str_equal(handle->bus, "pci"))
		err_hint(err, "bind it to a vDPA driver first, such as vp_vdpa or mlx5_vdpa");
	else
		err_hint(err, "'vdpa mgmtdev show' lists the management devices");
}

void explain_no_mgmtdev(struct err *err, const struct handle *handle)
{
	err_set(err, ENODEV, "there is no management device '%s'", handle->text);
	hint_mgmtdev(err, handle);
}

int explain_mgmtdev(struct err *err, const struct handle *handle)
{
	explain_trim(err);
	if (err->code == ENODEV)
		explain_no_mgmtdev(err, handle);
	err_context(err, "look up '%.300s'", handle->text);
	explain_hint(err);
	return -err->code;
}

int explain_no_attr_set(struct err *err, const char *name)
{
	err_set(err, EOPNOTSUPP,
		"set the MAC address of '%s': this kernel cannot change a device that exists; "
		"Linux 6.13 and later can",
		name);
	err_hint(err, "delete it and add it again: vdpa dev add ... mac MAC");
	return -EOPNOTSUPP;
}
