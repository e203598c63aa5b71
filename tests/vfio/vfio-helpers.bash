# Shared by the tests of vfio on a real kernel; behind tests/kernel/helpers.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what bats and helpers leave behind

VFIO=$checkout/${TEST_BUILD:-build/static}/recorded/vfio
pci=/sys/bus/pci/devices
# A secret for tests.
# shellcheck disable=SC2034 # for the tests
token=6ba7b810-9dad-11d1-80b4-00c04fd430c8

# Runs vfio: $status, $output, $stderr; a command that hangs fails.
vfio()
{
	run --separate-stderr timeout 60 "$VFIO" "$@"
	echo "vfio $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
}

# A failure with this status: nothing on stdout, and this pattern on stderr.
fails()
{
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[[ $stderr != '{'* ]] || as_text
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr = $2 ]]
}

# Prints the address of the first device of this vendor and device, both as in sysfs.
find_pci()
{
	local path

	for path in "$pci"/*; do
		[ "$(<"$path/vendor"):$(<"$path/device")" != "$1" ] || break
	done
	echo "${path##*/}"
}

# The devices that tests/check gives the machine.
# shellcheck disable=SC2034 # for the tests
find_devices()
{
	card=$(find_pci 0x8086:0x10d3)
	disk=$(find_pci 0x1b36:0x0010)
	shared=$(find_pci 0x8086:0x100e)
	neighbour=$(find_pci 0x1af4:0x1005)
	virtual=${disk%.0}.1
}

bind_vfio()
{
	local address

	for address; do
		[ "$(basename "$(realpath "$pci/$address/driver")")" != vfio-pci ] || continue
		[ ! -e "$pci/$address/driver" ] || echo "$address" >"$pci/$address/driver/unbind"
		echo vfio-pci >"$pci/$address/driver_override"
		echo "$address" >/sys/bus/pci/drivers_probe
	done
}

unbind_vfio()
{
	local address

	for address; do
		[ ! -e "$pci/$address/driver" ] || echo "$address" >"$pci/$address/driver/unbind"
		echo >"$pci/$address/driver_override"
	done
}

# Modules that a kernel lacks are left out. An idle device stays awake, for the emulated disk's
# virtual functions do not come back from its sleep.
load_vfio()
{
	modprobe vfio_iommu_type1
	modprobe iommufd 2>/dev/null || kernel_is_a
	modprobe vfio-pci enable_sriov=1 disable_idle_d3=1
}

# Which ways there are to open a device.
ways()
{
	if kernel_is_a; then
		echo container
	else
		echo iommufd container
	fi
}

group_of()
{
	basename "$(readlink "$pci/$1/iommu_group")"
}
