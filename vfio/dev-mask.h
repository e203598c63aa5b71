/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_MASK_H
#define VFIO_DEV_MASK_H

/*
 * Hides in @text, which is about to be printed, whatever looks like a token or a large part of one.
 * Messages and batch logs repeat the user's words, and people type a token in the wrong place.
 * Paths are left alone, and so are devices whose name is a UUID.
 */
void mask_tokens(char *text);

#endif
