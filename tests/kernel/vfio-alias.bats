#!/usr/bin/env bats
# Aliases of regions, which VFIO has in a proposal: a driver of the testbed's own has them, too.

load helpers

VFIO=$checkout/${TEST_BUILD:-build/static}/bin/vfio

setup_file()
{
	! kernel_is_a || return 0
	need_modules iommufd vfio_pci_alias
	bind_edu
}

teardown_file()
{
	! kernel_is_a || return 0
	unbind_edu
	rmmod vfio_pci_alias
}

setup()
{
	! kernel_is_a || skip 'the driver is for the newest kernel'
}

# Prints the address of QEMU's device for teaching, which has one BAR and no driver.
edu()
{
	local device

	for device in /sys/bus/pci/devices/*; do
		[ "$(<"$device/vendor"):$(<"$device/device")" != 0x1234:0x11e8 ] || basename "$device"
	done
}

bind_edu()
{
	local address

	address=$(edu)
	[ -n "$address" ]
	# A machine without an IOMMU will do: nothing is transferred.
	[ -e "/sys/bus/pci/devices/$address/iommu_group" ] ||
		echo 1 >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
	echo vfio_pci_alias >"/sys/bus/pci/devices/$address/driver_override"
	echo "$address" >/sys/bus/pci/drivers_probe
	[ -e "/sys/bus/pci/devices/$address/vfio-dev" ]
}

unbind_edu()
{
	local address

	address=$(edu)
	echo "$address" >/sys/bus/pci/drivers/vfio_pci_alias/unbind
	echo >"/sys/bus/pci/devices/$address/driver_override"
	echo 0 >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
}

vfio()
{
	[ -x "$VFIO" ] || skip 'there is no vfio yet'
	run --separate-stderr timeout 20 "$VFIO" "$@"
	echo "vfio $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
}

set_alias_region()
{
	echo "$1" >/sys/module/vfio_pci_alias/parameters/alias_region
}

@test "the testbed's driver has aliases as they were proposed" {
	python3 "$BATS_TEST_DIRNAME/vfio-alias.py" "$(edu)"
}

# What "feature show" says of index 11.
feature_11()
{
	vfio -j feature show "$(edu)"
	[ "$status" -eq 0 ]
	jq -c '[.. | objects | select(.index? == 11)][0]' <<<"$output"
}

@test "feature show: index 11 is alias_region where that is what it does, and absent where nothing is" {
	feature_11 | tail -n 1 | jq -e '.name == "alias_region" and .set and (.get | not)'
	set_alias_region 0
	none=$(feature_11 | tail -n 1)
	set_alias_region 1
	[ "$none" = null ]
}

@test "region alias: the first one is region 9, with and without write combining" {
	for words in '0' '0 wc'; do
		# shellcheck disable=SC2086 # words
		vfio -j region alias "$(edu)" $words
		[ "$status" -eq 0 ]
		jq -e '[.. | numbers] | index(9) != null' <<<"$output"
	done
}

@test "region alias of a region that cannot be mapped, or is none: an error, nothing on stdout" {
	for region in 1 7 9 50; do
		vfio -j region alias "$(edu)" "$region"
		[ "$status" -ne 0 ]
		[ -z "$output" ]
		[ -n "$stderr" ]
	done
}

@test "where the number is DMA_BUF's, or the driver has neither: status 7" {
	set_alias_region 0
	vfio -j region alias "$(edu)" 0
	set_alias_region 1
	[ "$status" -eq 7 ]
	[ -z "$output" ]
}
