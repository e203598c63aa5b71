/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PLAN_H
#define VDPA_PLAN_H

#include "base/err.h"
#include "vdpa/model/model.h"

/* One device of a file, as it is to be. */
struct wanted {
	const char *name;
	bool absent;	    /* it must not exist; otherwise: */
	struct dev_new dev; /* how it must be */
	const char *place;  /* the file, or "FILE: dev 'NAME'" */
	size_t line;	    /* of the file, or 0 */
	char **words;	    /* of the command, to see whether two places agree */
	size_t word_count;
};

enum plan_action {
	PLAN_SAME,    /* there is nothing to do */
	PLAN_ADD,     /* create it, and bind it if a driver is asked for */
	PLAN_BIND,    /* bind it to another driver, and set the rest that can be set */
	PLAN_SET,     /* set its MAC address, or owner, group and mode of its node */
	PLAN_REPLACE, /* delete it and create it again */
	PLAN_DELETE,
	PLAN_PENDING, /* its management device, or its VDUSE program, is not there yet */
	PLAN_REFUSED, /* it cannot be done, or must not be */
	PLAN_UNKNOWN, /* the kernel does not report a value: counts as the same */
	PLAN_DRIFT,   /* a guest changed its MAC address, which is left alone */
	PLAN_ACTIONS,
};

/* Bits of "differs": bit N for settings[N], and these for everything else. */
enum plan_difference {
	PLAN_MGMTDEV = 16,
	PLAN_TYPE,
	PLAN_DRIVER,
	PLAN_OWNER,
	PLAN_GROUP,
	PLAN_MODE,
};

/* The action for one device. */
struct step {
	const char *name;
	enum plan_action action;
	uint32_t differs;	     /* bits of enum plan_difference */
	struct wanted *wanted;	     /* NULL: no file names it */
	const struct dev *dev;	     /* the existing device, or NULL */
	const struct config *config; /* its configuration, or NULL */
	struct opt_u32 rights[3];    /* owner, group and mode of its node before the run */
	enum status status;	     /* exit status of a refusal */
	bool done;
	const char *reason, *hint; /* why it is refused, pending or failed; or NULL */
};

/* The words of an action: for JSON, for a sum of what is to be done, and for one of what was done.
 */
extern const char *const plan_action_names[PLAN_ACTIONS];
extern const char *const plan_action_to_do[PLAN_ACTIONS];
extern const char *const plan_action_done[PLAN_ACTIONS];

/* Returns whether the action changes the host. */
bool plan_action_changes(enum plan_action action);

#endif
