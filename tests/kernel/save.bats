#!/usr/bin/env bats
# Devices as a file that makes them again.

load helpers
load vduse-helpers

setup()
{
	need_modules vhost_vdpa virtio_vdpa
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p /tmp/save
	install -m 755 "${VDPA/recorded/bin}" /tmp/save/vdpa
}

teardown()
{
	if [ -n "${daemon-}" ]; then
		kill "$daemon" || true
		wait "$daemon" || true
	fi
	delete_vduse_devices
	delete_devices
	rm -rf /dev/vdpa
	rmmod virtio_vdpa vhost_vdpa
	! grep -q '^virtio_net ' /proc/modules || rmmod virtio_net || true
}

simulators()
{
	need_simulators
	need_modules vdpa_sim_net vdpa_sim_blk
}

# Runs vdpa: $status, $output, $stderr.
vdpa()
{
	run --separate-stderr timeout 60 "$VDPA" "$@"
	echo "vdpa $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
}

# Applying the file changes nothing, and says nothing.
is_the_same()
{
	cat "$1"
	vdpa apply "$1"
	[ "$status:$output:$stderr" = 0:: ]
	vdpa apply "$1" check
	[ "$status" -eq 0 ]
}

# Saves all devices as lines "f" and as a document "j"; neither would change anything.
save_all()
{
	"$VDPA" save >f
	"$VDPA" -j save >j
	is_the_same f
	is_the_same j
}

# What there is, but for the numbers of nodes.
what_there_is()
{
	"$VDPA" -d dev show | sed -E 's/(chardev|virtio|netdev|disk) [^ ]*//g' | sort
	"$VDPA" dev config show 2>/dev/null | sort
	stat -c '%U %G %a' /dev/vhost-vdpa-* 2>/dev/null | sort
}

# After all were deleted, the file makes them again.
makes_them_again()
{
	what_there_is >before
	delete_devices
	"$VDPA" apply "$1" >/dev/null
	what_there_is >after
	diff before after
}

@test "no devices: nothing to be done" {
	simulators
	save_all
	[ "$(wc -l <f)" -eq 1 ]
	[ "$(<j)" = '{"save":{"version":1,"dev":{}}}' ]
}

@test "each name that the kernel takes" {
	local name

	simulators
	for name in "$(printf 'x%.0s' {1..255})" "$(printf "'%.0s" {1..255})" 'a b' ' c ' "it's" '"' \\ d\\ '#' 'e #f' \
		-f -- -- --check help name mgmtdev '{' '$(g)' '`h`' '*' '~' 'i:j.k' é $'\u202e' '!'; do
		[ -e "/sys/bus/vdpa/devices/$name" ] || "$VDPA" -- dev add name "$name" mgmtdev vdpasim_net
	done
	save_all
	makes_them_again f
	makes_them_again j
}

@test "names that no file can hold: nothing is saved, and which device it is" {
	local name options

	simulators
	"$VDPA" dev add name plain mgmtdev vdpasim_net
	for name in $'a\tb' $'c\nd' $'e\xc2\x85'; do
		"$PEER" dev add name "$name" mgmtdev vdpasim_net
		for options in -n -j; do
			vdpa "$options" save
			[ "$status" -eq 1 ]
			[ -z "$output" ]
			[[ $stderr = *'no file can hold a name with control bytes'* ]]
		done
		"$VDPA" save plain >f
		is_the_same f
		"$VDPA" dev del "$name"
	done
	# Lines can hold it, documents cannot.
	"$VDPA" dev add name $'\xff' mgmtdev vdpasim_net
	"$VDPA" save >f
	is_the_same f
	vdpa -j save
	[ "$status" -eq 1 ]
	[ -z "$output" ]
}

@test "each driver, with what the node belongs to" {
	simulators
	need_modules virtio_net virtio_blk
	"$VDPA" -b - <<-'END'
		dev add name a mgmtdev vdpasim_net driver vhost_vdpa owner nobody group daemon mode 0660
		dev add name b mgmtdev vdpasim_net driver vhost_vdpa group 54321
		dev add name c mgmtdev vdpasim_net driver virtio_vdpa wait 10
		dev add name d mgmtdev vdpasim_net driver none
		dev add name e mgmtdev vdpasim_blk driver virtio_vdpa wait 10
		dev add name f mgmtdev vdpasim_blk driver vhost_vdpa
	END
	save_all
	grep -q '^dev add name a .* driver vhost_vdpa owner nobody group daemon mode 0660$' f
	grep -q '^dev add name b .* driver vhost_vdpa group 54321$' f
	grep -q '^dev add name c .* driver virtio_vdpa$' f
	grep -q '^dev add name d .* driver none$' f
	makes_them_again f
	makes_them_again j
}

