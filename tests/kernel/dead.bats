#!/usr/bin/env bats
# VDUSE devices under virtio_vdpa whose program has ended: taking them from the driver would wait
# for its answers, with every other vdpa command of the host behind it.

load helpers
load vduse-helpers

setup()
{
	need_vduse virtio_blk virtio_vdpa vhost_vdpa
	"$VDUSE" dev show
	serve foo
	"$VDPA" dev add name foo mgmtdev vduse
	wait_until disk_of foo
	disk=$(disk_of foo)
}

teardown()
{
	local job

	[ "$(value foo '| [.state, .attached]')" != '["orphan",true]' ] || serve foo
	sleep 0.2
	for job in $(jobs -p); do
		kill -9 "$job" || true
	done
	wait || true
	delete_vduse_devices
	rmmod virtio_vdpa vhost_vdpa
}

disk_of()
{
	local path=("/sys/bus/vdpa/devices/$1"/virtio*/block/*)

	[ -e "${path[0]}" ] && basename "${path[0]}"
}

# A write that nobody completes.
write_in_flight()
{
	dd if=/dev/zero of="/dev/$disk" bs=4096 count=1 oflag=direct >"$BATS_TEST_TMPDIR/dd.log" 2>&1 3>&- &
	writer=$!
	in_flight()
	{
		local -a counts

		read -r -a counts <"/sys/block/$disk/inflight"
		((counts[1] > 0))
	}
	wait_until in_flight
}

vdpa()
{
	run --separate-stderr timeout -k 1 10 "$VDPA" "$@"
	echo "vdpa $*"
	echo "status: $status"
	echo "stderr: $stderr"
}

# Each request is refused, and changes nothing.
refuses()
{
	local words

	for words in 'dev del foo' 'dev set foo driver none' 'dev set foo driver vhost_vdpa'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		fails 5 "$1"
	done
	[ "$(value foo '| [.driver, .msg_timeout]')" = '["virtio_vdpa",30]' ]
	timeout 5 "$VDPA" dev show foo
}

died="*'foo'*: no program serves /dev/vduse/foo any more, and the kernel would wait for its answer*hint: *vduse dev del foo detach*-f*"

@test "its program was killed: nothing is deleted or unbound, and both ways out work" {
	crash
	refuses "$died"
	serve foo
	vdpa dev set foo driver vhost_vdpa
	[ "$status" -eq 0 ]
	vdpa dev set foo driver virtio_vdpa
	[ "$status" -eq 0 ]
	crash
	refuses "$died"
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

@test "its program was killed while a write was under way: refused, until it is served again" {
	crash
	write_in_flight
	refuses "$died"
	serve foo
	wait "$writer"
	vdpa dev del foo
	[ "$status" -eq 0 ]
}

@test "-f does it all the same, and waits as long as the device may take" {
	crash
	"$VDUSE" dev set foo msg_timeout 1
	vdpa -f dev del foo
	[ "$status" -eq 0 ]
	[ ! -e /sys/bus/vdpa/devices/foo ]
}

@test "a driver that has begun to let go and still waits: nothing is sent behind it" {
	crash
	write_in_flight
	echo foo >/sys/bus/vdpa/drivers/virtio_vdpa/unbind 3>&- &
	wait_until test ! -e /sys/bus/vdpa/devices/foo/driver
	for words in 'dev del foo' 'dev set foo driver none' 'dev set foo driver vhost_vdpa'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		fails 5 "*'foo'*: virtio_vdpa has begun to let go of it and still waits*hint: *"
	done
	timeout 5 "$VDPA" dev show foo
	serve foo
	wait_until test ! -e "/sys/block/$disk"
	wait "$writer" || true
	vdpa dev del foo
	[ "$status" -eq 0 ]
}

@test "whether it is served cannot be seen: its node decides, and where there is none nothing is done" {
	run --separate-stderr timeout 10 unshare -m -p --fork --mount-proc \
		sh -c "mount -t tmpfs tmpfs /dev; exec '$VDPA' dev del foo"
	fails 5 "*'foo'*: it cannot be seen here whether a program still serves /dev/vduse/foo*hint: *"
	[ -e /sys/bus/vdpa/devices/foo ]
	run --separate-stderr timeout 10 unshare -p --fork --mount-proc "$VDPA" dev del foo
	[ "$status" -eq 0 ]
	[ ! -e /sys/bus/vdpa/devices/foo ]
}
