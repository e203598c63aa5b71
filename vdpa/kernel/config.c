/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the configurations of devices. */
#include "kernel.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "explain.h"
#include "virtio/features.h"
#include "wire.h"

#include <errno.h>
#include <libmnl/libmnl.h>

/* A decoded message, before its name is copied and attribute 21 is understood. */
struct config_message {
	struct config config;
	const char *name;      /* points into the message */
	uint64_t ambiguous_21; /* one number, and two meanings in two ages of the kernel */
};

#define ROW(field, number, present)                                                                \
	NL_ATTRIBUTE(struct config_message, config.field, VDPA_ATTR_DEV_##number,                  \
		     CONFIG_HAS_##present)

static const struct nl_attribute attributes[] = {
	NL_ATTRIBUTE(struct config_message, name, VDPA_ATTR_DEV_NAME, HAS_ALWAYS),
	ROW(type.id, ID, TYPE),
	ROW(negotiated.bits, NEGOTIATED_FEATURES, NEGOTIATED),
	ROW(features.bits, FEATURES, FEATURES),
	ROW(mac, NET_CFG_MACADDR, MAC),
	/* A comment in the kernel's header says 8 bits, but every kernel sends 16. */
	ROW(status.bits, NET_STATUS, STATUS),
	NL_ATTRIBUTE(struct config_message, ambiguous_21, VDPA_ATTR_DEV_FEATURES_6_1,
		     CONFIG_HAS_AMBIGUOUS_21),
	ROW(mtu, NET_CFG_MTU, MTU),
	ROW(max_vq_pairs, NET_CFG_MAX_VQP, MAX_VQP),
	ROW(size_max, BLK_CFG_SIZE_MAX, SIZE_MAX),
	ROW(blk_size, BLK_CFG_BLK_SIZE, BLK_SIZE),
	ROW(seg_max, BLK_CFG_SEG_MAX, SEG_MAX),
	ROW(num_queues, BLK_CFG_NUM_QUEUES, NUM_QUEUES),
	ROW(physical_block_exp, BLK_CFG_PHY_BLK_EXP, PHYSICAL_BLOCK_EXP),
	ROW(alignment_offset, BLK_CFG_ALIGN_OFFSET, ALIGNMENT_OFFSET),
	ROW(min_io_size, BLK_CFG_MIN_IO_SIZE, MIN_IO_SIZE),
	ROW(opt_io_size, BLK_CFG_OPT_IO_SIZE, OPT_IO_SIZE),
	ROW(max_discard_sectors, BLK_CFG_MAX_DISCARD_SEC, MAX_DISCARD_SECTORS),
	ROW(max_discard_seg, BLK_CFG_MAX_DISCARD_SEG, MAX_DISCARD_SEG),
	ROW(discard_sector_alignment, BLK_CFG_DISCARD_SEC_ALIGN, DISCARD_ALIGNMENT),
	ROW(max_write_zeroes_sectors, BLK_CFG_MAX_WRITE_ZEROES_SEC, MAX_WRITE_ZEROES_SECTORS),
	ROW(max_write_zeroes_seg, BLK_CFG_MAX_WRITE_ZEROES_SEG, MAX_WRITE_ZEROES_SEG),
	ROW(read_only, BLK_READ_ONLY, READ_ONLY),
	ROW(flush, BLK_FLUSH, FLUSH),
};

/*
 * Attribute 21 has two meanings: Linux 6.1 sends the features of network devices in it, newer
 * kernels the capacity of block devices. No kernel sends both, so the type of the device in the
 * same message decides, and a capacity is never mistaken for a set of features.
 */
static void settle_ambiguous_21(struct config_message *taken)
{
	struct config *config = &taken->config;

	if (!(config->present & BIT64(CONFIG_HAS_AMBIGUOUS_21)))
		return;
	if (config->type.id == VIRTIO_TYPE_BLOCK) {
		config->capacity = taken->ambiguous_21;
		config->present |= BIT64(CONFIG_HAS_CAPACITY);
	} else if (config->type.id == VIRTIO_TYPE_NET &&
		   !(config->present & BIT64(CONFIG_HAS_FEATURES))) {
		config->features.bits = taken->ambiguous_21;
		config->present |= BIT64(CONFIG_HAS_FEATURES);
	}
}

static int take_config(const struct nlmsghdr *message, void *data, struct err *err)
{
	struct config_message taken = { .config = { .present = BIT64(HAS_ALWAYS) } };
	struct config *config;
	size_t name_size;
	int ret;

	ret = nl_decode(message, attributes, ARRAY_SIZE(attributes), &taken, &taken.config.present,
			err);
	if (ret)
		return ret;
	if (!taken.name || !(taken.config.present & BIT64(CONFIG_HAS_TYPE)))
		return wire_incomplete(err, "a device's name or type");
	settle_ambiguous_21(&taken);
	taken.config.features.type = taken.config.type.id;
	taken.config.negotiated.type = taken.config.type.id;

	name_size = strlen(taken.name) + 1;
	config = list_new(data, sizeof(*config) + name_size);
	if (!config)
		return err_memory(err);
	*config = taken.config;
	config->name = memcpy(config + 1, taken.name, name_size);
	return 0;
}

int kernel_configs(struct nl *nl, struct list *list, struct err *err)
{
	REQUEST(buffer);

	if (!nl_dump(nl, nl_request(nl, buffer, VDPA_CMD_DEV_CONFIG_GET), take_config, wire_restart,
		     list, err))
		return 0;
	return explain(err, "list configurations");
}

static int explain_config(struct err *err, const char *name)
{
	if (err->code == EOPNOTSUPP)
		err_set(err, EOPNOTSUPP, "this kernel does not describe devices of its type");
	/* Linux 5.17 to 6.0 describe a device only after a driver has negotiated its features. */
	if (err->code == EAGAIN)
		err_hint(err, "this kernel describes a device only once a driver uses it");
	return explain_dev(err, name, "read the configuration of");
}

int kernel_config(struct nl *nl, const char *name, struct list *list, struct err *err)
{
	REQUEST(buffer);
	struct nlmsghdr *request = wire_dev_request(nl, buffer, VDPA_CMD_DEV_CONFIG_GET, name);

	if (!nl_do(nl, request, take_config, list, err))
		return 0;
	return explain_config(err, name);
}

struct several {
	const struct list *names;
	kernel_done *done;
	void *data;
};

static void done_config(void *data, size_t index, int ret, const struct err *err)
{
	const struct several *several = data;
	struct err explained;

	if (ret) {
		explained = *err;
		explain_config(&explained, several->names->items[index]);
	}
	several->done(several->data, index, ret, ret ? &explained : NULL);
}

int kernel_configs_of(struct nl *nl, const struct list *names, struct list *list, kernel_done *done,
		      void *data, struct err *err)
{
	struct several several = { names, done, data };
	const struct wire_each each = { .names = names,
					.take = take_config,
					.taken = list,
					.done = done_config,
					.data = &several };

	if (!wire_dev_each(nl, VDPA_CMD_DEV_CONFIG_GET, &each, err))
		return 0;
	return explain(err, "read configurations");
}
