/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creates a device, sets it up and attaches it; deletes it again if a step fails. */
#include "dev-add.h"

#include "dev-attach.h"
#include "dev-set.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "vduse/kernel/kernel.h"
#include "vduse/model/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define VQ_SIZE_DEFAULT 256

/* The configuration space */

static int nibble(char digit)
{
	const char digits[] = "0123456789abcdef";
	const char *found = digit ? strchr(digits, digit | 0x20) : NULL;

	/* This bit turns capital letters into small ones, and is set in digits already. */
	return found && *found ? (int)(found - digits) : -1;
}

static int config_from_hex(struct dev_new *dev, const char *digits, struct err *err)
{
	size_t length = strlen(digits);

	if (!length || length % 2)
		return err_usage(err,
				 "config must have two digits for each byte after hex:, not '%s'",
				 digits);
	dev->config.bytes = malloc(length / 2);
	if (!dev->config.bytes)
		return err_memory(err);
	dev->config.size = length / 2;
	for (size_t i = 0; i < dev->config.size; i++) {
		int high = nibble(digits[2 * i]), low = nibble(digits[2 * i + 1]);

		if (high < 0 || low < 0)
			return err_usage(err,
					 "config must have hexadecimal digits after hex:, not "
					 "'%.2s'",
					 digits + 2 * i);
		dev->config.bytes[i] = high << 4 | low;
	}
	return 0;
}

/* Only regular files: opening a pipe could wait for ever, and opening a device can change it. */
static int check_file(const char *path, struct err *err)
{
	struct stat status;

	if (stat(path, &status))
		return err_set(err, errno, "read config from '%s': %s", path, err_words(errno));
	if (!S_ISREG(status.st_mode))
		return err_usage(err,
				 "config must be a file, or hex: and bytes; '%s' is not a "
				 "regular file",
				 path);
	if (!status.st_size)
		return err_usage(err,
				 "config must be a file with the bytes of the configuration "
				 "space; '%s' is empty",
				 path);
	return 0;
}

static int config_from_file(struct dev_new *dev, const char *path, size_t page, struct err *err)
{
	_cleanup_close_ int fd = -1;
	ssize_t length;
	int ret = check_file(path, err);

	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, errno, "read config from '%s': %s", path, err_words(errno));
	/* Reading one byte more than fits shows whether the file is too long. */
	dev->config.bytes = malloc(page + 1);
	if (!dev->config.bytes)
		return err_memory(err);
	length = read(fd, dev->config.bytes, page + 1);
	if (length < 0)
		return err_set(err, errno, "read config from '%s': %s", path, err_words(errno));
	if ((size_t)length > page)
		return err_usage(err,
				 "config: '%s' is longer than a page of %zu bytes, VDUSE's "
				 "limit",
				 path, page);
	dev->config.size = length;
	return 0;
}

static int read_config(struct dev_new *dev, const char *word, size_t page, struct err *err)
{
	static const char hex[] = "hex:";

	if (!word)
		return 0;
	if (str_starts(word, hex))
		return config_from_hex(dev, word + strlen(hex), err);
	return config_from_file(dev, word, page, err);
}

/* Checks and defaults, before anything is asked of the kernel */

static uint32_t default_vqs(uint32_t type)
{
	/* A net device has one queue each way; a file system has a second for urgent requests. */
	return type == VIRTIO_TYPE_BLOCK ? 1 : 2;
}

static void fill_defaults(struct dev_new *dev, size_t page)
{
	if (!dev->vqs.set)
		dev->vqs.value = default_vqs(dev->type.id);
	if (!dev->vq_size.set)
		dev->vq_size.value = VQ_SIZE_DEFAULT;
	if (!dev->vq_align.set)
		dev->vq_align.value = page;
}

/* Unlike in iproute2's vdpa, a mask without 0x is decimal, as all numbers of this tool are. */
static int read_features(struct opt_features *features, uint32_t type, struct err *err)
{
	int ret;

	features->value.type = type;
	if (!features->set)
		return 0;
	ret = virtio_features_parse(features->words, type, NULL, &features->value.bits, err);
	if (ret)
		err_context(err, "features");
	return ret;
}

