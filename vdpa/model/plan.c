/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for the actions of a plan. */
#include "plan.h"

const char *const plan_action_names[PLAN_ACTIONS] = {
	[PLAN_SAME] = "same",	    [PLAN_ADD] = "add",		[PLAN_BIND] = "bind",
	[PLAN_SET] = "set",	    [PLAN_REPLACE] = "replace", [PLAN_DELETE] = "delete",
	[PLAN_PENDING] = "pending", [PLAN_REFUSED] = "refused", [PLAN_UNKNOWN] = "unknown",
	[PLAN_DRIFT] = "drift",
};

const char *const plan_action_to_do[PLAN_ACTIONS] = {
	[PLAN_SAME] = "the same",   [PLAN_ADD] = "to add",	   [PLAN_BIND] = "to bind",
	[PLAN_SET] = "to set",	    [PLAN_REPLACE] = "to replace", [PLAN_DELETE] = "to delete",
	[PLAN_PENDING] = "pending", [PLAN_REFUSED] = "refused",	   [PLAN_UNKNOWN] = "unknown",
	[PLAN_DRIFT] = "drifted",
};

const char *const plan_action_done[PLAN_ACTIONS] = {
	[PLAN_SAME] = "the same",   [PLAN_ADD] = "added",	 [PLAN_BIND] = "bound",
	[PLAN_SET] = "set",	    [PLAN_REPLACE] = "replaced", [PLAN_DELETE] = "deleted",
	[PLAN_PENDING] = "pending", [PLAN_REFUSED] = "refused",	 [PLAN_UNKNOWN] = "unknown",
	[PLAN_DRIFT] = "drifted",
};

bool plan_action_changes(enum plan_action action)
{
	return action >= PLAN_ADD && action <= PLAN_DELETE;
}
