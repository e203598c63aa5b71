/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and numbers of the model. */
#include "model.h"

#include "base/pci.h"
#include "base/text.h"
#include "virtio/features.h"

#include <errno.h>

int handle_parse(const char *text, struct handle *handle)
{
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : 0;

	const char *name = slash ? slash + 1 : text;
	char address[PCI_ADDRESS_SIZE];

	*handle = (struct handle){ .text = text };
	if (slash && (!length || length >= sizeof(handle->bus) || !*name || strchr(name, '/')))
		return -EINVAL;
	memcpy(handle->bus, text, length);
	if ((slash && !str_equal(handle->bus, "pci")) || !pci_address_read(name, address))
		return 0;
	strcpy(handle->bus, "pci");
	strcpy(handle->address, address);
	return 0;
}

const char *handle_name(const struct handle *handle)
{
	const char *slash = strchr(handle->text, '/');

	if (handle->address[0])
		return handle->address;
	return slash ? slash + 1 : handle->text;
}

bool handle_matches(const struct handle *handle, const char *mgmtdev)
{
	size_t length = strlen(handle->bus);

	if (!length)
		return str_equal(handle_name(handle), mgmtdev);
	return !strncmp(handle->bus, mgmtdev, length) && mgmtdev[length] == '/' &&
	       str_equal(handle_name(handle), mgmtdev + length + 1);
}

void class_set_format(const struct class_set *set, const char *separator, char *storage,
		      size_t size)
{
	struct text text = text_begin(storage, size);
	char name[VIRTIO_TYPE_TEXT_SIZE];

	for (unsigned int id = 0; id < 64; id++)
		if (set->bits & BIT64(id))
			text_join(&text, separator, "%s", virtio_type_name(id, name));
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
	 * The control queue follows all pairs if the driver negotiated MQ, and follows the first
	 * pair otherwise. If CTRL_VQ was not negotiated, an odd number of queues still ends with
	 * one that is in no pair. Newer kernels omit max_vqp without MQ. That must not be read as
	 * zero pairs: queue 0 would then count as the control queue.
	 */
	if (!(negotiated & BIT64(VIRTIO_FEATURE_NET_CTRL_VQ)))
		control = max_vqs % 2 ? max_vqs - 1 : UINT32_MAX;
	else if (!(negotiated & BIT64(VIRTIO_FEATURE_NET_MQ)))
		control = 2;
	else
		control = max_vqp ? 2 * max_vqp : max_vqs - 1;
	if (index == control)
		return "control";
	return index % 2 ? "tx" : "rx";
}

uint16_t net_max_pairs(uint32_t max_vqs)
{
	uint32_t pairs = max_vqs > 2 ? (max_vqs - 1) / 2 : 1;

	return pairs < UINT16_MAX ? pairs : UINT16_MAX;
}

const char *driver_name(const struct opt_driver *driver)
{
	return driver->name && str_equal(driver->name, DRIVER_NONE) ? NULL : driver->name;
}

void counter_key(const char *name, char key[static COUNTER_KEY_SIZE])
{
	size_t i;

	for (i = 0; name[i] && i + 1 < COUNTER_KEY_SIZE; i++)
		key[i] = name[i] == ' ' ? '_' : name[i];
	key[i] = '\0';
}
