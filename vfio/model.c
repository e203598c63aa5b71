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

#define UNTIL_CLOSED "lasts only until this command closes the device"

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
				    .meaning =
					    "whether it runs, is stopped, or transfers its state",
				    .caveat = UNTIL_CLOSED },
	[VFIO_LOW_POWER_ENTRY] = { .name = "low_power_entry",
				   .meaning = "lets it sleep until it is used",
				   .caveat = UNTIL_CLOSED },
	[VFIO_LOW_POWER_ENTRY_WITH_WAKEUP] = { .name = "low_power_entry_with_wakeup",
					       .meaning =
						       "lets it sleep, and reports when it wakes",
					       .caveat = UNTIL_CLOSED },
	[VFIO_LOW_POWER_EXIT] = { .name = "low_power_exit", .meaning = "wakes it" },
	[VFIO_DMA_LOGGING_START] = { .name = "dma_logging_start",
				     .meaning = "starts logging which memory it writes",
				     .no_set =
					     "is useless here: the log ends with the process that "
					     "starts it" },
	[VFIO_DMA_LOGGING_STOP] = { .name = "dma_logging_stop",
				    .meaning = "stops logging",
				    .no_set = "is useless here: only the process that started the "
					      "log can stop it" },
	[VFIO_DMA_LOGGING_REPORT] = { .name = "dma_logging_report",
				      .meaning = "which memory it wrote",
				      .no_get = "is useless here: only the process that started "
						"the log can read it" },
	[VFIO_MIG_DATA_SIZE] = { .name = "mig_data_size", .meaning = "bytes of state to copy" },
	[VFIO_BUS_MASTER] = { .name = "bus_master",
			      .meaning = "whether it may access memory",
			      .caveat = UNTIL_CLOSED },
	[VFIO_INDEX_11] = { .name = "dma_buf",
			    .meaning = "exports a region as a buffer for other devices",
			    .no_get = "is useless here: the buffer ends with this command",
			    .no_set = "is set by 'vfio region alias' only" },
	[VFIO_MIG_PRECOPY_INFO_V2] = { .name = "mig_precopy_info_v2",
				       .meaning = "reports more about the state copied in advance",
				       .caveat = UNTIL_CLOSED },
	[VFIO_ZPCI_ERROR] = { .name = "zpci_error",
			      .meaning = "the error that is pending (s390 only)" },
};

_Static_assert(ARRAY_SIZE(feature_rows) == FEATURE_KNOWN, "a row for each known feature");

static const char alias_name[] = "alias_region",
		  alias_meaning[] = "creates a second view of a region, mapped in another way";

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
		return set ? "can be read, but not set" : "can be set, but not read";
	return set ? feature_rows[index].no_set : feature_rows[index].no_get;
}

const char *feature_caveat(uint16_t index)
{
	return index < ARRAY_SIZE(feature_rows) ? feature_rows[index].caveat : NULL;
}

/*
 * All ways to migrate need STOP_COPY: the state is copied while the device is stopped. With
 * PRE_COPY a part of it is copied before. With P2P the device can stop sending to its peers before
 * they stop. The log of the memory that it writes is another feature, and without it all of the
 * guest's memory counts as written.
 */
void features_judge(struct device_features *features)
{
	const uint64_t bits = features->migration;
	char *verdict = features->verdict;
	const size_t size = sizeof(features->verdict);

	if (!features->has_migration)
		snprintf(verdict, size, "no: its driver cannot save and restore its state");
	else if (features->migration_errno)
		snprintf(verdict, size, "unknown: its driver does not report how: %s",
			 err_words(features->migration_errno));
	else if (!(bits & BIT64(VFIO_MIGRATION_STOP_COPY)))
		snprintf(verdict, size, "no: its driver offers no way to copy its state");
	else
		snprintf(verdict, size,
			 "yes: its state is copied %s it stops%s; it %s the memory that it writes",
			 bits & BIT64(VFIO_MIGRATION_PRE_COPY) ? "before and after" : "after",
			 bits & BIT64(VFIO_MIGRATION_P2P) ? ", together with its peers" : "",
			 features->logs_dma ? "logs" : "does not log");
}
