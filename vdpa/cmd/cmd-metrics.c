/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa metrics": what is to be watched over time, for Prometheus. */
#include "vdpa/ops/metrics.h"

#include "abi/vdpa.h"
#include "commands.h"
#include "out/exposition.h"
#include "sys/replace.h"
#include "virtio/features.h"

/* Where samples go, and what they are of. */
struct print {
	struct exposition *out;
	const struct metrics *metrics; /* NULL: the kernel could not be asked */
	const struct family *family;
	const struct family *families; /* all */
};

/* One kind of samples. */
struct family {
	const char *name;
	const char *type; /* "gauge" or "counter" */
	const char *help;
	void (*print)(const struct print *print); /* all samples */
	const char *counter; /* of a queue: the driver's word behind the queue's type */
	bool always;	     /* also where the kernel could not be asked */
};

#define LABELS(...) ((const struct exposition_label[]){ __VA_ARGS__, { NULL, NULL } })

static void sample(const struct print *print, const struct exposition_label *labels, uint64_t value)
{
	exposition_sample(print->out, labels, value);
}

/* The tool and the kernel */

static void print_up(const struct print *print)
{
	static const struct exposition_label none[] = { { NULL, NULL } };

	sample(print, none, print->metrics != NULL);
}

static void print_build(const struct print *print)
{
	sample(print, LABELS({ "version", tool_version }), 1);
}

/* Management devices */

#define CLASSES_TEXT_SIZE 256

/* The names of its classes, joined by commas. */
static void format_classes(const struct class_set *set, char text[static CLASSES_TEXT_SIZE])
{
	char name[VIRTIO_TYPE_TEXT_SIZE];
	size_t length = 0;

	*text = '\0';
	for (unsigned int id = 0; id < 64 && length < CLASSES_TEXT_SIZE; id++)
		if (set->bits & BIT64(id))
			length += snprintf(text + length, CLASSES_TEXT_SIZE - length, "%s%s",
					   length ? "," : "", virtio_type_name(id, name));
}

static void print_mgmtdevs(const struct print *print)
{
	const struct list *mgmtdevs = &print->metrics->mgmtdevs;
	char classes[CLASSES_TEXT_SIZE];

	for (size_t i = 0; i < mgmtdevs->count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs->items[i];

		format_classes(&mgmtdev->classes, classes);
		sample(print, LABELS({ "mgmtdev", mgmtdev->name }, { "classes", classes }), 1);
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

static void print_mgmtdev_devs(const struct print *print)
{
	const struct list *mgmtdevs = &print->metrics->mgmtdevs;

	for (size_t i = 0; i < mgmtdevs->count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs->items[i];

		sample(print, LABELS({ "mgmtdev", mgmtdev->name }),
		       count_devs(print->metrics, mgmtdev->name));
	}
}

/* Devices */

static const char *known(const char *text)
{
	return text ? text : "";
}

static void print_devs(const struct print *print)
{
	const struct list *devs = &print->metrics->stats.names;
	char type[VIRTIO_TYPE_TEXT_SIZE];

	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];

		sample(print,
		       LABELS({ "device", dev->name }, { "mgmtdev", dev->mgmtdev },
			      { "type", virtio_type_name(dev->type.id, type) },
			      { "driver", known(dev->links.driver) },
			      { "chardev", known(dev->links.chardev) }),
		       1);
	}
}

static void print_links_up(const struct print *print)
{
	const struct list *configs = &print->metrics->configs;

	for (size_t i = 0; i < configs->count; i++) {
		const struct config *config = configs->items[i];

		if (config->present & BIT64(CONFIG_HAS_STATUS))
			sample(print, LABELS({ "device", config->name }),
			       (config->status.bits & VIRTIO_NET_S_LINK_UP) != 0);
	}
}

static void print_mtus(const struct print *print)
{
	const struct list *configs = &print->metrics->configs;

	for (size_t i = 0; i < configs->count; i++) {
		const struct config *config = configs->items[i];

		if (config->present & BIT64(CONFIG_HAS_MTU))
			sample(print, LABELS({ "device", config->name }), config->mtu);
	}
}

/* Queues */

struct queue {
	const char *dev, *type;
	char index[16];
	const struct counters *counters;
};

static void each_queue(const struct print *print,
		       void (*print_queue)(const struct print *print, const struct queue *queue))
{
	const struct stats *stats = &print->metrics->stats;

	for (size_t i = 0; i < stats->count; i++) {
		const struct dev_stats *dev = &stats->devs[i];

		for (size_t j = 0; j < dev->queues.count; j++) {
			const struct queue_stats *read = dev->queues.items[j];
			struct queue queue = { .dev = dev->name,
					       .type = known(read->type),
					       .counters = &read->counters };

			snprintf(queue.index, sizeof(queue.index), "%u", read->index);
			print_queue(print, &queue);
		}
	}
}

/* Whether a counter is the @word of its queue: "rx packets" of a queue of type rx. */
static bool is_named(const char *name, const char *type, const char *word)
{
	const size_t length = strlen(type);

	return length && str_starts(name, type) && name[length] == ' ' &&
	       str_equal(name + length + 1, word);
}

