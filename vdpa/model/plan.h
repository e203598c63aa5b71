/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PLAN_H
#define VDPA_PLAN_H

#include "base/err.h"
#include "vdpa/model/model.h"

/* What a file says of one device. */
struct wanted {
	const char *name;
	bool absent;	    /* it must not exist; otherwise: */
	struct dev_new dev; /* what it must be */
	const char *place;  /* "FILE:LINE", or "FILE: dev 'NAME'" */
	const char *words;  /* as they were given, to tell whether two places say the same */
};

enum plan_action {
	PLAN_SAME,    /* nothing is to do */
	PLAN_ADD,     /* it is created, and bound where that is asked for */
	PLAN_BIND,    /* it gets another driver, and whatever else can be set */
	PLAN_SET,     /* its MAC address, or owner, group and mode of its node */
	PLAN_REPLACE, /* it is deleted and created again */
	PLAN_DELETE,
	PLAN_PENDING, /* its management device, or its VDUSE program, is not there yet */
	PLAN_REFUSED, /* it cannot be done, or must not */
	PLAN_UNKNOWN, /* the kernel does not tell whether something differs: as if it were the same
		       */
	PLAN_DRIFT,   /* a guest changed its MAC address, which is left alone */
	PLAN_ACTIONS,
};

/* What differs, besides the settings: bit N of "differs" is settings[N], and these. */
enum plan_difference {
	PLAN_MGMTDEV = 16,
	PLAN_TYPE,
	PLAN_DRIVER,
	PLAN_OWNER,
	PLAN_GROUP,
	PLAN_MODE,
};

/* What is done about one device. */
struct step {
	const char *name;
	enum plan_action action;
	uint32_t differs;	     /* bits of enum plan_difference */
	struct wanted *wanted;	     /* NULL: no file names it */
	const struct dev *dev;	     /* that exists, or NULL */
	const struct config *config; /* of it, or NULL */
	struct opt_u32 rights[3];    /* owner, group and mode of its node, before */
	enum status status;	     /* that a refusal ends in */
	bool done;
	const char *reason, *hint; /* of a refusal and the like; or what failed; or NULL */
};

/* The word of an action, as JSON has it, and as a sum says it of what is to be and of what was
 * done. */
extern const char *const plan_action_names[PLAN_ACTIONS];
extern const char *const plan_action_to_do[PLAN_ACTIONS];
extern const char *const plan_action_done[PLAN_ACTIONS];

/* Whether the action changes the host. */
bool plan_action_changes(enum plan_action action);

#endif
