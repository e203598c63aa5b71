/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "base/list.h"
#include "tool/tool.h"

/*
 * The command "doctor" of a tool. It looks at everything the tool needs from the kernel, and at the
 * caller's rights and limits. It changes nothing. If something cannot be examined, that is a
 * finding as well.
 */
enum finding_state {
	FINDING_OK,
	FINDING_WARNING,
	FINDING_MISSING,
};

/* The result of one check. */
struct finding {
	const char *check; /* name of the check, which never changes */
	struct finding_rating {
		enum finding_state state;
	} rating;
	const char *found; /* what was found; in the same allocation */
	const char *hint;  /* how to fix it, or NULL; in the same allocation */
};

struct doctor {
	const char *tool;    /* name of the tool, for commands in hints */
	const char *without; /* the consequence of a failed check, before the reason: "no device can
				be added" */
	bool numeric;	     /* print owners of nodes as numbers */
	struct list findings;	  /* of struct finding, in the order of the checks */
	struct err reason;	  /* why doctor fails; code 0: it does not */
	bool has_proc, has_sysfs; /* whether /proc and /sys are mounted */
	bool failed;		  /* there was not enough memory for all findings */
};

/* Begins a report; @tool and @without must be set. Call doctor_release() in any case. */
void doctor_begin(struct doctor *doctor, const struct app *app);
void doctor_release(struct doctor *doctor);

/*
 * Prints all findings. Returns 0, or a negative errno with @err filled: the reason why doctor
 * fails, or why the findings could not be printed.
 */
int doctor_end(struct doctor *doctor, struct app *app, struct err *err);

/* Appends a finding; the text is a short sentence. */
void doctor_find(struct doctor *doctor, const char *check, enum finding_state state,
		 const char *format, ...) _printf_(4, 5);

/* Sets how to fix the last finding: a command, or a sentence if there is none. */
void doctor_hint(struct doctor *doctor, const char *format, ...) _printf_(2, 3);

/* Makes the last finding the reason why doctor fails, unless an earlier finding is. */
void doctor_blocked(struct doctor *doctor, enum status status);

/* Return whether /proc or /sys is mounted. If not, they append a finding of @check that says so. */
bool doctor_needs_proc(struct doctor *doctor, const char *check);
bool doctor_needs_sysfs(struct doctor *doctor, const char *check);

/*
 * A list of names or paths, joined by commas. Of a long list it shows the first ones and the number
 * of the others.
 */
struct name_list {
	char text[320];
	size_t count;
};

void name_list_add(struct name_list *names, const char *name);
void name_list_end(struct name_list *names);

/* Checks that several tools share. */

struct doctor_module {
	const char *check, *name, *option, *purpose;
};

/*
 * Checks the kernel and its modules; the first module is the one that the tool needs.
 * @path: a file below /sys that exists while that module works.
 * @called: the name of what works then, for the message.
 */
void doctor_check_modules(struct doctor *doctor, const struct doctor_module *modules, size_t count,
			  const char *path, const char *called);

/*
 * Checks that the caller has CAP_NET_ADMIN in the initial user namespace. Otherwise it appends a
 * finding of @state.
 * @lost: what is not possible without the right, to end the sentence with.
 * Returns whether the caller has the right.
 */
bool doctor_check_net_admin(struct doctor *doctor, enum finding_state state, const char *lost);
void doctor_check_user_namespace(struct doctor *doctor);

/* Reports the drivers of the vdpa bus and which of them gets a new device. */
void doctor_check_drivers(struct doctor *doctor);

/* Device nodes that should exist, and those that are missing. */
struct doctor_nodes {
	bool numeric;
	struct name_list present, missing;
	char make[600]; /* the command that creates the first missing node */
};

/*
 * Checks the node @path.
 * @attribute: the file below /sys that holds the device's number. Without that file there is no
 * device, and no node is needed.
 */
void doctor_nodes_check(struct doctor_nodes *nodes, const char *path, const char *attribute);
void doctor_nodes_end(struct doctor_nodes *nodes, struct doctor *doctor);

#endif
