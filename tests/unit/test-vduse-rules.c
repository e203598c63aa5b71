/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the rules for new VDUSE devices. */
#include "test.h"

#include "base/mac.h"
#include "vduse/cmd/commands.h"
#include "vduse/model/rules.h"

#include <errno.h>

#define PAGE 4096

static void the_table(void)
{
	unsigned int visited = 0;

	CHECK(cli_check(&vduse_root, stdout, &visited) == 0);
	CHECK(visited > 30);
}

static struct dev_new sound(uint32_t type)
{
	struct dev_new dev = {
		.name = "foo",
		.type = { .set = true, .id = type },
		.vqs = { .value = 2 },
		.vq_size = { .value = 256 },
		.vq_align = { .value = PAGE },
	};

	dev.features.value.bits = rules_needed_features(&dev);
	return dev;
}

#define REFUSED(type, change)                                                                      \
	({                                                                                         \
		struct dev_new dev = sound(type);                                                  \
		struct err err = { 0 };                                                            \
                                                                                                   \
		change;                                                                            \
		rules_check(&dev, PAGE, &err) && err_exit_status(&err) == STATUS_USAGE;            \
	})

static void what_no_kernel_takes(void)
{
	CHECK(!REFUSED(VIRTIO_TYPE_NET, (void)dev));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, (void)dev));
	CHECK(!REFUSED(VIRTIO_TYPE_FS, (void)dev));
	CHECK(REFUSED(3, (void)dev));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "control"));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "power"));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "bounce_size"));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "vq1"));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "vq2"));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "vq01"));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, dev.name = "vq"));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK,
		      dev.features.value.bits |= BIT64(VIRTIO_FEATURE_BLOCK_CONFIG_WCE)));
	CHECK(!REFUSED(VIRTIO_TYPE_NET,
		       dev.features.value.bits |= BIT64(VIRTIO_FEATURE_BLOCK_CONFIG_WCE)));
	CHECK(REFUSED(VIRTIO_TYPE_NET,
		      dev.features.value.bits |= BIT64(VIRTIO_FEATURE_NET_CTRL_VQ)));
	CHECK(REFUSED(VIRTIO_TYPE_NET, dev.features.value.bits |= BIT64(VIRTIO_FEATURE_NET_MQ)));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, dev.features.value.bits |= BIT64(VIRTIO_FEATURE_NET_MQ)));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.vq_align.value = 2));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.vq_align.value = 2 * PAGE));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.vq_size.value = 3));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, dev.vq_size.value = 3;
		       dev.features.value.bits |= BIT64(VIRTIO_FEATURE_RING_PACKED)));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.config.size = PAGE + 1));
	CHECK(!REFUSED(VIRTIO_TYPE_BLOCK, dev.config.size = PAGE));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.mac.set = true));
	CHECK(REFUSED(VIRTIO_TYPE_NET, dev.mac.set = true));
	CHECK(REFUSED(VIRTIO_TYPE_NET, dev.capacity.set = true));
	CHECK(REFUSED(VIRTIO_TYPE_BLOCK, dev.groups.set = dev.api_version.set = true));
}

static void needed_features(void)
{
	struct dev_new dev = { .type = { .id = VIRTIO_TYPE_BLOCK }, .features = { .set = true } };

	CHECK(rules_needed_features(&dev) == BIT64(VIRTIO_FEATURE_ACCESS_PLATFORM));
	dev.type.id = VIRTIO_TYPE_NET;
	dev.mac.set = true;
	CHECK(rules_needed_features(&dev) ==
	      (BIT64(VIRTIO_FEATURE_ACCESS_PLATFORM) | BIT64(VIRTIO_FEATURE_VERSION_1) |
	       BIT64(VIRTIO_FEATURE_NET_MAC)));
	dev.features.value.bits = rules_needed_features(&dev);
	CHECK(!rules_needed_features(&dev));
}

