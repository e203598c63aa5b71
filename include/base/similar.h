/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIMILAR_H
#define SIMILAR_H

#include "base/err.h"

/*
 * Finds the word that somebody meant who has mistyped it. It is only for messages: nothing is ever
 * done by a guess.
 */
struct similar {
	const char *typed;
	size_t length;	    /* bytes of it */
	const char *best;   /* the candidate that is nearest so far, or NULL */
	unsigned int edits; /* between it and what was typed */
};

/* @length: bytes of @typed, which need not end there. */
void similar_init(struct similar *similar, const char *typed, size_t length);

/*
 * Looks at one candidate, and keeps it in "best" if it is near enough and nearer than those before.
 * It must stay where it is then. Returns whether it was kept.
 */
bool similar_try(struct similar *similar, const char *candidate);

/* Appends "; did you mean '...'?" to the message, if a candidate was found. */
void similar_suggest(const struct similar *similar, struct err *err);

#endif
