#!/usr/bin/env bats
# Real documents of every kind obey the schemas that scripts rely on.

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

# Writes a document in each of its forms: document SCHEMA WORDS...
document()
{
	local schema=$1 options

	shift
	for options in -j -jp -jd -jn -jpdn; do
		count=$((count + 1))
		# A device that the kernel cannot describe is left out, and the status says so.
		"$VDPA" "$options" "$@" >"$BATS_TEST_TMPDIR/$schema.$count.json" || [ $? -eq 7 ]
	done
}

# Writes what a monitor prints: listen OPTIONS
listen()
{
	count=$((count + 1))
	"$VDPA" "$1" monitor >"$BATS_TEST_TMPDIR/monitor.$count.json" 3>&- &
	monitors+=("$!")
}

have_heard()
{
	[ "$(grep -l "$1" "$BATS_TEST_TMPDIR"/monitor.*.json | wc -l)" -eq "${#monitors[@]}" ]
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

@test "every document obeys its schema, with no key that the schema does not know" {
	count=0
	document mgmtdev mgmtdev show
	document dev dev show
	document dev dev show net0
	"$VDPA" dev set net0 driver virtio_vdpa
	modprobe vhost_vdpa
	"$VDPA" dev set disk0 driver vhost_vdpa
	document dev dev show
	exec 7<"/dev/$(basename /sys/bus/vdpa/devices/disk0/vhost-vdpa-*)"
	document dev dev show
	document find dev find "pci/$(bind_vp_vdpa)"
	document find dev find "$(basename /sys/bus/vdpa/devices/disk0/vhost-vdpa-*)"
	exec 7<&-
	document find dev find "$(basename /sys/bus/vdpa/devices/net0/virtio*)"
	document config dev config show
	document features features show
	document feature feature list
	document feature feature decode 0xffffffffffffffff type block
	document stats stats show
	document doctor doctor
	monitor_documents
	if kernel_is_a; then
		# This kernel's simulator keeps no statistics.
		echo '{"vstats":{}}' >"$BATS_TEST_TMPDIR/vstats.0.json"
	else
		document stats stats show net0 qidx 1 interval 1 count 1
		document vstats dev vstats show net0 qidx 2
	fi
	/usr/bin/python3 "$BATS_TEST_DIRNAME/schema.py" "$BATS_TEST_TMPDIR"
}
