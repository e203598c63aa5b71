/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads PCI addresses. */
#include "base/pci.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

bool pci_address_valid(const char *word)
{
	unsigned int domain, bus, device, function;
	char canonical[sizeof("00000000:00:00.0")];
	int length = -1;

	if (sscanf(word, "%8x:%2x:%2x.%1x%n", &domain, &bus, &device, &function, &length) != 4 ||
	    length < 0 || word[length] || device > 31 || function > 7)
		return false;
	/* The kernel writes an address in exactly one way, with at least four digits of domain. */
	snprintf(canonical, sizeof(canonical), "%04x:%02x:%02x.%x", domain, bus, device, function);
	return !strcasecmp(canonical, word);
}

bool pci_address_read(const char *word, char address[static PCI_ADDRESS_SIZE])
{
	int length;

	/*
	 * A file may hold thousands of words, and most cannot be an address: reject those quickly.
	 */
	if (word[strspn(word, "0123456789abcdefABCDEF:.")])
		return false;
	length = snprintf(address, PCI_ADDRESS_SIZE, "%s", word);
	if (!pci_address_valid(word))
		length = snprintf(address, PCI_ADDRESS_SIZE, "0000:%s", word);
	if ((size_t)length >= PCI_ADDRESS_SIZE || !pci_address_valid(address))
		return false;
	for (char *c = address; *c; c++)
		*c = tolower((unsigned char)*c);
	return true;
}
