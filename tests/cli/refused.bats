#!/usr/bin/env bats
# Drivers of hardware refuse a device with nothing but an errno: what the tool knows of it is said.

load helpers

# A conversation in which a function of hardware, that has no device yet and says this of itself, is
# asked for a device with these attributes, and refuses: refused MGMTDEV ATTRIBUTES [ACK]
refused()
{
	local mgmtdev="reply MGMTDEV_NEW bus=pci mgmtdev=0000:65:00.2 classes=2 $1"

	{
		echo family
		[ -z "${looked_up-}" ] || printf '%s\n' 'expect MGMTDEV_GET bus=pci mgmtdev=0000:65:00.2' "$mgmtdev"
		[ -n "${2-}" ] || return 0
		printf '%s\n' 'expect DEV_GET dump' 'done'
		echo "expect DEV_NEW name=foo bus=pci mgmtdev=0000:65:00.2 $2"
		echo "ack $3"
		printf '%s\n' 'expect MGMTDEV_GET bus=pci mgmtdev=0000:65:00.2' "$mgmtdev"
	} | fake
}

add()
{
	vdpa dev add name foo mgmtdev pci/0000:65:00.2 "$@"
}

@test "more pairs of queues than there are: status 7, both numbers, and nothing is sent" {
	looked_up=yes refused 'mgmt_max_vqs=65 supported=0x300420028'
	add max_vqp 40
	assert_failure 7
	[ "$stderr" = "vdpa: add 'foo': max_vqp 40 needs 81 queues (two per pair, and the control queue), but management device 'pci/0000:65:00.2' has 65" ]
	# Without the feature for it there is no control queue.
	looked_up=yes refused 'mgmt_max_vqs=65 supported=0x300400028'
	add max_vqp 33
	assert_failure 7
	[[ $stderr = *'max_vqp 33 needs 66 queues (two per pair), but'*'has 65' ]]
	for most in 'mgmt_max_vqs=65 supported=0x300420028' 'mgmt_max_vqs=0 supported=0x300420028'; do
		{
			printf '%s\n' family 'expect MGMTDEV_GET bus=pci mgmtdev=0000:65:00.2' \
				"reply MGMTDEV_NEW bus=pci mgmtdev=0000:65:00.2 classes=2 $most" \
				'expect DEV_GET dump' 'done' \
				'expect DEV_NEW name=foo bus=pci mgmtdev=0000:65:00.2 max_vqp=32' ack
		} | fake
		add max_vqp 32
		[ "$status" -eq 0 ]
	done
}

@test "features that a driver probably needs, and were left out" {
	looked_up=yes refused 'mgmt_max_vqs=65 supported=0x300420028' features=0x8 EOPNOTSUPP
	add device_features MTU
	assert_failure 7
	[ "$stderr" = "vdpa: add 'foo' to 'pci/0000:65:00.2': Operation not supported; device_features probably must hold VERSION_1,ACCESS_PLATFORM" ]
	looked_up=yes refused 'mgmt_max_vqs=65 supported=0x300420028' features=0x100000008 EINVAL
	add device_features MTU,VERSION_1
	assert_failure 1
	[[ $stderr = *'Invalid argument; device_features probably must hold ACCESS_PLATFORM' ]]
	# What the management device itself lacks is not it.
	looked_up=yes refused 'mgmt_max_vqs=65 supported=0x8' features=0x8 EINVAL
	add device_features MTU
	[[ $stderr = *'Invalid argument' ]]
}

@test "the feature MAC without an address, and an MTU that is refused" {
	looked_up=yes refused 'mgmt_max_vqs=65 supported=0x300420028' features=0x300000020 EINVAL
	add device_features MAC,VERSION_1,ACCESS_PLATFORM
	assert_failure 1
	[[ ${stderr_lines[0]} = *'Invalid argument; the feature MAC probably needs an address' ]]
	[ "${stderr_lines[1]}" = 'hint: add mac MAC, or leave MAC out of device_features' ]
	refused 'mgmt_max_vqs=65 supported=0x300420028' mtu=9500 EINVAL
	add mtu 9500
	assert_failure 1
	[[ $stderr = *'Invalid argument; mtu 9500 is probably more than the hardware supports' ]]
}

@test "nothing is guessed where the kernel has words, or another errno" {
	refused 'mgmt_max_vqs=65 supported=0x300420028' mtu=9500 "EINVAL 'mlx5_vdpa: no'"
	add mtu 9500
	[[ $stderr = *': mlx5_vdpa: no' ]]
	refused 'mgmt_max_vqs=65 supported=0x300420028' mtu=9500 EIO
	add mtu 9500
	[[ $stderr = *'Input/output error' ]]
}

@test "what an older kernel would ignore: status 7, and nothing is sent" {
	local word

	# Linux 5.13 to 5.16, and 5.17 to 6.0.
	for word in 'mac 02:00:00:00:00:01' 'mtu 1500' 'max_vqp 2' 'device_features MTU' \
		'mtu 1500 ensure'; do
		fake <<<'family ops=2,3,4,5 maxattr=10'
		# shellcheck disable=SC2086 # several words
		vdpa dev add name foo mgmtdev pci/0000:65:00.2 $word
		assert_failure 7
		[[ $stderr = *"add 'foo' to 'pci/0000:65:00.2': this kernel would ignore ${word%% *}; Linux "*' and later do not' ]]
	done
	fake <<<'family ops=2,3,4,5,6,7 maxattr=20'
	add mac 02:00:00:00:00:01 device_features MTU type net
	assert_failure 7
	[[ $stderr = *'this kernel would ignore device_features; Linux 6.1 and later do not' ]]
	fake <<<'family ops=2,3,4,5 maxattr=10'
	add mac 02:00:00:00:00:01 mtu 1500
	[[ $stderr = *'this kernel would ignore mac and mtu; Linux 5.17 and later do not' ]]
	fake <<-'END'
		family ops=2,3,4,5,6 maxattr=17
		expect DEV_GET dump
		done
		expect DEV_NEW name=foo bus=pci mgmtdev=0000:65:00.2 mac=02:00:00:00:00:01
		ack
	END
	add mac 02:00:00:00:00:01
	[ "$status" -eq 0 ]
	# It takes a device without settings.
	fake <<-'END'
		family ops=2,3,4,5 maxattr=10
		expect DEV_GET dump
		done
		expect DEV_NEW name=foo bus=pci mgmtdev=0000:65:00.2
		ack
	END
	add
	[ "$status" -eq 0 ]
}
