/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_MODEL_SETTINGS_H
#define VDUSE_MODEL_SETTINGS_H

#include "model.h"

/* Where the value of a setting goes. */
enum setting_place {
	SETTING_CREATE,	   /* struct vduse_dev_config, which creates the device */
	SETTING_QUEUE,	   /* struct vduse_vq_config, of each queue */
	SETTING_SPACE,	   /* the configuration space: little endian */
	SETTING_ATTRIBUTE, /* the attribute of that name in sysfs, once the device exists */
};

/*
 * The settings of a new device that are one value in one place: a row for each such word of
 * "dev add". What is sent and the checks before it are loops over them. Words without a row do not
 * set one value: api_version and vduse_features are negotiated, features and config are computed
 * from other words, and attach and driver are steps of their own.
 */
struct setting {
	const char *word;     /* of the command line */
	const char *meaning;  /* replaces the word in messages, or NULL */
	uint16_t offset;      /* of its member of struct dev_new, which begins with "set" */
	uint16_t value, size; /* offset and size of the value there, bytes */
	uint8_t place;	      /* enum setting_place */
	uint8_t version;      /* of VDUSE's interface, the first that has it */
	uint16_t at, at_size; /* offset and size in its place */
	uint32_t fallback;    /* sent instead of 0 */
	uint32_t type;	      /* the only type of device that has it; 0: all types */
	uint64_t needs;	      /* features that the device gets with it */
	bool rounded;	      /* the kernel may choose another value near it */
};

/* Ends with a row without a word. */
extern const struct setting settings[];

bool setting_is_given(const struct setting *setting, const struct dev_new *dev);

/*
 * Writes the values that belong to @place into @to. @version: of the interface, with which the
 * device is created; settings of later versions are left out.
 */
void settings_put(const struct dev_new *dev, enum setting_place place, uint64_t version, void *to);

/* The first setting that is given although this version of the interface lacks it, or NULL. */
const struct setting *settings_after(const struct dev_new *dev, uint64_t version);

/* The value as a number. The setting must not be a MAC address. */
uint64_t setting_number(const struct setting *setting, const struct dev_new *dev);

/* The features that the given settings need. */
uint64_t settings_needs(const struct dev_new *dev);

#endif
