/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa metrics": prints devices and counters for Prometheus. */
#include "base/list.h"
#include "vdpa/ops/metrics.h"

#include "abi/vdpa.h"
#include "apply-differences.h"
#include "commands.h"
#include "tool/tool-metrics.h"
#include "virtio/features.h"

/* The data of all families. */
struct watched {
	struct metrics metrics;
	struct differences differences;
};

static const struct metrics *metrics_of(const struct metric_print *print)
{
	return &((const struct watched *)print->data)->metrics;
}

/* The tool and the kernel */

static void print_up(const struct metric_print *print)
{
	metric_alone(print, print->data != NULL);
}

static void print_build(const struct metric_print *print)
{
	metric_sample(print, METRIC_LABELS({ "version", tool_version }), 1);
}

/* Management devices */

#define CLASSES_TEXT_SIZE 256

static void print_mgmtdevs(const struct metric_print *print)
{
	const struct list *mgmtdevs = &metrics_of(print)->mgmtdevs;
	char classes[CLASSES_TEXT_SIZE];

	for (size_t i = 0; i < mgmtdevs->count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs->items[i];

		class_set_format(&mgmtdev->classes, ",", classes, sizeof(classes));
		metric_sample(print,
			      METRIC_LABELS({ "mgmtdev", mgmtdev->name }, { "classes", classes }),
			      1);
	}
}

static uint64_t count_devs(const struct metrics *metrics, const char *mgmtdev)
{
	const struct list *devs = &metrics->stats.names;
	uint64_t count = 0;

	for (size_t i = 0; i < devs->count; i++)
		count += str_equal(((const struct dev *)devs->items[i])->mgmtdev, mgmtdev);
	return count;
}

static void print_mgmtdev_devs(const struct metric_print *print)
{
	const struct list *mgmtdevs = &metrics_of(print)->mgmtdevs;

	for (size_t i = 0; i < mgmtdevs->count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs->items[i];

		metric_sample(print, METRIC_LABELS({ "mgmtdev", mgmtdev->name }),
			      count_devs(metrics_of(print), mgmtdev->name));
	}
}

/* Devices */

/* Prometheus treats an empty label like an absent one. */
static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void print_devs(const struct metric_print *print)
{
	const struct list *devs = &metrics_of(print)->stats.names;
	char type[VIRTIO_TYPE_TEXT_SIZE];

	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];

		metric_sample(print,
			      METRIC_LABELS({ "device", dev->name }, { "mgmtdev", dev->mgmtdev },
					    { "type", virtio_type_name(dev->type.id, type) },
					    { "driver", or_empty(dev->topology.driver) },
					    { "chardev", or_empty(dev->topology.chardev) }),
			      1);
	}
}

static void print_links_up(const struct metric_print *print)
{
	const struct list *configs = &metrics_of(print)->configs;

	for (size_t i = 0; i < configs->count; i++) {
		const struct config *config = configs->items[i];

		if (config->present & BIT64(CONFIG_HAS_STATUS))
			metric_sample(print, METRIC_LABELS({ "device", config->name }),
				      (config->status.bits & VIRTIO_NET_S_LINK_UP) != 0);
	}
}

static void print_mtus(const struct metric_print *print)
{
	const struct list *configs = &metrics_of(print)->configs;

	for (size_t i = 0; i < configs->count; i++) {
		const struct config *config = configs->items[i];

		if (config->present & BIT64(CONFIG_HAS_MTU))
			metric_sample(print, METRIC_LABELS({ "device", config->name }),
				      config->mtu);
	}
}

/* Queues */

struct queue {
	const char *dev, *type, *index;
	const struct counters *counters;
};

static void each_queue(const struct metric_print *print,
		       void (*print_queue)(const struct metric_print *print,
					   const struct queue *queue))
{
	const struct stats *stats = &metrics_of(print)->stats;
	char text[EXPOSITION_NUMBER_SIZE];

	for (size_t i = 0; i < stats->count; i++) {
		const struct dev_stats *dev = &stats->devs[i];

		for (size_t j = 0; j < dev->queues.count; j++) {
			const struct queue_stats *row = dev->queues.items[j];
			const struct queue queue = { .dev = dev->name,
						     .type = or_empty(row->type),
						     .index = exposition_number(row->index, text),
						     .counters = &row->counters };

			print_queue(print, &queue);
		}
	}
}

/* Returns whether a counter is the @word of its queue: "rx packets" of a queue of type rx. */
static bool is_named(const char *name, const char *type, const char *word)
{
	const size_t length = strlen(type);

	return length && str_starts(name, type) && name[length] == ' ' &&
	       str_equal(name + length + 1, word);
}

static void print_common_counter(const struct metric_print *print, const struct queue *queue)
{
	for (size_t i = 0; i < queue->counters->count; i++) {
		const struct counter *counter = &queue->counters->counters[i];

		if (!is_named(counter->name, queue->type, print->family->counter))
			continue;
		metric_sample(print,
			      METRIC_LABELS({ "device", queue->dev }, { "queue", queue->index },
					    { "type", queue->type }),
			      counter->value);
		/* A second counter of that name would be a duplicate sample, which is an error. */
		return;
	}
}

