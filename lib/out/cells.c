/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures text in cells of a terminal. */
#include "out/cells.h"

#include <locale.h>
#include <wchar.h>

/*
 * Text is UTF-8 here whatever the user's locale is, so widths are looked up in a locale that every
 * system has. To load it takes longer than most commands, so text that is plain ASCII does without.
 */
static locale_t utf8_locale(void)
{
	static locale_t locale;
	static bool tried;

	if (!tried)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	tried = true;
	return locale;
}

/* Counts one cell for each character. */
static size_t count_characters(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += (text[i] & 0xc0) != 0x80;
	return count;
}

static size_t measure(const char *text, size_t length)
{
	mbstate_t state = { 0 };
	size_t cells = 0;

	while (length) {
		wchar_t character;
		size_t bytes = mbrtowc(&character, text, length, &state);
		int width;

		if (!bytes || bytes > length)
			return cells + count_characters(text, length);
		width = wcwidth(character);
		cells += width < 0 ? 1 : (size_t)width;
		text += bytes;
		length -= bytes;
	}
	return cells;
}

static bool is_ascii(const char *text, size_t length)
{
	unsigned char all = 0;

	for (size_t i = 0; i < length; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

size_t cells_of(const char *text, size_t length)
{
	locale_t locale, before;
	size_t cells;

	if (is_ascii(text, length))
		return length;
	locale = utf8_locale();
	if (!locale)
		return count_characters(text, length);
	before = uselocale(locale);
	cells = measure(text, length);
	uselocale(before);
	return cells;
}
