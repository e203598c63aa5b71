/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIMILAR_H
#define SIMILAR_H

#include "base/err.h"

/*
 * Finds the known word that is nearest to a mistyped one. This is only for messages: no command
 * ever acts on a guess.
 */
struct similar {
	const char *typed;
	size_t length;	    /* of @typed, in bytes */
	const char *best;   /* the nearest candidate so far, or NULL */
	unsigned int edits; /* edits that lead from @typed to @best */
};

/* @length: bytes of @typed, which may go on after them. */
void similar_init(struct similar *similar, const char *typed, size_t length);

/*
 * Keeps @candidate in "best" if it is near enough and nearer than those before. It must then
 * outlive @similar. Returns whether it was kept.
 */
bool similar_try(struct similar *similar, const char *candidate);

/* Appends "; did you mean '...'?" to the message, if a candidate was found. */
void similar_suggest(const struct similar *similar, struct err *err);

#endif
