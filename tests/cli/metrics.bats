#!/usr/bin/env bats
# What is to be watched over time, in Prometheus' text format.

load helpers

# The format, byte for byte.
assert_format()
{
	awk -f "$checkout/tests/exposition.awk" "$1" || return
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || return
	[ -z "$(tail -c 1 "$1")" ]
}

# Runs vdpa metrics, and holds what it prints against the format: $metrics is a file.
metrics()
{
	vdpa metrics
	metrics=$BATS_TEST_TMPDIR/metrics
	printf '%s\n' "$output" >"$metrics"
	assert_format "$metrics"
}

# Has a sample with these labels, as they stand, and this value.
has()
{
	grep -qxF -- "$1" "$metrics"
}

# A kernel with these lines between its lists; DEVICES|CONFIGURATIONS|STATISTICS.
kernel_with()
{
	fake <<-END
		family
		expect MGMTDEV_GET dump
		reply MGMTDEV_NEW mgmtdev=vdpasim_net classes=2 mgmt_max_vqs=3 supported=0
		reply MGMTDEV_NEW bus=pci mgmtdev=0000:65:00.2 classes=6 mgmt_max_vqs=9 supported=0
		done
		expect DEV_GET dump
		$1
		done
		expect CONFIG_GET dump
		$2
		done
		$3
	END
}

# A network device whose driver counts.
one_device()
{
	kernel_with "reply DEV_NEW name=foo mgmtdev=vdpasim_net id=1 vendor_id=0 max_vqs=3 max_vq_size=256" \
		'reply CONFIG_GET name=foo id=1 mtu=9000 status=1 negotiated=0x20000' \
		'expect VSTATS_GET name=foo qidx=0
		+ expect VSTATS_GET name=foo qidx=1
		+ expect VSTATS_GET name=foo qidx=2
		reply VSTATS_GET name=foo id=1 negotiated=0x20000 18:str="rx packets" value=1 18:str="rx bytes" value=18446744073709551615 18:str="rx overruns" value=3
		reply VSTATS_GET name=foo id=1 negotiated=0x20000 18:str="tx packets" value=4 18:str="tx errors" value=5 18:str="tx drops" value=6
		reply VSTATS_GET name=foo id=1 negotiated=0x20000 18:str="cvq requests" value=7 18:str="cvq_requests" value=8 18:str="rx packets" value=9'
}

@test "management devices, devices, links and queues, each family once" {
	one_device
	metrics
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	has 'vdpa_up 1'
	grep -q '^vdpa_build_info{version="[^"]' "$metrics"
	has 'vdpa_mgmtdev_info{mgmtdev="vdpasim_net",classes="net"} 1'
	has 'vdpa_mgmtdev_info{mgmtdev="pci/0000:65:00.2",classes="net,block"} 1'
	has 'vdpa_mgmtdev_devices{mgmtdev="vdpasim_net"} 1'
	has 'vdpa_mgmtdev_devices{mgmtdev="pci/0000:65:00.2"} 0'
	has 'vdpa_device_info{device="foo",mgmtdev="vdpasim_net",type="net",driver="",chardev=""} 1'
	has 'vdpa_device_link_up{device="foo"} 1'
	has 'vdpa_device_mtu_bytes{device="foo"} 9000'
	has 'vdpa_queue_packets_total{device="foo",queue="0",type="rx"} 1'
	has 'vdpa_queue_bytes_total{device="foo",queue="0",type="rx"} 18446744073709551615'
	has 'vdpa_queue_overruns_total{device="foo",queue="0",type="rx"} 3'
	has 'vdpa_queue_packets_total{device="foo",queue="1",type="tx"} 4'
	has 'vdpa_queue_errors_total{device="foo",queue="1",type="tx"} 5'
	has 'vdpa_queue_drops_total{device="foo",queue="1",type="tx"} 6'
	# Two names of a driver that become the same label are one sample, and no other queue's word is ours.
	has 'vdpa_queue_driver_events_total{device="foo",queue="2",type="control",name="cvq_requests"} 7'
	has 'vdpa_queue_driver_events_total{device="foo",queue="2",type="control",name="rx_packets"} 9'
	[ "$(grep -c '^vdpa_queue_' "$metrics")" -eq 8 ]
}