/* Returns whether the expected version is requested; -1: none is. */
static int version(const struct dev_new *dev, uint64_t offered, bool has_features,
		   uint64_t features)
{
	struct err err = { 0 };
	uint64_t chosen;

	if (!rules_check_kernel(dev, offered, has_features, features, &chosen, &err))
		return chosen;
	return err_exit_status(&err) == STATUS_NOT_SUPPORTED ? -1 : -2;
}

static void what_a_kernel_takes(void)
{
	struct dev_new dev = sound(VIRTIO_TYPE_BLOCK);

	CHECK(version(&dev, 0, false, 0) == 0);
	CHECK(version(&dev, 1, true, 3) == 1);
	/* A kernel that is newer than this tool. */
	CHECK(version(&dev, 7, true, 3) == 1);
	dev.api_version = (struct opt_u16){ .set = true, .value = 0 };
	CHECK(version(&dev, 1, true, 3) == 0);
	dev.api_version.value = 1;
	CHECK(version(&dev, 0, false, 0) == -1);
	dev = sound(VIRTIO_TYPE_BLOCK);
	dev.as = (struct opt_u16){ true, 2 };
	CHECK(version(&dev, 0, false, 0) == -1);
	CHECK(version(&dev, 1, true, 3) == 1);
	dev = sound(VIRTIO_TYPE_BLOCK);
	dev.vduse_features.bits = 2;
	CHECK(version(&dev, 0, false, 0) == -1);
	CHECK(version(&dev, 1, true, 1) == -1);
	CHECK(version(&dev, 1, true, 3) == 1);
}

static void config_spaces(void)
{
	struct dev_new dev = sound(VIRTIO_TYPE_NET);
	struct err err;

	dev.mac = (struct opt_mac){ .set = true, .value = { { 2, 0, 0, 0, 0, 1 } } };
	dev.mtu = (struct opt_u16){ .set = true, .value = 0x1234 };
	dev.features.value.bits |= BIT64(VIRTIO_FEATURE_NET_STATUS);
	dev.vqs.value = 8;
	CHECK(!rules_make_config(&dev, &err) && dev.config.size == 24);
	CHECK(!memcmp(dev.config.bytes, "\2\0\0\0\0\1\1\0\0\0\x34\x12\0", 13));
	free(dev.config.bytes);

	dev = sound(VIRTIO_TYPE_BLOCK);
	dev.vqs.value = 0x0403;
	dev.capacity = (struct opt_u64){ .set = true, .value = 0x0807060504030201 };
	dev.features.value.bits |= BIT64(VIRTIO_FEATURE_BLOCK_MQ);
	CHECK(!rules_make_config(&dev, &err) && dev.config.size == 72);
	CHECK(!memcmp(dev.config.bytes, "\1\2\3\4\5\6\7\x8", 8));
	CHECK(dev.config.bytes[34] == 3 && dev.config.bytes[35] == 4);
	free(dev.config.bytes);
}

static void cpu_sets(void)
{
	static const char *const wrong[] = { "",
					     ",",
					     "0,",
					     "1-",
					     "-1",
					     "3-1",
					     "x",
					     "0x",
					     "1024",
					     "0-1024",
					     "1--2",
					     " 1",
					     "1,,2",
					     "0x1-0x3",
					     "0x1,2-3",
					     "0xg",
					     "00000001,0000000g" };
	struct cpus cpus, again;
	char text[CPUS_TEXT_SIZE];

	CHECK(!cpus_parse("0-3,8,64-65,1023", &cpus));
	cpus_format(&cpus, text);
	CHECK(str_equal(text, "0-3,8,64-65,1023"));
	cpus_format_mask(&cpus, text);
	CHECK(str_starts(text, "80000000,00000000,"));
	CHECK(!cpus_parse_mask(text, &again) && !memcmp(&cpus, &again, sizeof(cpus)));
	CHECK(!cpus_parse_mask("f", &cpus));
	cpus_format(&cpus, text);
	CHECK(str_equal(text, "0-3"));
	CHECK(cpus_parse_mask("fg", &cpus) == -EINVAL);
	CHECK(!cpus_parse("0x10f", &cpus));
	cpus_format(&cpus, text);
	CHECK(str_equal(text, "0-3,8"));
	CHECK(!cpus_parse("1,00000003", &cpus));
	cpus_format(&cpus, text);
	CHECK(str_equal(text, "0-1,32"));
	CHECK(!cpus_parse("1,3", &cpus));
	cpus_format(&cpus, text);
	CHECK(str_equal(text, "1,3"));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		CHECK(cpus_parse(wrong[i], &cpus));
}

