/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the device of a command, and keeps it open for later lines of a batch. */
#include "dev-open.h"

#include "base/clock.h"
#include "base/list.h"
#include "dev-token.h"
#include "explain.h"
#include "sys/guard.h"

#include <errno.h>

static void close_opened(struct opened_dev *opened)
{
	kernel_close(&opened->session);
	devs_clear(&opened->devs);
}

void dev_close(struct opened_dev **end)
{
	struct opened_dev *opened = *end;

	*end = NULL;
	if (!opened)
		return;
	if (opened->held && opened->session.device >= 0) {
		opened->next = *opened->held;
		*opened->held = opened;
		return;
	}
	close_opened(opened);
	free(opened);
}

void dev_close_all(struct opened_dev **all)
{
	struct opened_dev *opened;

	while ((opened = *all)) {
		*all = opened->next;
		opened->held = NULL;
		dev_close(&opened);
	}
}

/* A device that is in use may be free in a moment: how long to retry, and how often. */
#define RETRY_MILLISECONDS 2000
#define PAUSE_MILLISECONDS 50

static void warn_of_driver(struct app *app, struct opened_dev *opened, const struct dev *function)
{
	const struct dev *dev = opened->devs.items[0];

	if (!opened->warned)
		tool_warn(
			app,
			"opening '%s' resets it and its virtual function %s, which is bound to %s",
			dev->name, function->name, function->driver);
	opened->warned = true;
}

/*
 * Opening a physical function resets it, which takes its virtual functions away from their users.
 * @served: set to whether VFIO serves one of them.
 */
static int check_functions(struct app *app, struct opened_dev *opened, bool *served,
			   struct err *err)
{
	_cleanup_(devs_clear) struct list functions = { 0 };
	const struct dev *dev = opened->devs.items[0];
	int ret = kernel_virtual_functions(dev, &functions, err);

	*served = false;
	for (size_t i = 0; !ret && i < functions.count; i++) {
		const struct dev *function = functions.items[i];

		*served |= function->vfio != NULL;
		if (function->holders.count && !app->caller.force)
			ret = explain_vf_holder(err, dev, function);
		else if (function->driver && !function->vfio)
			warn_of_driver(app, opened, function);
	}
	return ret;
}

/* Only the device itself can demand a token; before that EACCES comes from a node's mode. */
static bool needs_token(const struct session *session, int ret)
{
	return ret == -EACCES && (session->iommufd >= 0 || session->group >= 0);
}

/*
 * The kernel demands the token of a physical function only while one of its virtual functions is
 * in use. So the first attempt leaves the token out: if it fails, somebody uses a virtual function,
 * perhaps a process that cannot be seen from here, and with the token we would reset it.
 */
static int open_physical(struct app *app, struct session *session, const struct dev *dev,
			 enum open_method method, const struct opt_uuid *token, struct err *err)
{
	const struct opt_uuid none = { 0 };
	int ret = kernel_open(session, dev, method, app->caller.force ? token : &none, err);

	if (app->caller.force)
		return ret;
	if (needs_token(session, ret))
		return explain_vf_holder(err, dev, NULL);
	if (ret || !token->set)
		return ret;
	kernel_close(session);
	return kernel_open(session, dev, method, token, err);
}

static int try_to_open(struct app *app, const struct open_args *args, const struct opt_uuid *token,
		       struct opened_dev *opened, struct err *err)
{
	const enum open_method method = args->iommufd	  ? OPEN_BY_IOMMUFD
					: args->container ? OPEN_BY_CONTAINER
							  : OPEN_BY_ANY;
	int ret = kernel_dev(args->dev, &opened->devs, err);
	const struct dev *dev;
	bool served;

	if (ret)
		return ret;
	dev = opened->devs.items[0];
	/* The kernel would refuse as well, but not name the process that has the device. */
	if (dev->holders.count && !app->caller.force)
		return explain_holder(err, dev);
	ret = check_functions(app, opened, &served, err);
	if (ret)
		return ret;
	return served ? open_physical(app, &opened->session, dev, method, token, err)
		      : kernel_open(&opened->session, dev, method, token, err);
}

static int open_anew(struct app *app, const struct open_args *args, struct opened_dev *opened,
		     struct err *err)
{
	int64_t end = clock_milliseconds() + RETRY_MILLISECONDS;
	struct opt_uuid token = { .set = args->token.word };
	char before[sizeof(err->text)] = "";
	int ret;

	ret = token.set ? token_read(app, args->token.word, &token.value, err) : 0;
	if (!ret)
		ret = try_to_open(app, args, &token, opened, err);
	while (ret == -EAGAIN && !guard_signal()) {
		/* Another message names another holder: several runs take turns, so keep waiting.
		 */
		if (!str_equal(before, err->text))
			end = clock_milliseconds() + RETRY_MILLISECONDS;
		if (clock_milliseconds() >= end)
			break;
		memcpy(before, err->text, sizeof(before));
		close_opened(opened);
		usleep(PAUSE_MILLISECONDS * 1000);
		ret = try_to_open(app, args, &token, opened, err);
	}
	explicit_bzero(&token, sizeof(token));
	/* The device may open only after the user has pressed Ctrl-C. */
	return ret ? ret : guard_check(err);
}

/* Finds the device among those that earlier lines left open, and takes it off that list. */
static struct opened_dev *take_held_open(struct vfio *vfio, const char *word)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct err ignored;

	if (!vfio->held || kernel_dev(word, &devs, &ignored))
		return NULL;
	for (struct opened_dev **opened = &vfio->held; *opened; opened = &(*opened)->next) {
		struct opened_dev *found = *opened;
		const struct dev *dev = devs.items[0];

		if (!str_equal(found->session.dev->name, dev->name))
			continue;
		*opened = found->next;
		return found;
	}
	return NULL;
}

/* A device that is open already cannot be opened by another method. */
static int check_method(const struct opened_dev *opened, const struct open_args *args,
			struct err *err)
{
	const bool by_iommufd = opened->session.iommufd >= 0;

	if (!(args->iommufd && !by_iommufd) && !(args->container && by_iommufd))
		return 0;
	return err_usage(err, "'%s' is open already, by %s", opened->session.dev->name,
			 by_iommufd ? "iommufd" : "container");
}

int dev_open(struct app *app, const struct open_args *args, struct opened_dev **opened,
	     struct err *err)
{
	struct vfio *vfio = (struct vfio *)app;
	bool held;
	int ret;

	*opened = NULL;
	if (args->hold && !app->file)
		return err_usage(err, "'hold' works only in a batch");
	*opened = take_held_open(vfio, args->dev);
	held = *opened;
	if (!held)
		*opened = calloc(1, sizeof(**opened));
	if (!*opened)
		return err_memory(err);
	(*opened)->held = args->hold ? &vfio->held : NULL;
	if (held)
		return check_method(*opened, args, err);
	(*opened)->session = (struct session)SESSION_INIT;
	ret = open_anew(app, args, *opened, err);
	/* A device that did not open completely is of no use to later lines. */
	if (ret)
		(*opened)->held = NULL;
	return ret;
}
