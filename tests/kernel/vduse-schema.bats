#!/usr/bin/env bats
# Real documents of vduse obey the schemas that scripts rely on.

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

# Writes a document in each of its forms: document SCHEMA WORDS...
document()
{
	local schema=$1 options

	shift
	for options in -j -jp -jd -jn -jpdn; do
		count=$((count + 1))
		"$VDUSE" "$options" "$@" >"$BATS_TEST_TMPDIR/$schema.$count.json"
	done
}

@test "every document obeys its schema, with no key that the schema does not know" {
	count=0
	document version version show
	document features features show
	document dev dev show
	document dev dev show idle
	document doctor doctor
	for name in idle disk; do
		document dev-features dev features show "$name"
		document vq dev vq show "$name"
		document iotlb dev iotlb show "$name"
	done
	/usr/bin/python3 "$BATS_TEST_DIRNAME/schema.py" "$BATS_TEST_TMPDIR" vduse
}
