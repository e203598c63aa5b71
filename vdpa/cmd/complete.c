/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion of names of devices and management devices, which the kernel is asked for. */
#include "base/list.h"
#include "commands.h"
#include "sys/guard.h"
#include "tool/tool-words.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/kernel/topology.h"

/* A request for words, made while the user waits at a prompt. */
struct question {
	void (*answer)(struct vdpa *vdpa, FILE *out);
	struct vdpa *vdpa;
	FILE *out;
};

static void answer(void *data)
{
	const struct question *question = data;

	question->answer(question->vdpa, question->out);
}

/* The kernel does not answer in time: offer nothing rather than block the prompt. */
static void give_up(void *data _unused_, enum guard_note note _unused_)
{
	guard_abandon();
}

/* Any request may hang in the kernel, so all run under the guard, which can abandon them. */
static void ask(void (*function)(struct vdpa *vdpa, FILE *out), void *app, FILE *out)
{
	struct question question = { .answer = function, .vdpa = app, .out = out };

	guard_run(answer, &question, give_up, NULL);
}

static void offer_devs(struct vdpa *vdpa, FILE *out)
{
	_cleanup_(list_clear) struct list devs = { 0 };
	char text[VIRTIO_TYPE_TEXT_SIZE];
	struct err err;

	if (kernel_devs(&vdpa->session.nl, &devs, &err))
		return;
	for (size_t i = 0; i < devs.count; i++) {
		const struct dev *dev = devs.items[i];

		cli_offer(out, dev->name, "%s, of %s", virtio_type_name(dev->type.id, text),
			  dev->mgmtdev);
	}
}

static void offer_mgmtdevs(struct vdpa *vdpa, FILE *out)
{
	_cleanup_(list_clear) struct list mgmtdevs = { 0 };
	struct err err;

	if (kernel_mgmtdevs(&vdpa->session.nl, &mgmtdevs, &err))
		return;
	for (size_t i = 0; i < mgmtdevs.count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs.items[i];
		char classes[128];

		class_set_format(&mgmtdev->classes, ", ", classes, sizeof(classes));
		cli_offer(out, mgmtdev->name, "%s", classes);
	}
}

/* Returns the type of the line, or that of the management device, or VIRTIO_TYPE_ANY. */
static uint32_t wanted_type(const struct app *app, const struct mgmtdev *mgmtdev)
{
	const char *word = cli_value_of(&app->running, "type");
	uint32_t type;

	return word && !virtio_type_parse(word, &type) ? type : class_set_names(&mgmtdev->classes);
}

/* Returns the management device that the line names, as an item of @list, or NULL. */
static const struct mgmtdev *named_mgmtdev(struct vdpa *vdpa, struct list *list)
{
	const char *word = cli_value_of(&vdpa->app.running, "mgmtdev");
	struct handle handle;
	struct err err;

	if (!word || handle_parse(word, &handle) ||
	    kernel_mgmtdev(&vdpa->session.nl, &handle, list, &err))
		return NULL;
	return list->count ? list->items[0] : NULL;
}

static void offer_mgmtdev_types(struct vdpa *vdpa, FILE *out)
{
	_cleanup_(list_clear) struct list list = { 0 };
	const struct mgmtdev *mgmtdev = named_mgmtdev(vdpa, &list);
	char name[VIRTIO_TYPE_TEXT_SIZE];

	if (!mgmtdev || !mgmtdev->classes.bits) {
		virtio_type_arg.words(out);
		return;
	}
	for (unsigned int id = 0; id < 64; id++)
		if (mgmtdev->classes.bits & BIT64(id))
			cli_offer(out, virtio_type_name(id, name), "a type of %s", mgmtdev->name);
}

static void offer_mgmtdev_features(struct vdpa *vdpa, FILE *out)
{
	_cleanup_(list_clear) struct list list = { 0 };
	const struct mgmtdev *mgmtdev = named_mgmtdev(vdpa, &list);
	uint32_t type;

	if (!mgmtdev || !mgmtdev->features.bits) {
		tool_words_features(vdpa, out);
		return;
	}
	type = wanted_type(&vdpa->app, mgmtdev);
	for (unsigned int bit = 0; bit < 64; bit++) {
		const struct virtio_feature *feature = virtio_feature_find(type, bit);

		if (feature && mgmtdev->features.bits & BIT64(bit))
			cli_offer(out, feature->name, "%s", feature->meaning);
	}
}

void complete_devs(void *app, FILE *out)
{
	ask(offer_devs, app, out);
}

void complete_mgmtdevs(void *app, FILE *out)
{
	ask(offer_mgmtdevs, app, out);
}

void complete_mgmtdev_types(void *app, FILE *out)
{
	ask(offer_mgmtdev_types, app, out);
}

void complete_mgmtdev_features(void *app, FILE *out)
{
	ask(offer_mgmtdev_features, app, out);
}

/* Offers the nodes, interfaces, disks and PCI functions that "dev find" finds. */
void complete_endpoints(void *app _unused_, FILE *out)
{
	_cleanup_(topology_release) struct list devs = { 0 };
	struct err err;

	if (topology_list(&devs, &err) || topology_read(&devs, TOPOLOGY_ENDPOINTS, &err))
		return;
	for (size_t i = 0; i < devs.count; i++) {
		const struct dev *dev = devs.items[i];
		const char *const endpoints[] = { dev->topology.chardev, dev->topology.netdev,
						  dev->topology.disk };

		for (size_t j = 0; j < ARRAY_SIZE(endpoints); j++)
			if (endpoints[j])
				cli_offer(out, endpoints[j], "%s", dev->name);
		/* Only PCI functions lead to one device; other parents have many. */
		if (dev->topology.parent && str_starts(dev->topology.parent, "pci/"))
			cli_offer(out, dev->topology.parent, "%s", dev->name);
	}
}
