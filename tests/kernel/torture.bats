#!/usr/bin/env bats
# Commands that change devices, while a system call fails, each in its turn: afterwards the host is as
# it was, or as asked. tests/torture does the same to all commands, with a fake kernel.

load helpers
load vduse-helpers

setup()
{
	[ "$VM_KERNEL" = b ] || skip 'the fault is injected into the command, and not into the kernel'
	need_vduse
	need_modules vdpa_sim_net vhost_vdpa virtio_vdpa
	# shellcheck disable=SC2153 # from the helpers
	vdpa=${VDPA/recorded/bin} vduse=${VDUSE/recorded/bin}
	export ASAN_OPTIONS=detect_leaks=0
}

teardown()
{
	[ "$VM_KERNEL" = b ] || return 0
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	delete_vduse_devices
	delete_devices
	rmmod vhost_vdpa virtio_vdpa
}

# Prints devices with their drivers and overrides, the switch of the drivers, nodes, and links to them.
host()
{
	local path

	for path in /sys/bus/vdpa/devices/* /sys/class/vduse/*; do
		echo "$path"
		[ ! /sys/bus/vdpa/drivers/vhost_vdpa -ef "$path/driver" ] || echo vhost_vdpa
		[ ! /sys/bus/vdpa/drivers/virtio_vdpa -ef "$path/driver" ] || echo virtio_vdpa
		[ ! -e "$path/driver_override" ] || echo "$(<"$path/driver_override")"
	done
	echo "$(</sys/bus/vdpa/drivers_autoprobe)" /dev/vhost-vdpa-* /dev/vdpa/* /dev/vduse/*
	stat -c %a /sys/bus/vdpa/drivers_autoprobe
}

# Runs a command once for each call that fails: torture UNDO COMMAND WORDS..., where UNDO is what
# brings the host back to where it was.
torture()
{
	local undo=$1 before asked now fault number count=0

	shift
	before=$(host)
	"$@" >/dev/null
	asked=$(host)
	eval "$undo" >/dev/null
	for fault in sendto:error=ENOBUFS write:error=EIO openat:error=EMFILE readlinkat:error=ENOMEM; do
		for ((number = 1; number <= 6; number++)); do
			run --separate-stderr timeout 20 strace -f -qq -o calls -e "trace=${fault%%:*}" \
				-e "inject=$fault:when=$number" "$@"
			now=$(host)
			if ! grep -q INJECTED calls; then
				[ "$now" = "$asked" ]
				eval "$undo"
				break
			fi
			count=$((count + 1))
			echo "$fault $number: $status: $stderr"
			[ "$status" -le 7 ]
			[ "$now" = "$asked" ] || { [ "$status" -gt 0 ] && [ "$now" = "$before" ]; }
			[ "$status" -eq 0 ] || [ -n "$stderr" ]
			[ "$now" = "$before" ] || eval "$undo"
		done
	done
	[ "$count" -gt 2 ]
	[ "$(host)" = "$before" ]
	nothing_left
}

# Neither a process nor a lock of ours.
nothing_left()
{
	! pgrep -x 'vdpa|vduse'
	! grep -q FLOCK /proc/locks
}

@test "a call that fails while a device is created, bound, and waited for" {
	cd "$BATS_TEST_TMPDIR"
	torture '"$vdpa" dev del one' "$vdpa" dev add name one mgmtdev vdpasim_net driver vhost_vdpa wait 5
}

@test "a call that fails while a device gets another driver, and is deleted" {
	cd "$BATS_TEST_TMPDIR"
	"$vdpa" dev add name one mgmtdev vdpasim_net driver vhost_vdpa
	torture '"$vdpa" dev set one driver vhost_vdpa' "$vdpa" dev set one driver none
	torture '"$vdpa" dev add name one mgmtdev vdpasim_net driver vhost_vdpa' "$vdpa" dev del one
}

@test "a call that fails while a file is applied" {
	cd "$BATS_TEST_TMPDIR"
	echo 'dev add name one mgmtdev vdpasim_net driver virtio_vdpa' >devices.conf
	torture '"$vdpa" dev del one' "$vdpa" apply devices.conf
}

@test "a call that fails while a device of VDUSE is attached and detached" {
	cd "$BATS_TEST_TMPDIR"
	torture '"$vduse" dev del two detach' "$vduse" dev add name two type block attach driver none
	"$vduse" dev add name two type block attach driver none
	torture '"$vduse" dev add name two type block attach driver none' "$vduse" dev del two detach
}
