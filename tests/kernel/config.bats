#!/usr/bin/env bats
# Configuration spaces and features, as the kernel's drivers and a bound driver leave them.

load helpers

setup()
{
	need_modules vdpa_sim_net vdpa_sim_blk
	"$VDPA" dev add name first mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000
	"$VDPA" dev add name disk mgmtdev vdpasim_blk
	"$VDPA" dev add name last mgmtdev vdpasim_net
}

teardown()
{
	delete_devices
	! grep -q '^virtio_vdpa ' /proc/modules || rmmod virtio_vdpa
}

@test "a block device hides no other, on any kernel" {
	run --separate-stderr "$VDPA" -j dev config show
	jq -e '.config.first | .mac == "02:00:00:00:00:01" and .mtu == 9000 and .link == "up"' <<<"$output"
	jq -e '.config.last.link_announce == false' <<<"$output"
	[ "$status" -eq 0 ]
	if kernel_is_a; then
		jq -e '.config | keys == ["first", "last"]' <<<"$output"
		as_text
		[ "$stderr" = "vdpa: read the configuration of 'disk': this kernel does not describe devices of its type" ]
	else
		[ -z "$stderr" ]
		jq -e '.config | keys_unsorted == ["first", "disk", "last"]' <<<"$output"
	fi
}

@test "the configuration of a block device, attribute by attribute" {
	run --separate-stderr "$VDPA" -j dev config show disk
	if kernel_is_a; then
		[ "$status" -eq 7 ]
		[ -z "$output" ]
		return
	fi
	jq -e '.config.disk == {capacity: 262144, size_max: 4096, seg_max: 32, blk_size: 512,
		num_queues: 1, physical_block_exp: 0, alignment_offset: 0, min_io_size: 1, opt_io_size: 1,
		max_discard_sectors: 4294967295, max_discard_seg: 1, discard_sector_alignment: 512,
		max_write_zeroes_sectors: 4294967295, max_write_zeroes_seg: 1,
		read_only: false, flush: true}' <<<"$output"
}

@test "capacity is never made of a network device's features" {
	"$VDPA" -jd dev config show first | jq -e '.config.first | has("capacity") | not'
	"$VDPA" -jdn dev config show first |
		jq -e --arg bits "$(python3 "$BATS_TEST_DIRNAME/features.py" first)" \
			'.config.first.device_features == $bits'
}

@test "text and JSON are iproute2's, but for the blanks in its keys" {
	need_modules virtio_net virtio_vdpa
	for name in first last; do
		diff <("$PEER" dev config show "$name") <("$VDPA" dev config show "$name")
		diff <("$PEER" -j dev config show "$name" | sed 's/ ":/":/g' | jq .) \
			<("$VDPA" -j dev config show "$name" | jq .)
	done
}

@test "features at their three stages: supported, offered, negotiated with a real driver" {
	run --separate-stderr "$VDPA" -j dev features show first
	[ "$status" -eq 0 ]
	jq -e '.features.first | .type == "network" and (.supported | contains(["MAC"])) and
		(.device | contains(["MTU"])) and (has("negotiated") | not)' <<<"$output"
	need_modules virtio_net virtio_vdpa
	run --separate-stderr "$VDPA" -j features show first
	jq -e '.features.first.negotiated | contains(["VERSION_1", "ACCESS_PLATFORM", "MAC"])' <<<"$output"
	virtio=$(echo /sys/bus/vdpa/devices/first/virtio*)
	# The driver's own view: a string of digits, bit 0 first.
	agreed=$("$VDPA" -jn features show first | jq -r .features.first.negotiated)
	for bit in 3 5 17 32 33 27; do
		[ "$((agreed >> bit & 1))" = "$(cut -c "$((bit + 1))" "$virtio/features")" ]
	done
}

@test "features of all devices; what the kernel cannot describe is named" {
	run --separate-stderr "$VDPA" -j features show
	jq -e '.features | has("first") and has("last")' <<<"$output"
	kernel_is_a || jq -e '.features.disk.device | contains(["FLUSH", "MQ"])' <<<"$output"
	! kernel_is_a || [[ $stderr = *"'disk'"* ]]
}

@test "-d is a table of the bits" {
	run --separate-stderr "$VDPA" -d dev features show first
	[ "${lines[0]}" = 'first: type network' ]
	[ "${lines[1]}" = '  bit name                      supported device negotiated meaning' ]
	[ "${lines[2]}" = '  3   MTU                       yes       yes    -          device advises MTU' ]
	"$VDPA" -jd dev features show first | jq -e '.features.first.bits[0] |
		.bit == 3 and .name == "MTU" and .supported and .device and .meaning'
}

@test "no such device" {
	for words in 'dev config show nope' 'features show nope' 'dev features show nope'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" -j $words
		[ "$status" -eq 3 ]
		[ -z "$output" ]
	done
}
