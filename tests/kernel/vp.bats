#!/usr/bin/env bats
# Virtio devices of a PCI bus behind vp_vdpa: management devices with a bus, and what they have.

load helpers

disk=0x010000

setup_file()
{
	need_modules virtio_vdpa virtio_blk virtio_net
	bind_vp_vdpa
	bind_vp_vdpa "$disk"
}

teardown()
{
	delete_devices
}

teardown_file()
{
	rmmod virtio_vdpa
}

@test "each is a management device of its own, with its type, queues and features" {
	card=$(bind_vp_vdpa) disk=$(bind_vp_vdpa "$disk")
	run --separate-stderr "$VDPA" -j mgmtdev show
	jq -e --arg card "pci/$card" --arg disk "pci/$disk" '.mgmtdev |
		(.[$card].supported_classes == ["net"]) and (.[$card].max_supported_vqs >= 2) and
		(.[$disk].supported_classes == ["block"]) and (.[$disk].max_supported_vqs == 4) and
		(.[$disk].dev_features | contains(["MQ", "VERSION_1"]))' <<<"$output"
	# By its bare address as well.
	"$VDPA" -j mgmtdev show "$disk" | jq -e '.mgmtdev | length == 1'
}

@test "a disk of four queues: made, configured, and of use to the host" {
	address=$(bind_vp_vdpa "$disk")
	"$VDPA" dev add name queues mgmtdev "$address" type block driver virtio_vdpa wait 20
	"$VDPA" -j dev show queues | jq -e '.dev.queues | .type == "block" and .max_vqs == 4'
	if kernel_is_a; then
		run --separate-stderr "$VDPA" dev config show queues
		[ "$status" -eq 7 ]
	else
		"$VDPA" -j dev config show queues | jq -e '.config.queues |
			.capacity == 131072 and .num_queues == 4 and (.negotiated_features | contains(["MQ"]))'
	fi
	name=$("$VDPA" -jd dev show queues | jq -r .dev.queues.disk)
	[ -d "/sys/block/$name/mq/0" ]
	[ "$(dd if="/dev/$name" bs=1M count=4 status=none | tr -d '\0' | wc -c)" -eq 0 ]
	"$VDPA" -j dev find "/dev/$name" | jq -e --arg parent "pci/$address" '.find.parent == $parent'
}

@test "features of its own: the ones asked for, and none that it lacks" {
	address=$(bind_vp_vdpa "$disk")
	run --separate-stderr "$VDPA" dev add name x mgmtdev "$address" device_features VERSION_1,ACCESS_PLATFORM,ZONED
	[ "$status" -eq 7 ]
	[[ $stderr = *"does not offer"*ZONED* ]]
	[ ! -e /sys/bus/vdpa/devices/x ]
}

@test "a second device on one function is refused: status 5, and of the same name status 4" {
	address=$(bind_vp_vdpa "$disk")
	"$VDPA" dev add name one mgmtdev "$address"
	run --separate-stderr "$VDPA" dev add name two mgmtdev "$address"
	[ "$status" -eq 5 ]
	[[ $stderr = *"it has room for one device and holds 'one'"* ]]
	run --separate-stderr "$VDPA" dev add name one mgmtdev "$address"
	[ "$status" -eq 4 ]
	"$VDPA" dev add name one mgmtdev "$address" ensure
	run --separate-stderr "$VDPA" dev add name two mgmtdev "$address" ensure
	[ "$status" -eq 5 ]
	[ ! -e /sys/bus/vdpa/devices/two ]
}
