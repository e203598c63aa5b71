/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of doctor: known cards that support vDPA, and the setup that they lack. */
#include "doctor-checks.h"
#include "sys/modules.h"
#include "sys/sysfs.h"

#include <stdio.h>

#define DEVICES "/sys/bus/pci/devices"

/* A kind of card. The ids come from the tables of the kernel's drivers. */
struct card {
	uint16_t vendor, device, subvendor, subdevice; /* subvendor 0: any */
	const char *called;
	const char *driver; /* the driver of the PCI function */
	const char *module; /* the module that registers the management device */
	/*
	 * The module binds to a device on the auxiliary bus, below the function, whose name starts
	 * with this; NULL: the module drives the PCI function itself.
	 */
	const char *auxiliary;
	bool is_physical; /* a physical function: its virtual functions have vDPA devices */
};

#define MLX5(id, physical)                                                                         \
	{                                                                                          \
		0x15b3, id, 0, 0, "NVIDIA", "mlx5_core", "mlx5_vdpa", "mlx5_core.vnet.",           \
			(physical)                                                                 \
	}
#define OCTEP(id, physical)                                                                        \
	{                                                                                          \
		0x177d, id, 0, 0, "Marvell", "octep_vdpa", "octep_vdpa", NULL, (physical)          \
	}
#define IFCVF(id, sub)                                                                             \
	{                                                                                          \
		0x1af4, id, 0x8086, sub, "Intel", "ifcvf", "ifcvf", NULL, false                    \
	}

static const struct card cards[] = {
	/* drivers/net/ethernet/mellanox/mlx5/core/main.c, from ConnectX-6 Dx on */
	MLX5(0x101d, true),  /* ConnectX-6 Dx */
	MLX5(0x101e, false), /* virtual functions of all of them */
	MLX5(0x101f, true),  /* ConnectX-6 Lx */
	MLX5(0x1021, true),  /* ConnectX-7 */
	MLX5(0x1023, true),  /* ConnectX-8 */
	MLX5(0xa2d6, true),  /* BlueField-2 */
	MLX5(0xa2dc, true),  /* BlueField-3 */
	MLX5(0xa2df, true),  /* BlueField-4 */
	/* drivers/net/ethernet/amd/pds_core/main.c */
	{ 0x1dd8, 0x100c, 0, 0, "AMD Pensando", "pds_core", "pds_vdpa", "pds_core.vDPA.", true },
	{ 0x1dd8, 0x100b, 0, 0, "AMD Pensando", "pds_core", "pds_vdpa", "pds_core.vDPA.", false },
	/* drivers/vdpa/ifcvf/ifcvf_main.c */
	IFCVF(0x1041, 0x001a),
	IFCVF(0x1000, 0x0001),
	IFCVF(0x1001, 0x0002),
	/* drivers/vdpa/octeon_ep/octep_vdpa_main.c */
	OCTEP(0xb900, true),
	OCTEP(0xb903, false),
	OCTEP(0xba00, true),
	OCTEP(0xba03, false),
	OCTEP(0xbd00, true),
	OCTEP(0xbd03, false),
	/* drivers/vdpa/solidrun/snet_main.c; its devices have no management device */
	{ 0xd063, 0x1000, 0, 0, "SolidRun", "snet-vdpa-driver", "snet_vdpa", NULL, false },
};

/* The cards of this host. */
struct survey {
	struct name_list good, lacking;
	struct err hint; /* the hint for the first card that lacks something */
};

static unsigned long read_number(const char *address, const char *attribute, int base)
{
	char path[512], text[32];

	snprintf(path, sizeof(path), DEVICES "/%.200s/%s", address, attribute);
	return sysfs_read(path, text, sizeof(text)) > 0 ? strtoul(text, NULL, base) : 0;
}

static const struct card *find_card(const char *address)
{
	unsigned long vendor = read_number(address, "vendor", 16);
	unsigned long device = read_number(address, "device", 16);

	for (size_t i = 0; i < ARRAY_SIZE(cards); i++) {
		const struct card *card = &cards[i];

		if (vendor != card->vendor || device != card->device)
			continue;
		if (!card->subvendor ||
		    (read_number(address, "subsystem_vendor", 16) == card->subvendor &&
		     read_number(address, "subsystem_device", 16) == card->subdevice))
			return card;
	}
	return NULL;
}

static bool has_driver(const char *directory, const char *name)
{
	char path[600], target[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), "%.580s/driver", directory);
	return sysfs_link(path, target) && (!name || str_equal(sysfs_base(target), name));
}

