/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks a network interface for the bus address of its device. */
#include "sys/ethtool.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

bool ethtool_bus(const char *name, char bus[ETHTOOL_BUS_SIZE])
{
	struct ethtool_drvinfo information = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = { .ifr_data = (void *)&information };
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request))
		return false;
	snprintf(bus, ETHTOOL_BUS_SIZE, "%.*s", (int)sizeof(information.bus_info) - 1,
		 information.bus_info);
	return *bus;
}
