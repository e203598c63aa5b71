/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers netlink requests from a script, preloaded in place of the kernel. */

/*
 * This library replaces libmnl's sockets (LD_PRELOAD) with a kernel that answers from a script: it
 * can give answers that a real kernel does not give on demand. FAKE_SCRIPT is a file that talk.py
 * writes:
 *
 *   send HEX       the next request must be this, with its sequence number and port set to 0
 *   sendfail N     sending it fails with errno N instead
 *   recv HEX       the next datagram; a sequence number of ffffffff becomes the request's
 *   recvfail N     receiving fails with errno N
 *
 * For VFIO, FAKE_ROOT is a directory in whose ordinary files the tool sees /sys and the nodes of
 * VFIO and iommufd. FAKE_RULES is a file with a line for each answer. The first line that matches
 * is used, any number of times:
 *
 *   NUMBER IN RESULT [OUT [MILLISECONDS]]
 *
 * NUMBER is that of the request, in hexadecimal. IN is how its argument begins: bytes in
 * hexadecimal, "." for any digit; "*" matches everything and does not read the argument. RESULT is
 * the number to return, a negative errno, or "fd" for a new file. OUT is written over the beginning
 * of the argument; "." leaves a byte as it is, "-" all of them. MILLISECONDS delay the answer. A
 * request without a rule fails with ENOTTY.
 *
 * FAKE_REFUSED is a path that cannot be opened, as if too many files were open.
 *
 * FAKE_LOG gets a line for each call. A line that begins with "WRONG" reports a call that the
 * script did not expect, or at the end, an answer that nobody asked for.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#define LINE_SIZE 200000

/* The command of the family "vdpa" that returns a management device. */
#define MGMTDEV_GET 2

struct mnl_socket {
	int opened;
};

static struct mnl_socket the_socket;
static FILE *script, *record;
static char line[LINE_SIZE];
static uint32_t sequence;
static uint32_t turn; /* sequence number of a request that waits for its turn on the bus, or 0 */
static int many;      /* several requests were sent at once, each with one answer */

static void say(const char *what, const char *more)
{
	if (record) {
		fprintf(record, "%s %s\n", what, more);
		fflush(record);
	}
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAKE_SCRIPT"), *log = getenv("FAKE_LOG");

	script = path ? fopen(path, "r") : NULL;
	record = log ? fopen(log, "a") : NULL;
}

__attribute__((destructor)) static void end(void)
{
	while (script && fgets(line, sizeof(line), script))
		say("WRONG: left over:", strtok(line, "\n"));
}

/* Reads the next line. Returns what follows its first word, or NULL if that is another word. */
static char *next(const char *word)
{
	long start = script ? ftell(script) : 0;
	size_t length = strlen(word);

	if (!script || !fgets(line, sizeof(line), script))
		return NULL;
	/* A child that makes requests for the tool shares the position in the file. */
	fflush(script);
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, word, length) && line[length] == ' ')
		return line + length + 1;
	fseek(script, start, SEEK_SET);
	return NULL;
}

