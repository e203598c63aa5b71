/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_TOKEN_H
#define VFIO_DEV_TOKEN_H

#include "base/uuid.h"
#include "commands.h"

/* The path in "file:PATH", or NULL for any other word. */
const char *token_file(const char *word);

/*
 * Reads a token, and keeps it out of all messages.
 * @word: a UUID, file:PATH, "-" for standard input, or "random" for a new one.
 * Returns 0, or a negative errno with @err filled: -EINVAL is a usage error.
 */
int token_read(struct app *app, const char *word, struct uuid *token, struct err *err);

#endif
