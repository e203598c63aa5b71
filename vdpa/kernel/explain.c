/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the kernel's refusals into sentences with hints. */
#include "explain.h"

#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "sys/modules.h"
#include "sys/rights.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <unistd.h>

/* The vdpa core starts all its messages with this. */
#define CORE_PREFIX "vdpa: "

void explain_hint_mgmtdevs(struct err *err)
{
	static const struct module_choice choices[] = {
		{ "vdpa_sim_net", "simulated network devices" },
		{ "vdpa_sim_blk", "simulated disks" },
		{ "vduse", "devices that programs serve" },
		{ "vp_vdpa", "PCI functions that speak virtio" },
		{ "mlx5_vdpa", "NVIDIA cards" },
		{ "pds_vdpa", "AMD Pensando cards" },
		{ "ifcvf", "Intel cards" },
		{ "octep_vdpa", "Marvell cards" },
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

/*
 * Some drivers (eni_vdpa, snet) register their device without a management device. The kernel
 * refuses every request about it, but with other words for each command, and with none for DEV_GET.
 */
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
			       "no management device created it, so only sysfs describes it");
	err_context(err, "%s '%.300s'", verb, name);
	explain_hint(err);
	if (err->code == ENODEV)
		bus_hint_devices(err, name);
	return -err->code;
}

/* Management devices that exist as soon as their module is loaded. */
static const struct {
	const char *mgmtdev, *module, *option;
} modules[] = {
	{ "vdpasim_net", "vdpa_sim_net", "CONFIG_VDPA_SIM_NET" },
	{ "vdpasim_blk", "vdpa_sim_blk", "CONFIG_VDPA_SIM_BLOCK" },
	{ "vduse", "vduse", "CONFIG_VDPA_USER" },
};

/* Returns whether @name has the form of the auxiliary bus, MODULE.KIND.NUMBER. */
static bool is_auxiliary(const char *name)
{
	const char *last = strrchr(name, '.');

	return last && last != name && strchr(name, '.') != last && last[1] &&
	       !last[1 + strspn(last + 1, "0123456789")];
}

static void hint_mgmtdev(struct err *err, const struct handle *handle)
{
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		/* It is easy to type the module's name: two of them differ by one underscore. */
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
		err_hint(err, "name its bus as well: auxiliary/%.200s", handle_name(handle));
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
		"set the MAC address of '%s': this kernel cannot change an existing device; "
		"Linux 6.13 and later can",
		name);
	err_hint(err, "delete it and add it again: vdpa dev add ... mac MAC");
	return -EOPNOTSUPP;
}
