#!/usr/bin/env bats
# What is to be watched over time, of real devices: in Prometheus' format, and in a file that is
# replaced as a whole.

load helpers
load vduse-helpers

setup()
{
	need_modules vdpa_sim_net vdpa_sim_blk vduse vhost_vdpa
	directory=$BATS_TEST_TMPDIR/textfile
	mkdir "$directory"
	file=$directory/vdpa.prom
}

teardown()
{
	! mountpoint -q "$directory" || umount "$directory"
	rm -rf /etc/vdpa
	delete_devices
	delete_vduse_devices
	unload_modules
}

# Has this line.
has()
{
	grep -qxF -- "$1" "$file"
}

assert_format()
{
	awk -f "$checkout/tests/exposition.awk" "$1"
	[ -z "$(tail -c 1 "$1")" ]
}

@test "devices of every kind, of simulators and of VDUSE, with drivers and without" {
	"$VDPA" dev add name idle mgmtdev vdpasim_net driver none
	"$VDPA" dev add name guest mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000 driver vhost_vdpa wait 5
	"$VDPA" dev add name disk mgmtdev vdpasim_blk driver none
	"$VDUSE" dev add name served type block attach driver none
	run --separate-stderr "$VDPA" metrics output "$file"
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	assert_format "$file"
	has 'vdpa_up 1'
	has 'vdpa_mgmtdev_info{mgmtdev="vdpasim_net",classes="net"} 1'
	has 'vdpa_mgmtdev_devices{mgmtdev="vdpasim_net"} 2'
	has 'vdpa_mgmtdev_devices{mgmtdev="vduse"} 1'
	has 'vdpa_device_info{device="idle",mgmtdev="vdpasim_net",type="net",driver="",chardev=""} 1'
	node=$(basename /sys/bus/vdpa/devices/guest/vhost-vdpa-*)
	has "vdpa_device_info{device=\"guest\",mgmtdev=\"vdpasim_net\",type=\"net\",driver=\"vhost_vdpa\",chardev=\"/dev/$node\"} 1"
	has 'vdpa_device_info{device="disk",mgmtdev="vdpasim_blk",type="block",driver="",chardev=""} 1'
	has 'vdpa_device_info{device="served",mgmtdev="vduse",type="block",driver="",chardev=""} 1'
	# On kernel A the list of configurations ends at the first disk.
	has 'vdpa_device_link_up{device="guest"} 1'
	has 'vdpa_device_mtu_bytes{device="guest"} 9000'
	has 'vdpa_device_mtu_bytes{device="idle"} 1500'
	# Nobody has negotiated, so nothing is counted.
	run ! grep '^vdpa_queue_' "$file"
}

@test "devices of VDUSE: served or orphans, on the bus or not, and unknown without rights" {
	"$VDUSE" dev add name alone type block
	"$VDUSE" dev add name served type block attach driver none
	"$VDUSE" dev add name 'a "b\c' type block attach driver none
	exec 7<>/dev/vduse/served
	run --separate-stderr "$VDUSE" metrics output "$file"
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	assert_format "$file"
	has 'vdpa_vduse_up 1'
	has 'vdpa_vduse_device_info{device="alone",state="orphan",attached="false"} 1'
	has 'vdpa_vduse_device_info{device="served",state="served",attached="true"} 1'
	has 'vdpa_vduse_device_info{device="a \"b\\c",state="orphan",attached="true"} 1'
	[ "$(grep -c '^vdpa_vduse_device_info' "$file")" -eq 3 ]
	# No family is in the file of vdpa as well: node_exporter would refuse both.
	"$VDPA" metrics | grep '^# TYPE' >"$BATS_TEST_TMPDIR/families"
	run ! grep -F -f "$BATS_TEST_TMPDIR/families" "$file"
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$VDUSE" metrics
	[ "$status" -eq 0 ]
	[[ $output = *'device="alone",state="unknown",attached="false"} 1'* ]]
	exec 7>&-
	"$VDUSE" metrics output "$file"
	has 'vdpa_vduse_device_info{device="served",state="orphan",attached="true"} 1'
}

@test "devices that differ from the files that are applied at boot, until these are applied" {
	mkdir -p /etc/vdpa/devices.d
	printf '%s\n' 'dev add name foo mgmtdev vdpasim_net mtu 9000 driver none' 'dev add name bar mgmtdev vdpasim_net driver none' \
		'dev add name late mgmtdev vduse driver none' >/etc/vdpa/devices.d/10-host.conf
	"$VDPA" dev add name foo mgmtdev vdpasim_net mtu 9000 driver vhost_vdpa
	"$VDPA" metrics output "$file"
	assert_format "$file"
	has 'vdpa_apply_readable 1'
	has 'vdpa_apply_differences{action="bind"} 1'
	has 'vdpa_apply_differences{action="add"} 1'
	has 'vdpa_apply_differences{action="pending"} 1'
	# What "check" says is what is counted, and nothing was done.
	"$VDPA" -j apply /etc/vdpa/devices.d check | jq -r '[.apply.dev[].action | select(. != "same")] | group_by(.)[] |
		"vdpa_apply_differences{action=\"\(.[0])\"} \(length)"' >"$BATS_TEST_TMPDIR/checked"
	grep '^vdpa_apply_differences.* [^0]' "$file" | sort | diff - <(sort "$BATS_TEST_TMPDIR/checked")
	"$VDPA" apply /etc/vdpa/devices.d
	"$VDPA" metrics output "$file"
	[ "$(grep '^vdpa_apply_differences.* [^0]' "$file")" = 'vdpa_apply_differences{action="pending"} 1' ]
	"$VDPA" dev del foo
	"$VDPA" metrics output "$file"
	has 'vdpa_apply_differences{action="add"} 1'
	echo 'dev add nme' >/etc/vdpa/devices.d/20-wrong.conf
	run --separate-stderr "$VDPA" metrics output "$file"
	[ "$status" -eq 0 ]
	[[ $stderr = *'/etc/vdpa/devices.d/20-wrong.conf:1: '* ]]
	has 'vdpa_apply_readable 0'
	has 'vdpa_up 1'
	run ! grep '^vdpa_apply_differences' "$file"
}

