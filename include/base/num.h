/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NUM_H
#define NUM_H

#include "base/base.h"

/* Values that may be absent, which is not the same as zero. */
struct opt_u16 {
	bool set;
	uint16_t value;
};

struct opt_u32 {
	bool set;
	uint32_t value;
};

struct opt_u64 {
	bool set;
	uint64_t value;
};

struct mac {
	uint8_t bytes[6];
};

struct opt_mac {
	bool set;
	struct mac value;
};

#define MAC_TEXT_SIZE sizeof("00:00:00:00:00:00")

/*
 * Reads a whole word as a number: decimal, or hexadecimal after 0x; no sign, no blanks.
 * Returns 0, -EINVAL (not a number) or -ERANGE (outside @min to @max), and leaves *@value alone
 * then.
 */
int num_parse(const char *word, uint64_t min, uint64_t max, uint64_t *value);

/* Reads a whole word of hexadecimal digits without a prefix. Returns as num_parse(). */
int num_parse_hex(const char *word, uint64_t *value);

/* Reads six octets of one or two hexadecimal digits joined by colons. Returns 0 or -EINVAL. */
int mac_parse(const char *word, struct mac *mac);

/* Writes @mac as text with two digits an octet. */
void mac_format(const struct mac *mac, char text[static MAC_TEXT_SIZE]);

/* The unsigned number of @size bytes, 1, 2, 4 or 8, at @value, which is aligned for its type. */
uint64_t num_at(const void *value, size_t size);

#define AMOUNT_TEXT_SIZE 40

/* Writes a number of bytes as people read it: "512 B", "1.5 MiB". */
void bytes_format(uint64_t bytes, char text[static AMOUNT_TEXT_SIZE]);

/* Writes a number of seconds by its two largest units: "45 s", "1 h 5 min". */
void seconds_format(uint64_t seconds, char text[static AMOUNT_TEXT_SIZE]);

/* True where a network interface can have this address: neither all zero nor a group's. */
bool mac_is_unicast(const struct mac *mac);

struct uuid {
	uint8_t bytes[16];
};

#define UUID_TEXT_SIZE sizeof("00000000-0000-0000-0000-000000000000")

/*
 * Reads a UUID as RFC 9562 writes it: hexadecimal digits in either case, in groups of 8, 4, 4, 4
 * and 12 joined by hyphens, and nothing else. Returns 0 or -EINVAL, and leaves *@uuid alone then.
 */
int uuid_parse(const char *word, struct uuid *uuid);

/* Writes @uuid as text in lower case. */
void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE]);

/* True for a whole PCI address with its domain, such as 0000:65:00.2. */
bool pci_address_valid(const char *word);

#define PCI_ADDRESS_SIZE sizeof("00000000:00:00.0")

/*
 * Reads a PCI address as lspci prints it, with its domain or without, which is then 0, and writes
 * it the way that the kernel does. Returns false for any other word.
 */
bool pci_address_read(const char *word, char address[static PCI_ADDRESS_SIZE]);

/*
 * Reads a mask: numbers and names joined by commas, each adding its bits, or with a leading "-"
 * taking them away from what stands before it.
 * @bits: finds a name's bits. Returns 0, or -ENOENT for a name it does not know.
 * @bad: set to the part that was refused, of *@bad_length bytes, on failure.
 * Returns 0, -EINVAL (an empty part), -ERANGE (more than 64 bits) or what @bits said.
 */
typedef int mask_bits(const char *name, const void *data, uint64_t *bits);
int mask_parse(const char *word, mask_bits *bits, const void *data, uint64_t *mask,
	       const char **bad, size_t *bad_length);

#endif
