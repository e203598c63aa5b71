/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens devices for a command, and shares one open among those of a batch. */
#include "dev-open.h"

#include "base/clock.h"
#include "base/list.h"
#include "dev-token.h"
#include "explain.h"
#include "sys/guard.h"

#include <errno.h>

static void close_work(struct work *work)
{
	kernel_close(&work->session);
	devs_clear(&work->devs);
}

void work_end(struct work **end)
{
	struct work *work = *end;

	*end = NULL;
	if (!work)
		return;
	if (work->held && work->session.device >= 0) {
		work->next = *work->held;
		*work->held = work;
		return;
	}
	close_work(work);
	free(work);
}

void works_free(struct work **works)
{
	struct work *work;

	while ((work = *works)) {
		*works = work->next;
		work->held = NULL;
		work_end(&work);
	}
}

/* Until what is in the way of opening a device has to change, and between two looks at it. */
#define WAIT_MILLISECONDS 2000
#define LOOK_MILLISECONDS 50

static void warn_of_driver(struct app *app, struct work *work, const struct dev *function)
{
	const struct dev *dev = work->devs.items[0];

	if (!work->warned)
		tool_warn(
			app,
			"'%s' is reset by this, and so is its virtual function %s, which %s drives",
			dev->name, function->name, function->driver);
	work->warned = true;
}

/*
 * Opening a physical function resets it, and that takes its virtual ones from whoever uses them.
 * @served: set to whether VFIO serves one of them.
 */
static int check_functions(struct app *app, struct work *work, bool *served, struct err *err)
{
	_cleanup_(devs_clear) struct list functions = { 0 };
	const struct dev *dev = work->devs.items[0];
	int ret = kernel_functions(dev, &functions, err);

	*served = false;
	for (size_t i = 0; !ret && i < functions.count; i++) {
		const struct dev *function = functions.items[i];

		*served |= function->vfio != NULL;
		if (function->holders.count && !app->caller.force)
			ret = explain_function(err, dev, function);
		else if (function->driver && !function->vfio)
			warn_of_driver(app, work, function);
	}
	return ret;
}

/* Whether it is the device that wants another token, and not a node that wants other rights. */
static bool wants_token(const struct session *session, int ret)
{
	return ret == -EACCES && (session->iommufd >= 0 || session->group >= 0);
}

/*
 * A physical function opens without its token as long as nobody uses a virtual one, seen or
 * unseen. So this finds out before the token opens it all the same.
 */
static int open_function(struct app *app, struct session *session, const struct dev *dev,
			 enum dev_way way, const struct opt_uuid *token, struct err *err)
{
	const struct opt_uuid none = { 0 };
	int ret = kernel_open(session, dev, way, app->caller.force ? token : &none, err);

	if (app->caller.force)
		return ret;
	if (wants_token(session, ret))
		return explain_function(err, dev, NULL);
	if (ret || !token->set)
		return ret;
	kernel_close(session);
	return kernel_open(session, dev, way, token, err);
}

static int try_to_open(struct app *app, const struct open_args *args, const struct opt_uuid *token,
		       struct work *work, struct err *err)
{
	enum dev_way way = args->iommufd ? WAY_IOMMUFD : args->container ? WAY_CONTAINER : WAY_ANY;
	int ret = kernel_dev(args->dev, &work->devs, err);
	const struct dev *dev;
	bool served;

	if (ret)
		return ret;
	dev = work->devs.items[0];
	if (dev->holders.count && !app->caller.force)
		return explain_holder(err, dev);
	ret = check_functions(app, work, &served, err);
	if (ret)
		return ret;
	return served ? open_function(app, &work->session, dev, way, token, err)
		      : kernel_open(&work->session, dev, way, token, err);
}

static int open_anew(struct app *app, const struct open_args *args, struct work *work,
		     struct err *err)
{
	int64_t end = clock_milliseconds() + WAIT_MILLISECONDS;
	struct opt_uuid token = { .set = args->token.word };
	char before[sizeof(err->text)] = "";
	int ret;

	ret = token.set ? token_read(app, args->token.word, &token.value, err) : 0;
	if (!ret)
		ret = try_to_open(app, args, &token, work, err);
	while (ret == -EAGAIN && !guard_signal()) {
		/* Of several who wait, each gets its turn: somebody else has it now. */
		if (!str_equal(before, err->text))
			end = clock_milliseconds() + WAIT_MILLISECONDS;
		if (clock_milliseconds() >= end)
			break;
		memcpy(before, err->text, sizeof(before));
		close_work(work);
		usleep(LOOK_MILLISECONDS * 1000);
		ret = try_to_open(app, args, &token, work, err);
	}
	explicit_bzero(&token, sizeof(token));
	/* It may have come late, when the user has left. */
	return ret ? ret : guard_check(err);
}

/* Takes the device out of those that are held, if it is one of them. */
static struct work *take_held(struct vfio *vfio, const char *word)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct err ignored;

	if (!vfio->held || kernel_dev(word, &devs, &ignored))
		return NULL;
	for (struct work **work = &vfio->held; *work; work = &(*work)->next) {
		struct work *found = *work;
		const struct dev *dev = devs.items[0];

		if (!str_equal(found->session.dev->name, dev->name))
			continue;
		*work = found->next;
		return found;
	}
	return NULL;
}

/* A device that is open stays as it was opened. */
static int check_way(const struct work *work, const struct open_args *args, struct err *err)
{
	const bool by_iommufd = work->session.iommufd >= 0;

	if (!(args->iommufd && !by_iommufd) && !(args->container && by_iommufd))
		return 0;
	return err_usage(err, "'%s' is held open by %s", work->session.dev->name,
			 by_iommufd ? "iommufd" : "container");
}

int dev_open(struct app *app, const struct open_args *args, struct work **work, struct err *err)
{
	struct vfio *vfio = (struct vfio *)app;
	bool held;
	int ret;

	*work = NULL;
	if (args->hold && !app->file)
		return err_usage(err, "hold is for the lines of a batch");
	*work = take_held(vfio, args->dev);
	held = *work;
	if (!held)
		*work = calloc(1, sizeof(**work));
	if (!*work)
		return err_memory(err);
	(*work)->held = args->hold ? &vfio->held : NULL;
	if (held)
		return check_way(*work, args, err);
	(*work)->session = (struct session)SESSION_INIT;
	ret = open_anew(app, args, *work, err);
	/* What is half open is of no use to another line. */
	if (ret)
		(*work)->held = NULL;
	return ret;
}
