#!/usr/bin/env bats
# doctor with kernels that say what they should not. What else it finds is this machine's.

load helpers

# Prints a member of a check's row, if it has it.
of()
{
	jq -r --arg check "$1" ".doctor[] | select(.check == \$check) | .$2 // empty" <<<"$output"
}

# A conversation in which these are the management devices, and there is no device.
mgmtdevs()
{
	{
		echo family
		echo 'expect MGMTDEV_GET dump'
		cat
		echo 'done'
		echo 'expect DEV_GET dump'
		echo 'done'
	} | fake
}

@test "a kernel without the family: the whole document, and status 7" {
	fake <<<nofamily
	vdpa -j doctor
	[ "$status" -eq 7 ]
	jq -e '.doctor | length == 22 and all(.[]; .found != "" and .hint != "")' <<<"$output"
	[ "$(of family state) $(of mgmtdevs state)" = 'missing missing' ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a kernel that does not list its management devices" {
	fake <<-END
		family
		expect MGMTDEV_GET dump
		done EIO
	END
	vdpa -j doctor
	# Whoever has the right to add fails for this reason, and others for theirs.
	((status == 1 || status == 6))
	[ "$(of mgmtdevs state)" = warning ]
	[[ $(of mgmtdevs found) = 'unknown: list management devices: '*'Input/output error' ]]
}

@test "names of management devices that no terminal should get" {
	mgmtdevs <<-'END'
		reply MGMTDEV_NEW 'mgmtdev=a\x1b[31m\n\xff' classes=2
	END
	vdpa doctor
	[[ $output = *$'\nmgmtdevs            ok       a\\x1b[31m\\x0a\\xff; with 0 devices\n'* ]]
	vdpa -j doctor
	[ "$(of mgmtdevs found)" = $'a\e[31m\n\\xff; with 0 devices' ]
}

@test "more and longer names than there is room for" {
	long=$(printf 'n%.0s' {1..300})
	for n in {1..20}; do
		echo "reply MGMTDEV_NEW mgmtdev=$n$long classes=2"
	done | mgmtdevs
	vdpa -j doctor
	[ "$(of mgmtdevs state)" = ok ]
	[[ $(of mgmtdevs found) =~ ^1n+\ and\ 14\ more\;\ with\ 0\ devices$ ]]
	for n in {1..20}; do
		echo "reply MGMTDEV_NEW mgmtdev=m$n classes=2"
	done | mgmtdevs
	vdpa -j doctor
	[ "$(of mgmtdevs found)" = 'm1, m2, m3, m4, m5, m6 and 14 more; with 0 devices' ]
}

# A PCI function below $FAKE_ROOT: function ADDRESS VENDOR DEVICE [DRIVER]
function_at()
{
	local directory=$FAKE_ROOT/sys/bus/pci/devices/$1

	mkdir -p "$directory"
	echo "$2" >"$directory/vendor"
	echo "$3" >"$directory/device"
	[ -z "${4-}" ] || ln -sfn "../../drivers/$4" "$directory/driver"
}

cards()
{
	fake <<<nofamily
	vdpa -j doctor
	[ "$(of cards found)" = "$1" ]
	# shellcheck disable=SC2053 # a pattern
	[[ $(of cards hint) = $2 ]]
}

@test "cards without a management device: what is missing, and the command for it" {
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$FAKE_ROOT/sys/bus/pci/devices"
	cards 'no card that is known to support vDPA' ''
	function_at 0000:65:00.0 0x15b3 0x101d
	cards '0000:65:00.0 (NVIDIA, mlx5_vdpa): it has no driver' '*mlx5_core*'
	function_at 0000:65:00.0 0x15b3 0x101d mlx5_core
	cards '0000:65:00.0 (NVIDIA, mlx5_vdpa): no virtual functions' \
		'echo 1 > /sys/bus/pci/devices/0000:65:00.0/sriov_numvfs'
	pf=$FAKE_ROOT/sys/bus/pci/devices/0000:65:00.0
	echo 1 >"$pf/sriov_numvfs"
	mkdir -p "$pf/net/eth0"
	function_at 0000:65:00.2 0x15b3 0x101e mlx5_core
	cards '0000:65:00.0 (NVIDIA, mlx5_vdpa): not in switchdev mode, 0000:65:00.2 (NVIDIA, mlx5_vdpa): enable_vnet is off' \
		'devlink dev eswitch set pci/0000:65:00.0 mode switchdev'
	echo 0123 >"$pf/net/eth0/phys_switch_id"
	cards '0000:65:00.2 (NVIDIA, mlx5_vdpa): enable_vnet is off' \
		'devlink dev param set pci/0000:65:00.2 name enable_vnet *reload pci/0000:65:00.2'
	mkdir -p "$pf/../0000:65:00.2/mlx5_core.vnet.2"
	cards '0000:65:00.2 (NVIDIA, mlx5_vdpa): its vDPA driver is not loaded' '*mlx5_vdpa*'
	ln -s ../../drivers/mlx5_vdpa "$pf/../0000:65:00.2/mlx5_core.vnet.2/driver"
	cards '0000:65:00.0 (NVIDIA, mlx5_vdpa), 0000:65:00.2 (NVIDIA, mlx5_vdpa)' ''
	[ "$(of cards state)" = ok ]
}

@test "cards of other makers; one of virtio that is nobody's" {
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	function_at 0000:01:00.0 0x1af4 0x1041 virtio-pci
	cards 'no card that is known to support vDPA' ''
	echo 0x8086 >"$FAKE_ROOT/sys/bus/pci/devices/0000:01:00.0/subsystem_vendor"
	echo 0x001a >"$FAKE_ROOT/sys/bus/pci/devices/0000:01:00.0/subsystem_device"
	cards '0000:01:00.0 (Intel, ifcvf): it has another driver' '*ifcvf*'
	rm -r "$FAKE_ROOT"
	function_at 0000:b5:00.0 0x1dd8 0x100c pds_core
	cards '0000:b5:00.0 (AMD Pensando, pds_vdpa): no virtual functions' \
		'devlink dev param set pci/0000:b5:00.0 name enable_vnet value true cmode runtime; echo 1 > *'
	function_at 0000:b5:00.0 0x177d 0xb903 octep_vdpa
	cards '0000:b5:00.0 (Marvell, octep_vdpa)' ''
	rm -r "$FAKE_ROOT"
	function_at 0000:b5:00.0 0xd063 0x1000
	cards '0000:b5:00.0 (SolidRun, snet_vdpa): it has no driver' '*snet_vdpa*'
}

@test "the limit of locked memory of another process" {
	sleep 60 3>&- &
	prlimit --pid $! --memlock=65536:131072
	fake <<<nofamily
	vdpa -j doctor for $!
	[[ $(of memlock found) = "process $! (sleep): 64 kB, up to 128 kB: "* ]]
	[[ $(of memlock hint) = *"prlimit --pid $! --memlock=unlimited:unlimited" ]]
	kill $!
	fake <<<nofamily
	vdpa -j doctor for 4194304
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr = *'doctor: there is no process 4194304'* ]]
	vdpa_offline doctor for 0
	assert_usage
}

@test "devices of no management device are named" {
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$FAKE_ROOT/sys/bus/vdpa/devices/"{vdpa0,one}
	{
		echo family
		echo 'expect MGMTDEV_GET dump'
		echo 'reply MGMTDEV_NEW mgmtdev=vdpasim_net classes=2'
		echo 'done'
		echo 'expect DEV_GET dump'
		echo "reply DEV_NEW name=one $sim_dev"
		echo 'done'
	} | fake
	vdpa -j doctor
	[ "$(of mgmtdevs found)" = 'vdpasim_net; with 1 device; unmanaged: vdpa0' ]
}

@test "doctor takes no other words, and completion offers it" {
	vdpa_offline doctor everything
	assert_usage
	[ "$("$VDPA" --complete doc)" = doctor ]
}
