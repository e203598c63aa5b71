/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains in words why VFIO refused a request, with a hint. */
#include "explain.h"

#include "abi/vfio.h"
#include "base/list.h"
#include "base/pci.h"
#include "base/text.h"
#include "kernel.h"
#include "sys/modules.h"
#include "sys/rights.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int explain_absent(struct err *err)
{
	err_set_status(err, STATUS_NOT_SUPPORTED, ENOENT,
		       "VFIO is not available: its module is not loaded");
	modules_hint(err, "vfio-pci", "CONFIG_VFIO_PCI");
	return -ENOENT;
}

/*
 * Hints at the commands that bind the device to vfio-pci, and first unbind its present driver. The
 * hint uses driver_override rather than vfio-pci's new_id, which would take all devices of the same
 * kind.
 */
static void hint_bind(struct err *err, const char *name, bool has_driver)
{
	static const char directory[] = "/sys/bus/pci/devices";
	char unbind[200] = "";
	struct text hint;

	if (!sysfs_exists("/sys/bus/pci/drivers/vfio-pci")) {
		if (modules_hint(err, "vfio-pci", "CONFIG_VFIO_PCI")) {
			hint = text_continue(err->hint, sizeof(err->hint));
			text_add(&hint, ", then bind the device to it");
		}
		return;
	}
	if (has_driver)
		snprintf(unbind, sizeof(unbind), "echo %s >%s/%s/driver/unbind; ", name, directory,
			 name);
	err_hint(err, "echo vfio-pci >%s/%s/driver_override; %secho %s >/sys/bus/pci/drivers_probe",
		 directory, name, unbind, name);
}

/*
 * The kernel holds the device's lock, or its nodes are not complete. Both pass within a moment.
 * @tried: "open ", or empty.
 */
static int explain_in_transition(struct err *err, const char *tried, const char *name)
{
	err_set_status(err, STATUS_BUSY, EAGAIN,
		       "%s'%.300s': the kernel is resetting it or changing its driver", tried,
		       name);
	err_hint(err, "try again in a moment");
	return -EAGAIN;
}

int explain_no_dev(struct err *err, const char *word, const char *name)
{
	char path[512], target[SYSFS_PATH_SIZE];
	bool has_driver;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.200s", name);
	if (!pci_address_valid(name) || !sysfs_exists(path)) {
		err_set(err, ENODEV, "'%.300s': there is no such VFIO device", word);
		err_hint(err, "'vfio dev show' lists the devices");
		return -ENODEV;
	}
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.200s/iommu_group", name);
	if (!sysfs_exists(path) &&
	    sysfs_is("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", 'Y') <= 0) {
		err_set(err, ENODEV, "'%.300s': it has no IOMMU, so no VFIO driver takes it", word);
		err_hint(err,
			 "enable the IOMMU in the firmware, and with intel_iommu=on or the like");
		return -ENODEV;
	}
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.200s/driver", name);
	has_driver = sysfs_link(path, target);
	/*
	 * The names of all VFIO drivers contain "vfio". This one has the device, but VFIO does not
	 * list it: the driver is just being bound or unbound.
	 */
	if (has_driver && strstr(sysfs_base(target), "vfio"))
		return explain_in_transition(err, "", word);
	if (has_driver)
		err_set(err, ENODEV, "'%.300s': it is bound to %.100s, which is not a VFIO driver",
			word, sysfs_base(target));
	else
		err_set(err, ENODEV, "'%.300s': it is bound to no driver", word);
	hint_bind(err, name, has_driver);
	return -ENODEV;
}

/*
 * Another run of this tool has a device only for a moment, and a holder that cannot be seen may be
 * one: EAGAIN makes the caller retry.
 */
static int busy_code(const struct holder_row *row)
{
	/* A process that has ended in the meantime has no name any more. */
	return !row || !row->command[0] || str_equal(row->command, "vfio") ? EAGAIN : EBUSY;
}

static int explain_nobody(struct err *err, const struct dev *dev)
{
	err_set_status(err, STATUS_BUSY, EAGAIN, "open '%s': somebody has it or its group open",
		       dev->name);
	if (geteuid())
		err_hint(err, "only root can see which process that is");
	else
		err_hint(err, "that process is not visible here: one of you may be in a container");
	return -EAGAIN;
}