@test "each setting, and none" {
	local line

	simulators
	line='dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000'
	"$VDPA" -b - <<-END
		$line
		dev add name b mgmtdev vdpasim_net device_features VERSION_1,ACCESS_PLATFORM
		dev add name c mgmtdev vdpasim_net device_features MTU,VERSION_1,ACCESS_PLATFORM mtu 1400
		dev add name d mgmtdev vdpasim_net
		dev add name e mgmtdev vdpasim_blk
	END
	save_all
	grep -q "^$line " f
	"$VDPA" -jn save >n
	jq -e '.save.dev.c | .mtu == 1400 and (.device_features | startswith("0x"))' n
	is_the_same n
	makes_them_again f
	makes_them_again j
	makes_them_again n
}

@test "what cannot be read back stands in a comment before the line" {
	simulators
	"$VDPA" dev add name a mgmtdev vdpasim_blk
	save_all
	[ "$(sed -n 3p f)" = 'dev add name a mgmtdev vdpasim_blk driver vhost_vdpa' ]
	if kernel_is_a; then
		[ "$(sed -n 2p f)" = '# the kernel does not report device_features of the next device' ]
	else
		[[ $(sed -n 2p f) = '# the next device has device_features '*', which its management device cannot set' ]]
	fi
}

@test "the document: its keys, in the order of the words" {
	simulators
	"$VDPA" dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000 driver vhost_vdpa group daemon mode 640
	"$VDPA" -j save >j
	jq -e '(.save | keys_unsorted) == ["version", "dev"] and (.save.dev.a | keys_unsorted) ==
		["mgmtdev", "mac", "mtu", "device_features", "driver", "group", "mode"] and
		.save.dev.a.mtu == 9000 and .save.dev.a.mode == "0640" and (.save.dev.a.device_features | index("MTU"))' j
	# In another order it is the same.
	jq '.save |= {dev: .dev | map_values(to_entries | reverse | from_entries), absent: ["b"], version}' j >other
	is_the_same other
}

# None of these is attached a second time: the kernel takes a reference on vduse each time and gives
# one back when the device is destroyed, so that the module could not be unloaded any more, which
# other tests do.
@test "VDUSE: a device of a program, with each driver" {
	# The program leaves features to the kernel, which reads them itself.
	need_vduse virtio_blk
	serve foo
	"$VDPA" dev add name foo mgmtdev vduse driver virtio_vdpa wait 10
	save_all
	grep -q '^dev add name foo mgmtdev vduse .*driver virtio_vdpa$' f
	"$VDPA" dev set foo driver vhost_vdpa
	save_all
}

@test "VDUSE: a network device that nobody serves" {
	! kernel_is_a || skip 'this VDUSE makes disks only'
	need_vduse
	"$VDUSE" dev add name v type net mac 02:00:00:00:00:01 mtu 9000 attach driver vhost_vdpa
	save_all
	grep -q '^dev add name v mgmtdev vduse .*driver vhost_vdpa$' f
}

@test "some of them" {
	simulators
	"$VDPA" dev add name a mgmtdev vdpasim_net
	"$VDPA" dev add name b mgmtdev vdpasim_blk
	"$VDPA" dev add name name mgmtdev vdpasim_blk
	[ "$("$VDPA" save a | grep -c '^dev add name a ')" -eq 1 ]
	[ "$("$VDPA" save mgmtdev vdpasim_blk | grep -c '^dev add name [bn]')" -eq 2 ]
	[ "$("$VDPA" save name name | grep -c '^dev add name name ')" -eq 1 ]
	vdpa save a c
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	vdpa save mgmtdev none
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}

@test "an output that is full; a user without rights" {
	simulators
	"$VDPA" dev add name a mgmtdev vdpasim_net
	run --separate-stderr bash -c "'${VDPA/recorded/bin}' save >/dev/full"
	[ "$status" -eq 1 ]
	[[ $stderr = *'No space left on device'* ]]
	setpriv --reuid nobody --regid nogroup --clear-groups /tmp/save/vdpa save >f
	is_the_same f
}
