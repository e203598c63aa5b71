/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dev-open.h"

#include "dev-token.h"
#include "explain.h"

void work_release(struct work *work)
{
	kernel_close(&work->session);
	devs_clear(&work->devs);
}

int dev_open(struct app *app, const struct open_args *args, struct work *work, struct err *err)
{
	struct opt_uuid token = { .set = args->token.word };
	enum dev_way way = args->iommufd ? WAY_IOMMUFD : args->container ? WAY_CONTAINER : WAY_ANY;
	const struct dev *dev;
	int ret;

	ret = token.set ? token_read(app, args->token.word, &token.value, err) : 0;
	if (!ret)
		ret = kernel_dev(args->dev, &work->devs, err);
	if (ret)
		return ret;
	dev = work->devs.items[0];
	if (dev->holders.count && !app->force)
		return explain_holder(err, dev);
	ret = kernel_open(&work->session, dev, way, &token, err);
	explicit_bzero(&token, sizeof(token));
	return ret;
}
