#!/usr/bin/env bats
# Devices of VDUSE that nobody serves, as a program that died leaves them.

load helpers

vduse()
{
	python3 "$BATS_TEST_DIRNAME/vduse.py" "$@"
}

setup()
{
	need_modules vduse
}

teardown()
{
	let_drivers_come
	delete_devices
	vduse destroy orphan || true
	! grep -q '^virtio_vdpa ' /proc/modules || rmmod virtio_vdpa
}

@test "one that is set up is added, shown and deleted" {
	vduse create orphan 128
	"$VDPA" dev add name orphan mgmtdev vduse
	"$VDPA" -j dev show orphan | jq -e '.dev.orphan | .type == "block" and .mgmtdev == "vduse" and .max_vqs == 1'
	"$VDPA" dev del orphan
}

@test "one whose queues have no size: said so" {
	vduse create orphan
	run --separate-stderr "$VDPA" dev add name orphan mgmtdev vduse
	[ "$status" -eq 1 ]
	[[ $stderr = *'its VDUSE device has queues without a size'*hint:* ]]
}

@test "one that virtio_vdpa would wait for is refused: status 5" {
	vduse create orphan 128
	modprobe virtio_vdpa
	run --separate-stderr "$VDPA" dev add name orphan mgmtdev vduse
	[ "$status" -eq 5 ]
	[[ $stderr = *'no program serves its VDUSE device'*'hint: start the program that serves /dev/vduse/orphan first'* ]]
	[ ! -e /sys/bus/vdpa/devices/orphan ]
	# Without probing nobody takes it, and nothing waits.
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	"$VDPA" dev add name orphan mgmtdev vduse
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	[ -e /sys/bus/vdpa/devices/orphan ]
}

@test "while another command keeps the drivers off, one that virtio_vdpa would wait for is refused all the same" {
	vduse create orphan 128
	modprobe virtio_vdpa
	keep_drivers_off
	timeout 20 "$VDPA" dev add name orphan mgmtdev vduse 2>"$BATS_TEST_TMPDIR/stderr" 3>&- 8>&- &
	# It waits for the lock now.
	sleep 0.5
	kill -0 $!
	let_drivers_come
	status=0
	wait $! || status=$?
	[ "$status" -eq 5 ]
	grep -q 'no program serves its VDUSE device' "$BATS_TEST_TMPDIR/stderr"
	[ ! -e /sys/bus/vdpa/devices/orphan ]
}
