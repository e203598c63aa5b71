/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replaces a file as a whole, with a rename. */
#include "sys/replace.h"

#include "sys/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

static int failed(const struct replace *replace, int code, struct err *err)
{
	return err_set_status(err, code == EACCES || code == EPERM ? STATUS_DONE : STATUS_FAILED,
			      code, "write '%.300s': %s", replace->path, err_words(code));
}

/* A symbolic link stays; its target is replaced. */
static char *resolve(const char *path)
{
	char *resolved = realpath(path, NULL);

	return resolved ? resolved : strdup(path);
}

/* A file in place of a device, such as /dev/null, would break the host. */
static int check_place(const struct replace *replace, struct err *err)
{
	struct stat status;

	if (lstat(replace->path, &status))
		return errno == ENOENT ? 0 : failed(replace, errno, err);
	if (S_ISREG(status.st_mode))
		return 0;
	return err_set_status(err, STATUS_FAILED, EINVAL,
			      "write '%.300s': it exists and is not a file, so it is not replaced",
			      replace->path);
}

int replace_begin(struct replace *replace, const char *path, struct err *err)
{
	int fd;

	*replace = (struct replace){ .path = resolve(path) };
	/* Hold, because a signal must not leave the temporary file on the disk. */
	guard_hold();
	if (!replace->path)
		return err_memory(err);
	if (check_place(replace, err))
		return -err->code;
	if (asprintf(&replace->temporary, "%s.XXXXXX", replace->path) < 0) {
		replace->temporary = NULL;
		return err_memory(err);
	}
	fd = mkostemp(replace->temporary, O_CLOEXEC);
	if (fd < 0) {
		int code = errno;

		free(replace->temporary);
		replace->temporary = NULL;
		return failed(replace, code, err);
	}
	replace->stream = fdopen(fd, "w");
	if (!replace->stream) {
		close(fd);
		return err_memory(err);
	}
	return 0;
}

/*
 * The name is stored in the directory, which must be synced as well. Some file systems answer
 * EINVAL because they need no sync.
 */
static int sync_directory(const struct replace *replace, struct err *err)
{
	_cleanup_free_ char *copy = strdup(replace->path);
	_cleanup_close_ int fd = -1;

	if (!copy)
		return err_memory(err);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		return failed(replace, errno, err);
	return 0;
}

/* Writes everything to the disk. Returns 0 or a negative errno. */
static int finish(struct replace *replace)
{
	FILE *stream = replace->stream;
	int ret = 0;

	/* Without fsync(), a crash soon after the rename could leave an empty file. */
	errno = 0;
	if (ferror(stream) || fflush(stream) || fchmod(fileno(stream), 0644) ||
	    fsync(fileno(stream)))
		ret = errno ? -errno : -EIO;
	replace->stream = NULL;
	if (fclose(stream) && !ret)
		ret = -errno;
	return ret;
}

int replace_commit(struct replace *replace, struct err *err)
{
	int ret = finish(replace);

	if (ret)
		return failed(replace, -ret, err);
	if (rename(replace->temporary, replace->path))
		return failed(replace, errno, err);
	free(replace->temporary);
	replace->temporary = NULL;
	return sync_directory(replace, err);
}

void replace_release(struct replace *replace)
{
	if (replace->stream)
		fclose(replace->stream);
	if (replace->temporary)
		unlink(replace->temporary);
	free(replace->temporary);
	free(replace->path);
	guard_release();
}
