#!/usr/bin/env bats
# Real documents of vduse, which tests/documents.py holds against the schemas.

load helpers
load vduse-helpers

setup_file()
{
	need_vduse virtio_blk
	"$VDUSE" dev add name idle type block vqs 2
	modprobe virtio_vdpa
	serve disk
	"$VDPA" dev add name disk mgmtdev vduse
	crash
	serve other
	echo "$daemon" >"$BATS_FILE_TMPDIR/daemon"
}

teardown_file()
{
	kill -9 "$(<"$BATS_FILE_TMPDIR/daemon")"
	wait_until is_orphan other
	delete_vduse_devices
	rmmod virtio_vdpa
}

# Keeps a document in each of its forms, for tests/documents.py: document WORDS...
document()
{
	local options

	for options in -j -jp -jd -jn -jpdn; do
		count=$((count + 1))
		"${VDUSE/recorded/bin}" "$options" "$@" >"$RECORD/vduse.schema.$$.$count"
	done
}

@test "a document of every kind, in all its forms" {
	count=0
	document version show
	document features show
	document dev show
	document dev show idle
	document doctor
	for name in idle disk; do
		document dev features show "$name"
		document dev vq show "$name"
		document dev iotlb show "$name"
	done
}
