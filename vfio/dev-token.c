/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a token from the command line, a file or standard input, or generates one. */
#include "dev-token.h"

#include "base/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

/* Room for a UUID and for the white space around it. */
#define FILE_SIZE 256

/* A UUID of version 4 is random but for 6 bits. */
static int make_random(struct uuid *token, struct err *err)
{
	if (getrandom(token->bytes, sizeof(token->bytes), 0) != sizeof(token->bytes))
		return err_set(err, EIO, "the kernel has no random bytes");
	token->bytes[6] = (token->bytes[6] & 0x0f) | 0x40;
	token->bytes[8] = (token->bytes[8] & 0x3f) | 0x80;
	return 0;
}

static void warn_of_rights(struct app *app, int fd, const char *path)
{
	struct stat status;

	if (!fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_mode & S_IROTH)
		tool_warn(app, "every user of this machine can read %s: chmod 600 it", path);
}

/* Returns the number of bytes read, at most @size, or a negative errno. */
static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(fd, text + length, size - length);
		length += got > 0 ? got : 0;
	} while (got > 0 && length < size);
	return got < 0 ? -errno : (ssize_t)length;
}

/* Strips white space from both ends. */
static char *strip(char *text)
{
	static const char blanks[] = " \t\r\n";
	size_t length;

	text += strspn(text, blanks);
	length = strlen(text);
	while (length && strchr(blanks, text[length - 1]))
		text[--length] = '\0';
	return text;
}

static int read_from(int fd, const char *path, struct uuid *token, struct err *err)
{
	char text[FILE_SIZE] = "";
	ssize_t length = read_all(fd, text, sizeof(text) - 1);
	bool is_whole;
	int ret;

	if (length < 0)
		return err_set_status(err, STATUS_FAILED, -length, "read %s: %s", path,
				      err_words(-length));
	is_whole = strlen(text) == (size_t)length && (size_t)length < sizeof(text) - 1;
	ret = is_whole ? uuid_parse(strip(text), token) : -EINVAL;
	explicit_bzero(text, sizeof(text));
	return ret ? err_usage(err, "%s does not hold one UUID of 36 characters and nothing else",
			       path)
		   : 0;
}

static int read_file(struct app *app, const char *path, struct uuid *token, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set_status(err, errno == EACCES ? STATUS_NOT_PERMITTED : STATUS_FAILED,
				      errno, "read %s: %s", path, err_words(errno));
	warn_of_rights(app, fd, path);
	return read_from(fd, path, token, err);
}

const char *token_file(const char *word)
{
	const size_t length = strlen(CLI_FILE_WORD);

	return str_starts(word, CLI_FILE_WORD) && word[length] ? word + length : NULL;
}

int token_read(struct app *app, const char *word, struct uuid *token, struct err *err)
{
	if (str_equal(word, "random"))
		return make_random(token, err);
	if (str_equal(word, "-") && app->file && str_equal(app->file, "-"))
		return err_usage(err, "standard input is the batch, so it cannot hold a token");
	if (str_equal(word, "-"))
		return read_from(STDIN_FILENO, "standard input", token, err);
	if (token_file(word))
		return read_file(app, token_file(word), token, err);
	return uuid_parse(word, token)
		       ? err_usage(err,
				   "VALUE must be a UUID of 36 characters, random, file:PATH, or "
				   "- for standard input; the given word is none of them")
		       : 0;
}