static void print_common_counter(const struct print *print, const struct queue *queue)
{
	for (size_t i = 0; i < queue->counters->count; i++) {
		const struct counter *counter = &queue->counters->counters[i];

		if (!is_named(counter->name, queue->type, print->family->counter))
			continue;
		sample(print,
		       LABELS({ "device", queue->dev }, { "queue", queue->index },
			      { "type", queue->type }),
		       counter->value);
		/* A second one of that name would be the same sample. */
		return;
	}
}

static void print_common(const struct print *print)
{
	each_queue(print, print_common_counter);
}

/* Whether a counter of a queue has a family of its own. */
static bool is_common(const struct print *print, const struct queue *queue, const char *name)
{
	for (const struct family *family = print->families; family->name; family++)
		if (family->counter && is_named(name, queue->type, family->counter))
			return true;
	return false;
}

/* Whether a counter has the key of one before it. */
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

static void print_driver_counters(const struct print *print, const struct queue *queue)
{
	char key[COUNTER_KEY_SIZE];

	for (size_t i = 0; i < queue->counters->count; i++) {
		const struct counter *counter = &queue->counters->counters[i];

		counter_key(counter->name, key);
		if (!is_common(print, queue, counter->name) &&
		    !is_repeated(queue->counters, i, key))
			sample(print,
			       LABELS({ "device", queue->dev }, { "queue", queue->index },
				      { "type", queue->type }, { "name", key }),
			       counter->value);
	}
}

static void print_driver(const struct print *print)
{
	each_queue(print, print_driver_counters);
}

/* The families, and the file */

#define COUNTER(word, help_)                                                                       \
	{                                                                                          \
		.name = "vdpa_queue_" word "_total", .type = "counter", .help = (help_),           \
		.print = print_common, .counter = (word)                                           \
	}

static const struct family families[] = {
	{ "vdpa_up", "gauge", "Whether the kernel could be asked for its vDPA devices.", print_up,
	  .always = true },
	{ "vdpa_build_info", "gauge", "The tool that wrote this.", print_build, .always = true },
	{ "vdpa_mgmtdev_info", "gauge", "A management device and the classes it can create.",
	  print_mgmtdevs },
	{ "vdpa_mgmtdev_devices", "gauge", "vDPA devices that a management device has.",
	  print_mgmtdev_devs },
	{ "vdpa_device_info", "gauge",
	  "A vDPA device, the driver it is bound to and the node that this makes of it.",
	  print_devs },
	{ "vdpa_device_link_up", "gauge", "Whether the link of a network device is up.",
	  print_links_up },
	{ "vdpa_device_mtu_bytes", "gauge", "The MTU of a network device.", print_mtus },
	COUNTER("packets", "Packets of a queue."),
	COUNTER("bytes", "Bytes of a queue."),
	COUNTER("errors", "Errors of a queue."),
	COUNTER("drops", "Packets that a queue dropped."),
	COUNTER("overruns", "Packets for which a queue had no buffer."),
	{ "vdpa_queue_driver_events_total", "counter",
	  "Counters of a queue that its driver has a name of its own for.", print_driver },
	{ 0 },
};

/* @metrics: NULL where there are none. */
static void print_all(FILE *stream, const struct metrics *metrics)
{
	struct exposition out;

	exposition_begin(&out, stream);
	for (const struct family *family = families; family->name; family++) {
		const struct print print = { &out, metrics, family, families };

		if (!metrics && !family->always)
			continue;
		exposition_family(&out, family->name, family->type, family->help);
		family->print(&print);
	}
	exposition_end(&out);
}

static int write_file(const char *path, const struct metrics *metrics, struct err *err)
{
	_cleanup_(replace_release) struct replace replace;
	int ret = replace_begin(&replace, path, err);

	if (ret)
		return ret;
	print_all(replace.stream, metrics);
	return replace_commit(&replace, err);
}

/* A kernel without vDPA is a result, which whoever watches has to see; other failures are both. */
static void report_down(struct vdpa *vdpa, const struct err *err)
{
	if (err_exit_status(err) == STATUS_NOT_SUPPORTED)
		tool_warn_of(&vdpa->app, err);
	else
		tool_report(&vdpa->app, err);
}

int metrics_run(void *app, const void *args, struct err *err)
{
	const struct metrics_args *options = args;
	_cleanup_(metrics_release) struct metrics metrics = { 0 };
	const struct metrics *found = &metrics;
	struct vdpa *vdpa = app;

	if (vdpa->app.out.json && !options->output)
		return err_usage(err, "it prints no JSON: 'vdpa -j stats show' does");
	if (metrics_collect(&vdpa->session, &metrics, err)) {
		report_down(vdpa, err);
		found = NULL;
	}
	if (options->output)
		return write_file(options->output, found, err);
	print_all(stdout, found);
	return 0;
}

const struct cli_arg metrics_arguments[] = {
	CLI_ARG(struct metrics_args, output, "FILE",
		"write to this file, which is replaced as a whole, instead of standard output",
		.flags = CLI_FILE),
	{ 0 },
};
