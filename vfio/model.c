/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names and meanings of features, and the verdict whether a device can migrate. */
#include "model.h"

#include "abi/vfio.h"
#include "base/list.h"

#include <errno.h>
#include <stdio.h>

void devs_clear(struct list *devs)
{
	for (size_t i = 0; i < devs->count; i++)
		list_clear(&((struct dev *)devs->items[i])->holders);
	list_clear(devs);
}

/* Features */

#define UNTIL_CLOSED "holds only as long as the device is open, and this process ends"

static const struct known_feature {
	const char *name, *meaning;
	const char *no_get, *no_set; /* see feature_why_not() */
	const char *caveat;
} feature_rows[] = {
	[VFIO_PCI_VF_TOKEN] = { .name = "pci_vf_token",
				.meaning = "the secret that opens this device's virtual "
					   "functions" },
	[VFIO_MIGRATION] = { .name = "migration", .meaning = "the ways in which it can migrate" },
	[VFIO_MIG_DEVICE_STATE] = { .name = "mig_device_state",
				    .meaning = "whether it runs, stands, or hands over its state",
				    .caveat = UNTIL_CLOSED },
	[VFIO_LOW_POWER_ENTRY] = { .name = "low_power_entry",
				   .meaning = "lets it sleep until it is used",
				   .caveat = UNTIL_CLOSED },
	[VFIO_LOW_POWER_ENTRY_WITH_WAKEUP] = { .name = "low_power_entry_with_wakeup",
					       .meaning = "lets it sleep, and tells when it wakes",
					       .caveat = UNTIL_CLOSED },
	[VFIO_LOW_POWER_EXIT] = { .name = "low_power_exit", .meaning = "wakes it" },
	[VFIO_DMA_LOGGING_START] = { .name = "dma_logging_start",
				     .meaning = "begins to note what memory it writes",
				     .no_set = "notes nothing once this process has ended: the one "
					       "that moves the device has to start it" },
	[VFIO_DMA_LOGGING_STOP] = { .name = "dma_logging_stop",
				    .meaning = "ends that",
				    .no_set = "ends what only the same process can have begun" },
	[VFIO_DMA_LOGGING_REPORT] = { .name = "dma_logging_report",
				      .meaning = "what memory it wrote",
				      .no_get = "tells of what only the same process can have "
						"begun" },
	[VFIO_MIG_DATA_SIZE] = { .name = "mig_data_size",
				 .meaning = "bytes of state that are to be moved" },
	[VFIO_BUS_MASTER] = { .name = "bus_master",
			      .meaning = "whether it may reach memory",
			      .caveat = UNTIL_CLOSED },
	[VFIO_INDEX_11] = { .name = "dma_buf",
			    .meaning = "hands out a region as a buffer for other devices",
			    .no_get = "hands out a buffer that would go with this process",
			    .no_set = "takes what 'vfio region alias' sends, where the kernel has "
				      "it, and nothing else" },
	[VFIO_MIG_PRECOPY_INFO_V2] = { .name = "mig_precopy_info_v2",
				       .meaning = "tells more of state that is moved beforehand",
				       .caveat = UNTIL_CLOSED },
	[VFIO_ZPCI_ERROR] = { .name = "zpci_error",
			      .meaning = "the error that is pending (s390 only)" },
};

_Static_assert(ARRAY_SIZE(feature_rows) == FEATURE_KNOWN, "a row for each known feature");

static const char alias_name[] = "alias_region",
		  alias_meaning[] = "makes a second view of a region, mapped in another way";

void feature_describe(struct device_feature *feature, uint16_t index, enum index_11 kind,
		      bool numeric)
{
	const bool alias = index == VFIO_INDEX_11 && kind == INDEX_11_ALIAS_REGION;

	feature->index = index;
	feature->meaning = NULL;
	feature->has = BIT64(HAS_ALWAYS);
	if (index < ARRAY_SIZE(feature_rows)) {
		feature->meaning = alias ? alias_meaning : feature_rows[index].meaning;
		feature->has |= BIT64(FEATURE_HAS_MEANING);
	}
	if (index < ARRAY_SIZE(feature_rows) && !numeric)
		snprintf(feature->name, sizeof(feature->name), "%s",
			 alias ? alias_name : feature_rows[index].name);
	else
		snprintf(feature->name, sizeof(feature->name), "feature_%u", index);
}

const char *feature_name_at(size_t n)
{
	if (n == ARRAY_SIZE(feature_rows))
		return alias_name;
	return n < ARRAY_SIZE(feature_rows) ? feature_rows[n].name : NULL;
}

const char *feature_meaning_at(size_t n)
{
	if (n == ARRAY_SIZE(feature_rows))
		return alias_meaning;
	return n < ARRAY_SIZE(feature_rows) ? feature_rows[n].meaning : NULL;
}

int feature_parse(const char *word, uint16_t *index, enum index_11 *kind)
{
	uint64_t number;
	int ret;

	for (size_t i = 0; i <= ARRAY_SIZE(feature_rows); i++) {
		if (!str_equal(word, feature_name_at(i)))
			continue;
		*index = i < ARRAY_SIZE(feature_rows) ? i : VFIO_INDEX_11;
		*kind = i == ARRAY_SIZE(feature_rows) ? INDEX_11_ALIAS_REGION
			: i == VFIO_INDEX_11	      ? INDEX_11_DMA_BUF
						      : INDEX_11_NONE;
		return 0;
	}
	*kind = INDEX_11_NONE;
	ret = num_parse(str_starts(word, "feature_") ? word + strlen("feature_") : word, 0,
			UINT16_MAX, &number);
	if (!ret)
		*index = number;
	return ret == -EINVAL ? -ENOENT : ret;
}

const char *feature_why_not(uint16_t index, enum index_11 kind, bool set)
{
	if (index >= ARRAY_SIZE(feature_rows))
		return NULL;
	/* The rows speak of DMA_BUF under get and of ALIAS_REGION under set: each has only that. */
	if (kind == (set ? INDEX_11_DMA_BUF : INDEX_11_ALIAS_REGION))
		return set ? "can be asked for, not set" : "can be set, not asked for";
	return set ? feature_rows[index].no_set : feature_rows[index].no_get;
}

const char *feature_caveat(uint16_t index)
{
	return index < ARRAY_SIZE(feature_rows) ? feature_rows[index].caveat : NULL;
}

void features_judge(struct device_features *features)
{
	const uint64_t bits = features->migration;
	char *verdict = features->verdict;
	const size_t size = sizeof(features->verdict);

	if (!features->has_migration)
		snprintf(verdict, size, "no: its driver cannot save and restore its state");
	else if (features->migration_errno)
		snprintf(verdict, size, "unknown: asked how, its driver answers: %s",
			 err_words(features->migration_errno));
	else if (!(bits & BIT64(VFIO_MIGRATION_STOP_COPY)))
		snprintf(verdict, size, "no: its driver offers no way to copy its state");
	else
		snprintf(verdict, size,
			 "yes: its state is copied %s it stopped%s, and the memory "
			 "that it writes is %s",
			 bits & BIT64(VFIO_MIGRATION_PRE_COPY) ? "before and after" : "after",
			 bits & BIT64(VFIO_MIGRATION_P2P) ? ", together with its peers" : "",
			 features->logs_dma ? "noted by itself" : "not noted by itself");
}
