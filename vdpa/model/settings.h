/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MODEL_SETTINGS_H
#define VDPA_MODEL_SETTINGS_H

#include "base/err.h"
#include "model.h"

/*
 * The settings of a new device: one row for each word of "dev add" that becomes an attribute. The
 * request, the checks before it, the words of a refusal and the comparison with a device that
 * exists are loops over them.
 */
struct setting {
	const char *word;   /* of the command line */
	const char *since;  /* the Linux that began to take it: its family ignores it before */
	uint16_t attribute; /* below 64; by which a new device gets it */
	uint16_t offset;    /* of the member of struct dev_new, whose first member is "set" */
	uint16_t value;	    /* of its value in struct dev_new */
	uint16_t config;    /* of the member of struct config that it is read back into */
	uint8_t present;    /* bit of that struct's presence word */
	uint8_t kind;	    /* enum setting_kind */
	uint8_t size;	    /* of the value in both structs and in the attribute: bytes */
	uint32_t silent;    /* what a number is where the kernel says nothing; 0: it is unknown */
	uint64_t needs;	    /* features without which it has no effect */
	uint32_t at_least;  /* numbers below do without them */
};

enum setting_kind {
	SETTING_NUMBER,
	SETTING_MAC,
	SETTING_FEATURES,
};

/* Ends with a row without a word. */
extern const struct setting settings[];

/* Whether it is given; and its value as the attribute holds it. */
bool setting_is_given(const struct setting *setting, const struct dev_new *dev);
const void *setting_value(const struct setting *setting, const struct dev_new *dev);

/* The attributes of those that are given, bit N for number N. */
uint64_t settings_given(const struct dev_new *dev);

/*
 * Writes the words of the settings with these attributes, joined by @between, into @text of @size
 * bytes. Returns the Linux that the last of them came with, or NULL for none.
 */
const char *settings_list(uint64_t attributes, const char *between, char *text, size_t size);

/*
 * Whether the device_features of @dev have what its other settings need. Returns 0 or a usage
 * error.
 */
int settings_check_needs(const struct dev_new *dev, struct err *err);

/* Room for a value, names of 64 features included. */
#define SETTING_VALUE_SIZE 1024

/* Writes the value that @dev has as the word that "dev add" takes. */
void setting_format(const struct setting *setting, const struct dev_new *dev,
		    char text[static SETTING_VALUE_SIZE]);

/*
 * Sets in @dev what @config tells, so that a device can be made again as it is. The features of
 * @dev have no words. Returns whether the kernel told it.
 */
bool setting_take(const struct setting *setting, const struct config *config, struct dev_new *dev);

enum setting_comparison {
	SETTING_SAME,
	SETTING_DIFFERENT,
	SETTING_UNKNOWN, /* the kernel does not tell */
};

/* Compares what is asked for with what there is, as setting_differs() does, without words. */
enum setting_comparison setting_compare(const struct setting *setting, const struct dev_new *dev,
					const struct config *config);

#define SETTING_DIFFERENCE_SIZE 576

/*
 * Compares what is asked for, and given, with what there is.
 * @config: as the kernel tells it; empty where it does not.
 * @text: gets the difference in words. Returns whether there is one.
 */
bool setting_differs(const struct setting *setting, const struct dev_new *dev,
		     const struct config *config, char text[static SETTING_DIFFERENCE_SIZE]);

#endif
