/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MODEL_SETTINGS_H
#define VDPA_MODEL_SETTINGS_H

#include "base/err.h"
#include "model.h"

/*
 * The settings of a new device: one row for each word of "dev add" that becomes an attribute. The
 * request, the checks before it, the refusals and the comparison with an existing device are loops
 * over these rows, so a new attribute needs one more row only.
 */
struct setting {
	const char *word;   /* of the command line */
	const char *since;  /* first Linux that reads the attribute: older ones ignore it */
	uint16_t attribute; /* number of the netlink attribute, below 64 */
	uint16_t offset;    /* of the member of struct dev_new, whose first member is "set" */
	uint16_t value;	    /* offset of its value in struct dev_new */
	uint16_t config;    /* offset in struct config of the value that is read back */
	uint8_t present;    /* bit of that struct's presence word */
	uint8_t kind;	    /* enum setting_kind */
	uint8_t size;	    /* bytes of the value, in both structs and in the attribute */
	uint32_t silent;    /* the number that a missing value means; 0: it is unknown */
	uint64_t needs;	    /* features without which the setting has no effect */
	uint32_t at_least;  /* smaller numbers do not need these features */
};

enum setting_kind {
	SETTING_NUMBER,
	SETTING_MAC,
	SETTING_FEATURES,
};

/* The last row has no word. */
extern const struct setting settings[];

/* Whether the command line set it; and a pointer to its value, in the attribute's layout. */
bool setting_is_given(const struct setting *setting, const struct dev_new *dev);
const void *setting_value(const struct setting *setting, const struct dev_new *dev);

/* Returns the attributes that @dev sets: bit N for number N. */
uint64_t settings_given(const struct dev_new *dev);

/*
 * Writes the words of the settings with these attributes, joined by @between, into @text of @size
 * bytes. Returns the newest Linux release that one of them needs, or NULL if there are none.
 */
const char *settings_list(uint64_t attributes, const char *between, char *text, size_t size);

/*
 * Checks that the device_features of @dev hold the features that its other settings need. Returns 0
 * or a usage error.
 */
int settings_check_needs(const struct dev_new *dev, struct err *err);

/* Room for a value, names of 64 features included. */
#define SETTING_VALUE_SIZE 1024

/* Writes the value that @dev has in the form that "dev add" reads. */
void setting_format(const struct setting *setting, const struct dev_new *dev,
		    char text[static SETTING_VALUE_SIZE]);

/*
 * Copies the setting from @config to @dev, so that the device can be created again. Features are
 * copied as bits, without words. Returns whether @config has the value.
 */
bool setting_take(const struct setting *setting, const struct config *config, struct dev_new *dev);

enum setting_comparison {
	SETTING_SAME,
	SETTING_DIFFERENT,
	SETTING_UNKNOWN, /* the kernel does not report the value */
};

/* Compares the setting that @dev asks for with an existing device's configuration. */
enum setting_comparison setting_compare(const struct setting *setting, const struct dev_new *dev,
					const struct config *config);

#define SETTING_DIFFERENCE_SIZE 576

/*
 * The same, with the difference in words, which is written into @text. Returns whether there is
 * one; an unknown value is one.
 * @config: as the kernel reports it; all zero if it does not.
 */
bool setting_differs(const struct setting *setting, const struct dev_new *dev,
		     const struct config *config, char text[static SETTING_DIFFERENCE_SIZE]);

#endif