/* Returns whether an interface has a switch id, which it has in switchdev mode only. */
static int has_switch(void *data, const char *netdev)
{
	char path[600], text[64];

	snprintf(path, sizeof(path), "%s/net/%s/phys_switch_id", (const char *)data, netdev);
	return sysfs_read(path, text, sizeof(text)) > 0;
}

/* Returns whether a physical function has scalable functions, which replace virtual ones. */
static bool has_scalable(const char *directory)
{
	char name[64];

	return sysfs_find(directory, "mlx5_core.sf.", name, sizeof(name)) > 0;
}

/* Returns the missing setup of a physical function, with a hint, or NULL. */
static const char *check_physical(const struct card *card, const char *address,
				  const char *directory, struct err *hint)
{
	char path[600];
	bool has_virtual = read_number(address, "sriov_numvfs", 10);
	bool is_pds = str_equal(card->driver, "pds_core");

	snprintf(path, sizeof(path), "%s/net", directory);
	if (!has_virtual && !has_scalable(directory)) {
		err_hint(hint, "%s%s%secho 1 > " DEVICES "/%s/sriov_numvfs",
			 is_pds ? "devlink dev param set pci/" : "", is_pds ? address : "",
			 is_pds ? " name enable_vnet value true cmode runtime; " : "", address);
		return "no virtual functions";
	}
	if (str_equal(card->driver, "mlx5_core") && sysfs_exists(path) &&
	    sysfs_each(path, has_switch, (void *)directory) <= 0) {
		err_hint(hint, "devlink dev eswitch set pci/%s mode switchdev", address);
		return "not in switchdev mode";
	}
	return NULL;
}

/* The same for a function that has vDPA devices itself. */
static const char *check_function(const struct card *card, const char *address,
				  const char *directory, struct err *hint)
{
	char path[600], name[256];

	if (!card->auxiliary)
		return NULL;
	if (sysfs_find(directory, card->auxiliary, name, sizeof(name)) <= 0) {
		bool is_pds = str_equal(card->driver, "pds_core");

		err_hint(hint,
			 is_pds ? "devlink dev param set pci/PF name enable_vnet value true cmode "
				  "runtime, where PF is its physical function"
				: "devlink dev param set pci/%s name enable_vnet value true cmode "
				  "driverinit && devlink dev reload pci/%s",
			 address, address);
		return "enable_vnet is off";
	}
	snprintf(path, sizeof(path), "%s/%.200s", directory, name);
	if (has_driver(path, NULL))
		return NULL;
	modules_hint(hint, card->module, NULL);
	return "its vDPA driver is not loaded";
}

static const char *check_card(const struct card *card, const char *address, struct err *hint)
{
	char directory[300];

	snprintf(directory, sizeof(directory), DEVICES "/%.200s", address);
	if (!has_driver(directory, card->driver)) {
		/* Without a hint, the module is loaded already: another driver has bound the card.
		 */
		if (!modules_hint(hint, card->auxiliary ? card->driver : card->module, NULL) &&
		    has_driver(directory, NULL))
			err_hint(hint, "bind it to %s: driverctl set-override %s %s", card->driver,
				 address, card->driver);
		return has_driver(directory, NULL) ? "it has another driver" : "it has no driver";
	}
	return card->is_physical ? check_physical(card, address, directory, hint)
				 : check_function(card, address, directory, hint);
}

static int take_function(void *data, const char *address)
{
	const struct card *card = find_card(address);
	struct survey *survey = data;
	struct err hint = { 0 };
	const char *lack;
	char text[160];

	if (!card)
		return 0;
	lack = check_card(card, address, &hint);
	snprintf(text, sizeof(text), "%.32s (%s, %s)%s%s", address, card->called, card->module,
		 lack ? ": " : "", lack ? lack : "");
	if (lack && !survey->lacking.count)
		survey->hint = hint;
	name_list_add(lack ? &survey->lacking : &survey->good, text);
	return 0;
}

void check_cards(struct doctor *doctor)
{
	struct survey survey = { 0 };

	if (!doctor_needs_sysfs(doctor, "cards"))
		return;
	sysfs_each(DEVICES, take_function, &survey);
	name_list_end(&survey.good);
	name_list_end(&survey.lacking);
	if (survey.lacking.count) {
		doctor_find(doctor, "cards", FINDING_WARNING, "%s", survey.lacking.text);
		if (survey.hint.hint[0])
			doctor_hint(doctor, "%s", survey.hint.hint);
	} else if (survey.good.count) {
		doctor_find(doctor, "cards", FINDING_OK, "%s", survey.good.text);
	} else {
		doctor_find(doctor, "cards", FINDING_OK, "no card that is known to support vDPA");
	}
}
