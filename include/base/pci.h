/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PCI_H
#define PCI_H

#include "base/base.h"

/* Returns whether @word is a whole PCI address with its domain, such as 0000:65:00.2. */
bool pci_address_valid(const char *word);

#define PCI_ADDRESS_SIZE sizeof("00000000:00:00.0")

/*
 * Reads a PCI address as lspci prints it and writes it as the kernel does. Without a domain, it is
 * 0. Returns false for any other word.
 */
bool pci_address_read(const char *word, char address[static PCI_ADDRESS_SIZE]);

#endif
