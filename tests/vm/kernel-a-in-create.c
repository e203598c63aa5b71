/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A VDUSE for kernel A that takes VDUSE's features in the request that creates a device. */

/*
 * This is kernel A's own VDUSE with an interface for VDUSE's features that was proposed, and that
 * no release has. VDUSE_GET_FEATURES reports the features, VDUSE_SET_FEATURES does not exist, and
 * VDUSE_CREATE_DEV takes them in 8 bytes after the number of address spaces. The module is loaded
 * instead of vduse, since both create nodes and classes of the same names.
 *
 * Only the interface is modelled: with or without its features, a device behaves as in version 0,
 * so the words for groups and address spaces must be zero. The kernel's log shows the features that
 * the module was given.
 */
#define pr_fmt(text) KBUILD_MODNAME ": " text

#include <linux/cdev.h>

static void in_create_init(struct cdev *cdev, const struct file_operations *operations);

/*
 * The kernel's own code passes the operations of its control node to one function, cdev_init(): so
 * replacing that function is enough to replace an operation.
 */
#define cdev_init in_create_init
#include "vduse_dev.c"
#undef cdev_init

#define GET_FEATURES	_IOR(VDUSE_BASE, 0x04, u64)
#define SET_FEATURES	_IOW(VDUSE_BASE, 0x05, u64)
#define FEATURES	0x3 /* QUEUE_READY, SUSPEND */
#define FEATURES_OFFSET 288

static long create(u64 api_version, void __user *argument)
{
	const size_t size = offsetof(struct vduse_dev_config, config);
	struct vduse_dev_config config;
	void *bytes;
	u64 features;
	long ret;

	if (copy_from_user(&config, argument, size))
		return -EFAULT;
	/* The kernel's own code demands that these bytes are zero. */
	memcpy(&features, (char *)&config + FEATURES_OFFSET, sizeof(features));
	memset((char *)&config + FEATURES_OFFSET, 0, sizeof(features));
	if ((features & ~(u64)FEATURES) || !vduse_validate_config(&config))
		return -EINVAL;
	bytes = vmemdup_user(argument + size, config.config_size);
	if (IS_ERR(bytes))
		return PTR_ERR(bytes);
	config.name[VDUSE_NAME_MAX - 1] = '\0';
	ret = vduse_create_dev(&config, bytes, api_version);
	if (ret)
		kvfree(bytes);
	else
		pr_info("created '%s' with features 0x%llx\n", config.name, features);
	return ret;
}

static long control_ioctl(struct file *file, unsigned int number, unsigned long argument)
{
	struct vduse_control *control = file->private_data;
	void __user *pointer = (void __user *)argument;
	u64 features;
	long ret;

	switch (number) {
	case GET_FEATURES:
		return put_user((u64)FEATURES, (u64 __user *)pointer);
	case SET_FEATURES:
		if (!get_user(features, (u64 __user *)pointer))
			pr_info("refused to set features 0x%llx\n", features);
		return -EINVAL;
	case VDUSE_CREATE_DEV:
		mutex_lock(&vduse_lock);
		ret = create(control->api_version, pointer);
		mutex_unlock(&vduse_lock);
		return ret;
	default:
		return vduse_ioctl(file, number, argument);
	}
}

static void in_create_init(struct cdev *cdev, const struct file_operations *operations)
{
	static struct file_operations own;

	if (operations == &vduse_ctrl_fops) {
		own = vduse_ctrl_fops;
		own.unlocked_ioctl = control_ioctl;
		operations = &own;
	}
	cdev_init(cdev, operations);
}

MODULE_ALIAS("vduse-in-create");
