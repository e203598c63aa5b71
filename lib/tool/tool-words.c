/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completes words that several tools take. */
#include "tool/tool-words.h"

#include "tool/tool.h"
#include "virtio/features.h"

void tool_words_features(void *data, FILE *out)
{
	const struct app *app = data;
	const char *word = cli_value_of(&app->running, "type");
	const struct virtio_feature *feature;
	uint32_t type = VIRTIO_TYPE_NET;

	if (word && virtio_type_parse(word, &type))
		return;
	/* Bits above 63 do not fit into a mask. */
	for (size_t i = 0; (feature = virtio_feature_at(type, i)); i++)
		if (feature->bit < 64)
			cli_offer(out, feature->name, "%s", feature->meaning);
}
