/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "base/list.h"
#include "tool/tool.h"

/*
 * The command "doctor" of a tool: looks at all that its work needs, of the kernel and of the
 * caller's rights and limits. It changes nothing, and what cannot be looked at is a finding as
 * well.
 */
enum finding_state {
	FINDING_OK,
	FINDING_WARNING,
	FINDING_MISSING,
};

/* Whether something that is needed is there. */
struct finding {
	const char *check; /* its name, which never changes */
	struct finding_rating {
		enum finding_state state;
	} rating;
	const char *found; /* what was found, in the same allocation */
	const char *hint;  /* what mends it, in the same allocation; or NULL */
};

struct doctor {
	const char *tool;	  /* its name, for commands in hints */
	const char *without;	  /* what it means when all is not well, before the reason */
	bool numeric;		  /* owners of nodes by number */
	struct list findings;	  /* of struct finding, in the order of the checks */
	struct err reason;	  /* why not all is well; without a code where it is */
	bool has_proc, has_sysfs; /* mounted where they belong */
	bool failed;		  /* not enough memory for all findings */
};

/* Begins, with @tool and @without set; release it in any case. */
void doctor_begin(struct doctor *doctor, const struct app *app);
void doctor_release(struct doctor *doctor);

/*
 * Prints all findings. Returns 0, or a negative errno with @err filled: why not all is well, or why
 * it could not be said.
 */
int doctor_end(struct doctor *doctor, struct app *app, struct err *err);

/* Appends a finding, a short sentence. */
void doctor_find(struct doctor *doctor, const char *check, enum finding_state state,
		 const char *format, ...) _printf_(4, 5);

/* What mends the last finding: a command, or a sentence where there is none. */
void doctor_hint(struct doctor *doctor, const char *format, ...) _printf_(2, 3);

/* The last finding is the reason, if none before it is. */
void doctor_blocked(struct doctor *doctor, enum status status);

/* Whether /proc, or /sys, is mounted; a finding of @check says so if it is not. */
bool doctor_wants_proc(struct doctor *doctor, const char *check);
bool doctor_wants_sysfs(struct doctor *doctor, const char *check);

/* Names, paths and the like, joined by commas; of many, the first ones and how many more. */
struct name_list {
	char text[320];
	size_t count;
};

void name_list_add(struct name_list *names, const char *name);
void name_list_end(struct name_list *names);

/* Checks that several tools make. */

struct doctor_module {
	const char *check, *name, *option, *purpose;
};

/*
 * Finds out about the kernel and its modules, of which the first is the one that matters.
 * @path: what is below /sys where that one works. @called: what it is then.
 */
void doctor_check_modules(struct doctor *doctor, const struct doctor_module *modules, size_t count,
			  const char *path, const char *called);

/*
 * Whether the caller has CAP_NET_ADMIN where it counts. A finding of this state says so if not,
 * and @lost, what is not to be had then.
 */
bool doctor_check_net_admin(struct doctor *doctor, enum finding_state state, const char *lost);
void doctor_check_user_namespace(struct doctor *doctor);

/* Which drivers of the vdpa bus there are, and which of them takes a new device. */
void doctor_check_drivers(struct doctor *doctor);

/* Nodes that should be there. */
struct doctor_nodes {
	bool numeric;
	struct name_list present, missing;
	char make[600]; /* the command that makes the first one that is missing */
};

/*
 * Checks the node @path. @attribute: the file below /sys that says of which device; none is needed
 * where there is no such file.
 */
void doctor_nodes_check(struct doctor_nodes *nodes, const char *path, const char *attribute);
void doctor_nodes_end(struct doctor_nodes *nodes, struct doctor *doctor);

#endif
