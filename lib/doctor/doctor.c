/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the findings of doctor and prints them as text or JSON. */
#include "doctor/doctor.h"

#include "base/list.h"
#include "base/text.h"
#include "sys/sysfs.h"

#include <bsd/string.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/vfs.h>

/* Longer texts are truncated, because they hold names of any length. */
#define FOUND_SIZE 512
#define HINT_SIZE  512

/* A finding and its texts, in one allocation. */
struct record {
	struct finding finding;
	char found[FOUND_SIZE], hint[HINT_SIZE];
};

void doctor_find(struct doctor *doctor, const char *check, enum finding_state state,
		 const char *format, ...)
{
	struct record *record = list_new(&doctor->findings, sizeof(*record));
	va_list args;

	if (!record) {
		doctor->failed = true;
		return;
	}
	record->finding = (struct finding){
		.check = check,
		.rating = { state },
		.found = record->found,
	};
	va_start(args, format);
	vsnprintf(record->found, sizeof(record->found), format, args);
	va_end(args);
}

/* Returns the last finding, or NULL if there was no memory for it. */
static struct record *last(const struct doctor *doctor)
{
	const struct list *list = &doctor->findings;

	return doctor->failed ? NULL : list->items[list->count - 1];
}

void doctor_hint(struct doctor *doctor, const char *format, ...)
{
	struct record *record = last(doctor);
	va_list args;

	if (!record)
		return;
	va_start(args, format);
	vsnprintf(record->hint, sizeof(record->hint), format, args);
	va_end(args);
	record->finding.hint = record->hint;
}

void doctor_blocked(struct doctor *doctor, enum status status)
{
	const struct record *record = last(doctor);

	/* The status decides, so the code does not matter. */
	if (record && !doctor->reason.code)
		err_set_status(&doctor->reason, status, EOPNOTSUPP, "%s: %s", doctor->without,
			       record->found);
}

bool doctor_needs_proc(struct doctor *doctor, const char *check)
{
	if (doctor->has_proc)
		return true;
	doctor_find(doctor, check, FINDING_WARNING, "unknown: /proc is not mounted");
	doctor_hint(doctor, "mount -t proc proc /proc");
	return false;
}

bool doctor_needs_sysfs(struct doctor *doctor, const char *check)
{
	if (doctor->has_sysfs)
		return true;
	doctor_find(doctor, check, FINDING_WARNING, "unknown: /sys is not mounted");
	doctor_hint(doctor, "mount -t sysfs sysfs /sys");
	return false;
}

/* Other files at /proc, such as those of another system, say nothing about this one. */
static bool has_proc(void)
{
	struct statfs status;

	return !statfs("/proc", &status) && (unsigned long)status.f_type == PROC_SUPER_MAGIC;
}

void doctor_begin(struct doctor *doctor, const struct app *app)
{
	doctor->numeric = app->out.numeric;
	doctor->has_proc = has_proc();
	doctor->has_sysfs = sysfs_is_mounted();
}

void doctor_release(struct doctor *doctor)
{
	list_clear(&doctor->findings);
}

/* Names */

/* Names that are shown; the others are only counted. */
#define NAMED_MAX 6

void name_list_add(struct name_list *names, const char *name)
{
	struct text text;

	if (names->count++ >= NAMED_MAX)
		return;
	text = text_continue(names->text, sizeof(names->text));
	text_join(&text, ", ", "%s", name);
}

void name_list_end(struct name_list *names)
{
	struct text text;

	if (names->count <= NAMED_MAX)
		return;
	names->text[sizeof(names->text) - sizeof(" and 18446744073709551615 more")] = '\0';
	text = text_continue(names->text, sizeof(names->text));
	text_add(&text, " and %zu more", names->count - NAMED_MAX);
}

/* The document */

static void write_rating(struct out *out, const char *key, const void *member)
{
	static const struct {
		const char *word;
		enum out_color color;
	} ratings[] = {
		[FINDING_OK] = { "ok", OUT_GOOD },
		[FINDING_WARNING] = { "warning", OUT_DOUBTFUL },
		[FINDING_MISSING] = { "missing", OUT_BAD },
	};
	const struct finding_rating *rating = member;

	out_string_in(out, key, ratings[rating->state].word, ratings[rating->state].color);
}

static const struct out_type rating_type = { .write = write_rating };

/* Text shows a hint in the form of a message's hint. */
static void write_hint(struct out *out, const char *key, const void *member)
{
	out_string(out, out->options.json ? key : "  hint:", *(const char *const *)member);
}

static const struct out_type hint_type = { .write = write_hint };

enum finding_present {
	FINDING_HAS_ALL,
	FINDING_HAS_HINT,
};

static uint32_t present(const struct finding *finding)
{
	return BIT64(FINDING_HAS_ALL) | (finding->hint ? BIT64(FINDING_HAS_HINT) : 0);
}

static const struct out_field finding_fields[] = {
	OUT_FIELD(struct finding, check, "check", FINDING_HAS_ALL, .width = 20),
	OUT_FIELD_OF(struct finding, rating, struct finding_rating, &rating_type, "state",
		     FINDING_HAS_ALL, .width = 9),
	OUT_FIELD(struct finding, found, "found", FINDING_HAS_ALL),
	OUT_FIELD_OF(struct finding, hint, const char *, &hint_type, "hint", FINDING_HAS_HINT,
		     .flags = OUT_LINE),
	{ 0 },
};

static int print(const struct doctor *doctor, struct app *app, struct err *err)
{
	struct out out;

	tool_out(app, &out, "doctor", OUT_LIST);
	for (size_t i = 0; i < doctor->findings.count; i++) {
		const struct finding *finding = doctor->findings.items[i];

		out_row(&out, NULL, finding_fields, finding, present(finding));
	}
	return out_close(&out, err);
}

int doctor_end(struct doctor *doctor, struct app *app, struct err *err)
{
	int ret = doctor->failed ? err_memory(err) : print(doctor, app, err);

	if (ret || !doctor->reason.code)
		return ret;
	*err = doctor->reason;
	return -err->code;
}
