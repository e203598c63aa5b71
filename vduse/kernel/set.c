/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the attributes of a device in sysfs, and reads them back. */
#include "abi/vdpa.h"
#include "kernel.h"

#include "abi/vduse.h"
#include "explain.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

static int set_attribute(const char *name, const char *attribute, const char *text, struct err *err)
{
	_cleanup_close_ int fd = -1;
	char path[VDPA_PATH_SIZE];

	if (!kernel_may_be_dev(name))
		return explain_no_dev(err, "set", name);
	kernel_sysfs_path(name, attribute, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return explain_attribute(err, errno, name, attribute);
	return 0;
}

static int get_attribute(const char *name, const char *attribute, char *text, size_t size,
			 struct err *err)
{
	char path[VDPA_PATH_SIZE];
	int ret;

	kernel_sysfs_path(name, attribute, path, sizeof(path));
	ret = sysfs_read(path, text, size);
	if (ret > 0)
		return 0;
	if (ret < 0)
		return sysfs_failed(err, ret, path);
	return err_set(err, EIO, "set '%.300s': %s cannot be read back", name, attribute);
}

int kernel_set_number(const char *name, const char *attribute, uint64_t *number, struct err *err)
{
	char text[32];
	int ret;

	snprintf(text, sizeof(text), "%ju", (uintmax_t)*number);
	ret = set_attribute(name, attribute, text, err);
	if (!ret)
		ret = get_attribute(name, attribute, text, sizeof(text), err);
	if (!ret && num_parse(text, 0, UINT64_MAX, number))
		ret = err_set(err, EBADMSG, "set '%.300s': %s reads back as '%s'", name, attribute,
			      text);
	return ret;
}

static bool has_attribute(const char *name, const char *attribute)
{
	char path[VDPA_PATH_SIZE];

	kernel_sysfs_path(name, attribute, path, sizeof(path));
	return sysfs_exists(path);
}

/* The functions of VDUSE that the kernel's symbol table lists. */
struct functions {
	bool vduse, bounce_size;
};

static void look_at_function(void *data, const char *line)
{
	struct functions *functions = data;

	functions->vduse |= strstr(line, " vduse_dev_ioctl") != NULL;
	functions->bounce_size |= strstr(line, " bounce_size_store") != NULL;
}

static int find_bounce_size(void *data _unused_, const char *name, const char *target _unused_)
{
	if (!kernel_may_be_dev(name))
		return 0;
	return has_attribute(name, "bounce_size") ? 1 : has_attribute(name, "msg_timeout") ? 2 : 0;
}

/*
 * No version of the interface announces the attribute: kernels of version 0 may have it. If there
 * is another device, it shows; else /proc/kallsyms does, which not everybody may read.
 */
bool kernel_lacks_bounce_size(uint64_t version)
{
	struct functions functions = { 0 };
	int found;

	if (version >= VDUSE_API_VERSION_1)
		return false;
	found = sysfs_each_link(VDUSE_CLASS, "", find_bounce_size, NULL);
	if (found > 0)
		return found == 2;
	sysfs_each_line("/proc/kallsyms", look_at_function, &functions);
	return functions.vduse && !functions.bounce_size;
}

/* The kernel refuses a mask with bits above that of its last possible CPU. */
static int no_such_cpus(struct err *err, const char *name)
{
	char possible[256];

	if (sysfs_read("/sys/devices/system/cpu/possible", possible, sizeof(possible)) <= 0)
		strcpy(possible, "fewer");
	return err_set(err, EOVERFLOW, "set '%.300s': not all of these CPUs exist: possible are %s",
		       name, possible);
}

int kernel_set_affinity(const char *name, uint32_t queue, const struct cpus *cpus, struct err *err)
{
	char attribute[64], text[CPUS_TEXT_SIZE];
	struct cpus now;
	int ret;

	snprintf(attribute, sizeof(attribute), "vq%u/irq_cb_affinity", queue);
	cpus_format_mask(cpus, text);
	ret = set_attribute(name, attribute, text, err);
	/* Kernels that have a bounce_size also have this attribute, so it is the queue that lacks.
	 */
	if (ret == -EOPNOTSUPP && has_attribute(name, "bounce_size"))
		return err_set(err, ENOENT, "set '%.300s': it has no queue %u", name, queue);
	if (ret == -EINVAL)
		return err_set(err, EINVAL, "set '%.300s': none of these CPUs is online", name);
	if (ret == -EOVERFLOW)
		return no_such_cpus(err, name);
	if (!ret)
		ret = get_attribute(name, attribute, text, sizeof(text), err);
	if (!ret && (cpus_parse_mask(text, &now) || memcmp(&now, cpus, sizeof(now))))
		ret = err_set(err, EIO, "set '%.300s': the kernel changed the mask to %s", name,
			      text);
	return ret;
}
