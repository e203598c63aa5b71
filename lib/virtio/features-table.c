/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names and meanings of virtio's device types and feature bits. */
#include "features-table.h"

const struct virtio_feature transport_features[] = {
	{ 24, "NOTIFY_ON_EMPTY", "interrupt when ring runs empty" },
	{ 27, "ANY_LAYOUT", "any descriptor layout accepted" },
	{ 28, "RING_INDIRECT_DESC", "indirect descriptor tables" },
	{ 29, "RING_EVENT_IDX", "event index notification suppression" },
	{ 32, "VERSION_1", "virtio 1.0 or later" },
	{ 33, "ACCESS_PLATFORM", "uses platform DMA / IOMMU" },
	{ 34, "RING_PACKED", "packed virtqueue layout" },
	{ 35, "IN_ORDER", "buffers used in order" },
	{ 36, "ORDER_PLATFORM", "platform memory ordering required" },
	{ 37, "SR_IOV", "SR-IOV capable" },
	{ 38, "NOTIFICATION_DATA", "extra data in driver notifications" },
	{ 39, "NOTIF_CONFIG_DATA", "device-provided notification identifier" },
	{ 40, "RING_RESET", "single queue reset" },
	{ 41, "ADMIN_VQ", "administration virtqueues" },
	{ 0 },
};

static const struct virtio_feature net_features[] = {
	{ 0, "CSUM", "device takes partial checksums" },
	{ 1, "GUEST_CSUM", "driver takes partial checksums" },
	{ 2, "CTRL_GUEST_OFFLOADS", "offloads changeable at runtime" },
	{ 3, "MTU", "device advises MTU" },
	{ 5, "MAC", "device has MAC address" },
	{ 6, "GSO", "legacy: any GSO packets" },
	{ 7, "GUEST_TSO4", "driver receives TSO IPv4" },
	{ 8, "GUEST_TSO6", "driver receives TSO IPv6" },
	{ 9, "GUEST_ECN", "driver receives TSO with ECN" },
	{ 10, "GUEST_UFO", "driver receives UFO" },
	{ 11, "HOST_TSO4", "device receives TSO IPv4" },
	{ 12, "HOST_TSO6", "device receives TSO IPv6" },
	{ 13, "HOST_ECN", "device receives TSO with ECN" },
	{ 14, "HOST_UFO", "device receives UFO" },
	{ 15, "MRG_RXBUF", "mergeable receive buffers" },
	{ 16, "STATUS", "link status field valid" },
	{ 17, "CTRL_VQ", "control queue exists" },
	{ 18, "CTRL_RX", "receive mode control" },
	{ 19, "CTRL_VLAN", "VLAN filtering control" },
	{ 20, "CTRL_RX_EXTRA", "extra receive modes" },
	{ 21, "GUEST_ANNOUNCE", "driver can announce itself" },
	{ 22, "MQ", "multiple queue pairs" },
	{ 23, "CTRL_MAC_ADDR", "MAC settable via control queue" },
	{ 50, "DEVICE_STATS", "device statistics" },
	{ 52, "VQ_NOTF_COAL", "per-queue coalescing" },
	{ 53, "NOTF_COAL", "notification coalescing" },
	{ 54, "GUEST_USO4", "driver receives USO IPv4" },
	{ 55, "GUEST_USO6", "driver receives USO IPv6" },
	{ 56, "HOST_USO", "device receives USO" },
	{ 57, "HASH_REPORT", "per-packet hash report" },
	{ 59, "GUEST_HDRLEN", "exact header length given" },
	{ 60, "RSS", "receive side scaling" },
	{ 61, "RSC_EXT", "extended receive coalescing info" },
	{ 62, "STANDBY", "standby for same-MAC device" },
	{ 63, "SPEED_DUPLEX", "speed and duplex fields valid" },
	{ 65, "GUEST_UDP_TUNNEL_GSO", "driver receives tunnelled GSO" },
	{ 66, "GUEST_UDP_TUNNEL_GSO_CSUM", "the same with the outer checksum partial" },
	{ 67, "HOST_UDP_TUNNEL_GSO", "device receives tunnelled GSO" },
	{ 68, "HOST_UDP_TUNNEL_GSO_CSUM", "the same with the outer checksum partial" },
	{ 0 },
};

