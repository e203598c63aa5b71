/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the parser of kernel events. */
#include "test.h"

#include "base/clock.h"
#include "sys/uevent.h"

#include <errno.h>
#include <sys/socket.h>

#define BIND                                                                                       \
	"bind@/devices/foo\0ACTION=bind\0DEVPATH=/devices/foo\0SUBSYSTEM=vdpa\0"                   \
	"DRIVER=vhost_vdpa\0SEQNUM=7"

/* A socket on which the test sends messages in place of the kernel. */
struct talk {
	struct uevents uevents;
	int kernel;
};

static void begin(struct talk *talk)
{
	int ends[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends))
		return;
	talk->uevents.fd = ends[0];
	talk->uevents.reader = -1;
	talk->kernel = ends[1];
}

static void end(struct talk *talk)
{
	uevents_release(&talk->uevents);
	close(talk->kernel);
}

static int receive(struct talk *talk, struct uevent *uevent)
{
	struct err err = { 0 };

	return uevents_receive(&talk->uevents, 0, uevent, &err);
}

/* Returns whether the message of @size bytes is accepted as an event. */
static bool is_event(struct talk *talk, const void *message, size_t size, struct uevent *uevent)
{
	return send(talk->kernel, message, size, 0) == (ssize_t)size && receive(talk, uevent) == 1;
}

static void whole(void)
{
	_cleanup_(end) struct talk talk;
	struct uevent uevent;

	begin(&talk);
	CHECK(is_event(&talk, BIND, sizeof(BIND), &uevent));
	CHECK(str_equal(uevent.action, "bind") && str_equal(uevent.devpath, "/devices/foo"));
	CHECK(str_equal(uevent.name, "foo") && str_equal(uevent.subsystem, "vdpa"));
	CHECK(str_equal(uevent.driver, "vhost_vdpa"));
	CHECK(receive(&talk, &uevent) == 0);
}

static void odd_names(void)
{
	static const char blanks[] = "ACTION=add\0DEVPATH=/devices/a b=c\nACTION=x\0SUBSYSTEM=vdpa";
	_cleanup_(end) struct talk talk;
	struct uevent uevent;

	begin(&talk);
	CHECK(is_event(&talk, blanks, sizeof(blanks), &uevent));
	CHECK(str_equal(uevent.action, "add") && str_equal(uevent.name, "a b=c\nACTION=x"));
	CHECK(!uevent.driver);
}

static void first_counts(void)
{
	static const char twice[] = "ACTION=add\0DEVPATH=/devices/a\0ACTION=remove\0DEVPATH=/b\0"
				    "DRIVERS=no\0XDRIVER=no";
	_cleanup_(end) struct talk talk;
	struct uevent uevent;

	begin(&talk);
	CHECK(is_event(&talk, twice, sizeof(twice), &uevent));
	CHECK(str_equal(uevent.action, "add") && str_equal(uevent.name, "a"));
	CHECK(str_equal(uevent.subsystem, "") && !uevent.driver);
}

/* A message that is cut after any byte is an event or not, and nothing after its end is read. */
static void cut_off(void)
{
	_cleanup_(end) struct talk talk;
	struct uevent uevent;
	size_t events = 0;

	begin(&talk);
	for (size_t size = 0; size < sizeof(BIND); size++) {
		_cleanup_free_ char *part = malloc(size + 1);

		CHECK(part);
		memcpy(part, BIND, size);
		events += is_event(&talk, part, size, &uevent);
	}
	CHECK(events && events < sizeof(BIND));
}

static void none(void)
{
	static const char *const messages[] = {
		"", "add", "ACTION=add", "DEVPATH=/devices/foo", "libudev", "ACTION=\nDEVPATH=/",
	};
	static const char repeated[] = "ACTION=remove\0DEVPATH=/devices/foo\0SYNTH_UUID=0";
	static const char no_slash[] = "ACTION=add\0DEVPATH=foo";
	static char large[2 * UEVENT_SIZE] = "ACTION=add\0DEVPATH=/devices/foo";
	_cleanup_(end) struct talk talk;
	struct uevent uevent;

	begin(&talk);
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		CHECK(!is_event(&talk, messages[i], strlen(messages[i]), &uevent));
	CHECK(!is_event(&talk, repeated, sizeof(repeated), &uevent));
	CHECK(!is_event(&talk, no_slash, sizeof(no_slash), &uevent));
	CHECK(!is_event(&talk, large, sizeof(large), &uevent));
	CHECK(is_event(&talk, BIND, sizeof(BIND), &uevent));
}

static void reader(void)
{
	_cleanup_(end) struct talk talk;
	struct uevent uevent;
	int ends[2];

	begin(&talk);
	CHECK(!pipe(ends));
	talk.uevents.reader = ends[1];
	CHECK(receive(&talk, &uevent) == 0);
	close(ends[0]);
	CHECK(is_event(&talk, BIND, sizeof(BIND), &uevent));
	CHECK(receive(&talk, &uevent) == -EPIPE);
	close(ends[1]);
}

/* Other messages do not make the wait longer. */
static void time_limit(void)
{
	_cleanup_(end) struct talk talk;
	struct err err = { 0 };
	struct uevent uevent;
	int64_t start = clock_milliseconds();

	begin(&talk);
	for (int i = 0; i < 5; i++)
		CHECK(send(talk.kernel, "libudev", 8, 0) == 8);
	CHECK(uevents_receive(&talk.uevents, 50, &uevent, &err) == 0);
	CHECK(clock_milliseconds() - start >= 50);
	CHECK(clock_milliseconds() - start < 5000);
}

int main(void)
{
	static const struct test tests[] = {
		{ "an event of the kernel", whole },
		{ "names may hold anything but a slash", odd_names },
		{ "the first one of a repeated variable counts", first_counts },
		{ "an event that is cut anywhere", cut_off },
		{ "other messages and repeated events are skipped", none },
		{ "a reader that has gone is noticed, after the events", reader },
		{ "a wait ends when its time is up", time_limit },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
