#!/usr/bin/env bats
# A host that boots with systemd: devices are created before the network, and when what they need
# comes; see tests/boot/prepare for what was there before the boot.

bats_require_minimum_version 1.5.0
checkout=$(realpath "$BATS_TEST_DIRNAME/../..")
# shellcheck source=tests/trace.bash
source "$checkout/tests/trace.bash"

need_simulators()
{
	[ "$VM_KERNEL" != c ] || skip 'this kernel has no simulators'
}

# Waits until a command succeeds, ten seconds at most.
soon()
{
	local try

	for ((try = 0; try < 100; try++)); do
		if "$@"; then
			return
		fi
		sleep 0.1
	done
	return 1
}

exists()
{
	[ -e "/sys/bus/vdpa/devices/$1" ]
}

is_gone()
{
	! exists "$1"
}

# When a unit's property, a time, was, in microseconds since the boot.
when()
{
	systemctl show --value -p "$2" "$1"
}

# "GROUP MODE" of the node of a device, by its link.
rights_of()
{
	stat -L -c '%G %a' "/dev/vdpa/$1"
}

has_rights()
{
	[ "$(rights_of "$1" 2>&1)" = "$2" ]
}

is_ended()
{
	[[ $(systemctl is-active vdpa-apply) = active || $(systemctl is-active vdpa-apply) = failed ]]
}

setup_file()
{
	soon is_ended
}

@test "the units and the rules are understood, and the package's directories hold them" {
	run systemd-analyze verify vdpa-apply.service vdpa-apply@some.service vdpa-metrics.{service,timer}
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *vdpa-apply* ]]
	[[ $output != *vdpa-metrics* ]]
	run udevadm test /sys/bus/vdpa
	[[ $output != *60-vdpa-tools.rules:* ]]
}

@test "at boot devices are there before the network, with their nodes' rights and links" {
	need_simulators
	[ "$(systemctl is-active vdpa-apply)" = active ]
	exists first
	ended=$(when vdpa-apply ExecMainExitTimestampMonotonic)
	network=$(when network-pre.target ActiveEnterTimestampMonotonic)
	[ "$ended" -gt 0 ]
	[ "$ended" -lt "$network" ]
	has_rights first 'disk 660'
	[ "$(vdpa -j dev config show first | jq -c '.config.first | [.mac, .mtu]')" = '["02:00:00:00:00:01",9000]' ]
	# What is not there yet is no failure.
	[[ $(journalctl -b -u vdpa-apply -o cat) = *"later: pending"* ]]
}

@test "doctor sees the files, the unit and the rule" {
	run -0 bash -c 'vdpa -j doctor 2>/dev/null | jq -r ".doctor[] | select(.check | startswith(\"boot_\")) | [.check, .state, .found] | join(\" \")"'
	[ "${lines[0]}" = 'boot_files ok 2 in /etc/vdpa/devices.d' ]
	[ "${lines[1]}" = 'boot_unit ok vdpa-apply.service is enabled' ]
	[ "${lines[2]}" = "boot_rule ok the udev rule is installed" ]
	systemctl -q disable vdpa-apply
	mv /usr/lib/udev/rules.d/60-vdpa-tools.rules "$BATS_TEST_TMPDIR"
	run bash -c 'vdpa -j doctor 2>/dev/null | jq -r ".doctor[] | select(.check | startswith(\"boot_\")) | [.state, .hint] | join(\" \")"'
	[ "${lines[1]}" = 'warning systemctl enable vdpa-apply.service' ]
	[[ ${lines[2]} = warning* ]]
	mv "$BATS_TEST_TMPDIR"/60-vdpa-tools.rules /usr/lib/udev/rules.d/
	systemctl -q enable vdpa-apply
}

@test "a driver that is loaded later: its device is created then" {
	need_simulators
	is_gone later
	modprobe vdpa_sim_blk
	soon exists later
}