@test "a card's own counters, and queues that it does not use" {
	kernel_with 'reply DEV_NEW name=foo bus=pci mgmtdev=0000:65:00.2 id=1 max_vqs=3' \
		'reply CONFIG_GET name=foo id=1 status=0 negotiated=0x20000' \
		'expect VSTATS_GET name=foo qidx=0
		+ expect VSTATS_GET name=foo qidx=1
		+ expect VSTATS_GET name=foo qidx=2
		reply VSTATS_GET name=foo id=1 negotiated=0x20000 counter=received_desc value=1 counter=completed_desc value=2
		ack EINVAL "mlx5_vdpa: virtqueue index is not valid"
		ack EAGAIN "mlx5_vdpa: failed to query hardware"'
	metrics
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	has 'vdpa_queue_driver_events_total{device="foo",queue="0",type="rx",name="received_desc"} 1'
	has 'vdpa_queue_driver_events_total{device="foo",queue="0",type="rx",name="completed_desc"} 2'
	has 'vdpa_device_link_up{device="foo"} 0'
	[ "$(grep -c '^vdpa_queue_' "$metrics")" -eq 2 ]
}

@test "names with quotes, backslashes, ends of lines and bytes that are no text" {
	local name="'a\\x22b\\x5cc\\x0ad\\xff\\xc3\\xbc\\xc3'"

	kernel_with "reply DEV_NEW name=$name mgmtdev='x\\x22\\x5c' id=2 max_vqs=1" \
		"reply CONFIG_GET name=$name id=2" "expect VSTATS_GET name=$name qidx=0
		ack EOPNOTSUPP"
	metrics
	[ "$status" -eq 0 ]
	has 'vdpa_device_info{device="a\"b\\c\nd�ü�",mgmtdev="x\"\\",type="block",driver="",chardev=""} 1'
}

@test "the driver and the node, as sysfs has them" {
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	local sys=$FAKE_ROOT/sys

	mkdir -p "$sys"/bus/vdpa/drivers/{vhost_vdpa,virtio_vdpa} "$sys/devices/foo/vhost-vdpa-3" "$sys/dev/char" \
		"$sys/bus/vdpa/devices"
	ln -s ../../../devices/foo "$sys/bus/vdpa/devices/foo"
	ln -s ../../../../devices/foo "$sys/bus/vdpa/drivers/vhost_vdpa/foo"
	echo 240:3 >"$sys/devices/foo/vhost-vdpa-3/dev"
	ln -s ../../devices/foo/vhost-vdpa-3 "$sys/dev/char/240:3"
	one_device
	metrics
	has 'vdpa_device_info{device="foo",mgmtdev="vdpasim_net",type="net",driver="vhost_vdpa",chardev="/dev/vhost-vdpa-3"} 1'
}

# Files that are applied at boot: NAME LINE...
write_files()
{
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	local directory=$FAKE_ROOT/etc/vdpa/devices.d name=$1

	mkdir -p "$directory" "$FAKE_ROOT/sys/bus/vdpa/devices" "$FAKE_ROOT/sys/bus/vdpa/drivers"
	shift
	printf '%s\n' "$@" >"$directory/$name"
}

@test "how devices differ from the files that are applied at boot, without a further request" {
	write_files 10-host.conf 'dev add name foo mgmtdev vdpasim_net mtu 9000' \
		'dev add name new mgmtdev vdpasim_net driver none' 'dev add name newer mgmtdev vdpasim_net driver none' \
		'dev add name later mgmtdev pci/0000:01:00.0' 'dev del gone'
	write_files 20-wrong.conf 'dev add name large mgmtdev vdpasim_net mtu 9000 max_vqp 9 driver none'
	one_device
	metrics
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	has 'vdpa_apply_readable 1'
	has 'vdpa_apply_differences{action="add"} 2'
	has 'vdpa_apply_differences{action="pending"} 1'
	has 'vdpa_apply_differences{action="refused"} 1'
	has 'vdpa_apply_differences{action="set"} 0'
	# What is the same, or not known to differ, is no difference.
	[ "$(grep -c '^vdpa_apply_differences' "$metrics")" -eq 8 ]
	run ! grep -E 'action="(same|unknown)"' "$metrics"
	# Now with another MTU, which only a new device can have.
	write_files 10-host.conf 'dev add name foo mgmtdev vdpasim_net mtu 1500'
	one_device
	metrics
	has 'vdpa_apply_differences{action="add"} 0'
	has 'vdpa_apply_differences{action="refused"} 2'
}

