#!/usr/bin/env bats
# Creating, showing, changing and deleting devices of the kernel's simulators.

load helpers

setup_file()
{
	need_modules vdpa_sim_net vdpa_sim_blk vduse
}

teardown()
{
	! grep -q '^vdpa_unmanaged ' /proc/modules || rmmod vdpa_unmanaged
	delete_devices
	! grep -q '^vhost_vdpa ' /proc/modules || rmmod vhost_vdpa
}

@test "add, show in text and JSON, delete" {
	run --separate-stderr "$VDPA" dev add name foo2 mgmtdev vdpasim_net
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	run --separate-stderr "$VDPA" dev show foo2
	[ "$output" = 'foo2: type network mgmtdev vdpasim_net vendor_id 0 max_vqs 3 max_vq_size 256' ]
	run --separate-stderr "$VDPA" -jp dev show foo2
	[ "$status" -eq 0 ]
	jq -e '. == {dev: {foo2: {type: "network", mgmtdev: "vdpasim_net", vendor_id: 0, max_vqs: 3, max_vq_size: 256}}}' <<<"$output"
	run --separate-stderr "$VDPA" dev del foo2
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	[ ! -e /sys/bus/vdpa/devices/foo2 ]
	[ "$("$VDPA" -j dev show)" = '{"dev":{}}' ]
}

@test "a block device" {
	"$VDPA" dev add name disk mgmtdev vdpasim_blk
	run --separate-stderr "$VDPA" dev show disk
	[[ $output = 'disk: type block mgmtdev vdpasim_blk vendor_id 0 max_vqs 1 max_vq_size 256' ]]
}

@test "-d adds what plain output leaves out, -n numbers the type" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	"$VDPA" -jd dev show foo | jq -e '.dev.foo.min_vq_size == 1'
	"$VDPA" -jn dev show foo | jq -e '.dev.foo.type == 1'
}

@test "mac and mtu reach the device" {
	"$VDPA" dev add mtu 9000 mgmtdev vdpasim_net mac 2:0:0:0:0:1 name foo
	"$PEER" -j dev config show foo | jq -e '.config.foo | .mac == "02:00:00:00:00:01" and .mtu == 9000'
}

@test "what a management device does not support is named: status 7, nothing made" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_net max_vqp 1
	[ "$status" -eq 7 ]
	[[ $stderr = *"management device 'vdpasim_net' does not support max_vqp"* ]]
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_blk mac 02:00:00:00:00:01
	[ "$status" -eq 7 ]
	[[ $stderr = *"'vdpasim_blk' does not support mac"* ]]
	[ "$("$VDPA" dev show)" = '' ]
}

@test "type is held against the management device's classes" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_net type block
	[ "$status" -eq 7 ]
	[[ $stderr = *"'vdpasim_net' cannot create devices of type block"* ]]
	[ ! -e /sys/bus/vdpa/devices/foo ]
	"$VDPA" dev add name foo mgmtdev vdpasim_net type net
	"$VDPA" dev add name bar mgmtdev vdpasim_net type network
	"$VDPA" dev add name baz mgmtdev vdpasim_blk type 2
}

@test "features by name, by mask and by subtraction are what the device then offers" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net device_features mac,VERSION_1,ACCESS_PLATFORM,bit_3
	"$VDPA" dev add name bar mgmtdev vdpasim_net device_features 0x300000028
	"$VDPA" dev add name baz mgmtdev vdpasim_net device_features 0x300000038,-bit_4
	offered=$(offered_features foo)
	[ -n "$offered" ]
	[ "$(offered_features bar)" = "$offered" ]
	[ "$(offered_features baz)" = "$offered" ]
}

# What the kernel says of a device to a program that is not ours: the words of the configuration
# space as the driver's debugging view, or vhost's ioctl, would give them.
offered_features()
{
	python3 "$BATS_TEST_DIRNAME/features.py" "$1"
}

@test "a bare mask is read as hexadecimal, as iproute2 does, with a warning" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_net device_features 300000020
	[ "$status" -eq 0 ]
	[[ $stderr = *'0x300000020'* ]]
	[ "$(offered_features foo)" = 0x300000020 ]
}

@test "features that the management device lacks are refused by name" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_net device_features MAC,RSS,VERSION_1
	[ "$status" -eq 7 ]
	[[ $stderr = *'does not offer RSS'* ]]
	[ ! -e /sys/bus/vdpa/devices/foo ]
}

@test "what else is given needs its features: refused in the same words on both kernels" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_net mac 02:00:00:00:00:01 \
		device_features VERSION_1
	[ "$status" -eq 2 ]
	[[ $stderr = *'device_features must hold MAC, because mac is given'* ]]
	[ ! -e /sys/bus/vdpa/devices/foo ]
}

