/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_H
#define BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BIT64(bit)	  (UINT64_C(1) << (bit))

/*
 * A presence mask has a bit for each member of a struct that may be absent. Bit 0 is set in each
 * such mask and stands for the members that are always there.
 */
#define HAS_ALWAYS 0

/* Calls @function with the address of a local variable when the variable leaves its scope. */
#define _cleanup_(function) __attribute__((cleanup(function)))
#define _cleanup_free_	    _cleanup_(free_pointer)

#define _printf_(text, first) __attribute__((format(printf, text, first)))
#define _unused_	      __attribute__((unused))

static inline void free_pointer(void *pointer)
{
	free(*(void **)pointer);
}

static inline void close_file(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define _cleanup_close_ _cleanup_(close_file)

static inline bool str_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static inline bool str_starts(const char *string, const char *prefix)
{
	return strncmp(string, prefix, strlen(prefix)) == 0;
}

#endif
