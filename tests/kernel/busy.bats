#!/usr/bin/env bats
# Requests that the kernel would wait in without limit are refused, and the cause is named.

load helpers

setup()
{
	need_modules vdpa_sim_net vhost_vdpa
	"$VDPA" dev add name held mgmtdev vdpasim_net
	"$VDPA" dev add name free mgmtdev vdpasim_net
	node=$(basename /sys/bus/vdpa/devices/held/vhost-vdpa-*)
}

teardown()
{
	[ -z "${holder-}" ] || kill "$holder" || true
	delete_devices
	for module in vhost_vdpa virtio_vdpa; do
		! grep -q "^$module " /proc/modules || rmmod "$module"
	done
}

hold()
{
	# shellcheck disable=SC2217 # it holds the node, and reads nothing
	sleep 60 <"/dev/$node" 3>&- &
	holder=$!
}

@test "a device whose node is open is not deleted: status 5, and who holds it" {
	hold
	run --separate-stderr "$VDPA" dev del held free
	[ "$status" -eq 5 ]
	[[ ${stderr_lines[0]} = "vdpa: delete 'held': /dev/$node is open in process $holder (sleep)"* ]]
	[[ ${stderr_lines[1]} = 'hint: '*-f* ]]
	[ -e /sys/bus/vdpa/devices/held ]
	[ ! -e /sys/bus/vdpa/devices/free ]
}

@test "whoever holds it is seen where there is no node as well" {
	hold
	for words in 'dev del held' 'dev set held driver none'; do
		run --separate-stderr timeout 10 unshare -m sh -c "mount -t tmpfs tmpfs /dev; exec '$VDPA' $words"
		[ "$status" -eq 5 ]
		[[ $stderr = *"is open in process $holder (sleep)"* ]]
	done
}

@test "a node that it has from the caller itself: said so" {
	run --separate-stderr timeout 10 bash -c "exec 3<>/dev/$node; exec '$VDPA' dev del held"
	[ "$status" -eq 5 ]
	[[ $stderr = *'was opened by whoever started this command'* ]]
}

@test "when the holder is gone it is deleted" {
	hold
	kill "$holder"
	wait "$holder" || true
	holder=
	"$VDPA" dev del held
	[ ! -e /sys/bus/vdpa/devices/held ]
}

@test "-f deletes it all the same, once it is closed" {
	hold
	"$VDPA" -f dev del held 3>&- &
	deleter=$!
	sleep 0.5
	kill -0 "$deleter"
	kill "$holder"
	wait "$deleter"
	holder=
	[ ! -e /sys/bus/vdpa/devices/held ]
}

@test "in a batch -f before the file is to go on, and in a line for that line" {
	hold
	run --separate-stderr timeout 20 "$VDPA" -f -b - <<<$'dev del held\ndev del free'
	[ "$status" -eq 5 ]
	[ -e /sys/bus/vdpa/devices/held ]
	[ ! -e /sys/bus/vdpa/devices/free ]
	kill "$holder"
	wait "$holder" || true
	holder=
	"$VDPA" -b - <<<'-f dev del held'
	[ ! -e /sys/bus/vdpa/devices/held ]
}

@test "vhost_vdpa has begun to let go of a device and waits for its node: nothing is sent behind it" {
	hold
	echo held >/sys/bus/vdpa/drivers/vhost_vdpa/unbind 3>&- &
	unbinder=$!
	while [ -e /sys/bus/vdpa/devices/held/driver ]; do
		sleep 0.1
	done
	for words in 'dev del held' 'dev set held driver vhost_vdpa'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout -k 1 10 "$VDPA" $words
		[ "$status" -eq 5 ]
		[[ $stderr = *"'held'"*': vhost_vdpa has begun to let go of it and waits until its node is closed'*'hint: '* ]]
	done
	# A device that has no driver is not taken for one.
	"$VDPA" dev set free driver none
	"$VDPA" dev del free
	kill "$holder"
	wait "$holder" || true
	wait "$unbinder"
	holder=
	"$VDPA" dev del held
}
