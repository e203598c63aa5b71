/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the requests on VDUSE's control node, with kernels of each design. */
#include "test.h"

#include "abi/vduse.h"
#include "sys/chardev.h"
#include "vduse/kernel/kernel.h"

#include <errno.h>
#include <unistd.h>

/* Fake kernels of each design replace the functions that make the requests. */
enum design {
	WITHOUT_FEATURES, /* Linux 6.1 */
	SET_FEATURES,	  /* Linux 7.3 */
	IN_CREATE,	  /* VDUSE's features are part of the create request */
};

static struct {
	enum design design;
	char requests[32]; /* one letter for each request, in order */
	uint64_t version, features;
	bool guarded; /* after a create, the open file accepts no other version */
	bool has_made;
	struct vduse_dev_config created; /* must be last, because it ends with a flexible array */
} kernel;

int chardev_open(const char *path, struct err *err)
{
	(void)path;
	(void)err;
	kernel.has_made = false;
	return dup(STDOUT_FILENO);
}

void chardev_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void note(char letter)
{
	kernel.requests[strlen(kernel.requests)] = letter;
}

static int set_features(uint64_t bits)
{
	note(bits ? 'F' : 'p');
	if (kernel.design != SET_FEATURES || (bits & ~UINT64_C(3)))
		return -EINVAL;
	kernel.features = bits;
	return 0;
}

static int create(const struct vduse_dev_config *config)
{
	note('C');
	kernel.created = *config;
	for (size_t i = 0; i < ARRAY_SIZE(config->reserved); i++)
		if (config->reserved[i])
			return -EINVAL;
	if (kernel.design != IN_CREATE && config->vduse_features)
		return -EINVAL;
	if (!kernel.version && (config->ngroups || config->nas))
		return -EINVAL;
	return kernel.version && (!config->ngroups || !config->nas) ? -EINVAL : 0;
}

int chardev_ioctl(int fd, unsigned long number, void *argument)
{
	uint64_t *value = argument;

	(void)fd;
	switch (number) {
	case VDUSE_GET_API_VERSION:
		note('v');
		*value = kernel.design == WITHOUT_FEATURES ? 0 : 1;
		return 0;
	case VDUSE_SET_API_VERSION:
		note('V');
		if (kernel.guarded && kernel.has_made)
			return -EPERM;
		kernel.version = *value;
		return 0;
	case VDUSE_GET_FEATURES:
		note('f');
		*value = 3;
		return kernel.design == WITHOUT_FEATURES ? -EINVAL : 0;
	case VDUSE_SET_FEATURES:
		return set_features(*value);
	case VDUSE_CREATE_DEV:
		kernel.has_made = true;
		return create(argument);
	default:
		return -EINVAL;
	}
}

int chardev_ioctl_changing(int fd, unsigned long number, void *argument)
{
	return chardev_ioctl(fd, number, argument);
}

static int make_as(struct control *control, uint64_t features, uint64_t version)
{
	static uint8_t config[] = { 7, 8 };
	const struct dev_new dev = {
		.name = "foo",
		.type = { .set = true, .id = VIRTIO_TYPE_BLOCK },
		.features = { .value.bits = 9 },
		.vqs = { .value = 3 },
		.vq_align = { .value = 4096 },
		.as = { .set = true, .value = 5 },
		.vduse_features = { .bits = features },
		.config = { .bytes = config, .size = sizeof(config) },
	};
	struct err err = { 0 };
	int ret = control_open(control, &err);

	return ret ? ret : control_create(control, &dev, version, &err);
}

static int make_by(struct control *control, uint64_t features)
{
	return make_as(control, features, kernel.design != WITHOUT_FEATURES);
}

static int make(enum design design, uint64_t features)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;

	memset(&kernel, 0, sizeof(kernel));
	kernel.design = design;
	return make_by(&control, features);
}

static void nothing_asked_for(void)
{
	for (enum design design = WITHOUT_FEATURES; design <= IN_CREATE; design++) {
		CHECK(!make(design, 0));
		CHECK(str_equal(kernel.requests, "vfVC"));
		CHECK(!kernel.created.vduse_features && !kernel.features);
	}
}

static void by_a_request(void)
{
	CHECK(!make(SET_FEATURES, 2));
	CHECK(str_equal(kernel.requests, "vfVpFC"));
	CHECK(kernel.features == 2 && !kernel.created.vduse_features);
}

static void in_what_creates(void)
{
	CHECK(!make(IN_CREATE, 2));
	CHECK(str_equal(kernel.requests, "vfVpC"));
	CHECK(!kernel.features && kernel.created.vduse_features == 2);
}

/* Features set for one device would apply to the next one on the same open file. */
static void several_by_one(void)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;

	memset(&kernel, 0, sizeof(kernel));
	kernel.design = SET_FEATURES;
	CHECK(!make_by(&control, 2) && kernel.features == 2);
	CHECK(!make_by(&control, 2) && kernel.features == 2);
	CHECK(make_by(&control, 4) && kernel.features == 0);
	CHECK(!make_by(&control, 2) && kernel.features == 2);
	CHECK(!make_by(&control, 0) && kernel.features == 0);
	CHECK(str_equal(kernel.requests, "vfVpFCCpFpFCpC"));
}

/* Each version needs an open file of its own; devices of the same version share one. */
static void several_versions(void)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;

	memset(&kernel, 0, sizeof(kernel));
	kernel.design = SET_FEATURES;
	kernel.guarded = true;
	CHECK(!make_as(&control, 2, 1) && kernel.features == 2);
	CHECK(!make_as(&control, 2, 1));
	kernel.features = 0;
	CHECK(!make_as(&control, 2, 0) && kernel.features == 2);
	CHECK(!kernel.created.ngroups);
	CHECK(!make_as(&control, 0, 1) && kernel.created.ngroups == 1);
	CHECK(str_equal(kernel.requests, "vfVpFCCvfVpFCvfVC"));
}

static void several_in_what_creates(void)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;

	memset(&kernel, 0, sizeof(kernel));
	kernel.design = IN_CREATE;
	CHECK(!make_by(&control, 2) && kernel.created.vduse_features == 2);
	CHECK(!make_by(&control, 0) && !kernel.created.vduse_features);
	CHECK(!make_by(&control, 3) && kernel.created.vduse_features == 3);
}

static void all_fields(void)
{
	CHECK(!make(SET_FEATURES, 0));
	CHECK(str_equal(kernel.created.name, "foo") && kernel.created.device_id == 2);
	CHECK(kernel.created.features == 9 && kernel.created.vq_num == 3);
	CHECK(kernel.created.vq_align == 4096 && kernel.created.config_size == 2);
	CHECK(kernel.created.ngroups == 1 && kernel.created.nas == 5);
	CHECK(!make(WITHOUT_FEATURES, 0));
	CHECK(!kernel.created.ngroups && !kernel.created.nas);
}

int main(void)
{
	static const struct test tests[] = {
		{ "without VDUSE's features nothing is set", nothing_asked_for },
		{ "they are set by a request if the kernel has it", by_a_request },
		{ "otherwise they are part of the create request", in_what_creates },
		{ "each of several devices has its own", several_by_one },
		{ "each version may need an open file of its own", several_versions },
		{ "the same with features in the create request", several_in_what_creates },
		{ "the device gets all fields of the API version", all_fields },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