@test "a function of the PCI bus that is given to vp_vdpa: its device is created then" {
	for function in /sys/bus/pci/devices/*; do
		[ "$(<"$function/vendor") $(<"$function/class")" != '0x1af4 0x020000' ] || break
	done
	address=${function##*/}
	modprobe vp_vdpa || skip 'this kernel has no vp_vdpa'
	echo "dev add name card mgmtdev pci/$address driver vhost_vdpa" >/etc/vdpa/devices.d/30-card.conf
	echo vp-vdpa >"$function/driver_override"
	[ ! -e "$function/driver" ] || echo "$address" >"$function/driver/unbind"
	echo "$address" >/sys/bus/pci/drivers_probe
	soon exists card
	soon test -L /dev/vdpa/card
	rm /etc/vdpa/devices.d/30-card.conf
	vdpa dev del card
}

@test "whoever binds a device, its node has its rights and its link again" {
	need_simulators
	echo first >/sys/bus/vdpa/drivers/vhost_vdpa/unbind
	soon test ! -L /dev/vdpa/first
	echo first >/sys/bus/vdpa/drivers/vhost_vdpa/bind
	soon test -L /dev/vdpa/first
	soon has_rights first 'disk 660'
	echo 'dev add name "a b" mgmtdev vdpasim_net driver none' | vdpa -b -
	echo 'a b' >/sys/bus/vdpa/drivers/vhost_vdpa/bind
	soon test -L '/dev/vdpa/a b'
	vdpa dev del 'a b'
	soon test ! -L '/dev/vdpa/a b'
}

@test "reload applies what the files say now; a second time nothing is done" {
	need_simulators
	echo 'dev add name more mgmtdev vdpasim_net driver none' >/etc/vdpa/devices.d/40-more.conf
	systemctl reload vdpa-apply
	exists more
	run --separate-stderr vdpa apply /etc/vdpa/devices.d check
	echo "$output"
	[ "$status" -eq 0 ]
	rm /etc/vdpa/devices.d/40-more.conf
	# What no file names is left alone.
	systemctl reload vdpa-apply
	exists more
	vdpa dev del more
}

@test "a device that fails keeps no other from being created, and the next event tries again" {
	need_simulators
	printf '%s\n' 'dev add name bad mgmtdev vdpasim_net device_features MQ' \
		'dev add name good mgmtdev vdpasim_net driver none' >/etc/vdpa/devices.d/50-bad.conf
	run systemctl restart vdpa-apply
	[ "$status" -ne 0 ]
	exists good
	is_gone bad
	[ "$(systemctl is-active vdpa-apply)" = failed ]
	echo 'dev add name good mgmtdev vdpasim_net driver none' >/etc/vdpa/devices.d/50-bad.conf
	vdpa dev del good
	rmmod vdpa_sim_blk
	modprobe vdpa_sim_blk
	soon exists good
	rm /etc/vdpa/devices.d/50-bad.conf
	vdpa dev del good
}

@test "a unit that nobody enabled is not started by an event" {
	need_simulators
	systemctl -q disable vdpa-apply
	systemctl stop vdpa-apply
	vdpa dev del later
	rmmod vdpa_sim_blk
	modprobe vdpa_sim_blk
	udevadm settle
	sleep 1
	is_gone later
	systemctl -q enable --now vdpa-apply
	exists later
}

@test "a file of its own, started by a unit of its own" {
	need_simulators
	echo 'dev add name alone mgmtdev vdpasim_net driver none' >/etc/vdpa/alone.conf
	systemctl start vdpa-apply@alone
	exists alone
	vdpa dev del alone
}

# Which process serves the disk.
server_of_disk()
{
	vduse -j dev show disk0 | jq '.dev.disk0.pid // 0'
}

is_served_by_another()
{
	local pid

	pid=$(server_of_disk)
	[ "$pid" -gt 0 ] && [ "$pid" -ne "$1" ]
}

@test "a disk that a program of a unit serves: there when it is started, restarted, gone when it is stopped" {
	systemctl start example-vduse-disk
	exists disk0
	disk=$(vdpa -jd dev show disk0 | jq -r .dev.disk0.disk)
	dd if=/dev/urandom of="/dev/$disk" bs=4k count=1 oflag=direct status=none
	cmp -n 4096 "/dev/$disk" /var/lib/disk0.img
	# Killed, it is started again and serves the same device.
	pid=$(server_of_disk)
	kill -9 "$pid"
	soon is_served_by_another "$pid"
	soon systemctl -q is-active example-vduse-disk
	dd if="/dev/$disk" of=/dev/null bs=4k count=1 iflag=direct status=none
	systemctl stop example-vduse-disk
	is_gone disk0
	[ ! -e /sys/class/vduse/disk0 ]
}

