/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_TOKEN_H
#define VFIO_DEV_TOKEN_H

#include "base/uuid.h"
#include "commands.h"

/* The path that "file:PATH" names, or NULL: it is another word. */
const char *token_file(const char *word);

/*
 * Reads a token, and never says what it is.
 * @word: a UUID, file:PATH, "-" for standard input; or "random" for a new one.
 * Returns 0, or a negative errno with @err filled: -EINVAL is a usage error.
 */
int token_read(struct app *app, const char *word, struct uuid *token, struct err *err);

#endif