int explain_holder(struct err *err, const struct dev *dev)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	const struct holder_row *row = dev->holders.count ? dev->holders.items[0] : NULL;
	const struct dev *held = dev;
	struct err ignored;
	int code;

	/* The device was free when its holders were read, so read those of its whole group again.
	 */
	if (!row && !kernel_devs(&devs, &ignored))
		row = kernel_find_holder(&devs, dev, &held);
	if (!row)
		return explain_nobody(err, dev);
	code = busy_code(row);
	if (str_equal(held->name, dev->name)) {
		err_set_status(err, STATUS_BUSY, code,
			       "open '%s': process %u (%s) has it or its group open", dev->name,
			       row->pid, row->command);
		err_hint(err, "opening a device resets it, so end that process first");
	} else {
		err_set_status(err, STATUS_BUSY, code,
			       "open '%s': process %u (%s) has %s of its IOMMU group %u open",
			       dev->name, row->pid, row->command, held->name, dev->iommu_group);
		err_hint(err, "a group has one user at a time, so end that process first");
	}
	return -code;
}

int explain_vf_holder(struct err *err, const struct dev *dev, const struct dev *function)
{
	const struct holder_row *row = function ? function->holders.items[0] : NULL;
	const int code = busy_code(row);

	if (row)
		err_set_status(err, STATUS_BUSY, code,
			       "open '%s': process %u (%s) has its virtual function %s open",
			       dev->name, row->pid, row->command, function->name);
	else
		err_set_status(err, STATUS_BUSY, code,
			       "open '%s': one of its virtual functions is in use", dev->name);
	err_hint(err, "opening it resets it, which takes its virtual functions away: end that "
		      "process first");
	return -code;
}

int explain_node(struct err *err, const struct dev *dev, const char *path, const char *module)
{
	const bool is_shared = str_equal(path, VFIO_CONTAINER) || str_equal(path, IOMMUFD_NODE);

	switch (err->code) {
	case ENXIO:
		err->status = STATUS_NOT_SUPPORTED;
		modules_hint(err, module, NULL);
		break;
	case ENOENT:
	case ENODEV:
		/* chardev_open() has set a status: the path is no character device. */
		if (err->status)
			break;
		/* The device's own node was there a moment ago, so that the device went away. */
		if (!is_shared)
			return explain_request(err, ENODEV, dev, "open");
		err->status = STATUS_NOT_SUPPORTED;
		modules_hint(err, module, NULL);
		break;
	case EBUSY:
		return explain_holder(err, dev);
	case EACCES:
	case EPERM:
		rights_hint_node(err, "vfio", path);
		break;
	default:
		break;
	}
	return -err->code;
}

/* Whether a node is there now, or the device gone, though the last look did not find it so. */
static bool is_in_transition(const struct dev *dev)
{
	char path[512];

	snprintf(path, sizeof(path), VFIO_CLASS "/%.200s", dev->vfio);
	if (!sysfs_exists(path))
		return true;
	snprintf(path, sizeof(path), VFIO_NODES "/%u", dev->iommu_group);
	if (!dev->group_node && dev->present & BIT64(DEV_HAS_GROUP) && sysfs_exists(path))
		return true;
	snprintf(path, sizeof(path), VFIO_CDEVS "/%.200s", dev->vfio);
	return !dev->cdev && sysfs_exists(path);
}

int explain_no_node(struct err *err, const struct dev *dev, enum open_method method)
{
	if (is_in_transition(dev))
		return explain_in_transition(err, "open ", dev->name);
	if (method == OPEN_BY_IOMMUFD) {
		err_set(err, EOPNOTSUPP, "open '%s': it has no node below %s on this kernel",
			dev->name, VFIO_CDEVS);
		err_hint(err, "leave out 'iommufd', or use 'container'");
		return -EOPNOTSUPP;
	}
	err_set(err, EOPNOTSUPP, "open '%s': it has no node that can be opened below %s", dev->name,
		VFIO_NODES);
	if (dev->present & BIT64(DEV_HAS_GROUP))
		err_hint(err, "the node of group %u is missing: is this the /dev of a container?",
			 dev->iommu_group);
	return -EOPNOTSUPP;
}

int explain_group(struct err *err, const struct dev *dev)
{
	char name[64], driver[64];

	if (!kernel_find_blocker(dev->iommu_group, name, driver))
		return explain_holder(err, dev);
	err_set(err, EBUSY,
		"open '%s': %s in its IOMMU group %u is bound to %s, which VFIO cannot share it "
		"with",
		dev->name, name, dev->iommu_group, driver);
	err_hint(err, "echo %s >/sys/bus/pci/drivers/%s/unbind", name, driver);
	return -EBUSY;
}