static void print_common(const struct metric_print *print)
{
	each_queue(print, print_common_counter);
}

/* Returns whether a counter has a family of its own, and so is no driver event. */
static bool is_common(const struct metric_print *print, const struct queue *queue, const char *name)
{
	for (const struct metric_family *family = print->families; family->name; family++)
		if (family->counter && is_named(name, queue->type, family->counter))
			return true;
	return false;
}

/* Returns whether an earlier counter has the same key: blanks and underscores become equal. */
static bool is_repeated(const struct counters *counters, size_t at, const char *key)
{
	char before[COUNTER_KEY_SIZE];

	for (size_t i = 0; i < at; i++) {
		counter_key(counters->counters[i].name, before);
		if (str_equal(before, key))
			return true;
	}
	return false;
}

static void print_driver_counters(const struct metric_print *print, const struct queue *queue)
{
	char key[COUNTER_KEY_SIZE];

	for (size_t i = 0; i < queue->counters->count; i++) {
		const struct counter *counter = &queue->counters->counters[i];

		if (is_common(print, queue, counter->name))
			continue;
		counter_key(counter->name, key);
		if (!is_repeated(queue->counters, i, key))
			metric_sample(print,
				      METRIC_LABELS({ "device", queue->dev },
						    { "queue", queue->index },
						    { "type", queue->type }, { "name", key }),
				      counter->value);
	}
}

static void print_driver(const struct metric_print *print)
{
	each_queue(print, print_driver_counters);
}

/* Files */

static const struct differences *differences_of(const void *data)
{
	return &((const struct watched *)data)->differences;
}

static bool has_files(const void *data)
{
	return differences_of(data)->present;
}

static bool has_differences(const void *data)
{
	return differences_of(data)->present && differences_of(data)->readable;
}

static void print_readable(const struct metric_print *print)
{
	metric_alone(print, differences_of(print->data)->readable);
}

/* Actions without devices are printed as 0: a query for them must get a number, and not nothing. */
static void print_differences(const struct metric_print *print)
{
	for (int action = 0; action < PLAN_ACTIONS; action++)
		if (differences_count(action))
			metric_sample(print, METRIC_LABELS({ "action", plan_action_names[action] }),
				      differences_of(print->data)->counts[action]);
}

/* The families and the handler */

#define COUNTER(word, help_)                                                                       \
	{                                                                                          \
		.name = "vdpa_queue_" word "_total", .type = "counter", .help = (help_),           \
		.print = print_common, .counter = (word)                                           \
	}

static const struct metric_family families[] = {
	{ "vdpa_up", "gauge", "Whether the kernel could be asked for its vDPA devices.", print_up,
	  .always = true },
	{ "vdpa_build_info", "gauge", "The tool that wrote this.", print_build, .always = true },
	{ "vdpa_mgmtdev_info", "gauge", "A management device and the classes it can create.",
	  print_mgmtdevs },
	{ "vdpa_mgmtdev_devices", "gauge", "vDPA devices that a management device has.",
	  print_mgmtdev_devs },
	{ "vdpa_device_info", "gauge",
	  "A vDPA device, the driver that it is bound to, and its node.", print_devs },
	{ "vdpa_device_link_up", "gauge", "Whether the link of a network device is up.",
	  print_links_up },
	{ "vdpa_device_mtu_bytes", "gauge", "The MTU of a network device.", print_mtus },
	COUNTER("packets", "Packets of a queue."),
	COUNTER("bytes", "Bytes of a queue."),
	COUNTER("errors", "Errors of a queue."),
	COUNTER("drops", "Packets that a queue dropped."),
	COUNTER("overruns", "Packets for which a queue had no buffer."),
	{ "vdpa_queue_driver_events_total", "counter",
	  "Other counters of a queue, by the driver's own names.", print_driver },
	{ "vdpa_apply_readable", "gauge",
	  "Whether the files of /etc/vdpa/devices.d could be compared with the devices.",
	  print_readable, .is_there = has_files },
	{ "vdpa_apply_differences", "gauge",
	  "Devices that differ from these files, by the action that 'vdpa apply' would take.",
	  print_differences, .is_there = has_differences },
	{ 0 },
};

int metrics_run(void *app, const void *args, struct err *err)
{
	struct watched watched = { 0 };
	struct vdpa *vdpa = app;
	bool up;
	int ret = metrics_check(&vdpa->app, args, "vdpa -j stats show", err);

	if (ret)
		return ret;
	up = !metrics_collect(&vdpa->session, &watched.metrics, err);
	if (up)
		differences_find(vdpa, &watched.metrics, &watched.differences);
	else
		metrics_report_down(&vdpa->app, err);
	ret = metrics_print(args, families, up ? &watched : NULL, err);
	metrics_release(&watched.metrics);
	return ret;
}
