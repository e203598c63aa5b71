#!/usr/bin/env bats
# A play for several hosts, each in a virtual machine of its own. All tests begin with what the
# inventory says, and leave it so.

bats_require_minimum_version 1.5.0
load helpers

setup_file()
{
	local host

	use_collection
	write_settings
	pack_python
	for host in $hosts; do
		start_host "$host"
	done
	for host in $hosts; do
		await_host "$host"
	done
	play >"$BATS_FILE_TMPDIR/first" || true
}

teardown_file()
{
	local host

	for host in $hosts; do
		kill_host "$host" || true
	done
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
}

# How many devices a host has.
count_of()
{
	by_hand "$1" 'ls /sys/bus/vdpa/devices | wc -l'
}

@test "the first run changes each host, and says which devices wait" {
	output=$(<"$BATS_FILE_TMPDIR/first")
	echo "$output"
	for host in $hosts; do
		[ "$(tasks "$host" changed)" -gt 0 ]
		[ "$(tasks "$host" failed)" = 0 ]
	done
	[[ $output = *"pending later: there is no management device 'vdpasim_net'"* ]]
	[ "$(count_of a) $(count_of b) $(count_of c)" = '4 4 3' ]
}

@test "the second run changes none" {
	play
	[ "$status" = 0 ]
	for host in $hosts; do
		[ "$(tasks "$host" changed)" = 0 ]
	done
}

@test "vdpa_info returns what hosts of both kinds have" {
	run --separate-stderr ansible -i "$checkout/tests/fleet/inventory.yml" -o a,c -m vdpa_tools.vdpa.vdpa_info
	echo "$output"
	[ "$status" = 0 ]
	for line in "${lines[@]}"; do
		jq -c '[.changed, (.mgmtdevs | keys), (.devices | keys), (.features | keys)]' <<<"${line#*=> }"
	done >found
	diff - <(sort found) <<-'END'
		[false,["vdpasim_blk","vdpasim_net"],["disk","vm0","vm1","vm2"],["vm0","vm1","vm2"]]
		[false,["vduse"],["vm0","vm1","vm2"],["vm0","vm1","vm2"]]
	END
	# Linux 6.1 cannot describe a disk.
	[[ $output = *'"warnings": ["read the configuration of '"'disk'"* ]]
}

# Prints the devices of a host as "vdpa save" does.
saved()
{
	by_hand "$1" 'PATH=$PATH:/usr/local/sbin vdpa save'
}

@test "check sees what somebody changed by hand, alters nothing, and the next run restores it" {
	by_hand a 'vdpa dev del vm1 && vdpa dev del vm2 && vdpa dev add name vm2 mgmtdev vdpasim_net mtu 1400 driver none'
	by_hand b 'vdpa dev add name stray mgmtdev vdpasim_net driver none'
	for host in $hosts; do
		saved "$host" >"before-$host"
	done
	play --check --diff --tags vdpa_devices
	[ "$status" = 0 ]
	[ "$(tasks a changed) $(tasks b changed) $(tasks c changed)" = '1 1 0' ]
	[[ $output = *'-        "mtu": "1400"'* ]]
	[[ $output = *'+        "mtu": "1500"'* ]]
	[[ $output = *'+    "vm1": {'* ]]
	[[ $output = *'-    "stray": "exists"'* ]]
	for host in $hosts; do
		diff "before-$host" <(saved "$host")
	done
	play --tags vdpa_devices
	[ "$status" = 0 ]
	[ "$(tasks a changed) $(tasks b changed) $(tasks c changed)" = '1 1 0' ]
	[ "$(count_of a) $(count_of b) $(count_of c)" = '4 4 3' ]
	[[ $(saved a) = *"name vm2 "*"mtu 1500"* ]]
}

# Ends a host as soon as it has half of the new devices.
kill_in_the_middle()
{
	by_hand "$1" 'until [ -e /sys/bus/vdpa/devices/vm100 ]; do sleep 0.05; done'
	kill_host "$1"
}

@test "200 devices a host: one host dies in the middle, the others are done, and it converges when it is back" {
	kill_in_the_middle b &
	killer=$!
	play --tags vdpa_devices -e count=200
	wait "$killer"
	[ "$status" = 4 ]
	[ "$(tasks b unreachable)" = 1 ]
	[ "$(count_of a) $(count_of c)" = '201 200' ]
	start_host b
	await_host b
	# Before Ansible comes, its own files are applied at boot, as they are.
	by_hand b 'systemctl is-system-running --wait' || true
	[ "$(count_of b)" = 4 ]
	play -e count=200
	[ "$status" = 0 ]
	[ "$(count_of b)" = 201 ]
	[ "$(tasks a changed) $(tasks c changed)" = '0 0' ]
}

@test "another MTU on 200 devices, then all but three are deleted" {
	play --tags vdpa_devices -e count=200 -e mtu=9000
	[ "$status" = 0 ]
	[ "$(saved a | grep -c 'mtu 9000')" = 200 ]
	play --tags vdpa_devices
	[ "$status" = 0 ]
	[ "$(count_of a) $(count_of b) $(count_of c)" = '4 4 3' ]
	[[ $(saved b) != *'mtu 9000'* ]]
}
