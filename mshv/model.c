/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of interfaces and extensions. */
#include "model.h"

#include "abi/mshv.h"
#include "base/num.h"

#include <stdio.h>
#include <strings.h>

static const struct {
	const char *name, *meaning;
} interfaces[] = {
	[INTERFACE_ROOT] = { "root", "that of the root partition, which has neither versions nor "
				     "extensions" },
	[INTERFACE_VTL] = { "vtl", "that of virtual trust levels, which has extensions instead of "
				   "versions" },
	[INTERFACE_VERSION] = { "version_request", "the proposed one of the root partition, which "
						   "has versions instead of extensions" },
	[INTERFACE_EARLY] = { "early", "an early one of the root partition, which "
				       "has extensions instead of versions" },
	[INTERFACE_UNKNOWN] = { "unknown", "either the proposed one of the root partition, with "
					   "versions, or an early one, with extensions" },
};

const char *interface_name(enum interface interface)
{
	return interfaces[interface].name;
}

const char *interface_meaning(enum interface interface)
{
	return interfaces[interface].meaning;
}

static const struct {
	uint32_t id;
	const char *name;
} extensions[] = {
	{ MSHV_CAP_CORE_API_STABLE, "core_api_stable" },
	{ MSHV_CAP_REGISTER_PAGE, "register_page" },
	{ MSHV_CAP_VTL_RETURN_ACTION, "vtl_return_action" },
	{ MSHV_CAP_DR6_SHARED, "dr6_shared" },
};

const char *extension_at(size_t index)
{
	return index < ARRAY_SIZE(extensions) ? extensions[index].name : NULL;
}

const char *extension_name(uint32_t id, char text[static EXTENSION_TEXT_SIZE])
{
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++)
		if (extensions[i].id == id)
			return extensions[i].name;
	snprintf(text, EXTENSION_TEXT_SIZE, "id_%u", id);
	return text;
}

int extension_parse(const char *word, uint32_t *id)
{
	uint64_t value;
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		if (!strcasecmp(extensions[i].name, word)) {
			*id = extensions[i].id;
			return 0;
		}
	}
	if (str_starts(word, "id_"))
		word += strlen("id_");
	ret = num_parse(word, 0, UINT32_MAX, &value);
	if (!ret)
		*id = (uint32_t)value;
	return ret;
}
