/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "base/base.h"

/*
 * Users and groups of this host: the names in /etc/passwd and /etc/group, and any number. The C
 * library's other sources are plugins, which a static program cannot rely on.
 */

#define ACCOUNT_TEXT_SIZE 64

/*
 * Find the number of a user or group, given by name or number. Return 0, or -ENOENT if there is
 * none with this name.
 */
int accounts_user(const char *word, uint32_t *id);
int accounts_group(const char *word, uint32_t *id);

/*
 * Write the name that belongs to a number, or the number if it has no name or the name is too long.
 */
void accounts_format_user(uint32_t id, char text[static ACCOUNT_TEXT_SIZE]);
void accounts_format_group(uint32_t id, char text[static ACCOUNT_TEXT_SIZE]);

#endif