@test "the same name again: status 4" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vdpasim_blk
	[ "$status" -eq 4 ]
	[[ $stderr = "vdpa: add 'foo' to 'vdpasim_blk': a vDPA device of that name exists already"* ]]
}

@test "a name that the kernel has for something else: status 4 and where it is" {
	for word in '' ensure; do
		# shellcheck disable=SC2086 # one word or none
		run --separate-stderr "$VDPA" dev add name virtual mgmtdev vdpasim_net $word
		[ "$status" -eq 4 ]
		[[ $stderr = "vdpa: add 'virtual' to 'vdpasim_net': its directory would be /sys/devices/virtual, which the kernel uses for something else"*'hint: choose another name' ]]
	done
	for name in platform pci0000:00; do
		run --separate-stderr "$VDPA" dev add name "$name" mgmtdev vdpasim_blk
		[ "$status" -eq 4 ]
		[[ $stderr = *"directory would be /sys/devices/$name, "* ]]
	done
}

@test "an unknown management device: status 3 and where to look" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev nope
	[ "$status" -eq 3 ]
	[[ $stderr = *"no management device 'nope'"*hint:* ]]
}

@test "a VDUSE device that does not exist is named as the cause" {
	run --separate-stderr "$VDPA" dev add name foo mgmtdev vduse
	[ "$status" -eq 3 ]
	[[ $stderr = *'no VDUSE device of that name'* ]]
}

@test "names: 255 bytes, blanks, colons, dots, quotes and UTF-8 are kept as they are" {
	long=$(printf '%0255d' 7)
	for name in "$long" 'two words' 0000:65:00.2 ... '"quoted\"' $'\xc3\xbcml\xc3\xa4ut' -dash; do
		"$VDPA" dev add name "$name" mgmtdev vdpasim_net || "$VDPA" -- dev add name "$name" mgmtdev vdpasim_net
		"$VDPA" -j -- dev show "$name" | NAME=$name jq -e '.dev | keys == [env.NAME]'
		"$VDPA" -j dev show | NAME=$name jq -e '.dev[env.NAME].type == "network"'
		"$VDPA" -- dev del "$name"
	done
}

@test "names that the kernel would change are refused, and nothing is sent" {
	for name in '' . .. a/b $'a\nb' $'a\033b' "$(printf '%0256d' 7)" "$(printf '%01000d' 7)"; do
		run --separate-stderr "$VDPA" dev add name "$name" mgmtdev vdpasim_net
		[ "$status" -eq 2 ]
		[ -z "$output" ]
	done
	[ "$("$VDPA" dev show)" = '' ]
}

@test "names that another program made are shown with their control bytes escaped" {
	"$PEER" dev add name $'a\033[31mb' mgmtdev vdpasim_net
	run --separate-stderr "$VDPA" dev show
	[[ $output = 'a\x1b[31mb: type network '* ]]
	"$VDPA" -j dev show | jq -e '.dev | keys == ["a\u001b[31mb"]'
	"$VDPA" dev del $'a\033[31mb'
}

@test "names longer than we would make are shown and deleted" {
	long=$(printf '%0256d' 7)
	"$PEER" dev add name "$long" mgmtdev vdpasim_net
	"$VDPA" -j dev show | jq -e '.dev | length == 1'
	"$VDPA" dev del "$long"
}

@test "filters by management device and type, together and with a name" {
	"$VDPA" dev add name n1 mgmtdev vdpasim_net
	"$VDPA" dev add name n2 mgmtdev vdpasim_net
	"$VDPA" dev add name b1 mgmtdev vdpasim_blk
	"$VDPA" -j dev show mgmtdev vdpasim_net | jq -e '.dev | keys == ["n1", "n2"]'
	"$VDPA" -j dev show type block | jq -e '.dev | keys == ["b1"]'
	"$VDPA" -j dev show type net mgmtdev vdpasim_blk | jq -e '.dev == {}'
	"$VDPA" -j dev show n2 type net | jq -e '.dev | keys == ["n2"]'
	"$VDPA" -j dev show mgmtdev vduse | jq -e '.dev == {}'
	run --separate-stderr "$VDPA" dev show n1 type block
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	run --separate-stderr "$VDPA" dev show mgmtdev nope
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}

@test "del of several: all are tried, the first failure gives the status" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	"$VDPA" dev add name bar mgmtdev vdpasim_net
	run --separate-stderr "$VDPA" dev del foo nope bar
	[ "$status" -eq 3 ]
	[[ $stderr = "vdpa: delete 'nope': there is no such device"* ]]
	[ "$("$VDPA" dev show)" = '' ]
}

