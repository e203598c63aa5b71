/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain.h"

#include "abi/mshv.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The kernel's own errno, which the C library does not know. */
#define ENOTSUPP 524

#define ANSWER_TEXT_SIZE 160

/* An errno by its name and in words, or the number where neither is known. */
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

static void explain_absent(struct err *err, const char *node)
{
	if (!str_equal(node, MSHV_NODE)) {
		err->status = STATUS_NO_DEVICE;
		err_hint(err, "without 'dev' it is " MSHV_NODE);
		return;
	}
	err->status = STATUS_NOT_SUPPORTED;
	err_context(err, "there is no driver of the Microsoft hypervisor");
	err_hint(err, "it is there on Hyper-V alone: modprobe mshv_root in the root partition, "
		      "modprobe mshv_vtl in virtual trust level 2");
}

int explain_open(struct err *err, const char *node)
{
	switch (err->code) {
	case ENOENT:
	case ENOTDIR:
		explain_absent(err, node);
		break;
	case ENXIO:
		err->status = STATUS_NOT_SUPPORTED;
		err_hint(err, "the node is there, but no driver behind it: is its module loaded?");
		break;
	case EACCES:
	case EPERM:
		if (geteuid())
			err_hint(err, "run it as root: sudo mshv ..., or be given the right to it");
		else
			err_hint(err, "it is forbidden here even to root");
		break;
	default:
		break;
	}
	return -err->code;
}

int explain_stranger(struct err *err, const char *node, int ret)
{
	char text[ANSWER_TEXT_SIZE];

	if (ret == -ENOTTY)
		err_set_status(err, STATUS_NOT_SUPPORTED, ENOTTY,
			       "%s knows no request of the Microsoft hypervisor's drivers: is it "
			       "another device's node?",
			       node);
	else
		err_set_status(err, STATUS_FAILED, ret < 0 ? -ret : EPROTO,
			       "ask %s for its interface: the kernel answers %s, as none of the "
			       "drivers that are known does",
			       node, describe(ret, text));
	return -err->code;
}

int explain_answer(struct err *err, const char *node, const char *tried, int ret)
{
	char text[ANSWER_TEXT_SIZE];

	return err_set_status(err, STATUS_FAILED, ret < 0 ? -ret : EPROTO,
			      "%s of %s: the kernel answers %s, as no driver that has versions "
			      "does",
			      tried, node, describe(ret, text));
}

int explain_version(struct err *err, const char *node, uint32_t version, int code)
{
	char text[ANSWER_TEXT_SIZE];

	if (code == ENOTSUPP)
		return err_set(err, code,
			       "request version %u of %s: the kernel does not know this version "
			       "(ENOTSUPP)",
			       version, node);
	if (code == EBADFD)
		return err_set(err, code,
			       "request version %u of %s: the file has a version already "
			       "(EBADFD), though it was just opened",
			       version, node);
	return err_set(err, code, "request version %u of %s: %s", version, node,
		       describe(-code, text));
}

int explain_extension(struct err *err, const char *node, uint32_t id, int code)
{
	char name[EXTENSION_TEXT_SIZE], text[ANSWER_TEXT_SIZE];

	if (code == EOPNOTSUPP)
		return err_set(err, code,
			       "check extension %s of %s: the kernel does not know this "
			       "extension (EOPNOTSUPP)",
			       extension_name(id, name), node);
	return err_set(err, code, "check extension %s of %s: %s", extension_name(id, name), node,
		       describe(-code, text));
}

int explain_lack(struct err *err, const char *node, const char *tried, enum interface interface)
{
	err_set_status(err, STATUS_NOT_SUPPORTED, EOPNOTSUPP, "%s of %s: its interface is %s, %s",
		       tried, node, interface_name(interface), interface_meaning(interface));
	if (interface == INTERFACE_VTL)
		err_hint(err, "'mshv extension check N' asks for an extension");
	else if (interface == INTERFACE_VERSION)
		err_hint(err, "'mshv version request' asks for a version");
	return -err->code;
}
