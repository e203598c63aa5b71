#!/usr/bin/env bats
# Management devices of the kernel's own drivers, with and without a bus.

load helpers

setup_file()
{
	need_modules vdpa_sim_net vdpa_sim_blk vduse
	address=$(bind_vp_vdpa)
	export address
}

teardown_file()
{
	delete_devices
}

@test "all are listed, with their classes, queues and features" {
	run --separate-stderr "$VDPA" -j mgmtdev show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	jq -e '.mgmtdev | keys == (["vdpasim_net", "vdpasim_blk", "vduse", "pci/" + env.address] | sort)' <<<"$output"
	jq -e '.mgmtdev.vdpasim_net | .supported_classes == ["net"] and .max_supported_vqs == 3' <<<"$output"
	jq -e '.mgmtdev.vdpasim_net.dev_features | contains(["MTU", "MAC", "VERSION_1"])' <<<"$output"
	jq -e '.mgmtdev.vdpasim_blk | .supported_classes == ["block"] and .dev_features == []' <<<"$output"
	jq -e '.mgmtdev[] | .supported_classes and .dev_features and .max_supported_vqs != null' <<<"$output"
}

@test "list, lst and the tool's shortest words are the same" {
	expected=$("$VDPA" mgmtdev show)
	for words in 'mgmtdev list' 'mgmtdev lst' 'm s' 'm l' mgmtdev m; do
		# shellcheck disable=SC2086 # words
		[ "$("$VDPA" $words)" = "$expected" ]
	done
}

@test "one without a bus" {
	run --separate-stderr "$VDPA" mgmtdev show vdpasim_net
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'vdpasim_net: ' ]
	[ "${lines[1]}" = '  supported_classes net' ]
	[ "${lines[2]}" = '  max_supported_vqs 3' ]
	[[ ${lines[3]} = '  dev_features MTU MAC '* ]]
	[ "${#lines[@]}" -eq 4 ]
}

@test "one with a bus, by bus and name, and by a bare PCI address" {
	run --separate-stderr "$VDPA" -j mgmtdev show "pci/$address"
	[ "$status" -eq 0 ]
	jq -e '.mgmtdev["pci/" + env.address] | .supported_classes == ["net"]' <<<"$output"
	# A name that iproute2 does not know.
	jq -e '.mgmtdev["pci/" + env.address].dev_features | contains(["RING_RESET"])' <<<"$output"
	[ "$("$VDPA" -j mgmtdev show "$address")" = "$output" ]
}

@test "a bus where there is none, and none where there is one: no such device" {
	for name in pci/vdpasim_net nope pci/nope auxiliary/"$address"; do
		run --separate-stderr "$VDPA" mgmtdev show "$name"
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = *"no management device '$name'"* ]]
		[[ ${stderr_lines[1]} = 'hint: '* ]]
	done
}

@test "-n prints numbers, -o one line for each" {
	run --separate-stderr "$VDPA" -jn mgmtdev show vdpasim_net
	jq -e '.mgmtdev.vdpasim_net | .supported_classes == [1] and (.dev_features | test("^0x[0-9a-f]+$"))' <<<"$output"
	[ "$("$VDPA" -o mgmtdev show | wc -l)" -eq 4 ]
}

@test "completion offers the live names" {
	run --separate-stderr "$VDPA" --complete mgmtdev show vdpasim
	[ "$output" = $'vdpasim_net\nvdpasim_blk' ]
}

@test "a second device on a management device of the PCI bus is refused before it does harm" {
	"$VDPA" dev add name first mgmtdev "pci/$address"
	run --separate-stderr "$VDPA" dev add name second mgmtdev "pci/$address"
	[ "$status" -eq 5 ]
	[[ $stderr = *"it has room for one device and holds 'first'"*'hint: vdpa dev del first'* ]]
	run --separate-stderr "$VDPA" dev add name first mgmtdev "$address"
	[ "$status" -eq 4 ]
	run --separate-stderr "$VDPA" -j dev show first
	jq -e '.dev.first | .mgmtdev == "pci/" + env.address and .type == "network" and .vendor_id == 6900' <<<"$output"
	"$VDPA" dev del first
}

@test "two at once on a management device of the PCI bus: one is made" {
	for ((round = 0; round < 6; round++)); do
		"$VDPA" dev add name one mgmtdev "$address" 2>/dev/null &
		"$VDPA" dev add name two mgmtdev "$address" 2>/dev/null &
		wait
		"$VDPA" -j dev show | jq -e '.dev | length == 1'
		"$VDPA" dev del "$("$VDPA" -j dev show | jq -r '.dev | keys[0]')"
	done
}

@test "-d: what it created, room for more, driver and parent" {
	"$VDPA" dev add name b mgmtdev vdpasim_net
	"$VDPA" dev add name a mgmtdev vdpasim_net
	run --separate-stderr "$VDPA" -jd mgmtdev show
	[ "$status" -eq 0 ]
	jq -e '.mgmtdev["pci/" + env.address] | .driver == "vp-vdpa" and .devices == [] and .room == 1' <<<"$output"
	jq -e '.mgmtdev | (.vdpasim_net | (.devices | sort) == ["a", "b"] and (has("room") or has("parent") | not)) and
		.vduse.devices == []' <<<"$output"
	kernel_is_a || jq -e '.mgmtdev.vdpasim_net.driver == "vdpa_sim_net"' <<<"$output"
	"$VDPA" dev add name vp mgmtdev "$address"
	run --separate-stderr "$VDPA" -d mgmtdev show "$address"
	[ "${lines[0]}" = "pci/$address: " ]
	[ "$(printf '%s\n' "${lines[@]:4}")" = $'  driver vp-vdpa\n  devices vp\n  room 0' ]
	delete_devices
}

@test "features of a real virtio device are provisioned, or refused by name" {
	"$VDPA" dev add name vp mgmtdev "pci/$address" device_features MAC,VERSION_1,ACCESS_PLATFORM ||
		"$VDPA" dev add name vp mgmtdev "pci/$address" device_features MAC,VERSION_1
	"$VDPA" dev del vp
	run --separate-stderr "$VDPA" dev add name vp mgmtdev "pci/$address" device_features MAC,RSS
	[ "$status" -eq 7 ]
	[[ $stderr = *'does not offer RSS'* ]]
	[ "$("$VDPA" dev show)" = '' ]
}