@test "files that cannot be read are a warning, and hide no other metric" {
	write_files 10-host.conf 'dev add name foo mgmtdev' 'dev add'
	one_device
	metrics
	[ "$status" -eq 0 ]
	[[ ${stderr_lines[0]} = "vdpa: /etc/vdpa/devices.d/10-host.conf:1: "* ]]
	has 'vdpa_apply_readable 0'
	run ! grep 'vdpa_apply_differences' "$metrics"
	has 'vdpa_device_mtu_bytes{device="foo"} 9000'
	has 'vdpa_queue_packets_total{device="foo",queue="0",type="rx"} 1'
	one_device
	vdpa -j metrics output "$BATS_TEST_TMPDIR/file"
	[ "$status" -eq 0 ]
	jq -e '.warning.message' <<<"$stderr"
	# A directory that has no files says that there are no devices.
	rm "$FAKE_ROOT"/etc/vdpa/devices.d/*
	one_device
	metrics
	[ -z "$stderr" ]
	has 'vdpa_apply_readable 1'
	[ "$(grep -c '^vdpa_apply_differences{.*} 0$' "$metrics")" -eq 8 ]
	rm -r "${FAKE_ROOT:?}/etc"
	one_device
	metrics
	[ -z "$stderr" ]
	run ! grep 'vdpa_apply' "$metrics"
}

@test "devices that nobody has set up are not asked for one by one, and not reported" {
	kernel_with 'reply DEV_NEW name=idle0 mgmtdev=vdpasim_net id=1 max_vqs=3
		reply DEV_NEW name=idle1 mgmtdev=vdpasim_net id=1 max_vqs=3' \
		'reply CONFIG_GET name=idle0 id=1 mtu=1500
		reply CONFIG_GET name=idle1 id=1 mtu=1500' \
		'expect VSTATS_GET name=idle0 qidx=0
		ack EAGAIN "vdpa: feature negotiation not complete"'
	metrics
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	has 'vdpa_device_mtu_bytes{device="idle1"} 1500'
	run ! grep '^vdpa_queue_' "$metrics"
}

@test "a device that the kernel cannot describe hides no other, and is no warning" {
	kernel_with 'reply DEV_NEW name=disk mgmtdev=m id=2 max_vqs=1
		reply DEV_NEW name=net mgmtdev=m id=1 max_vqs=1' '' \
		'expect CONFIG_GET name=disk
		+ expect CONFIG_GET name=net
		ack EOPNOTSUPP
		reply CONFIG_GET name=net id=1 mtu=1500
		expect VSTATS_GET name=net qidx=0
		ack EAGAIN "vdpa: feature negotiation not complete"
		expect VSTATS_GET name=disk qidx=0
		ack EOPNOTSUPP'
	metrics
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	has 'vdpa_device_mtu_bytes{device="net"} 1500'
	grep -q '^vdpa_device_info{device="disk",' "$metrics"
}

@test "what devices fail with is reported once, and the others are there" {
	kernel_with 'reply DEV_NEW name=bad mgmtdev=m id=1 max_vqs=1
		reply DEV_NEW name=worse mgmtdev=m id=1 max_vqs=1
		reply DEV_NEW name=good mgmtdev=m id=1 max_vqs=1' \
		'reply CONFIG_GET name=bad id=1 negotiated=1
		reply CONFIG_GET name=worse id=1 negotiated=1
		reply CONFIG_GET name=good id=1 negotiated=1' \
		'expect VSTATS_GET name=bad qidx=0
		+ expect VSTATS_GET name=worse qidx=0
		+ expect VSTATS_GET name=good qidx=0
		ack EIO
		ack EIO
		reply VSTATS_GET name=good id=1 negotiated=1 18:str="rx packets" value=4'
	vdpa metrics
	[ "$status" -eq 1 ]
	[ "$stderr" = "vdpa: read the statistics of 'bad': Input/output error" ]
	[[ $output = *'{device="good",queue="0",type="control",name="rx_packets"} 4'* ]]
}

@test "a kernel without vDPA: not up, the reason on standard error, status 0" {
	fake <<<nofamily
	metrics
	[ "$status" -eq 0 ]
	[[ ${stderr_lines[0]} = "vdpa: list management devices: the kernel has no netlink family 'vdpa' here" ]]
	has 'vdpa_up 0'
	[ "$(grep -vc '^#' "$metrics")" -eq 2 ]
	fake <<<nofamily
	vdpa -j metrics output "$BATS_TEST_TMPDIR/file"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	jq -e '.warning.message and .warning.hint' <<<"$stderr"
	grep -qx 'vdpa_up 0' "$BATS_TEST_TMPDIR/file"
}

@test "a kernel that fails: not up, and a failure" {
	fake <<-END
		family
		expect MGMTDEV_GET dump
		ack EIO
	END
	vdpa metrics output "$BATS_TEST_TMPDIR/file"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr = *'Input/output error'* ]]
	assert_format "$BATS_TEST_TMPDIR/file"
	grep -qx 'vdpa_up 0' "$BATS_TEST_TMPDIR/file"
}

@test "more than fits into a buffer: no sample is lost or broken where it ends" {
	local devices='' configs='' name i

	name=$(printf '%0200d' 0)
	for ((i = 0; i < 300; i++)); do
		devices+="reply DEV_NEW name=$name$i mgmtdev=m id=2 max_vqs=1"$'\n'
		configs+="reply CONFIG_GET name=$name$i id=2"$'\n'
	done
	kernel_with "$devices" "$configs" "expect VSTATS_GET name=${name}0 qidx=0
		ack EOPNOTSUPP"
	metrics
	[ "$(stat -c %s "$metrics")" -gt $((5 * 16384)) ]
	for ((i = 0; i < 300; i++)); do
		echo "vdpa_device_info{device=\"$name$i\",mgmtdev=\"m\",type=\"block\",driver=\"\",chardev=\"\"} 1"
	done | diff - <(grep '^vdpa_device_info' "$metrics")
}

@test "output: the file is replaced as a whole, for all to read" {
	cd "$BATS_TEST_TMPDIR"
	mkdir textfile
	echo old >textfile/vdpa.prom
	chmod 600 textfile/vdpa.prom
	ln -s textfile/vdpa.prom link
	exec 5<textfile/vdpa.prom
	umask 077
	one_device
	vdpa metrics output link
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	assert_format textfile/vdpa.prom
	[ "$(stat -c %a textfile/vdpa.prom)" = 644 ]
	[ -L link ]
	# Whoever has the old one open has all of it still.
	[ "$(cat <&5)" = old ]
	[ "$(ls -A textfile)" = vdpa.prom ]
}

@test "output: a disk without room leaves the old file, and nothing else" {
	cd "$BATS_TEST_TMPDIR"
	mkdir textfile
	echo old >textfile/vdpa.prom
	one_device
	run --separate-stderr prlimit --fsize=1000 env LD_PRELOAD="$preload" FAKE_SCRIPT="$BATS_TEST_TMPDIR/script" \
		"$VDPA" metrics output textfile/vdpa.prom
	[ "$status" -eq 1 ]
	[ "$stderr" = "vdpa: write '$BATS_TEST_TMPDIR/textfile/vdpa.prom': File too large" ]
	[ "$(<textfile/vdpa.prom)" = old ]
	[ "$(ls -A textfile)" = vdpa.prom ]
}

@test "output: what is no file is not replaced, and a place that cannot be written is said" {
	cd "$BATS_TEST_TMPDIR"
	mkdir textfile
	mkfifo fifo
	for path in textfile fifo /dev/null; do
		fake <<<nofamily
		vdpa metrics output "$path"
		[ "$status" -eq 1 ]
		[[ $stderr = *"$path': it exists and is not a file, so it is not replaced" ]]
	done
	[ -c /dev/null ]
	fake <<<nofamily
	vdpa metrics output none/vdpa.prom
	[ "$status" -eq 1 ]
	[[ $stderr = *"write 'none/vdpa.prom': No such file or directory" ]]
	vdpa_offline metrics output ''
	assert_usage
}

@test "with -j there is nothing to print" {
	vdpa_offline -j metrics
	assert_usage
	[[ $stderr = *"it has no JSON form; 'vdpa -j stats show' has"* ]]
}

@test "a standard output that is full: status 1" {
	fake <<<nofamily
	write_wrapper
	run --separate-stderr sh -c '"$1" metrics >/dev/full' sh "$wrapper"
	[ "$status" -eq 1 ]
	[[ $stderr = *'standard output: No space left on device' ]]
}

@test "the check of the format finds what is wrong" {
	cd "$BATS_TEST_TMPDIR"
	one_device
	metrics
	for fault in '/^# HELP vdpa_up/d' '/^# TYPE vdpa_up/d' 's/^vdpa_up 1/vdpa_up/' 's/^\(vdpa_up 1\)/\1\n\1/' \
		's/queue="0"/queue=0/' 's/device="foo"/device="f"oo"/' 's/device="foo"/device="f\\oo"/' 's/counter$/gauge/' \
		'$s/$/\n# HELP vdpa_up x/' 's/ 9000$/ 9000 1700000000/' '$s/$/\nvdpa_up{a="b"} 1/'; do
		sed "$fault" "$metrics" >faulty
		! cmp -s "$metrics" faulty
		run assert_format faulty
		[ "$status" -ne 0 ]
	done
}

@test "every metric is in the manual page" {
	write_files 10-host.conf 'dev add name foo mgmtdev vdpasim_net'
	one_device
	metrics
	count=0
	while read -r family; do
		grep -q "Sy $family\( ,\)\?\$" "$checkout/man/man8/vdpa-metrics.8"
		count=$((count + 1))
	done < <(sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$metrics")
	[ "$count" -eq "$(grep -o 'Sy vdpa_[a-z_]*' "$checkout/man/man8/vdpa-metrics.8" | sort -u | wc -l)" ]
}
