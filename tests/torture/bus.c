/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of a fake kernel on the vdpa bus, and their drivers, as files below FAKE_ROOT/sys. */
#include "torture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files */

void torture_put_file(const char *path, const char *text)
{
	int fd = REAL_64(open)(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || REAL(write)(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

bool torture_exists(const char *path)
{
	struct stat status;

	return !lstat(path, &status);
}

/* Removes a directory with its files, and those of its directories. */
void torture_remove_all(const char *path)
{
	DIR *directory = REAL(opendir)(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		char below[TORTURE_PATH_SIZE + 256];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			torture_remove_all(below);
		else
			unlink(below);
	}
	if (directory)
		closedir(directory);
	rmdir(path);
}

/* Devices of the vdpa bus */

static const char *dev_directory(char *buffer, const char *name, bool vduse)
{
	return vduse ? torture_path(buffer, "/sys/devices/virtual/vduse/%s/%s", name, name)
		     : torture_path(buffer, "/sys/devices/%s", name);
}

#define DEV_DIRECTORY(name, vduse) dev_directory((char[TORTURE_PATH_SIZE]){ 0 }, name, vduse)

int torture_dev_read(const char *name, struct torture_dev *dev)
{
	const char *path = TORTURE_PATH("/sys/bus/vdpa/devices/%s/torture", name);
	int fd = REAL_64(open)(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, dev, sizeof(*dev));

	if (fd >= 0)
		close(fd);
	return length == sizeof(*dev) ? 0 : ENODEV;
}

int torture_dev_write(const struct torture_dev *dev)
{
	const char *path = TORTURE_PATH("/sys/bus/vdpa/devices/%s/torture", dev->name);
	int fd = REAL_64(open)(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || REAL(write)(fd, dev, sizeof(*dev)) != sizeof(*dev))
		abort();
	close(fd);
	return 0;
}

int torture_dev_name(unsigned int index, char name[256])
{
	struct dirent **entries;
	int count = scandir(TORTURE_PATH("/sys/bus/vdpa/devices"), &entries, NULL, alphasort);
	int found = (int)index + 2 < count;

	/* The first two are those of any directory. */
	if (found)
		snprintf(name, 256, "%s", entries[index + 2]->d_name);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
	return found;
}

static void add_vhost(const char *directory)
{
	const char *below = directory + strlen(getenv("FAKE_ROOT"));
	unsigned int number = 0;
	char text[32];

	while (torture_exists(TORTURE_PATH("/dev/vhost-vdpa-%u", number)))
		number++;
	mkdir(TORTURE_PATH("%s/vhost-vdpa-%u", below, number), 0755);
	snprintf(text, sizeof(text), "%u:%u\n", VHOST_MAJOR, number);
	torture_put_file(TORTURE_PATH("%s/vhost-vdpa-%u/dev", below, number), text);
	torture_put_file(TORTURE_PATH("/dev/vhost-vdpa-%u", number), "");
	REAL(symlink)
	(TORTURE_PATH("%s/vhost-vdpa-%u", below, number),
	 TORTURE_PATH("/sys/dev/char/%u:%u", VHOST_MAJOR, number));
}

static void add_virtio(const char *directory)
{
	const char *below = directory + strlen(getenv("FAKE_ROOT"));

	mkdir(TORTURE_PATH("%s/virtio0", below), 0755);
	mkdir(TORTURE_PATH("%s/virtio0/net", below), 0755);
	mkdir(TORTURE_PATH("%s/virtio0/net/tap0", below), 0755);
	REAL(symlink)
	(TORTURE_PATH("%s/virtio0", below), TORTURE_PATH("/sys/bus/virtio/devices/virtio0"));
	REAL(symlink)
	(TORTURE_PATH("%s/virtio0/net/tap0", below), TORTURE_PATH("/sys/class/net/tap0"));
}

static int bind_dev(const char *name, const char *driver)
{
	struct torture_dev dev;
	const char *directory;

	if (torture_dev_read(name, &dev))
		return ENODEV;
	directory = DEV_DIRECTORY(name, !strcmp(dev.mgmtdev, "vduse"));
	if (torture_exists(TORTURE_PATH("/sys/bus/vdpa/devices/%s/driver", name)))
		return EBUSY;
	REAL(symlink)
	(TORTURE_PATH("/sys/bus/vdpa/drivers/%s", driver),
	 TORTURE_PATH("/sys/bus/vdpa/devices/%s/driver", name));
	REAL(symlink)(directory, TORTURE_PATH("/sys/bus/vdpa/drivers/%s/%s", driver, name));
	if (!strcmp(driver, "vhost_vdpa"))
		add_vhost(directory);
	else
		add_virtio(directory);
	return 0;
}

static void remove_vhost(const char *name)
{
	for (unsigned int number = 0; number < 16; number++)
		if (torture_exists(
			    TORTURE_PATH("/sys/bus/vdpa/devices/%s/vhost-vdpa-%u", name, number))) {
			unlink(TORTURE_PATH("/dev/vhost-vdpa-%u", number));
			unlink(TORTURE_PATH("/sys/dev/char/%u:%u", VHOST_MAJOR, number));
			torture_remove_all(TORTURE_PATH("/sys/bus/vdpa/devices/%s/vhost-vdpa-%u",
							name, number));
		}
}

static int unbind_dev(const char *name, const char *driver)
{
	const char *link = TORTURE_PATH("/sys/bus/vdpa/drivers/%s/%s", driver, name);

	if (!torture_exists(link))
		return ENODEV;
	unlink(link);
	unlink(TORTURE_PATH("/sys/bus/vdpa/devices/%s/driver", name));
	remove_vhost(name);
	if (torture_exists(TORTURE_PATH("/sys/bus/vdpa/devices/%s/virtio0", name))) {
		unlink(TORTURE_PATH("/sys/bus/virtio/devices/virtio0"));
		unlink(TORTURE_PATH("/sys/class/net/tap0"));
		torture_remove_all(TORTURE_PATH("/sys/bus/vdpa/devices/%s/virtio0", name));
	}
	return 0;
}

static bool has_autoprobe(void)
{
	char byte = '0';
	int fd = REAL_64(open)(TORTURE_PATH("/sys/bus/vdpa/drivers_autoprobe"),
			       O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &byte, 1) != 1)
		abort();
	close(fd);
	return byte == '1';
}

int torture_dev_create(const struct torture_dev *dev)
{
	const bool vduse = !strcmp(dev->mgmtdev, "vduse");
	const char *directory = DEV_DIRECTORY(dev->name, vduse);

	if (torture_exists(TORTURE_PATH("/sys/bus/vdpa/devices/%s", dev->name)))
		return EEXIST;
	if (mkdir(directory, 0755))
		return vduse ? ENODEV : errno;
	REAL(symlink)(directory, TORTURE_PATH("/sys/bus/vdpa/devices/%s", dev->name));
	torture_dev_write(dev);
	torture_put_file(TORTURE_PATH("/sys/bus/vdpa/devices/%s/driver_override", dev->name),
			 "(null)\n");
	torture_put_file(TORTURE_PATH("/sys/bus/vdpa/devices/%s/uevent", dev->name), "");
	return has_autoprobe() ? bind_dev(dev->name, "vhost_vdpa") : 0;
}

int torture_dev_delete(const char *name)
{
	struct torture_dev dev;

	if (torture_dev_read(name, &dev))
		return ENODEV;
	unbind_dev(name, "vhost_vdpa");
	unbind_dev(name, "virtio_vdpa");
	torture_remove_all(DEV_DIRECTORY(name, !strcmp(dev.mgmtdev, "vduse")));
	unlink(TORTURE_PATH("/sys/bus/vdpa/devices/%s", name));
	return 0;
}

/* Attributes. A write has happened when it comes here, into an ordinary file. */

static int attribute_written(int fd, const char *path, const char *text, size_t length)
{
	const char *attribute = strrchr(path, '/') + 1;
	char driver[64];

	if (sscanf(path, "/sys/bus/vdpa/drivers/%63[^/]/", driver) == 1 ||
	    !strcmp(attribute, "drivers_probe")) {
		if (ftruncate(fd, 0))
			abort();
		if (!strcmp(attribute, "bind"))
			return bind_dev(text, driver);
		if (!strcmp(attribute, "unbind"))
			return unbind_dev(text, driver);
		return bind_dev(text, "vhost_vdpa");
	}
	if (ftruncate(fd, (off_t)length) ||
	    (text[length - 1] != '\n' && pwrite(fd, "\n", 1, (off_t)length) != 1) ||
	    (!strcmp(text, "\n") && pwrite(fd, "(null)\n", 7, 0) != 7))
		abort();
	return 0;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	const char *root = getenv("FAKE_ROOT");
	char link[32], path[TORTURE_PATH_SIZE], text[512];
	ssize_t length, written = REAL(write)(fd, bytes, size);
	int code = 0;

	if (written < 0 || !root)
		return written;
	torture_pause();
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	snprintf(text, sizeof(text), "%.*s", (int)size, (const char *)bytes);
	length = REAL(readlink)(link, path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	if (!strncmp(path, root, strlen(root)) && !strncmp(path + strlen(root), "/sys/", 5))
		code = attribute_written(fd, path + strlen(root), text, size);
	torture_resume();
	errno = code ? code : errno;
	return code ? -1 : written;
}
