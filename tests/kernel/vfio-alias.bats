#!/usr/bin/env bats
# Aliases of regions, which VFIO has in a proposal: a driver of the testbed's own has them, too.

load helpers

VFIO=$checkout/${TEST_BUILD:-build/static}/recorded/vfio

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
	# With what they depend on; what another test uses stays.
	for module in vfio_pci_alias vfio-pci vfio_iommu_type1 iommufd; do
		modprobe -r "$module" || true
	done
}

setup()
{
	! kernel_is_a || skip 'the driver is for the newest kernel'
}

# Whatever a test that failed left behind.
teardown()
{
	kernel_is_a || set_alias_region 1
}

# Prints the address of QEMU's device for teaching, which has one BAR and no driver.
edu()
{
	local device

	for device in /sys/bus/pci/devices/*; do
		[ "$(<"$device/vendor"):$(<"$device/device")" != 0x1234:0x11e8 ] || basename "$device"
	done
}

# Binds it to the driver of that name, or to the testbed's.
bind_edu()
{
	local driver=${1-vfio_pci_alias} address

	address=$(edu)
	[ -n "$address" ]
	# A machine without an IOMMU will do: nothing is transferred.
	[ -e "/sys/bus/pci/devices/$address/iommu_group" ] ||
		echo 1 >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
	echo "$driver" >"/sys/bus/pci/devices/$address/driver_override"
	echo "$address" >/sys/bus/pci/drivers_probe
	[ -e "/sys/bus/pci/devices/$address/vfio-dev" ]
}

unbind_edu()
{
	local address

	address=$(edu)
	echo "$address" >"/sys/bus/pci/devices/$address/driver/unbind"
	echo >"/sys/bus/pci/devices/$address/driver_override"
	echo 0 >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
}

vfio()
{
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

@test "feature show: index 11 is alias_region where that is what it does" {
	feature_11 | tail -n 1 | jq -e '.name == "alias_region" and .set and (.get | not)'
	set_alias_region 0
	none=$(feature_11 | tail -n 1)
	set_alias_region 1
	jq -e '.name == "dma_buf" and (.set or .get | not)' <<<"$none"
}

@test "feature probe: by number and by name, and what it lacks" {
	for feature in 11 alias_region; do
		vfio feature probe "$(edu)" "$feature" set
		[ "$status" -eq 0 ]
		vfio feature probe "$(edu)" "$feature" get
		[ "$status" -eq 7 ]
	done
}

@test "region alias: region 9, of the same size, which can be mapped and nothing else" {
	vfio -j region alias "$(edu)" 0
	[ "$status" -eq 0 ]
	jq -e --arg edu "$(edu)" '.region[$edu] | length == 1 and (.[0] | .index == 9 and .size == 1048576 and
		.offset == 9 * 1099511627776 and .flags == ["mmap", "alias"])' <<<"$output"
	vfio -j region alias "$(edu)" 0 wc
	[ "$status" -eq 0 ]
	jq -e --arg edu "$(edu)" '.region[$edu][0] | .index == 9 and .flags == ["mmap", "alias", "wc"]' <<<"$output"
}

@test "region alias: several in one open; the same again has the same index" {
	vfio -j region alias "$(edu)" 0 wc bar0 bar0 wc
	[ "$status" -eq 0 ]
	jq -e --arg edu "$(edu)" '.region[$edu] | map([.index, .of, (.flags | index("wc") != null)]) ==
		[[9, "bar0", true], [10, "bar0", false], [9, "bar0", true]]' <<<"$output"
}

@test "region flags: bar0 may combine writes, what cannot be mapped has no alias; none is made" {
	printf '%s\n' "region flags $(edu) hold" "region show $(edu)" >"$BATS_TEST_TMPDIR/batch"
	vfio -j -b "$BATS_TEST_TMPDIR/batch"
	[ "$status" -eq 0 ]
	jq -e --arg edu "$(edu)" '.flags[$edu] | map([.name, .alias, .flags]) ==
		[["bar0", true, ["wc"]], ["config", false, null]]' <<<"${lines[0]}"
	jq -e --arg edu "$(edu)" '.region[$edu] | all(.index < 9)' <<<"${lines[1]}"
	vfio region flags "$(edu)" bar0
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = '  index 0 name bar0 alias true flags wc' ]
}

@test "hold: an alias is still there for the next lines of a batch" {
	printf '%s\n' "region alias $(edu) bar0 wc hold" "region show $(edu) hold" "region alias $(edu) bar0 wc" \
		"region show $(edu)" >"$BATS_TEST_TMPDIR/batch"
	vfio -j -b "$BATS_TEST_TMPDIR/batch"
	[ "$status" -eq 0 ]
	[ "$(jq -sc '[.[].region[] | map(.index)]' <<<"$output")" = '[[9],[0,7,9],[9],[0,7]]' ]
}

@test "region alias of a region that cannot be mapped, or is none: an error, nothing on stdout" {
	for region in 1 7 9 50; do
		vfio -j region alias "$(edu)" "$region"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[[ $stderr = '{"error":'* ]]
	done
}

@test "an alias goes with the process that made it" {
	vfio -j region alias "$(edu)" 0
	vfio -j region show "$(edu)"
	[ "$status" -eq 0 ]
	jq -e --arg edu "$(edu)" '.region[$edu] | all(.index < 9)' <<<"$output"
}

@test "where the driver has neither use of index 11: status 7" {
	set_alias_region 0
	vfio -j region alias "$(edu)" 0
	set_alias_region 1
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *'has alias_region'* ]]
}

@test "where index 11 is dma_buf's, as in the kernel's own driver: status 7, and said so" {
	unbind_edu
	modprobe vfio-pci
	bind_edu vfio-pci
	vfio -j region alias "$(edu)" 0
	unbind_edu
	bind_edu
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *'dma_buf'* ]]
}
