/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_MASK_H
#define VFIO_DEV_MASK_H

/*
 * Hides in @text, which is about to be printed, whatever looks like a token or a large part of one:
 * people type a token where another word belongs, and messages and logs of batches repeat words.
 * Paths stay as they are, and so do devices that have a UUID as their name.
 */
void mask_tokens(char *text);

#endif