textfiles=/var/lib/prometheus/node-exporter

# Has this line, of either tool.
is_written()
{
	grep -qxhF -- "$1" "$textfiles"/*.prom
}

@test "metrics: a timer has them written each minute, with few rights, where node_exporter reads them" {
	modprobe vduse
	vduse dev add name lost type block
	[ "$(systemctl is-active vdpa-metrics.timer)" = active ]
	[[ $(systemctl show --value -p TimersMonotonic vdpa-metrics.timer) = *'OnUnitActiveUSec=1min '* ]]
	# The test does not wait for minutes.
	sed -i 's/^On\(.*\)Sec=.*/On\1Sec=1/' /usr/lib/systemd/system/vdpa-metrics.timer
	systemctl daemon-reload
	systemctl restart vdpa-metrics.timer
	soon is_written 'vdpa_vduse_device_info{device="lost",state="orphan",attached="false"} 1'
	soon is_written 'vdpa_up 1'
	is_written 'vdpa_apply_readable 1'
	[ "$(stat -c '%n %U %a' "$textfiles"/*.prom)" = "$textfiles/vdpa.prom root 644
$textfiles/vduse.prom root 644" ]
	[ "$(systemctl show --value -p Result vdpa-metrics)" = success ]
	# And again.
	vduse dev del lost
	is_not_written()
	{
		! grep -q 'device="lost"' "$textfiles/vduse.prom"
	}
	soon is_not_written
	systemctl stop vdpa-metrics.timer
}

# What the journal has from the service, after that many lines.
journal_after()
{
	journalctl --sync
	journalctl -q -b -u vdpa-metrics -o cat | tail -n "+$(($1 + 1))"
}

@test "metrics: the journal has what is wrong, and nothing else" {
	modprobe vduse
	before=$(journal_after 0 | wc -l)
	systemctl start vdpa-metrics
	[ -z "$(journal_after "$before")" ]
	echo 'dev add' >/etc/vdpa/devices.d/60-wrong.conf
	systemctl start vdpa-metrics
	is_written 'vdpa_apply_readable 0'
	is_written 'vdpa_up 1'
	[[ $(journal_after "$before") = *'/etc/vdpa/devices.d/60-wrong.conf:1: '* ]]
	rm /etc/vdpa/devices.d/60-wrong.conf
	# Where nobody reads them, none are written, and that is no failure.
	mv "$textfiles" "$BATS_TEST_TMPDIR"
	systemctl start vdpa-metrics
	[ ! -e "$textfiles" ]
	mv "$BATS_TEST_TMPDIR/node-exporter" "$textfiles"
}

# What node_exporter answers.
ask_exporter()
{
	exec 4<>/dev/tcp/127.0.0.1/9100 && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&4 && cat <&4 && exec 4>&-
}

exporter_answers()
{
	ask_exporter >"$BATS_TEST_TMPDIR/exported" 2>/dev/null
}

@test "metrics: a real node_exporter passes them on, without an error" {
	[ -n "${PROMETHEUS-}" ] || skip 'PROMETHEUS does not say where node_exporter is'
	systemctl start vdpa-metrics
	systemd-run -q --unit=exporter "$PROMETHEUS/usr/bin/prometheus-node-exporter" \
		--collector.disable-defaults --collector.textfile --web.listen-address=127.0.0.1:9100
	soon exporter_answers
	grep -qx 'node_textfile_scrape_error 0' "$BATS_TEST_TMPDIR/exported"
	grep -q '^node_textfile_mtime_seconds{file="/var/lib/prometheus/node-exporter/vdpa.prom"} ' "$BATS_TEST_TMPDIR/exported"
	# It sorts labels.
	sed '/^#/d; s/{.*}//' "$textfiles"/*.prom | sort >"$BATS_TEST_TMPDIR/written"
	grep -q '^vdpa_vduse_up 1$' "$BATS_TEST_TMPDIR/written"
	sed -n '/^vdpa_/ { s/{.*}//; p }' "$BATS_TEST_TMPDIR/exported" | sort | diff "$BATS_TEST_TMPDIR/written" -
	systemctl stop exporter
}