/* Every second CPU of many, as on machines that number the CPUs of two nodes in turn. */
static void long_cpu_sets(void)
{
	char text[CPUS_TEXT_SIZE];
	struct cpus cpus, again;

	memset(&cpus, 0x55, sizeof(cpus));
	cpus_format(&cpus, text);
	CHECK(str_starts(text, "0,2,4,") && str_equal(text + strlen(text) - 10, ",1020,1022"));
	CHECK(!cpus_parse(text, &again) && !memcmp(&cpus, &again, sizeof(cpus)));
	cpus_format_mask(&cpus, text);
	CHECK(!cpus_parse_mask(text, &again) && !memcmp(&cpus, &again, sizeof(cpus)));
}

/* A kernel that allows more CPUs than the tool can represent. */
static void cpus_beyond(void)
{
	const size_t inside = CPUS_MAX / 32 * strlen(",00000000");
	char text[CPUS_TEXT_SIZE] = "00000000,00000000";
	struct cpus cpus;

	for (size_t i = 0; i < CPUS_MAX / 32; i++)
		strcat(text, ",00000001");
	CHECK(!cpus_parse_mask(text, &cpus) && cpus.bits[0] == (BIT64(32) | 1));
	text[strlen(text) - inside - 2] = '1';
	CHECK(cpus_parse_mask(text, &cpus) == -ERANGE);
	text[strlen(text) - inside - 2] = '0';
	text[0] = '8';
	CHECK(cpus_parse_mask(text, &cpus) == -ERANGE);
}

static void feature_names(void)
{
	struct err err;
	uint64_t bits;
	char text[VDUSE_FEATURES_TEXT_SIZE];

	CHECK(!vduse_features_parse("queue_ready,bit_63,-SUSPEND", &bits, &err));
	CHECK(bits == (BIT64(63) | 1));
	vduse_features_format(bits, text);
	CHECK(str_equal(text, "QUEUE_READY,bit_63"));
	vduse_features_format(UINT64_MAX, text);
	CHECK(str_starts(text, "QUEUE_READY,SUSPEND,bit_2,"));
	CHECK(str_equal(text + strlen(text) - 14, ",bit_62,bit_63"));
	CHECK(!vduse_features_parse("0x3", &bits, &err) && bits == 3);
	CHECK(vduse_features_parse("bit_64", &bits, &err) == -EINVAL);
	CHECK(vduse_features_parse("SUSPEND,", &bits, &err) == -EINVAL);
	CHECK(vduse_features_parse("nope", &bits, &err) == -EINVAL);
}

int main(void)
{
	static const struct test tests[] = {
		{ "vduse's table has no contradiction", the_table },
		{ "values that no kernel accepts are usage errors", what_no_kernel_takes },
		{ "features that a device needs are known", needed_features },
		{ "values for which a kernel is too old are refused", what_a_kernel_takes },
		{ "configuration spaces are little endian, in virtio's layouts", config_spaces },
		{ "CPU sets are read and written", cpu_sets },
		{ "long CPU sets as well", long_cpu_sets },
		{ "a set with more CPUs than the tool can represent is refused", cpus_beyond },
		{ "VDUSE's features have names", feature_names },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
