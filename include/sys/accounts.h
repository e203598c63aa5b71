/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "base/base.h"

/*
 * Users and groups of this host: those of /etc/passwd and /etc/group, or any by number. The C
 * library's other sources are plugins, which a static program cannot rely on.
 */

#define ACCOUNT_TEXT_SIZE 64

/* Finds the number of a user or group. Returns 0, or -ENOENT where there is none of this name. */
int accounts_user(const char *word, uint32_t *id);
int accounts_group(const char *word, uint32_t *id);

/* Writes the name of a number, or the number where it has none or a longer one. */
void account_user_format(uint32_t id, char text[static ACCOUNT_TEXT_SIZE]);
void account_group_format(uint32_t id, char text[static ACCOUNT_TEXT_SIZE]);

#endif