static const struct virtio_feature block_features[] = {
	{ 0, "BARRIER", "legacy write barriers" },
	{ 1, "SIZE_MAX", "segment size limit given" },
	{ 2, "SEG_MAX", "segment count limit given" },
	{ 4, "GEOMETRY", "CHS geometry given" },
	{ 5, "RO", "read-only disk" },
	{ 6, "BLK_SIZE", "block size given" },
	{ 7, "SCSI", "legacy SCSI passthrough" },
	{ 9, "FLUSH", "flush command" },
	{ 10, "TOPOLOGY", "I/O topology fields valid" },
	{ 11, "CONFIG_WCE", "cache mode switchable" },
	{ 12, "MQ", "several queues" },
	{ 13, "DISCARD", "discard supported" },
	{ 14, "WRITE_ZEROES", "write zeroes supported" },
	{ 15, "LIFETIME", "lifetime information given" },
	{ 16, "SECURE_ERASE", "secure erase supported" },
	{ 17, "ZONED", "zoned device" },
	{ 0 },
};

static const struct virtio_feature console_features[] = {
	{ 0, "SIZE", "console size given" },
	{ 1, "MULTIPORT", "several ports" },
	{ 2, "EMERG_WRITE", "emergency write" },
	{ 0 },
};

static const struct virtio_feature balloon_features[] = {
	{ 0, "MUST_TELL_HOST", "tell before reusing pages" },
	{ 1, "STATS_VQ", "statistics queue" },
	{ 2, "DEFLATE_ON_OOM", "deflate when out of memory" },
	{ 3, "FREE_PAGE_HINT", "free page hints" },
	{ 4, "PAGE_POISON", "guest poisons pages" },
	{ 5, "REPORTING", "free page reporting" },
	{ 0 },
};

static const struct virtio_feature rpmsg_features[] = {
	{ 0, "NS", "name service" },
	{ 0 },
};

static const struct virtio_feature scsi_features[] = {
	{ 0, "INOUT", "bidirectional transfers" },
	{ 1, "HOTPLUG", "hot plug events" },
	{ 2, "CHANGE", "parameter change events" },
	{ 3, "T10_PI", "protection information" },
	{ 0 },
};

static const struct virtio_feature ninep_features[] = {
	{ 0, "MOUNT_TAG", "mount tag in config" },
	{ 0 },
};

static const struct virtio_feature gpu_features[] = {
	{ 0, "VIRGL", "3D commands" },
	{ 1, "EDID", "EDID available" },
	{ 2, "RESOURCE_UUID", "resource UUIDs" },
	{ 3, "RESOURCE_BLOB", "blob resources" },
	{ 4, "CONTEXT_INIT", "typed contexts" },
	{ 5, "BLOB_ALIGNMENT", "blob alignment given" },
	{ 0 },
};

static const struct virtio_feature clock_features[] = {
	{ 0, "ALARM", "alarms" },
	{ 0 },
};

static const struct virtio_feature vsock_features[] = {
	{ 0, "STREAM", "stream sockets" },
	{ 1, "SEQPACKET", "seqpacket sockets" },
	{ 2, "NO_IMPLIED_STREAM", "stream sockets only where STREAM is offered" },
	{ 0 },
};

static const struct virtio_feature crypto_features[] = {
	{ 0, "REVISION_1", "revision 1 of the device" },
	{ 1, "CIPHER_STATELESS_MODE", "stateless cipher requests" },
	{ 2, "HASH_STATELESS_MODE", "stateless hash requests" },
	{ 3, "MAC_STATELESS_MODE", "stateless MAC requests" },
	{ 4, "AEAD_STATELESS_MODE", "stateless AEAD requests" },
	{ 5, "AKCIPHER_STATELESS_MODE", "stateless asymmetric cipher requests" },
	{ 0 },
};

