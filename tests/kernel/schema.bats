#!/usr/bin/env bats
# Real documents of every kind, which tests/documents.py holds against the schemas.

load helpers

setup_file()
{
	need_modules vdpa_sim_net vdpa_sim_blk vduse virtio_net
	bind_vp_vdpa
	"$VDPA" dev add name net0 mgmtdev vdpasim_net mac 02:00:00:00:00:01
	"$VDPA" dev add name disk0 mgmtdev vdpasim_blk
	"$VDPA" dev add name vp0 mgmtdev "pci/$(bind_vp_vdpa)"
	modprobe virtio_vdpa
}

teardown_file()
{
	delete_devices
	rmmod virtio_vdpa
	rmmod vhost_vdpa
}

# Keeps a document in each of its forms: document WORDS...
document()
{
	local options

	for options in -j -jp -jd -jn -jpdn; do
		count=$((count + 1))
		# A device that the kernel cannot describe is left out, and the status says so.
		"${VDPA/recorded/bin}" "$options" "$@" >"$RECORD/vdpa.schema.$$.$count" || [ $? -eq 7 ]
	done
}

# Writes what a monitor prints: listen OPTIONS
listen()
{
	count=$((count + 1))
	"$VDPA" "$1" monitor >"$RECORD/vdpa.monitor.$$.$count" 3>&- &
	monitors+=("$!")
}

have_heard()
{
	[ "$(grep -l "$1" "$RECORD/vdpa.monitor.$$".* | wc -l)" -eq "${#monitors[@]}" ]
}

await_heard()
{
	local end=$((SECONDS + 15))

	until have_heard "$1"; do
		((SECONDS < end))
		"${@:2}"
		sleep 0.1
	done
}

add_and_delete()
{
	"$VDPA" dev add name heard mgmtdev vdpasim_net
	"$VDPA" dev del heard
}

monitor_documents()
{
	monitors=()
	listen -j
	listen -jt
	listen -jpdn
	await_heard '"unbind"' add_and_delete
	rmmod vduse
	modprobe vduse
	await_heard '"add","object":"mgmtdev"'
	kill "${monitors[@]}"
	wait "${monitors[@]}"
}

@test "a document of every kind, in all its forms" {
	count=0
	document -V
	document mgmtdev show
	document dev show
	document dev show net0
	"$VDPA" dev set net0 driver virtio_vdpa
	modprobe vhost_vdpa
	"$VDPA" dev set disk0 driver vhost_vdpa
	document dev show
	exec 7<"/dev/$(basename /sys/bus/vdpa/devices/disk0/vhost-vdpa-*)"
	document dev show
	document dev find "pci/$(bind_vp_vdpa)"
	document dev find "$(basename /sys/bus/vdpa/devices/disk0/vhost-vdpa-*)"
	exec 7<&-
	document dev find "$(basename /sys/bus/vdpa/devices/net0/virtio*)"
	document dev config show
	document features show
	document feature list
	document feature decode 0xffffffffffffffff type block
	document stats show
	document doctor
	monitor_documents
	# Kernel A's simulator keeps no statistics.
	if ! kernel_is_a; then
		document stats show net0 qidx 1 interval 1 count 1
		document dev vstats show net0 qidx 2
	fi
}