static int explain_token(struct err *err, const struct dev *dev, bool with_token)
{
	const bool is_virtual = dev->present & BIT64(DEV_HAS_PHYSFN);

	err_set(err, EACCES, "open '%s': %s", dev->name,
		with_token ? "this is not its token" : "it needs its token");
	if (is_virtual)
		err_hint(err, "add 'token UUID', as set by: vfio feature set %s pci_vf_token",
			 dev->physfn);
	else
		err_hint(err, "its virtual functions are in use, and a reset takes them away: add "
			      "'token UUID', as set on it");
	return -EACCES;
}

int explain_open(struct err *err, int code, const struct dev *dev, bool with_token)
{
	char name[64], driver[64];

	switch (code) {
	case EACCES:
		return explain_token(err, dev, with_token);
	case EBUSY:
		return explain_holder(err, dev);
	case EAGAIN:
		return explain_in_transition(err, "open ", dev->name);
	case EPERM:
		/* DMA of the group belongs to another driver, or to another user of VFIO. */
		if (kernel_find_blocker(dev->iommu_group, name, driver))
			return explain_group(err, dev);
		return explain_holder(err, dev);
	case EINVAL:
		/* Beside other faults, EINVAL means that a token was sent which is of no use. */
		if (!with_token)
			break;
		err_set(err, EINVAL, "open '%s': it takes no token", dev->name);
		err_hint(err,
			 "only a physical function that is bound to vfio-pci has one, with its "
			 "virtual functions");
		return -EINVAL;
	default:
		break;
	}
	return explain_request(err, code, dev, "open");
}

int explain_iommu(struct err *err, int code, const struct dev *dev)
{
	if (!code) {
		err_set(err, EOPNOTSUPP, "open '%s': no VFIO backend for its IOMMU is loaded",
			dev->name);
		modules_hint(err, "vfio_iommu_type1", "CONFIG_VFIO_IOMMU_TYPE1");
	} else if (code == EPERM) {
		/* A device raises an interrupt by writing to memory, and could write anything. */
		err_set(err, EPERM,
			"open '%s': its IOMMU does not remap interrupts, so the device could "
			"forge them",
			dev->name);
		err_hint(err, "if that is acceptable: echo 1 "
			      ">/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
	} else {
		err_set_status(err, code == ENODEV ? STATUS_NOT_SUPPORTED : STATUS_DONE, code,
			       "open '%s': its IOMMU cannot be used: %s", dev->name,
			       err_words(code));
	}
	return -err->code;
}

int explain_request(struct err *err, int code, const struct dev *dev, const char *tried)
{
	if (code == ENODEV || (code == EIO && !sysfs_exists(dev->path)))
		return err_set(err, ENODEV, "%s '%s': its driver was unbound in the meantime",
			       tried, dev->name);
	return err_set(err, code, "%s '%s': %s", tried, dev->name, err_words(code));
}

int explain_no_feature(struct err *err, const struct dev *dev, const struct device_feature *feature,
		       const char *operation)
{
	if (operation)
		err_set(err, EOPNOTSUPP, "'%s': its feature %s cannot be %s", dev->name,
			feature->name, str_equal(operation, "get") ? "read" : operation);
	else
		err_set(err, EOPNOTSUPP, "'%s': it has no feature %s", dev->name, feature->name);
	err_hint(err, "'vfio feature show %s' lists its features", dev->name);
	return -EOPNOTSUPP;
}

int explain_other_feature(struct err *err, const struct dev *dev, enum index_11 wanted,
			  enum index_11 found)
{
	struct device_feature named = { 0 }, other = { 0 };

	feature_describe(&named, VFIO_INDEX_11, wanted, false);
	feature_describe(&other, VFIO_INDEX_11, found, false);
	err_set(err, EOPNOTSUPP, "'%s': it has no feature %s: this kernel uses feature %u for %s",
		dev->name, named.name, VFIO_INDEX_11, other.name);
	err_hint(err, "'vfio feature show %s' lists its features", dev->name);
	return -EOPNOTSUPP;
}

int explain_feature(struct err *err, int code, const struct dev *dev,
		    const struct device_feature *feature, const char *operation)
{
	if (code == ENODEV)
		return explain_request(err, code, dev, operation);
	err_set(err, code, "%s feature %s of '%s': %s", operation, feature->name, dev->name,
		err_words(code));
	if (code == EINVAL)
		err_hint(err, "the value has the wrong size for this kernel, or is not valid in "
			      "this state");
	return -code;
}