static const struct virtio_feature iommu_features[] = {
	{ 0, "INPUT_RANGE", "IOVA range given" },
	{ 1, "DOMAIN_RANGE", "domain id range given" },
	{ 2, "MAP_UNMAP", "map/unmap requests" },
	{ 3, "BYPASS", "unattached endpoints bypass" },
	{ 4, "PROBE", "probe requests" },
	{ 5, "MMIO", "MMIO mapping flag" },
	{ 6, "BYPASS_CONFIG", "bypass configurable" },
	{ 0 },
};

static const struct virtio_feature mem_features[] = {
	{ 0, "ACPI_PXM", "node id is ACPI proximity" },
	{ 1, "UNPLUGGED_INACCESSIBLE", "unplugged memory untouchable" },
	{ 2, "PERSISTENT_SUSPEND", "memory survives suspend" },
	{ 0 },
};

static const struct virtio_feature sound_features[] = {
	{ 0, "CTLS", "control elements" },
	{ 0 },
};

static const struct virtio_feature fs_features[] = {
	{ 0, "NOTIFICATION", "notification queue" },
	{ 0 },
};

static const struct virtio_feature pmem_features[] = {
	{ 0, "SHMEM_REGION", "range given as shared memory" },
	{ 0 },
};

static const struct virtio_feature scmi_features[] = {
	{ 0, "P2A_CHANNELS", "notifications/delayed responses" },
	{ 1, "SHARED_MEMORY", "statistics shared memory" },
	{ 0 },
};

static const struct virtio_feature i2c_features[] = {
	{ 0, "ZERO_LENGTH_REQUEST", "zero-length requests" },
	{ 0 },
};

static const struct virtio_feature can_features[] = {
	{ 0, "CAN_CLASSIC", "classic frames" },
	{ 1, "CAN_FD", "FD frames" },
	{ 2, "RTR_FRAMES", "remote frames" },
	{ 3, "LATE_TX_ACK", "late transmit acknowledge" },
	{ 0 },
};

static const struct virtio_feature bt_features[] = {
	{ 0, "VND_HCI", "vendor commands" },
	{ 1, "MSFT_EXT", "MSFT extension" },
	{ 2, "AOSP_EXT", "AOSP extension" },
	{ 3, "CONFIG_V2", "second config layout" },
	{ 0 },
};

static const struct virtio_feature gpio_features[] = {
	{ 0, "IRQ", "GPIO interrupts" },
	{ 0 },
};

const struct virtio_type virtio_types[] = {
	{ 1, "net", net_features },
	{ 2, "block", block_features },
	{ 3, "console", console_features },
	{ 4, "rng", NULL },
	{ 5, "balloon", balloon_features },
	{ 6, "iomem", NULL },
	{ 7, "rpmsg", rpmsg_features },
	{ 8, "scsi", scsi_features },
	{ 9, "9p", ninep_features },
	{ 10, "mac80211_wlan", NULL },
	{ 11, "rproc_serial", NULL },
	{ 12, "caif", NULL },
	{ 13, "memory_balloon", NULL },
	{ 16, "gpu", gpu_features },
	{ 17, "clock", clock_features },
	{ 18, "input", NULL },
	{ 19, "vsock", vsock_features },
	{ 20, "crypto", crypto_features },
	{ 21, "signal_distribution", NULL },
	{ 22, "pstore", NULL },
	{ 23, "iommu", iommu_features },
	{ 24, "mem", mem_features },
	{ 25, "sound", sound_features },
	{ 26, "fs", fs_features },
	{ 27, "pmem", pmem_features },
	{ 28, "rpmb", NULL },
	{ 29, "mac80211_hwsim", NULL },
	{ 30, "video_encoder", NULL },
	{ 31, "video_decoder", NULL },
	{ 32, "scmi", scmi_features },
	{ 33, "nitro_secure_module", NULL },
	{ 34, "i2c_adapter", i2c_features },
	{ 35, "watchdog", NULL },
	{ 36, "can", can_features },
	{ 37, "dmabuf", NULL },
	{ 38, "parameter_server", NULL },
	{ 39, "audio_policy", NULL },
	{ 40, "bt", bt_features },
	{ 41, "gpio", gpio_features },
	{ 45, "spi", NULL },
	{ 48, "media", NULL },
	{ 0 },
};