@test "queues count what stats show shows" {
	! kernel_is_a || return 0
	need_modules virtio_net
	modprobe virtio_vdpa
	"$VDPA" dev add name host mgmtdev vdpasim_net mac 02:00:00:00:00:01 driver virtio_vdpa wait 5
	interface=$(basename /sys/bus/vdpa/devices/host/virtio*/net/*)
	ip link set "$interface" up
	ping -c 2 -i 0.2 -W 1 -I "$interface" 192.0.2.1 >/dev/null 2>&1 || true
	ip link set "$interface" down
	"$VDPA" metrics >"$file"
	assert_format "$file"
	"$VDPA" -j stats show host | jq -r '.stats.host.queues[] | .index as $queue | .type as $type | .counters | to_entries[] |
		if .key | startswith($type + "_")
		then "vdpa_queue_\(.key | ltrimstr($type + "_"))_total{device=\"host\",queue=\"\($queue)\",type=\"\($type)\"} \(.value)"
		else "vdpa_queue_driver_events_total{device=\"host\",queue=\"\($queue)\",type=\"\($type)\",name=\"\(.key)\"} \(.value)"
		end' | sort >"$BATS_TEST_TMPDIR/shown"
	grep '^vdpa_queue_' "$file" | sort | diff - "$BATS_TEST_TMPDIR/shown"
	grep -q '^vdpa_queue_packets_total{device="host",queue="1",type="tx"} [1-9]' "$file"
	grep -q '^vdpa_queue_driver_events_total{device="host",queue="2",type="control",name="cvq_' "$file"
}

@test "without the module: not up, the reason, status 0, and a file all the same" {
	unload_modules
	run --separate-stderr "$VDPA" metrics output "$file"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr = *"no netlink family 'vdpa'"*'hint: modprobe '* ]]
	assert_format "$file"
	has 'vdpa_up 0'
}

@test "output on a disk that is full: the old file stays, alone" {
	mount -t tmpfs -o size=8k tmpfs "$directory"
	"$VDPA" dev add name "$(printf '%0255d' 7)" mgmtdev vdpasim_net
	echo old >"$file"
	run --separate-stderr "$VDPA" metrics output "$file"
	[ "$status" -eq 0 ]
	assert_format "$file"
	echo old >"$file"
	head -c 4096 /dev/zero >"$directory/other"
	run --separate-stderr "$VDPA" metrics output "$file"
	[ "$status" -eq 1 ]
	[ "$stderr" = "vdpa: write '$file': No space left on device" ]
	[ "$(<"$file")" = old ]
	[ "$(ls -A "$directory")" = $'other\nvdpa.prom' ]
}

@test "output: what fails on the way to the disk leaves the old file, alone" {
	# The directory is put on the disk when the new file has its name already.
	for step in fchmod:1:EROFS fsync:1:EIO rename:1:ENOSPC; do
		echo old >"$file"
		run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" \
			-e "inject=${step%%:*}:error=${step##*:}:when=1" "$VDPA" metrics output "$file"
		echo "$step: $status $stderr"
		[ "$status" -eq 1 ]
		[[ $stderr = "vdpa: write '$file': "* ]]
		[ "$(<"$file")" = old ]
		[ "$(ls -A "$directory")" = vdpa.prom ]
	done
}

@test "output: killed at any step, the file is the old one or the new one" {
	for step in write:1 fchmod:1 fsync:1 rename:1 fsync:2; do
		rm -f "$directory"/*
		echo old >"$file"
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" \
			-e "inject=${step%:*}:signal=KILL:when=${step#*:}" "$VDPA" metrics output "$file" || true
		tail -n 2 "$BATS_TEST_TMPDIR/calls"
		grep -q 'killed by SIGKILL' "$BATS_TEST_TMPDIR/calls"
		if [ "$(<"$file")" != old ]; then
			assert_format "$file"
			[ "$step" = rename:1 ] || [ "$step" = fsync:2 ]
		fi
	done
}

@test "output while others read: each gets a whole file" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	"$VDPA" metrics output "$file"
	start_churn "$VDPA" metrics output "$file"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		cat "$file" >"$BATS_TEST_TMPDIR/read"
		assert_format "$BATS_TEST_TMPDIR/read"
		grep -q '^vdpa_device_info{device="foo"' "$BATS_TEST_TMPDIR/read"
	done
	stop_churn
	[ "$(ls -A "$directory")" = vdpa.prom ]
}
