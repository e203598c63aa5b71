/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ahead.h"

#include "busy.h"
#include "dev-ensure.h"
#include "kernel-bind.h"
#include "kernel.h"

#include <errno.h>

/* Requests under way, all of one kind: as many as the answers of which fit into a socket. */
#define AHEAD_MAX 64

struct ahead {
	bool del;
	bool busy; /* some of those that are deleted may be */
	size_t count;
	struct dev_new devs[AHEAD_MAX];
	uint32_t hashes[AHEAD_MAX]; /* of their names, most of which need no comparing then */
	struct handle mgmtdevs[AHEAD_MAX];
	struct batch_place places[AHEAD_MAX];
	bool ensure[AHEAD_MAX];
	bool done[AHEAD_MAX];
	bool exists[AHEAD_MAX]; /* and is to be looked at */
	struct list strings;
	/* The first that failed, where the batch stops there. */
	bool failed;
	size_t failed_at;
	struct err failure;
};

static struct ahead *get(struct vdpa *vdpa)
{
	if (!vdpa->ahead)
		vdpa->ahead = calloc(1, sizeof(*vdpa->ahead));
	return vdpa->ahead;
}

bool ahead_has(const struct vdpa *vdpa, const char *name)
{
	const struct ahead *ahead = vdpa->ahead;
	const uint32_t hash = str_hash(name);

	for (size_t i = 0; ahead && i < ahead->count; i++)
		if (ahead->hashes[i] == hash && str_equal(ahead->devs[i].name, name))
			return true;
	return false;
}

/* Whether those under way must end before one more of the kind. */
static bool is_in_the_way(const struct ahead *ahead, bool del)
{
	return ahead->count == AHEAD_MAX || (ahead->count && ahead->del != del);
}

bool ahead_may_be_busy(struct vdpa *vdpa)
{
	struct ahead *ahead = get(vdpa);

	if (!ahead)
		return true;
	if (!ahead->count || is_in_the_way(ahead, true))
		ahead->busy = busy_is_possible();
	return ahead->busy;
}

/* Makes room for one more of the kind, and notes its place. NULL when there is no memory. */
static struct dev_new *next(struct vdpa *vdpa, bool del, const char *name)
{
	struct ahead *ahead = get(vdpa);
	struct dev_new *dev;

	if (!ahead)
		return NULL;
	if (is_in_the_way(ahead, del))
		ahead_settle(&vdpa->app);
	ahead->del = del;
	dev = &ahead->devs[ahead->count];
	*dev = (struct dev_new){ .name = list_text(&ahead->strings, name) };
	ahead->hashes[ahead->count] = str_hash(name);
	ahead->places[ahead->count] = vdpa->app.place;
	ahead->done[ahead->count] = ahead->ensure[ahead->count] = ahead->exists[ahead->count] =
		false;
	return dev->name ? dev : NULL;
}

/* The management device's name points into its text, which is copied. */
static bool copy_handle(struct ahead *ahead, const struct handle *from, struct handle *to)
{
	const char *text = list_text(&ahead->strings, from->text);

	*to = *from;
	to->text = text;
	to->name = text ? text + (from->name - from->text) : NULL;
	return text;
}

int ahead_add(struct vdpa *vdpa, const struct dev_new *dev, bool ensure, struct err *err)
{
	struct dev_new *copy = next(vdpa, false, dev->name);
	struct ahead *ahead = vdpa->ahead;
	const char *name = copy ? copy->name : NULL;

	if (!name || !copy_handle(ahead, dev->mgmtdev, &ahead->mgmtdevs[ahead->count]))
		return err_memory(err);
	*copy = *dev;
	copy->name = name;
	ahead->ensure[ahead->count] = ensure;
	copy->mgmtdev = &ahead->mgmtdevs[ahead->count++];
	return 0;
}

int ahead_del(struct vdpa *vdpa, const char *name, struct err *err)
{
	if (!next(vdpa, true, name))
		return err_memory(err);
	vdpa->ahead->count++;
	return 0;
}

