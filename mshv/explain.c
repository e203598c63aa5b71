/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains in words why /dev/mshv refused a request, with a hint. */
#include "explain.h"

#include "abi/mshv.h"
#include "sys/modules.h"
#include "sys/rights.h"

#include <errno.h>
#include <stdio.h>

/* The kernel's own errno, which the C library does not know. */
#define ENOTSUPP 524

#define ANSWER_TEXT_SIZE 160

/* Writes the name and the words of an errno, or the number if it has none. */
static const char *describe(int ret, char text[static ANSWER_TEXT_SIZE])
{
	const char *name = ret == -ENOTSUPP ? "ENOTSUPP" : strerrorname_np(-ret);

	if (ret >= 0)
		snprintf(text, ANSWER_TEXT_SIZE, "%d", ret);
	else if (name)
		snprintf(text, ANSWER_TEXT_SIZE, "%s (%s)", name, err_words(-ret));
	else
		snprintf(text, ANSWER_TEXT_SIZE, "errno %d, which has no name", -ret);
	return text;
}

/* Hardly any distribution builds these drivers, so do not suggest a module that is not there. */
static void hint_driver(struct err *err)
{
	static const struct module_choice choices[] = {
		{ "mshv_root", "the root partition of Hyper-V" },
		{ "mshv_vtl", "its virtual trust level 2" },
	};
	const char *const names[] = { choices[0].name, choices[1].name };
	enum module_place places[ARRAY_SIZE(names)];

	modules_find(names, ARRAY_SIZE(names), places);
	if (places[0] == MODULE_ON_DISK || places[1] == MODULE_ON_DISK)
		modules_hint_any(err, choices, ARRAY_SIZE(choices), "driver for Hyper-V");
	else
		err_hint(err, "only Hyper-V has it: mshv_root in the root partition, "
			      "mshv_vtl in virtual trust level 2");
}

static void explain_absent(struct err *err, const char *node)
{
	if (!str_equal(node, MSHV_NODE)) {
		err->status = STATUS_NO_DEVICE;
		err_hint(err, "the default is " MSHV_NODE);
		return;
	}
	err->status = STATUS_NOT_SUPPORTED;
	err_context(err, "there is no driver for the Microsoft hypervisor");
	hint_driver(err);
}

int explain_open(struct err *err, const char *node)
{
	switch (err->code) {
	case ENOENT:
	case ENOTDIR:
		explain_absent(err, node);
		break;
	case ENXIO:
	case ENODEV:
		/* chardev_open() has set a status: the path is no character device. */
		if (err->status)
			break;
		err->status = STATUS_NOT_SUPPORTED;
		err_hint(err, "the node exists, but no driver serves it: is its module loaded?");
		break;
	case EACCES:
	case EPERM:
		rights_hint_node(err, "mshv", "it");
		break;
	default:
		break;
	}
	return -err->code;
}

/*
 * Only the driver knows what its answer means: EBUSY need not mean that the node is busy, nor
 * ENODEV that there is none. So the exit status says "failed", unless the kernel denied the request
 * or does not support it, which is meant literally.
 */
static int set_answer_status(struct err *err, int ret)
{
	const enum status status = err_exit_status(err);

	if (status != STATUS_NOT_PERMITTED && status != STATUS_NOT_SUPPORTED)
		err->status = STATUS_FAILED;
	return ret < 0 ? ret : -EPROTO;
}

int explain_unknown_driver(struct err *err, const char *node, int ret)
{
	char text[ANSWER_TEXT_SIZE];

	if (ret == -ENOTTY)
		return err_set_status(err, STATUS_NOT_SUPPORTED, ENOTTY,
				      "%s does not know the requests of the Microsoft hypervisor's "
				      "drivers: is it another device's node?",
				      node);
	err_set(err, ret < 0 ? -ret : EPROTO,
		"ask %s for its interface: the kernel answers %s, unlike all known drivers", node,
		describe(ret, text));
	if (ret == -EACCES || ret == -EPERM)
		err_hint(err, "a security module may forbid it");
	return set_answer_status(err, ret);
}

int explain_version(struct err *err, const char *node, uint32_t version, int ret)
{
	char text[ANSWER_TEXT_SIZE];

	if (ret == -ENOTSUPP)
		return err_set(err, ENOTSUPP,
			       "request version %u of %s: the kernel does not know this version "
			       "(ENOTSUPP)",
			       version, node);
	if (ret == -EBADFD)
		return err_set(err, EBADFD,
			       "request version %u of %s: the file has a version already "
			       "(EBADFD), though it was just opened",
			       version, node);
	err_set(err, ret < 0 ? -ret : EPROTO, "request version %u of %s: the kernel answers %s",
		version, node, describe(ret, text));
	return set_answer_status(err, ret);
}

int explain_not_kept(struct err *err, const char *node, uint32_t version, int ret)
{
	char text[ANSWER_TEXT_SIZE];

	err_set_status(
		err, STATUS_FAILED, ret < 0 ? -ret : EPROTO,
		"request version %u of %s: the kernel accepts it, but answers %s to a second "
		"request, where a driver with versions answers EBADFD",
		version, node, describe(ret, text));
	err_hint(err, "early drivers answer extension checks in this way, and have no versions");
	return -err->code;
}

int explain_extension(struct err *err, const char *node, uint32_t id, int ret)
{
	char name[EXTENSION_TEXT_SIZE], text[ANSWER_TEXT_SIZE];

	if (ret == -EOPNOTSUPP || ret == -ENOTSUPP)
		return err_set(err, -ret,
			       "check extension %s of %s: the kernel does not know this "
			       "extension (%s)",
			       extension_name(id, name), node,
			       ret == -ENOTSUPP ? "ENOTSUPP" : "EOPNOTSUPP");
	err_set(err, -ret, "check extension %s of %s: the kernel answers %s",
		extension_name(id, name), node, describe(ret, text));
	return set_answer_status(err, ret);
}

int explain_no_request(struct err *err, const char *node, const char *tried,
		       enum interface interface)
{
	err_set_status(err, STATUS_NOT_SUPPORTED, EOPNOTSUPP, "%s of %s: its interface '%s' is %s",
		       tried, node, interface_name(interface), interface_meaning(interface));
	if (has_extensions(interface))
		err_hint(err, "'mshv extension check N' asks for an extension");
	else if (interface == INTERFACE_VERSION)
		err_hint(err, "'mshv version request' asks for a version");
	return -err->code;
}
