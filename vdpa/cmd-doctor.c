/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"
#include "doctor.h"
#include "view.h"

static int print(struct vdpa *vdpa, const struct list *findings, struct err *err)
{
	struct out out;

	tool_out(&vdpa->app, &out, "doctor", OUT_LIST);
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];

		out_row(&out, NULL, finding_fields, finding, finding_present(finding));
	}
	return out_close(&out, err);
}

int doctor_run(void *app, const void *args _unused_, struct err *err)
{
	struct vdpa *vdpa = app;
	_cleanup_(doctor_release) struct doctor doctor = {
		.nl = &vdpa->nl,
		.numeric = vdpa->app.out.numeric,
	};
	int ret;

	ret = doctor_examine(&doctor, err);
	if (!ret)
		ret = print(vdpa, &doctor.findings, err);
	if (ret || !doctor.reason.code)
		return ret;
	*err = doctor.reason;
	return -err->code;
}