/* Reports a failure of the request @index at its place in the batch. */
static void report(struct vdpa *vdpa, size_t index, const struct err *err)
{
	struct batch_place place = vdpa->app.place;

	vdpa->app.place = vdpa->ahead->places[index];
	tool_report(&vdpa->app, err);
	vdpa->app.place = place;
}

static void take_failure(struct vdpa *vdpa, size_t index, const struct err *err)
{
	struct ahead *ahead = vdpa->ahead;

	if (vdpa->app.go_on) {
		report(vdpa, index, err);
	} else if (!ahead->failed || index < ahead->failed_at) {
		ahead->failed = true;
		ahead->failed_at = index;
		ahead->failure = *err;
	}
}

static void take_result(void *data, size_t index, int ret, const struct err *err)
{
	struct vdpa *vdpa = data;
	struct ahead *ahead = vdpa->ahead;

	ahead->done[index] = !ret;
	ahead->exists[index] = ret == -EEXIST && ahead->ensure[index];
	if (ret && !ahead->exists[index])
		take_failure(vdpa, index, err);
}

/* Of devices that somebody else made meanwhile: whether they are what was asked for. */
static void look_at_others(struct vdpa *vdpa)
{
	struct ahead *ahead = vdpa->ahead;

	for (size_t i = 0; i < ahead->count; i++) {
		const struct dev_new *dev = &ahead->devs[i];
		struct add_args add = { .name = { dev->name }, .mgmtdev = { .set = true } };
		struct err err;

		if (!ahead->exists[i])
			continue;
		add.mgmtdev.value = *dev->mgmtdev;
		if (ensure_same(vdpa, &add, dev, &err))
			take_failure(vdpa, i, &err);
	}
}

static void take_undone(void *data, size_t index _unused_, int ret, const struct err *err)
{
	struct vdpa *vdpa = data;

	if (ret)
		tool_report(&vdpa->app, err);
}

/* What ran behind the failure was not to be run: an added device is taken away again. */
static void undo(struct vdpa *vdpa)
{
	struct ahead *ahead = vdpa->ahead;
	size_t count = 0;
	struct err err;

	for (size_t i = ahead->failed_at + 1; i < ahead->count; i++) {
		if (!ahead->done[i])
			continue;
		if (ahead->del)
			tool_warn(&vdpa->app,
				  "'%s' is deleted all the same, it was asked for "
				  "already",
				  ahead->devs[i].name);
		else
			ahead->devs[count++] = ahead->devs[i];
	}
	if (count && kernel_dev_del_all(&vdpa->nl, ahead->devs, count, take_undone, vdpa, &err))
		tool_report(&vdpa->app, &err);
}

static int run(struct vdpa *vdpa, struct err *err)
{
	struct ahead *ahead = vdpa->ahead;
	struct bind_hold hold = { .lock = -1 };
	int ret;

	if (!ahead->del)
		bind_share(&hold);
	ret = ahead->del ? kernel_dev_del_all(&vdpa->nl, ahead->devs, ahead->count, take_result,
					      vdpa, err)
			 : kernel_dev_add_all(&vdpa->nl, ahead->devs, ahead->count, take_result,
					      vdpa, err);
	bind_release(&hold);
	return ret;
}

void ahead_settle(struct app *app)
{
	struct vdpa *vdpa = (struct vdpa *)app;
	struct cli_words running = app->running;
	struct batch_place place = app->place;
	struct ahead *ahead = vdpa->ahead;
	struct err err;
	int ret;

	if (!ahead || !ahead->count)
		return;
	ahead->failed = false;
	/* Should the kernel take long, that is said of these. */
	app->place = ahead->places[0];
	app->running.count = 0;
	ret = run(vdpa, &err);
	if (!ret)
		look_at_others(vdpa);
	if (ret) {
		report(vdpa, 0, &err);
	} else if (ahead->failed) {
		report(vdpa, ahead->failed_at, &ahead->failure);
		undo(vdpa);
	}
	app->place = place;
	app->running = running;
	ahead->count = 0;
	list_clear(&ahead->strings);
}

void ahead_release(struct vdpa *vdpa)
{
	if (vdpa->ahead)
		list_clear(&vdpa->ahead->strings);
	free(vdpa->ahead);
	vdpa->ahead = NULL;
}
