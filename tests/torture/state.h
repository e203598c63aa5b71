/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TORTURE_STATE_H
#define TORTURE_STATE_H

/*
 * All files below @directory, a line each: the path, the mode and the owner, and what it holds or
 * leads to. The caller frees the text.
 */
char *state_of(const char *directory);

/* The first line of @now that is not in @before, or of @before that is not in @now. */
const char *state_difference(const char *before, const char *now, char line[256]);

#endif
