/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output of vdpa: rows for text and JSON alike, and the writers of special values. */
#include "view.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "out/holders-view.h"
#include "vdpa/model/model.h"
#include "virtio/features.h"
#include "virtio/view.h"

#include <stdio.h>

static void write_classes(struct out *out, const char *key, const void *member)
{
	const struct class_set *set = member;
	char text[VIRTIO_TYPE_TEXT_SIZE];

	out_list_begin(out, key);
	for (unsigned int id = 0; id < 64; id++) {
		if (!(set->bits & BIT64(id)))
			continue;
		if (out->options.numeric)
			out_number(out, NULL, id);
		else
			out_string(out, NULL, virtio_type_name(id, text));
	}
	out_list_end(out);
}

static const struct out_type classes_type = { .write = write_classes };

static void write_names(struct out *out, const char *key, const void *member)
{
	const struct list *names = member;

	out_list_begin(out, key);
	for (size_t i = 0; i < names->count; i++)
		out_string(out, NULL, names->items[i]);
	out_list_end(out);
}

static const struct out_type names_type = { .write = write_names };

const struct out_field mgmtdev_fields[] = {
	OUT_FIELD_OF(struct mgmtdev, classes, struct class_set, &classes_type, "supported_classes",
		     MGMTDEV_HAS_CLASSES, .flags = OUT_LINE),
	OUT_FIELD(struct mgmtdev, max_vqs, "max_supported_vqs", MGMTDEV_HAS_MAX_VQS,
		  .flags = OUT_LINE),
	OUT_FIELD_OF(struct mgmtdev, features, struct feature_set, &out_type_features,
		     "dev_features", MGMTDEV_HAS_FEATURES, .flags = OUT_LINE),
	OUT_FIELD(struct mgmtdev, driver, "driver", MGMTDEV_HAS_DRIVER,
		  .flags = OUT_LINE | OUT_DETAILS),
	OUT_FIELD(struct mgmtdev, parent, "parent", MGMTDEV_HAS_PARENT,
		  .flags = OUT_LINE | OUT_DETAILS),
	OUT_FIELD_OF(struct mgmtdev, devices, struct list, &names_type, "devices",
		     MGMTDEV_HAS_DEVICES, .flags = OUT_LINE | OUT_DETAILS),
	OUT_FIELD(struct mgmtdev, room, "room", MGMTDEV_HAS_ROOM, .flags = OUT_LINE | OUT_DETAILS),
	{ 0 },
};

