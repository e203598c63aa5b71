/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_WORDS_H
#define TOOL_WORDS_H

#include <stdio.h>

/* Completes features of the type that the line names, or of net. @app: a struct app. */
void tool_words_features(void *app, FILE *out);

#endif
