/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VDUSE's own features, and sets of CPUs. */
#include "model.h"

#include "abi/vduse.h"
#include "base/list.h"
#include "base/mask.h"
#include "base/similar.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>

static const struct {
	unsigned int bit;
	const char *name;
} vduse_features[] = {
	{ VDUSE_F_QUEUE_READY, "QUEUE_READY" },
	{ VDUSE_F_SUSPEND, "SUSPEND" },
};

const char *vduse_feature_at(size_t index)
{
	return index < ARRAY_SIZE(vduse_features) ? vduse_features[index].name : NULL;
}

const char *vduse_feature_name(unsigned int bit, char text[static VIRTIO_FEATURE_TEXT_SIZE])
{
	for (size_t i = 0; i < ARRAY_SIZE(vduse_features); i++)
		if (vduse_features[i].bit == bit)
			return vduse_features[i].name;
	snprintf(text, VIRTIO_FEATURE_TEXT_SIZE, "bit_%u", bit);
	return text;
}

static int bits_of(const char *name, const void *data _unused_, uint64_t *bits)
{
	uint64_t bit;
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(vduse_features); i++) {
		if (!strcasecmp(vduse_features[i].name, name)) {
			*bits = BIT64(vduse_features[i].bit);
			return 0;
		}
	}
	if (!strncasecmp(name, "bit_", 4)) {
		ret = num_parse(name + 4, 0, 63, &bit);
		if (!ret)
			*bits = BIT64(bit);
		return ret;
	}
	return num_parse(name, 0, UINT64_MAX, bits);
}

int vduse_features_parse(const char *word, uint64_t *bits, struct err *err)
{
	struct similar similar;
	const char *bad;
	size_t length;
	int ret = mask_parse(word, bits_of, NULL, bits, &bad, &length, err);

	if (ret != -ENOENT)
		return ret;
	err_usage(err, "'%.*s' is not a VDUSE feature name, bit_N or number", (int)length, bad);
	similar_init(&similar, bad + (*bad == '-'), length - (*bad == '-'));
	for (size_t i = 0; i < ARRAY_SIZE(vduse_features); i++)
		similar_try(&similar, vduse_features[i].name);
	similar_suggest(&similar, err);
	return -EINVAL;
}

void vduse_features_format(uint64_t bits, char storage[static VDUSE_FEATURES_TEXT_SIZE])
{
	struct text text = text_begin(storage, VDUSE_FEATURES_TEXT_SIZE);
	char name[VIRTIO_FEATURE_TEXT_SIZE];

	for (unsigned int bit = 0; bit < 64; bit++)
		if (bits & BIT64(bit))
			text_join(&text, ",", "%s", vduse_feature_name(bit, name));
}

const char *const dev_state_names[STATES] = {
	[STATE_UNKNOWN] = "unknown",
	[STATE_ORPHAN] = "orphan",
	[STATE_SERVED] = "served",
};

void devs_clear(struct list *devs)
{
	for (size_t i = 0; i < devs->count; i++)
		list_clear(&((struct dev *)devs->items[i])->queues);
	list_clear(devs);
}

/* CPUs */

static void set_cpu(struct cpus *cpus, uint64_t cpu)
{
	cpus->bits[cpu / 64] |= BIT64(cpu % 64);
}

static bool has_cpu(const struct cpus *cpus, unsigned int cpu)
{
	return cpus->bits[cpu / 64] & BIT64(cpu % 64);
}

/* Reads "N" or "N-M". */
static int parse_range(char *part, struct cpus *cpus)
{
	char *dash = strchr(part, '-');
	uint64_t first, last;
	int ret;

	if (dash)
		*dash = '\0';
	if (part[strspn(part, "0123456789")] || (dash && dash[1 + strspn(dash + 1, "0123456789")]))
		return -EINVAL;
	ret = num_parse(part, 0, CPUS_MAX - 1, &first);
	last = first;
	if (!ret && dash)
		ret = num_parse(dash + 1, 0, CPUS_MAX - 1, &last);
	if (ret || last < first)
		return ret ? ret : -EINVAL;
	while (first <= last)
		set_cpu(cpus, first++);
	return 0;
}

static int parse_list(const char *word, struct cpus *cpus)
{
	*cpus = (struct cpus){ 0 };
	for (;; word++) {
		size_t length = strcspn(word, ",");
		char part[32];
		int ret;

		if (!length || length >= sizeof(part))
			return -EINVAL;
		memcpy(part, word, length);
		part[length] = '\0';
		ret = parse_range(part, cpus);
		word += length;
		if (ret || !*word)
			return ret;
	}
}

int cpus_parse_mask(const char *text, struct cpus *cpus)
{
	unsigned int bit = 0;

	*cpus = (struct cpus){ 0 };
	/* From the end, where the lowest CPUs are: each digit stands for four of them. */
	for (const char *c = text + strlen(text); c-- > text;) {
		unsigned int digit = isdigit((unsigned char)*c)
					     ? *c - '0'
					     : tolower((unsigned char)*c) - 'a' + 10;

		if (*c == ',')
			continue;
		if (!isxdigit((unsigned char)*c))
			return -EINVAL;
		if (bit < CPUS_MAX)
			cpus->bits[bit / 64] |= (uint64_t)digit << bit % 64;
		else if (digit)
			return -ERANGE;
		bit += 4;
	}
	return 0;
}

/* In a mask all words after the first have eight digits, and no CPU of a list has so many. */
static bool is_mask(const char *word)
{
	size_t length = strcspn(word, ",");

	if (!word[length] || !length || length > 8)
		return false;
	for (word += length; *word; word += length + 1) {
		length = strspn(word + 1, "0123456789abcdefABCDEF");
		if (length != 8 || (word[9] && word[9] != ','))
			return false;
	}
	return true;
}

int cpus_parse(const char *word, struct cpus *cpus)
{
	if (str_starts(word, "0x") || str_starts(word, "0X"))
		return word[2] ? cpus_parse_mask(word + 2, cpus) : -EINVAL;
	return is_mask(word) ? cpus_parse_mask(word, cpus) : parse_list(word, cpus);
}

void cpus_format(const struct cpus *cpus, char storage[static CPUS_TEXT_SIZE])
{
	struct text text = text_begin(storage, CPUS_TEXT_SIZE);

	for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++) {
		unsigned int first = cpu;

		if (!has_cpu(cpus, cpu))
			continue;
		while (cpu + 1 < CPUS_MAX && has_cpu(cpus, cpu + 1))
			cpu++;
		text_join(&text, ",", "%u", first);
		if (cpu > first)
			text_add(&text, "-%u", cpu);
	}
}

void cpus_format_mask(const struct cpus *cpus, char storage[static CPUS_TEXT_SIZE])
{
	struct text text = text_begin(storage, CPUS_TEXT_SIZE);
	unsigned int word = CPUS_MAX / 32 - 1;

	while (word && !(uint32_t)(cpus->bits[word / 2] >> 32 * (word % 2)))
		word--;
	for (unsigned int left = word + 1; left--;)
		text_join(&text, ",", "%08x", (uint32_t)(cpus->bits[left / 2] >> 32 * (left % 2)));
}
