/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and numbers of the model. */
#include "model.h"

#include "virtio/features.h"

#include <errno.h>

int handle_parse(const char *text, struct handle *handle)
{
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : 0;

	*handle = (struct handle){ .text = text, .name = text };
	if (!slash && pci_address_read(text, handle->address)) {
		strcpy(handle->bus, "pci");
		handle->name = handle->address;
	}
	if (!slash)
		return 0;
	handle->name = slash + 1;
	if (!length || length >= sizeof(handle->bus) || !*handle->name || strchr(handle->name, '/'))
		return -EINVAL;
	memcpy(handle->bus, text, length);
	if (str_equal(handle->bus, "pci") && pci_address_read(handle->name, handle->address))
		handle->name = handle->address;
	return 0;
}

bool handle_matches(const struct handle *handle, const char *mgmtdev)
{
	size_t length = strlen(handle->bus);

	if (!length)
		return str_equal(handle->name, mgmtdev);
	return !strncmp(handle->bus, mgmtdev, length) && mgmtdev[length] == '/' &&
	       str_equal(handle->name, mgmtdev + length + 1);
}

uint32_t class_set_single(const struct class_set *set)
{
	if (!set->bits || (set->bits & (set->bits - 1)))
		return VIRTIO_TYPE_ANY;
	return __builtin_ctzll(set->bits);
}

uint32_t class_set_names(const struct class_set *set)
{
	return set->bits & BIT64(VIRTIO_TYPE_NET) ? VIRTIO_TYPE_NET : class_set_single(set);
}

const char *net_queue_type(uint32_t index, uint64_t negotiated, uint32_t max_vqp, uint32_t max_vqs)
{
	uint32_t control;

	/*
	 * The control queue stands behind all pairs if the driver agreed to several, and behind the
	 * first otherwise. A driver that did not agree to it leaves the odd one at the end alone.
	 */
	if (!(negotiated & BIT64(FEATURE_NET_CTRL_VQ)))
		control = max_vqs % 2 ? max_vqs - 1 : UINT32_MAX;
	else if (!(negotiated & BIT64(FEATURE_NET_MQ)))
		control = 2;
	else
		control = max_vqp ? 2 * max_vqp : max_vqs - 1;
	if (index == control)
		return "control";
	return index % 2 ? "tx" : "rx";
}

const char *driver_name(const struct opt_driver *driver)
{
	return driver->name && str_equal(driver->name, DRIVER_NONE) ? NULL : driver->name;
}