@test "a name that is like a device's: the hint has that one, and nothing happens to it" {
	"$VDPA" dev add name storage mgmtdev vdpasim_net
	for words in 'dev del strage' 'dev set strage driver none' 'dev config show strage'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" $words
		[ "$status" -eq 3 ]
		[ "${stderr_lines[1]}" = "hint: did you mean 'storage'? 'vdpa dev show' lists the devices" ]
	done
	[ -e /sys/bus/vdpa/devices/storage ]
}

@test "a word that only resembles del deletes nothing" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	for word in dele delet dell rm remove destroy ''; do
		run --separate-stderr "$VDPA" dev "$word" foo
		[ "$status" -eq 2 ]
	done
	"$VDPA" dev show foo
	"$VDPA" dev delete foo
}

@test "set mac, on kernels that can, is read back; on others status 7 says what to do" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	for words in 'dev set foo' 'dev set name foo'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" $words mac 02:00:00:00:00:09
		if kernel_is_a; then
			[ "$status" -eq 7 ]
			[[ $stderr = *'Linux 6.13'*hint:* ]]
		else
			[ "$status" -eq 0 ]
			"$PEER" -j dev config show foo | jq -e '.config.foo.mac == "02:00:00:00:00:09"'
		fi
	done
}

@test "set mac of a device that is none of a network is a failure, whatever the kernel says" {
	"$VDPA" dev add name disk mgmtdev vdpasim_blk
	run --separate-stderr "$VDPA" dev set disk mac 02:00:00:00:00:09
	[ "$status" -eq 7 ]
	[ -n "$stderr" ]
}

@test "set mac of no device, and of addresses that no interface can have" {
	run --separate-stderr "$VDPA" dev set nope mac 02:00:00:00:00:09
	[ "$status" -eq 3 ]
	for mac in 00:00:00:00:00:00 01:00:00:00:00:00 ff:ff:ff:ff:ff:ff; do
		run --separate-stderr "$VDPA" dev set nope mac "$mac"
		[ "$status" -eq 2 ]
	done
}

@test "an address that no driver will read can be set, with a warning" {
	kernel_is_a && return
	"$VDPA" dev add name foo mgmtdev vdpasim_net device_features VERSION_1,ACCESS_PLATFORM
	run --separate-stderr "$VDPA" dev set foo mac 02:00:00:00:00:09
	[ "$status" -eq 0 ]
	[[ $stderr = *'does not offer feature MAC'* ]]
}

@test "completion offers devices, live" {
	"$VDPA" dev add name foo1 mgmtdev vdpasim_net
	"$VDPA" dev add name foo2 mgmtdev vdpasim_net
	[ "$("$VDPA" --complete dev del foo)" = $'foo1\nfoo2' ]
	[ "$("$VDPA" --complete dev show foo1 '' | head -n 1)" = mgmtdev ]
	[ "$("$VDPA" --complete dev add name x mgmtdev vdpasim_n)" = vdpasim_net ]
}

@test "a device that no management device created: shown from sysfs, with the reason, and by doctor" {
	kernel_is_a || skip 'the driver that makes one is built for kernel A'
	need_modules vhost_vdpa vdpa_unmanaged
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	run --separate-stderr "$VDPA" -j dev show
	[ "$status" -eq 0 ]
	jq -e '.dev | keys == ["foo", "unmanaged0"] and .unmanaged0 == {driver: "vhost_vdpa"}' <<<"$output"
	[[ $stderr = *"show 'unmanaged0': no management device created it, so only sysfs describes it"* ]]
	run --separate-stderr "$VDPA" -jd dev show unmanaged0
	[ "$status" -eq 0 ]
	jq -e '.dev.unmanaged0 | .driver == "vhost_vdpa" and .parent == "platform/vdpa_unmanaged" and
		(.chardev | startswith("/dev/vhost-vdpa-"))' <<<"$output"
	[[ $stderr = *'no management device created it'* ]]
	run --separate-stderr "$VDPA" dev del unmanaged0
	[ "$status" -eq 7 ]
	[[ $stderr = *"delete 'unmanaged0': no management device created it"* ]]
	# What is missing otherwise is none of this test's.
	"$VDPA" -j doctor >"$BATS_TEST_TMPDIR/doctor" 2>/dev/null || true
	jq -e '.doctor[] | select(.check == "mgmtdevs") | .found | endswith("; unmanaged: unmanaged0")' \
		"$BATS_TEST_TMPDIR/doctor"
}