static size_t from_hex(const char *hex, unsigned char *bytes, size_t size)
{
	size_t count = 0;
	unsigned int byte;

	for (; count < size && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[count++] = byte;
	return count;
}

static void to_hex(const unsigned char *bytes, size_t count, char *hex)
{
	*hex = '\0';
	for (size_t i = 0; i < count; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
}

struct mnl_socket *mnl_socket_open(int bus)
{
	say("open", bus == NETLINK_GENERIC ? "generic" : "WRONG bus");
	the_socket.opened++;
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	return nl == &the_socket && !groups && !pid ? 0 : -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	return nl == &the_socket && type && buf && len ? 0 : -1;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	nl->opened--;
	say("close", "");
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return nl == &the_socket ? -1 : 0;
}

/* A worker closes all files, but this library needs its script and log there as well. */
int close_range(unsigned int first, unsigned int last, int flags)
{
	return first <= last && !flags ? 0 : -1;
}

static int wrong(const char *what, const char *more)
{
	say(what, more);
	errno = EPROTO;
	return -1;
}

/* Clears the sequence numbers and ports of the requests, and remembers the first number. */
static void take_out(unsigned char *bytes, size_t length)
{
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;

	sequence = header->nlmsg_seq;
	many = MNL_ALIGN(header->nlmsg_len) < length;
	while (length >= sizeof(*header)) {
		size_t size = MNL_ALIGN(header->nlmsg_len);

		header->nlmsg_seq = header->nlmsg_pid = 0;
		if (size < sizeof(*header) || size > length)
			return;
		length -= size;
		header = (struct nlmsghdr *)((unsigned char *)header + size);
	}
}

/*
 * Before vdpa changes something, it asks for a management device without a name. The kernel refuses
 * that, but only after other requests on the bus: so vdpa waits for its turn. Scripts leave this
 * request out, because the answer is always EINVAL.
 */
static int asks_for_turn(const struct nlmsghdr *header, size_t size)
{
	const struct genlmsghdr *generic = mnl_nlmsg_get_payload(header);

	return size == NLMSG_LENGTH(sizeof(*generic)) && header->nlmsg_type >= GENL_MIN_ID &&
	       !(header->nlmsg_flags & NLM_F_DUMP) && generic->cmd == MGMTDEV_GET;
}

static size_t answer_turn(void *buffer)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer = { .header = { .nlmsg_len = sizeof(answer), .nlmsg_type = NLMSG_ERROR },
		     .error = { .error = -EINVAL } };

	answer.header.nlmsg_seq = turn;
	turn = 0;
	memcpy(buffer, &answer, sizeof(answer));
	return sizeof(answer);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	static char hex[2 * 65536 + 1];
	static unsigned char request[65536] __attribute__((aligned(8)));
	const char *expected;

	(void)nl;
	if (asks_for_turn(req, siz)) {
		turn = ((const struct nlmsghdr *)req)->nlmsg_seq;
		return siz;
	}
	expected = next("sendfail");
	if (expected) {
		errno = atoi(expected);
		say("sendfail", expected);
		return -1;
	}
	memcpy(request, req, siz);
	take_out(request, siz);
	to_hex(request, siz, hex);
	say("send", hex);
	expected = next("send");
	if (!expected)
		return wrong("WRONG: sent too much:", hex);
	if (strcmp(expected, hex) && strcmp(expected, "*"))
		return wrong("WRONG: expected:", expected);
	return siz;
}

/* Sets the sequence number where the script left it open. */
static void fill_in(unsigned char *bytes, size_t length)
{
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;

	while (length >= sizeof(*header)) {
		size_t size = MNL_ALIGN(header->nlmsg_len);

		if (header->nlmsg_seq == UINT32_MAX)
			header->nlmsg_seq = many ? sequence++ : sequence;
		if (size < sizeof(*header) || size > length)
			return;
		length -= size;
		header = (struct nlmsghdr *)((unsigned char *)header + size);
	}
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	static unsigned char bytes[LINE_SIZE / 2] __attribute__((aligned(8)));
	const char *answer;
	size_t length;

	(void)nl;
	if (turn)
		return answer_turn(buf);
	answer = next("recvfail");
	if (answer) {
		errno = atoi(answer);
		say("recvfail", answer);
		return -1;
	}
	answer = next("recv");
	if (!answer)
		return wrong("WRONG: received too much", "");
	length = from_hex(answer, bytes, sizeof(bytes));
	fill_in(bytes, length);
	/* libmnl's way to report a datagram that is longer than the buffer. */
	if (length > siz) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(buf, bytes, length);
	return length;
}

/* Files of /sys and /dev, in the directory FAKE_ROOT. */

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

static int is_node(const char *path)
{
	return !strncmp(path, "/dev/vfio", 9) || !strcmp(path, "/dev/iommu");
}

/* The nodes of vhost_vdpa and the links to them. In FAKE_ROOT they are ordinary files. */
static int is_vhost_node(const char *path)
{
	return !strncmp(path, "/dev/vdpa", 9) || !strncmp(path, "/dev/vhost-vdpa-", 16) ||
	       !strncmp(path, "/dev/.vhost-vdpa-", 17);
}

/* Returns the path to use instead, which may be in the caller's buffer. */
static const char *instead(const char *path, char *buffer, size_t size)
{
	const char *root = getenv("FAKE_ROOT");

	/* A test must not see the devices that this host creates at boot. */
	if (!strncmp(path, "/etc/vdpa", 9)) {
		snprintf(buffer, size, "%s%s", root ? root : "/nonexistent", path);
		return buffer;
	}
	if (!root || (strncmp(path, "/sys", 4) && !is_node(path) && !is_vhost_node(path)))
		return path;
	snprintf(buffer, size, "%s%s", root, path);
	return buffer;
}

#define INSTEAD(path) instead(path, (char[8192]){ 0 }, 8192)

/* Fails with EMFILE for FAKE_REFUSED. */
static int is_refused(const char *path)
{
	const char *refused = getenv("FAKE_REFUSED");

	if (!refused || strcmp(path, refused))
		return 0;
	errno = EMFILE;
	return 1;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (is_node(path))
		say("open", path);
	if (is_refused(path))
		return -1;
	return REAL(open)(INSTEAD(path), flags, mode);
}

/* An absolute path ignores the directory, and is what open() is for. */
int openat(int directory, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return *path == '/' ? open(path, flags, mode) : REAL(openat)(directory, path, flags, mode);
}

DIR *opendir(const char *path)
{
	if (is_refused(path))
		return NULL;
	return REAL(opendir)(INSTEAD(path));
}

int scandir(const char *restrict path, struct dirent ***restrict entries,
	    int (*is_wanted)(const struct dirent *),
	    int (*compare)(const struct dirent **, const struct dirent **))
{
	return REAL(scandir)(INSTEAD(path), entries, is_wanted, compare);
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	return REAL(fopen)(INSTEAD(path), mode);
}

int access(const char *path, int mode)
{
	return REAL(access)(INSTEAD(path), mode);
}

ssize_t readlink(const char *path, char *target, size_t size)
{
	return REAL(readlink)(INSTEAD(path), target, size);
}

ssize_t readlinkat(int directory, const char *path, char *target, size_t size)
{
	return REAL(readlinkat)(directory, INSTEAD(path), target, size);
}

int stat(const char *restrict path, struct stat *restrict status)
{
	int ret = REAL(stat)(INSTEAD(path), status);

	if (getenv("FAKE_ROOT") && is_node(path)) {
		status->st_mode = S_IFCHR | 0600;
		status->st_rdev = 0;
	}
	return ret;
}

int statfs(const char *path, struct statfs *status)
{
	int ret = REAL(statfs)(INSTEAD(path), status);

	if (getenv("FAKE_ROOT"))
		status->f_type = SYSFS_MAGIC;
	return ret;
}

/* Functions that change files work in FAKE_ROOT only. */

static int is_allowed(const char *path)
{
	if (getenv("FAKE_ROOT") || !is_vhost_node(path))
		return 1;
	errno = EACCES;
	return 0;
}

int mkdir(const char *path, mode_t mode)
{
	return is_allowed(path) ? REAL(mkdir)(INSTEAD(path), mode) : -1;
}

int unlink(const char *path)
{
	return is_allowed(path) ? REAL(unlink)(INSTEAD(path)) : -1;
}

int symlink(const char *target, const char *path)
{
	return is_allowed(path) ? REAL(symlink)(target, INSTEAD(path)) : -1;
}

int rename(const char *old, const char *new)
{
	return is_allowed(new) ? REAL(rename)(INSTEAD(old), INSTEAD(new)) : -1;
}

int chmod(const char *path, mode_t mode)
{
	return is_allowed(path) ? REAL(chmod)(INSTEAD(path), mode) : -1;
}

int chown(const char *path, uid_t owner, gid_t group)
{
	return is_allowed(path) ? REAL(chown)(INSTEAD(path), owner, group) : -1;
}

/* With FORTIFY_SOURCE, the C library calls some of them by other names. */

int __open64_2(const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);
ssize_t __readlink_chk(const char *path, char *target, size_t size, size_t room);
ssize_t __readlinkat_chk(int directory, const char *path, char *target, size_t size, size_t room);

int __open64_2(const char *path, int flags)
{
	return open(path, flags);
}

int __openat64_2(int directory, const char *path, int flags)
{
	return openat(directory, path, flags);
}

ssize_t __readlink_chk(const char *path, char *target, size_t size, size_t room)
{
	return size <= room ? readlink(path, target, size) : -1;
}

ssize_t __readlinkat_chk(int directory, const char *path, char *target, size_t size, size_t room)
{
	return size <= room ? readlinkat(directory, path, target, size) : -1;
}

/* Requests to the nodes. */

static int fits(const char *in, const unsigned char *argument)
{
	if (!strcmp(in, "*"))
		return 1;
	for (size_t i = 0; in[2 * i] && in[2 * i + 1]; i++) {
		char byte[3];

		snprintf(byte, sizeof(byte), "%02x", argument[i]);
		if ((in[2 * i] != '.' && in[2 * i] != byte[0]) ||
		    (in[2 * i + 1] != '.' && in[2 * i + 1] != byte[1]))
			return 0;
	}
	return 1;
}

static void overwrite(const char *out, unsigned char *argument, size_t size)
{
	for (size_t i = 0; i < size && out[2 * i] && out[2 * i + 1]; i++) {
		unsigned int byte;

		if (sscanf(out + 2 * i, "%2x", &byte) == 1)
			argument[i] = byte;
	}
}

/* Logs a request; for one about a feature, with its flags and payload. */
static void log_request(unsigned long number, const unsigned char *argument)
{
	char text[256];
	uint32_t size = 0;

	if (number == 0x3b75 || number == 0x3b76)
		memcpy(&size, argument, sizeof(size));
	snprintf(text, sizeof(text), "%lx ", number);
	to_hex(argument, size < 64 ? size : 64, text + strlen(text));
	say("ioctl", text);
}

static int answer(const char *result, const char *out, unsigned int milliseconds, void *argument)
{
	uint32_t size = 0; /* size of the argument, from its first member */

	const struct timespec delay = { .tv_sec = milliseconds / 1000,
					.tv_nsec = milliseconds % 1000 * 1000000L };

	nanosleep(&delay, NULL);
	if (strcmp(out, "-")) {
		memcpy(&size, argument, sizeof(size));
		overwrite(out, argument, size);
	}
	if (!strcmp(result, "fd"))
		return REAL(open)("/dev/null", O_RDWR | O_CLOEXEC);
	if (atoi(result) >= 0)
		return atoi(result);
	errno = -atoi(result);
	return -1;
}

int ioctl(int fd, unsigned long number, ...)
{
	const char *path = getenv("FAKE_RULES");
	void *argument;
	va_list args;
	FILE *rules;

	va_start(args, number);
	argument = va_arg(args, void *);
	va_end(args);
	rules = path && number >> 8 == ';' ? fopen(path, "re") : NULL;
	if (!rules)
		return REAL(ioctl)(fd, number, argument);
	log_request(number, argument);
	while (fgets(line, sizeof(line), rules)) {
		static char in[10000], out[10000];
		char result[32];
		unsigned int milliseconds = 0;
		unsigned long wanted;

		strcpy(out, "-");
		if (sscanf(line, "%lx %9999s %31s %9999s %u", &wanted, in, result, out,
			   &milliseconds) < 3 ||
		    wanted != number || !fits(in, argument))
			continue;
		fclose(rules);
		return answer(result, out, milliseconds, argument);
	}
	fclose(rules);
	errno = ENOTTY;
	return -1;
}
