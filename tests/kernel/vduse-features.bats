#!/usr/bin/env bats
# VDUSE's own features reach a kernel in the one way that it has for them, and in no other.

load helpers
load vduse-helpers

setup()
{
	# shellcheck disable=SC2034 # for the helpers
	! kernel_is_a || VDUSE_MODULE=vduse_in_create
	need_vduse
	log=$BATS_TEST_TMPDIR/log
}

teardown()
{
	delete_vduse_devices
	! kernel_is_a || rmmod vduse_in_create
}

# Makes the device "foo", and leaves its requests in $log.
add()
{
	dmesg --clear
	ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -f -qq -e trace=ioctl,openat -X raw -o "$log" \
		"$VDUSE" dev add name foo type block "$@" 2>"$BATS_TEST_TMPDIR/stderr"
}

# Those on the control node that tell the kernel something, by number and how often.
requests()
{
	grep -oE ', 0x4[0-9a-f]{3}810[0-9]' "$log" | cut -c 3- | sort | uniq -c | awk '{ print $2 "*" $1 }' | paste -sd ' '
}

logged()
{
	dmesg | sed -n 's/.*vduse_in_create: //p'
}

@test "what is not asked for is not handed over" {
	add
	# The whole conversation is one on one open of the control node.
	[ "$(grep -c /dev/vduse/control "$log")" -eq 1 ]
	[ "$(requests)" = '0x40088101*1 0x41508102*1' ]
	! kernel_is_a || [ "$(logged)" = "created 'foo' with features 0x0" ]
}

@test "what is asked for is what the kernel gets, after one probe that is right on every kernel" {
	for bits in 1 2 3; do
		add vduse_features "$bits"
		if kernel_is_a; then
			[ "$(requests)" = '0x40088101*1 0x40088105*1 0x41508102*1' ]
			[ "$(logged)" = "refused to set features 0x0"$'\n'"created 'foo' with features 0x$bits" ]
		else
			# In what creates the device this kernel takes none of them.
			[ "$(requests)" = '0x40088101*1 0x40088105*2 0x41508102*1' ]
		fi
		"$VDUSE" dev del foo
	done
}

@test "several in one process: each device has its own" {
	dmesg --clear
	printf 'dev add name %s\n' 'a type block vduse_features SUSPEND' 'b type block' \
		'c type block vduse_features QUEUE_READY,SUSPEND' | "$VDUSE" -b -
	! kernel_is_a || [ "$(logged | grep created)" = "created 'a' with features 0x2
created 'b' with features 0x0
created 'c' with features 0x3" ]
}

@test "what the kernel does not offer is not tried" {
	run -7 add vduse_features SUSPEND,bit_63
	[ -z "$(requests)" ]
	[[ $(<"$BATS_TEST_TMPDIR/stderr") = *'does not offer vduse_features bit_63'* ]]
	[ ! -e /sys/class/vduse/foo ]
}