static void add_needed(struct caller *caller, struct dev_new *dev)
{
	uint64_t needed = rules_needed_features(dev);
	char names[256];

	dev->features.value.bits |= needed;
	if (!needed || !caller->details)
		return;
	virtio_features_format(needed, dev->type.id, names, sizeof(names));
	caller_warn(caller, "features: %s added, which this device needs", names);
}

static int prepare(struct caller *caller, struct dev_new *dev, struct err *err)
{
	size_t page = sysconf(_SC_PAGESIZE);
	int ret;

	if (dev->driver.name && !dev->attach)
		return err_usage(err, "'driver' needs 'attach'");
	fill_defaults(dev, page);
	ret = read_features(&dev->features, dev->type.id, err);
	if (!ret)
		ret = read_config(dev, dev->config.word, page, err);
	if (!ret)
		ret = rules_check(dev, page, err);
	if (ret)
		return ret;
	add_needed(caller, dev);
	return rules_make_config(dev, err);
}

/* Steps */

/* Deletes the device that was just created, and adds the outcome to the error. */
static int roll_back(struct control *control, const struct dev_new *dev, struct err *err)
{
	struct err why;
	int ret = control_destroy(control, dev->name, &why);

	if (!ret)
		err_append(err, "; it was deleted again");
	else if (ret == -ENODEV)
		err_append(err, "; somebody has deleted it in the meantime");
	else
		err_append(err, "; and it could not be deleted again: %.500s", why.text);
	if (ret == -EBUSY && err->code == EINTR)
		err_hint(err, "the kernel cannot be stopped, and goes on attaching the device");
	return -err->code;
}

static int check_bounce_size(const struct control *control, const struct dev_new *dev,
			     struct err *err)
{
	if (!dev->bounce_size.set || !kernel_lacks_bounce_size(control->version))
		return 0;
	return err_set(err, EOPNOTSUPP, "add '%s': this kernel's VDUSE has no bounce_size",
		       dev->name);
}

static int create(struct control *control, const struct dev_new *dev, uint64_t *version,
		  struct err *err)
{
	int ret = control_open(control, err);

	/* The node may open only after the user has pressed Ctrl-C. */
	if (!ret)
		ret = guard_check(err);
	if (!ret)
		ret = rules_check_kernel(dev, control->version, control->has_features,
					 control->features, version, err);
	if (!ret)
		ret = check_bounce_size(control, dev, err);
	return ret ? ret : control_create(control, dev, *version, err);
}

static int configure(struct caller *caller, const struct dev_new *dev, uint64_t version,
		     struct err *err)
{
	int ret = kernel_setup_queues(dev, version, err);

	return ret ? ret : dev_set(caller, dev, err);
}

/* Deletes the device again if a step after its creation failed with @ret. */
static int undo_on_failure(struct control *control, const struct dev_new *dev, int ret,
			   struct err *err)
{
	if (!ret)
		return 0;
	err_context(err, "add '%s'", dev->name);
	return roll_back(control, dev, err);
}

static int create_and_configure(struct session *session, const struct dev_new *dev, struct err *err)
{
	uint64_t version;
	int ret = create(&session->control, dev, &version, err);

	return ret ? ret
		   : undo_on_failure(&session->control, dev,
				     configure(session->caller, dev, version, err), err);
}

static int run(struct session *session, const struct dev_new *dev, struct err *err)
{
	const char *driver = dev->driver.name;
	int ret = dev->attach ? attach_check(session->caller, dev->name, driver, err) : 0;

	if (ret)
		return ret;
	/* Until this is done, Ctrl-C does not kill us: it makes a step fail, which rolls back. */
	guard_hold();
	ret = create_and_configure(session, dev, err);
	if (!ret && dev->attach)
		ret = undo_on_failure(&session->control, dev,
				      attach(session->caller, dev->name, driver, err), err);
	guard_release();
	return ret;
}

int dev_add(struct session *session, const struct dev_new *wanted, struct err *err)
{
	struct dev_new dev = *wanted;
	int ret = prepare(session->caller, &dev, err);

	if (!ret)
		ret = run(session, &dev, err);
	free(dev.config.bytes);
	return ret;
}
