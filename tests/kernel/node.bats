#!/usr/bin/env bats
# The node of a device under vhost_vdpa: its owner and mode, and the link by the device's name.

load helpers

setup()
{
	need_modules vdpa_sim_net vhost_vdpa
}

teardown()
{
	mount -o remount,rw,bind /dev
	rm -rf /dev/vdpa
	delete_devices
	rmmod vhost_vdpa
	python3 "$BATS_TEST_DIRNAME/vduse.py" destroy v0 2>/dev/null || true
}

# "OWNER GROUP MODE" of the node of a device.
rights_of()
{
	stat -c '%u %g %a' /dev/vhost-vdpa-"$(node_number "$1")"
}

node_number()
{
	basename /sys/bus/vdpa/devices/"$1"/vhost-vdpa-* | sed 's/.*-//'
}

links_to_its_node()
{
	[ "$(readlink "/dev/vdpa/$1")" = "../vhost-vdpa-$(node_number "$1")" ]
	[ "/dev/vdpa/$1" -ef "/dev/vhost-vdpa-$(node_number "$1")" ]
}

@test "owner, group and mode of the node, by name and by number" {
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa group daemon mode 0660
	[ "$(rights_of a)" = '0 1 660' ]
	"$VDPA" dev add name b mgmtdev vdpasim_net owner 65534 group 65534 mode 640
	[ "$(rights_of b)" = '65534 65534 640' ]
	"$VDPA" dev add name c mgmtdev vdpasim_net driver vhost_vdpa
	[ "$(rights_of c)" = '0 0 600' ]
	# One that exists gets what it lacks.
	"$VDPA" dev add name c mgmtdev vdpasim_net owner daemon mode 0600 ensure
	[ "$(rights_of c)" = '1 0 600' ]
}

@test "rights without a node: nothing is left, and why" {
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_net driver none mode 0660
	[ "$status" -eq 2 ]
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_net mode 0660
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	[ "$status" -eq 1 ]
	[[ $stderr = *"it has no node: only vhost_vdpa creates one; it was deleted again" ]]
	[ ! -e /sys/bus/vdpa/devices/a ]
	for words in 'owner nobody-there' 'group no-such' 'mode 0999' 'mode 01000' 'mode rw'; do
		# shellcheck disable=SC2086 # words
		run ! "$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa $words
		[ "$status" -eq 2 ]
	done
}

@test "a link leads to the node of each bound device, and goes with it" {
	for name in a 'b c' "d'\"e"; do
		"$VDPA" dev add name "$name" mgmtdev vdpasim_net driver vhost_vdpa
		links_to_its_node "$name"
	done
	"$VDPA" dev set a driver none
	[ ! -L /dev/vdpa/a ]
	# Its number is free for another one.
	"$VDPA" dev add name z mgmtdev vdpasim_net
	links_to_its_node z
	"$VDPA" dev set a driver vhost_vdpa
	links_to_its_node a
	"$VDPA" dev del a 'b c'
	[ ! -L /dev/vdpa/a ]
	[ ! -L '/dev/vdpa/b c' ]
	links_to_its_node z
}

@test "a link that cannot be made is a warning, and another's file stays" {
	mkdir /dev/vdpa
	echo mine >/dev/vdpa/a
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	[ "$status" -eq 0 ]
	[[ $stderr = *"/dev/vdpa/a: it exists and is not a link to a node" ]]
	"$VDPA" dev del a
	[ "$(</dev/vdpa/a)" = mine ]
	rm /dev/vdpa/a
	mount -o remount,ro,bind /dev
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	[ "$status" -eq 0 ]
	[[ $stderr = *'Read-only file system' ]]
	run --separate-stderr "$VDPA" dev add name b mgmtdev vdpasim_net driver vhost_vdpa mode 0660
	[ "$status" -ne 0 ]
	[ ! -e /sys/bus/vdpa/devices/b ]
	mount -o remount,rw,bind /dev
}

@test "a VDUSE device that vduse attaches has its link, and loses it" {
	need_modules vduse
	"$checkout/${TEST_BUILD:-build/static}/bin/vduse" dev add name v0 type block attach driver vhost_vdpa
	links_to_its_node v0
	"$checkout/${TEST_BUILD:-build/static}/bin/vduse" dev del v0 detach
	[ ! -L /dev/vdpa/v0 ]
}

@test "several commands at once: whichever links last, the link leads to the node that there is" {
	# The second one makes no links.
	for other in "$VDPA" "$PEER"; do
		# What is slow puts the link into its place.
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=rename \
			-e inject=rename:delay_enter=1000000 "$VDPA" dev add name a mgmtdev vdpasim_net \
			2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
		until compgen -G '/dev/.vhost-vdpa-*' >"$BATS_TEST_TMPDIR/new"; do
			kill -0 $!
			sleep 0.02
		done
		"$VDPA" dev del a
		# This one gets the node's number, and the next one another.
		"$other" dev add name b mgmtdev vdpasim_net
		"$VDPA" dev add name a mgmtdev vdpasim_net
		wait $!
		cat "$BATS_TEST_TMPDIR/stderr"
		[ ! -s "$BATS_TEST_TMPDIR/stderr" ]
		links_to_its_node a
		run compgen -G '/dev/.vhost-vdpa-*'
		[ "$status" -eq 1 ]
		delete_devices
	done
}

@test "a driver that refuses a device: its node has the old owner and mode again" {
	need_modules virtio_vdpa
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa owner nobody group 1 mode 0640
	# The first write unbinds, the second one binds.
	run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=write -e inject=write:error=EIO:when=2 \
		"${VDPA/recorded/bin}" dev set a driver virtio_vdpa
	[ "$status" -eq 1 ]
	[[ $stderr = *'it is bound to vhost_vdpa again'* ]]
	[ "$(rights_of a)" = '65534 1 640' ]
	rmmod virtio_vdpa
}