#define LINK(member, present, flags_)                                                              \
	OUT_FIELD(struct dev, topology.member, #member, DEV_HAS_##present, .flags = (flags_))

/* The topology of a device: part of the row of "dev show", and the whole row of "dev find". */
#define LINKS(flags_)                                                                              \
	LINK(driver, DRIVER, flags_), LINK(driver_override, DRIVER_OVERRIDE, flags_),              \
		LINK(chardev, CHARDEV, flags_), LINK(virtio, VIRTIO, flags_),                      \
		LINK(netdev, NETDEV, flags_), LINK(netns, NETNS, flags_),                          \
		LINK(disk, DISK, flags_), LINK(parent, PARENT, flags_),                            \
		OUT_FIELD_OF(struct dev, topology.holders, struct list, &out_type_holders,         \
			     "holders", DEV_HAS_HOLDERS, .flags = (flags_))

const struct out_field dev_fields[] = {
	OUT_FIELD_OF(struct dev, type, struct device_type, &out_type_device_type, "type",
		     DEV_HAS_TYPE),
	OUT_FIELD(struct dev, mgmtdev, "mgmtdev", DEV_HAS_MGMTDEV),
	OUT_FIELD(struct dev, topology.driver, "driver", DEV_HAS_SOLE_DRIVER),
	OUT_FIELD(struct dev, vendor_id, "vendor_id", DEV_HAS_VENDOR_ID),
	OUT_FIELD(struct dev, max_vqs, "max_vqs", DEV_HAS_MAX_VQS),
	OUT_FIELD(struct dev, max_vq_size, "max_vq_size", DEV_HAS_MAX_VQ_SIZE),
	OUT_FIELD(struct dev, min_vq_size, "min_vq_size", DEV_HAS_MIN_VQ_SIZE_LIMIT),
	/* A minimum of 1 limits nothing. */
	OUT_FIELD(struct dev, min_vq_size, "min_vq_size", DEV_HAS_MIN_VQ_SIZE,
		  .flags = OUT_DETAILS),
	LINKS(OUT_DETAILS | OUT_SECOND),
	{ 0 },
};

const struct out_field dev_added_fields[] = {
	OUT_FIELD(struct dev_added, action, "action", HAS_ALWAYS),
	{ 0 },
};

static void write_name(struct out *out, const char *key, const void *member)
{
	/* In text, the name precedes the row anyway. */
	if (out->options.json)
		out_string(out, key, *(const char *const *)member);
}

static const struct out_type name_type = { .write = write_name };

const struct out_field find_fields[] = {
	OUT_FIELD_OF(struct dev, name, const char *, &name_type, "dev", HAS_ALWAYS),
	LINKS(0),
	{ 0 },
};

static void write_link(struct out *out, const char *key, const void *member)
{
	const struct net_status *status = member;

	const bool up = status->bits & VIRTIO_NET_S_LINK_UP;

	out_string_in(out, key, up ? "up" : "down", up ? OUT_GOOD : OUT_BAD);
}

static const struct out_type link_type = { .write = write_link };

static void write_announce(struct out *out, const char *key, const void *member)
{
	const struct net_status *status = member;

	out_bool(out, key, status->bits & VIRTIO_NET_S_ANNOUNCE);
}

static const struct out_type announce_type = { .write = write_announce };

#define CONFIG(member, key, present, ...)                                                          \
	OUT_FIELD(struct config, member, key, CONFIG_HAS_##present, .flags = OUT_TAIL, __VA_ARGS__)

const struct out_field config_fields[] = {
	OUT_FIELD_OF(struct config, type, struct device_type, &out_type_device_type, "type",
		     CONFIG_HAS_TYPE, .flags = OUT_DETAILS),
	CONFIG(mac, "mac", MAC),
	OUT_FIELD_OF(struct config, status, struct net_status, &link_type, "link",
		     CONFIG_HAS_STATUS, .flags = OUT_TAIL),
	OUT_FIELD_OF(struct config, status, struct net_status, &announce_type, "link_announce",
		     CONFIG_HAS_STATUS, .flags = OUT_TAIL),
	CONFIG(max_vq_pairs, "max_vq_pairs", MAX_VQP),
	CONFIG(mtu, "mtu", MTU),
	/* The names of the virtio specification, "Block Device", "Device configuration layout". */
	CONFIG(capacity, "capacity", CAPACITY, .unit = OUT_SECTORS),
	CONFIG(size_max, "size_max", SIZE_MAX, .unit = OUT_BYTES),
	CONFIG(seg_max, "seg_max", SEG_MAX),
	CONFIG(blk_size, "blk_size", BLK_SIZE, .unit = OUT_BYTES),
	CONFIG(num_queues, "num_queues", NUM_QUEUES),
	CONFIG(physical_block_exp, "physical_block_exp", PHYSICAL_BLOCK_EXP),
	CONFIG(alignment_offset, "alignment_offset", ALIGNMENT_OFFSET),
	CONFIG(min_io_size, "min_io_size", MIN_IO_SIZE),
	CONFIG(opt_io_size, "opt_io_size", OPT_IO_SIZE),
	CONFIG(max_discard_sectors, "max_discard_sectors", MAX_DISCARD_SECTORS,
	       .unit = OUT_SECTORS),
	CONFIG(max_discard_seg, "max_discard_seg", MAX_DISCARD_SEG),
	CONFIG(discard_sector_alignment, "discard_sector_alignment", DISCARD_ALIGNMENT,
	       .unit = OUT_SECTORS),
	CONFIG(max_write_zeroes_sectors, "max_write_zeroes_sectors", MAX_WRITE_ZEROES_SECTORS,
	       .unit = OUT_SECTORS),
	CONFIG(max_write_zeroes_seg, "max_write_zeroes_seg", MAX_WRITE_ZEROES_SEG),
	OUT_FIELD_OF(struct config, read_only, uint8_t, &out_type_byte_flag, "read_only",
		     CONFIG_HAS_READ_ONLY, .flags = OUT_TAIL),
	OUT_FIELD_OF(struct config, flush, uint8_t, &out_type_byte_flag, "flush", CONFIG_HAS_FLUSH,
		     .flags = OUT_TAIL),
	OUT_FIELD_OF(struct config, features, struct feature_set, &out_type_features,
		     "device_features", CONFIG_HAS_FEATURES, .flags = OUT_LINE | OUT_DETAILS),
	OUT_FIELD_OF(struct config, negotiated, struct feature_set, &out_type_features,
		     "negotiated_features", CONFIG_HAS_NEGOTIATED, .flags = OUT_LINE),
	{ 0 },
};

void feature_row_fill(struct feature_row *row, uint32_t type, unsigned int bit, char *text)
{
	const struct virtio_feature *feature = virtio_feature_find(type, bit);

	row->bit = bit;
	row->name = virtio_feature_name(type, bit, text);
	row->meaning = feature ? feature->meaning : "unknown";
}

const struct out_field feature_fields[] = {
	OUT_FIELD(struct feature_row, bit, "bit", HAS_ALWAYS, .width = 4),
	OUT_FIELD(struct feature_row, name, "name", HAS_ALWAYS, .width = 26),
	OUT_FIELD(struct feature_row, meaning, "meaning", HAS_ALWAYS),
	{ 0 },
};

/* A feature's row with the stages at which a device has the bit. */
struct stage_row {
	struct feature_row feature;
	uint8_t supported, device, negotiated;
};

static const struct out_field stage_fields[] = {
	OUT_FIELD(struct stage_row, feature.bit, "bit", HAS_ALWAYS, .width = 4),
	OUT_FIELD(struct stage_row, feature.name, "name", HAS_ALWAYS, .width = 26),
	OUT_FIELD_OF(struct stage_row, supported, uint8_t, &out_type_byte_flag, "supported",
		     DEV_FEATURES_HAS_SUPPORTED, .width = 10),
	OUT_FIELD_OF(struct stage_row, device, uint8_t, &out_type_byte_flag, "device",
		     DEV_FEATURES_HAS_DEVICE, .width = 7),
	OUT_FIELD_OF(struct stage_row, negotiated, uint8_t, &out_type_byte_flag, "negotiated",
		     DEV_FEATURES_HAS_NEGOTIATED, .width = 11),
	OUT_FIELD(struct stage_row, feature.meaning, "meaning", HAS_ALWAYS),
	{ 0 },
};

/* Writes every bit that is set at some stage; @member is the whole struct. */
static void write_stages(struct out *out, const char *key, const void *member)
{
	const struct dev_features *features = member;
	uint64_t all = features->supported.bits | features->device.bits | features->negotiated.bits;
	char text[VIRTIO_FEATURE_TEXT_SIZE];

	out_table_begin(out, key, stage_fields);
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct stage_row row = {
			.supported = !!(features->supported.bits & BIT64(bit)),
			.device = !!(features->device.bits & BIT64(bit)),
			.negotiated = !!(features->negotiated.bits & BIT64(bit)),
		};

		if (!(all & BIT64(bit)))
			continue;
		feature_row_fill(&row.feature, features->type.id, bit, text);
		out_table_row(out, stage_fields, &row, features->present);
	}
	out_table_end(out);
}

static const struct out_type stages_type = { .write = write_stages };

#define FEATURES(member, present)                                                                  \
	OUT_FIELD_OF(struct dev_features, member, struct feature_set, &out_type_features, #member, \
		     DEV_FEATURES_HAS_##present, .flags = OUT_LINE | OUT_SUMMARY)

const struct out_field dev_features_fields[] = {
	OUT_FIELD_OF(struct dev_features, type, struct device_type, &out_type_device_type, "type",
		     HAS_ALWAYS),
	FEATURES(supported, SUPPORTED),
	FEATURES(device, DEVICE),
	FEATURES(negotiated, NEGOTIATED),
	/* In text, the table of details replaces the three lists; in JSON, it follows them. */
	{ .key = "bits", .type = &stages_type, .present = HAS_ALWAYS, .flags = OUT_DETAILS },
	{ 0 },
};

static enum out_unit counter_unit(const char *key)
{
	const char *last = strrchr(key, '_');

	return last && str_equal(last, "_bytes") ? OUT_BYTES : OUT_COUNT;
}

static void write_counters(struct out *out, const char *key, const void *member)
{
	const struct counters *counters = member;
	char word[COUNTER_KEY_SIZE];

	out_group_begin(out, key);
	for (size_t i = 0; i < counters->count; i++) {
		counter_key(counters->counters[i].name, word);
		out_amount(out, word, counters->counters[i].value, counter_unit(word));
	}
	out_group_end(out);
}

static const struct out_type counters_type = { .write = write_counters };

static const struct out_field queue_fields[] = {
	OUT_FIELD(struct queue_stats, index, "index", HAS_ALWAYS),
	OUT_FIELD(struct queue_stats, type, "type", QUEUE_STATS_HAS_TYPE),
	OUT_FIELD_OF(struct queue_stats, counters, struct counters, &counters_type, "counters",
		     HAS_ALWAYS),
	{ 0 },
};

static uint32_t queue_present(const struct queue_stats *queue)
{
	return BIT64(HAS_ALWAYS) | (queue->type ? BIT64(QUEUE_STATS_HAS_TYPE) : 0);
}

static void write_queues(struct out *out, const char *key, const void *member)
{
	const struct list *queues = member;

	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < queues->count; i++) {
		const struct queue_stats *queue = queues->items[i];

		out_table_row(out, queue_fields, queue, queue_present(queue));
	}
	out_table_end(out);
}

static const struct out_type queues_type = { .write = write_queues };

const struct out_field dev_stats_fields[] = {
	OUT_FIELD_OF(struct dev_stats, type, struct device_type, &out_type_device_type, "type",
		     HAS_ALWAYS),
	OUT_FIELD_OF(struct dev_stats, queues, struct list, &queues_type, "queues", HAS_ALWAYS),
	{ 0 },
};

static void write_queue_type(struct out *out, const char *key, const void *member)
{
	const char *type = *(const char *const *)member;

	out_string(out, key, str_equal(type, "control") ? "control_vq" : type);
}

static const struct out_type queue_type_type = { .write = write_queue_type };

/* iproute2 prints the driver's names unchanged, with blanks, and does not group them. */
static void write_plain_counters(struct out *out, const char *key _unused_, const void *member)
{
	const struct counters *counters = member;

	for (size_t i = 0; i < counters->count; i++)
		out_number(out, counters->counters[i].name, counters->counters[i].value);
}

static const struct out_type plain_counters_type = { .write = write_plain_counters };

const struct out_field vstats_fields[] = {
	OUT_FIELD_OF(struct queue_stats, type, const char *, &queue_type_type, "queue_type",
		     QUEUE_STATS_HAS_TYPE, .flags = OUT_TAIL),
	OUT_FIELD_OF(struct queue_stats, counters, struct counters, &plain_counters_type,
		     "counters", HAS_ALWAYS, .flags = OUT_TAIL),
	{ 0 },
};

/* Text has local time, as in iproute2; JSON has UTC, which is the same for every program. */
static void write_time(struct out *out, const char *key, const void *member)
{
	const struct timespec *time = member;
	const bool utc = out->options.json;
	char date[64] = "", text[96];
	struct tm tm;

	if (utc ? gmtime_r(&time->tv_sec, &tm) : localtime_r(&time->tv_sec, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), utc ? "%s.%06ldZ" : "[%s.%06ld]", date, time->tv_nsec / 1000);
	out_string(out, key, text);
}

static const struct out_type time_type = { .write = write_time };

const struct out_field event_fields[] = {
	OUT_FIELD_OF(struct event, time, struct timespec, &time_type, "time", EVENT_HAS_TIME,
		     .flags = OUT_WORD),
	OUT_FIELD(struct event, event, "event", HAS_ALWAYS, .flags = OUT_WORD),
	OUT_FIELD(struct event, object, "object", HAS_ALWAYS, .flags = OUT_WORD),
	OUT_FIELD(struct event, name, "name", HAS_ALWAYS, .flags = OUT_NAME),
	OUT_FIELD(struct event, driver, "driver", EVENT_HAS_DRIVER),
	{ 0 },
};
