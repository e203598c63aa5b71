#!/usr/bin/env bats
# Binding devices to drivers, when they are made and later, and waiting for what comes of it.

load helpers

setup()
{
	need_modules vdpa_sim_net vdpa_sim_blk
}

teardown()
{
	stop_churn
	exec 7<&-
	mount -o remount,rw /sys
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	delete_devices
	python3 "$BATS_TEST_DIRNAME/vduse.py" destroy orphan || true
	for module in vhost_vdpa virtio_vdpa virtio_net virtio_blk; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || true
	done
}

both_drivers()
{
	need_modules vhost_vdpa virtio_vdpa virtio_net virtio_blk
}

driver_of()
{
	[ ! -e "/sys/bus/vdpa/devices/$1/driver" ] || basename "$(realpath "/sys/bus/vdpa/devices/$1/driver")"
}

autoprobe_is_on()
{
	[ "$(</sys/bus/vdpa/drivers_autoprobe)" = 1 ]
}

@test "add binds to the driver asked for, whichever the kernel would choose" {
	both_drivers
	for driver in vhost_vdpa virtio_vdpa; do
		"$VDPA" dev add name "net-$driver" mgmtdev vdpasim_net driver "$driver"
		[ "$(driver_of "net-$driver")" = "$driver" ]
		[ "$(<"/sys/bus/vdpa/devices/net-$driver/driver_override")" = '(null)' ]
	done
	"$VDPA" dev add name bare mgmtdev vdpasim_net driver none
	[ -z "$(driver_of bare)" ]
	autoprobe_is_on
}

@test "no other driver has the device in between" {
	both_drivers
	udev=$BATS_TEST_TMPDIR/events
	"$VDPA" -j monitor >"$udev" 3>&- &
	monitor=$!
	timeout 10 sh -c "until '$VDPA' -j dev add name probe mgmtdev vdpasim_net driver none && sleep 0.1 && grep -q probe '$udev'; do '$VDPA' dev del probe; done"
	"$VDPA" dev add name one mgmtdev vdpasim_net driver virtio_vdpa
	"$VDPA" dev add name two mgmtdev vdpasim_net driver vhost_vdpa
	timeout 10 sh -c "until grep two '$udev' | grep -q bind; do sleep 0.05; done"
	kill "$monitor"
	wait "$monitor" || true
	jq -se 'map(select(.event == "bind")) | map(.name + " " + .driver) == ["one virtio_vdpa", "two vhost_vdpa"]' "$udev"
}

@test "a driver that is not loaded: status 7, how to load it, and nothing made" {
	for driver in vhost_vdpa virtio_vdpa; do
		run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_net driver "$driver"
		[ "$status" -eq 7 ]
		[[ $stderr = *"driver $driver"*"hint: modprobe $driver" ]]
		[ ! -e /sys/bus/vdpa/devices/x ]
	done
	"$VDPA" dev add name x mgmtdev vdpasim_net
	run --separate-stderr "$VDPA" dev set x driver vhost_vdpa
	[ "$status" -eq 7 ]
}

@test "wait: the node, the interface and the disk are there when it returns" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa wait 10
	[ -c "$("$VDPA" -jd dev show a | jq -r .dev.a.chardev)" ]
	"$VDPA" dev add name b mgmtdev vdpasim_net driver virtio_vdpa wait 10
	[ -e "/sys/class/net/$("$VDPA" -jd dev show b | jq -r .dev.b.netdev)" ]
	"$VDPA" dev add name c mgmtdev vdpasim_blk driver virtio_vdpa wait 10
	[ -b "/dev/$("$VDPA" -jd dev show c | jq -r .dev.c.disk)" ]
	# Without a driver asked for, whichever comes.
	"$VDPA" dev add name d mgmtdev vdpasim_net wait 10
	[ -n "$(driver_of d)" ]
}

@test "wait is over when the module comes that was missing" {
	need_modules virtio_vdpa
	"$VDPA" dev add name late mgmtdev vdpasim_net driver virtio_vdpa wait 30 3>&- &
	adder=$!
	timeout 10 sh -c 'until [ -e /sys/bus/vdpa/devices/late/driver ]; do sleep 0.05; done'
	sleep 0.3
	kill -0 "$adder"
	SECONDS=0
	modprobe virtio_net
	wait "$adder"
	[ "$SECONDS" -lt 20 ]
}

@test "wait that expires: status 1, what is missing, and the device is gone again" {
	need_modules virtio_vdpa
	run --separate-stderr timeout 20 "$VDPA" dev add name x mgmtdev vdpasim_net driver virtio_vdpa wait 1
	[ "$status" -eq 1 ]
	[[ $stderr = *'timed out after 1 s: virtio'*' has no driver; it was deleted again'*'hint: modprobe virtio_net' ]]
	[ ! -e /sys/bus/vdpa/devices/x ]
	run --separate-stderr timeout 20 "$VDPA" dev add name x mgmtdev vdpasim_blk driver virtio_vdpa wait 1
	[ "$status" -eq 1 ]
	[[ $stderr = *$'\nhint: modprobe virtio_blk' ]]
	rmmod virtio_vdpa
	run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_net wait 1
	[ "$status" -eq 1 ]
	[[ $stderr = *'no driver has bound it; it was deleted again'* ]]
	run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_net driver none wait 1
	[ "$status" -eq 2 ]
	run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_net wait soon
	[ "$status" -eq 2 ]
	[ ! -e /sys/bus/vdpa/devices/x ]
}

@test "ensure: what is there already as asked for is success" {
	both_drivers
	add=(dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000 driver vhost_vdpa wait 10 ensure)
	for n in 1 2 3; do
		"$VDPA" "${add[@]}"
	done
	[ "$(driver_of a)" = vhost_vdpa ]
	"$VDPA" -j dev show | jq -e '.dev | keys == ["a"]'
	"$VDPA" dev add name a mgmtdev vdpasim_net ensure
	"$VDPA" dev add ensure name a mgmtdev vdpasim_net type net mtu 9000
}

@test "ensure: one that differs is status 4, with each difference" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000 driver vhost_vdpa
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:02 mtu 1500 max_vqp 4 driver virtio_vdpa ensure
	[ "$status" -eq 4 ]
	[[ $stderr = *'mac is 02:00:00:00:00:01, not 02:00:00:00:00:02; mtu is 9000, not 1500; max_vqp is 1, not 4; driver is vhost_vdpa, not virtio_vdpa'* ]]
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_blk ensure
	[ "$status" -eq 4 ]
	[[ $stderr = *'mgmtdev is vdpasim_net, not vdpasim_blk'* ]]
	run --separate-stderr "$VDPA" dev add name a mgmtdev vdpasim_net device_features MTU,VERSION_1,ACCESS_PLATFORM ensure
	[ "$status" -eq 4 ]
	[[ $stderr = *'device_features differ in '*MAC* ]]
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "ensure finishes what was begun: a device without its driver gets it" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa ensure
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "add says with -j what it did, in a batch a document a line, and nothing without" {
	both_drivers
	line='dev add name a mgmtdev vdpasim_net'
	run --separate-stderr "$VDPA" -j -b - <<-END
		$line driver none ensure
		$line driver none ensure
		$line driver vhost_vdpa ensure wait 10
		$line ensure wait 10
		$line driver virtio_vdpa ensure
	END
	[ "$status" -eq 4 ]
	[ "$output" = '{"dev":{"a":{"action":"add"}}}
{"dev":{"a":{"action":"same"}}}
{"dev":{"a":{"action":"bind"}}}
{"dev":{"a":{"action":"same"}}}' ]
	"$VDPA" dev del a
	# shellcheck disable=SC2086 # several words
	for n in 1 2; do
		run "$VDPA" $line driver vhost_vdpa ensure
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	"$VDPA" -jp dev add name 'a "b"' mgmtdev vdpasim_net | jq -e '. == {dev: {"a \"b\"": {action: "add"}}}'
}

@test "set moves a device from driver to driver, and to none" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	for driver in virtio_vdpa virtio_vdpa vhost_vdpa; do
		"$VDPA" dev set a driver "$driver"
		[ "$(driver_of a)" = "$driver" ]
	done
	"$VDPA" dev set name a driver none
	[ -z "$(driver_of a)" ]
	"$VDPA" dev set a driver none
	"$VDPA" dev set driver virtio_vdpa name a
	[ "$(driver_of a)" = virtio_vdpa ]
}

@test "set: an override in the way is cleared" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	echo vhost_vdpa >/sys/bus/vdpa/devices/a/driver_override
	"$VDPA" dev set a driver virtio_vdpa
	[ "$(driver_of a)" = virtio_vdpa ]
	[ "$(</sys/bus/vdpa/devices/a/driver_override)" = '(null)' ]
}

@test "set: another program sets an override in the middle: status 1, the override is named, the driver restored" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	# What is slow is the write that binds it.
	run_slowly()
	{
		strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -P /sys/bus/vdpa/drivers/virtio_vdpa/bind \
			-e trace=write -e inject=write:delay_enter=3000000 \
			"$VDPA" dev set a driver virtio_vdpa 3>&- >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	}
	run_slowly &
	for ((n = 0; n < 200; n++)); do
		[ -n "$(driver_of a)" ] || break
		sleep 0.05
	done
	sleep 0.5
	echo vhost_vdpa >/sys/bus/vdpa/devices/a/driver_override
	status=0
	wait $! || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	[ "$status" -eq 1 ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	grep -q "another program has set its driver_override to 'vhost_vdpa' meanwhile" "$BATS_TEST_TMPDIR/err"
	[ "$(driver_of a)" = vhost_vdpa ]
	[ "$(</sys/bus/vdpa/devices/a/driver_override)" = vhost_vdpa ]
}

@test "set: the driver of a simulator's device has begun to let go of it: no word of VDUSE" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	# It takes no longer than a moment, so that its traces are laid.
	run --separate-stderr unshare --mount sh -c 'mount -t tmpfs none /sys/bus/vdpa/devices &&
		mkdir -p /sys/bus/vdpa/devices/a/virtio9 && exec "$@"' sh "$VDPA" dev set a driver vhost_vdpa
	echo "$stderr"
	[ "$status" -eq 5 ]
	[ -z "$output" ]
	[[ $stderr = *'virtio_vdpa has begun to let go of it'*'hint: try again when nobody uses its disk or'* ]]
	[[ $stderr != *vduse* ]]
}

@test "set: words that make no sense are usage errors" {
	"$VDPA" dev add name a mgmtdev vdpasim_net
	for words in 'a' 'a driver' 'a driver vfio' 'a driver none mac 02:00:00:00:00:01' 'a driver none driver none' 'driver none'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" dev set $words
		[ "$status" -eq 2 ]
		[[ $stderr = *'Usage: vdpa dev set DEV { mac MAC | driver DRIVER }'* ]]
	done
	run --separate-stderr "$VDPA" dev set nope driver none
	[ "$status" -eq 3 ]
}

@test "set: a path below /sys is no device's name: status 3" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	for name in . .. a/driver a/. "../../vdpa/devices/a" "$(printf '%0256d' 0)"; do
		for driver in none virtio_vdpa; do
			run --separate-stderr "$VDPA" dev set "$name" driver "$driver"
			[ "$status" -eq 3 ]
			[ "${stderr_lines[0]}" = "vdpa: bind '$name' to $driver: there is no such device" ]
		done
	done
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "set: a driver that refuses leaves the device with the one it had" {
	both_drivers
	need_modules vduse
	# A device without queues is one that virtio_vdpa cannot take.
	python3 "$BATS_TEST_DIRNAME/vduse.py" create orphan 0 0
	"$VDPA" dev add name orphan mgmtdev vduse driver none
	echo vhost_vdpa >/sys/bus/vdpa/devices/orphan/driver_override
	run --separate-stderr "$VDPA" -f dev set orphan driver virtio_vdpa
	[ "$status" -eq 1 ]
	[[ $stderr = *"bind 'orphan' to virtio_vdpa: driver virtio_vdpa refused it: "* ]]
	[ -z "$(driver_of orphan)" ]
	[ "$(</sys/bus/vdpa/devices/orphan/driver_override)" = vhost_vdpa ]
	"$VDPA" dev del orphan
	# Linux 7.3 loses count of vduse's users when that happens again, which would stay loaded.
	kernel_is_a || return 0
	run --separate-stderr "$VDPA" -f dev add name orphan mgmtdev vduse driver virtio_vdpa
	[ "$status" -eq 1 ]
	[[ $stderr = *'; it was deleted again'* ]]
	[ ! -e /sys/bus/vdpa/devices/orphan ]
	autoprobe_is_on
}

@test "a VDUSE device that nobody serves: not to virtio_vdpa, but to vhost_vdpa" {
	both_drivers
	need_modules vduse
	python3 "$BATS_TEST_DIRNAME/vduse.py" create orphan 128
	run --separate-stderr "$VDPA" dev add name orphan mgmtdev vduse driver virtio_vdpa
	[ "$status" -eq 5 ]
	[ ! -e /sys/bus/vdpa/devices/orphan ]
	timeout 20 "$VDPA" dev add name orphan mgmtdev vduse driver vhost_vdpa wait 5
	[ "$(driver_of orphan)" = vhost_vdpa ]
	run --separate-stderr timeout 20 "$VDPA" dev set orphan driver virtio_vdpa
	[ "$status" -eq 5 ]
	[ "$(driver_of orphan)" = vhost_vdpa ]
}

@test "a device whose node is open keeps its driver: status 5, and who holds it" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	exec 7<"$("$VDPA" -jd dev show a | jq -r .dev.a.chardev)"
	for driver in none virtio_vdpa; do
		run --separate-stderr "$VDPA" dev set a driver "$driver"
		[ "$status" -eq 5 ]
		[[ $stderr = *"is open in process $BASHPID (bash)"* ]]
	done
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "without the rights to bind nothing is made: status 6" {
	both_drivers
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/rights/vdpa
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps +net_admin \
		--ambient-caps +net_admin /tmp/rights/vdpa dev add name x mgmtdev vdpasim_net driver vhost_vdpa
	[ "$status" -eq 6 ]
	[[ $stderr = *'Permission denied'*'hint: run it as root'* ]]
	[ ! -e /sys/bus/vdpa/devices/x ]
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vdpa dev set a driver none
	[ "$status" -eq 6 ]
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "a read-only sysfs: status 6, how to mend it, nothing made" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	mount -o remount,ro /sys
	run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_net driver vhost_vdpa
	[ "$status" -eq 6 ]
	[[ $stderr = *'Read-only file system'*'hint: mount -o remount,rw /sys' ]]
	run --separate-stderr "$VDPA" dev set a driver none
	[ "$status" -eq 6 ]
	mount -o remount,rw /sys
	[ ! -e /sys/bus/vdpa/devices/x ]
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "ensure of what is there needs no rights" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/rights/vdpa
	setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vdpa dev add name a mgmtdev vdpasim_net driver vhost_vdpa ensure
	mount -o remount,ro /sys
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa ensure
}

@test "without /sys: said so, and nothing made" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	for words in 'dev add name x mgmtdev vdpasim_net driver vhost_vdpa' 'dev add name x mgmtdev vdpasim_net wait 1' \
		'dev set a driver vhost_vdpa' 'dev find eth0' '-d dev show'; do
		run --separate-stderr unshare -m sh -c "mount -t tmpfs tmpfs /sys; exec '$VDPA' $words"
		[ "$status" -eq 1 ]
		[[ $stderr = *'/sys is not mounted'*'hint: mount -t sysfs sysfs /sys' ]]
	done
	[ ! -e /sys/bus/vdpa/devices/x ]
}

@test "devices that are added beside one with a driver are bound as ever" {
	both_drivers
	for ((n = 0; n < 20; n++)); do
		"$VDPA" dev add name "with$n" mgmtdev vdpasim_net driver vhost_vdpa
	done 3>&- &
	for ((n = 0; n < 20; n++)); do
		"$VDPA" dev add name "plain$n" mgmtdev vdpasim_net
	done
	wait
	"$VDPA" -j dev show driver none | jq -e '.dev == {}'
}

@test "an ordinary user cannot keep others waiting" {
	need_modules vhost_vdpa virtio_vdpa
	for path in /sys/bus/vdpa /sys/bus/vdpa/drivers_autoprobe /sys/bus/vdpa/drivers_probe; do
		setpriv --reuid nobody --regid nogroup --clear-groups \
			sh -c 'exec 9<"$1" && flock 9 && echo held && exec sleep 20' - "$path" \
			>"$BATS_TEST_TMPDIR/held" 3>&- &
		while kill -0 "$!" && ! grep -q held "$BATS_TEST_TMPDIR/held"; do
			sleep 0.1
		done
		timeout 10 "$VDPA" dev add name "a${path##*/}" mgmtdev vdpasim_net driver none
		timeout 10 "$VDPA" dev add name "b${path##*/}" mgmtdev vdpasim_net
		kill "$!" || true
	done
}

@test "a signal that the caller ignores is ignored" {
	both_drivers
	for ((n = 0; n < 40; n++)); do
		echo "dev add name one$n mgmtdev vdpasim_net driver vhost_vdpa"
	done >"$BATS_TEST_TMPDIR/commands"
	bash -c "trap '' HUP; exec '$VDPA' -b '$BATS_TEST_TMPDIR/commands'" 3>&- &
	batch=$!
	timeout 10 sh -c "until grep -q vdpa /proc/$batch/comm; do :; done"
	while kill -HUP "$batch" 2>/dev/null; do
		sleep 0.01
	done
	wait "$batch"
	[ "$("$VDPA" dev show | wc -l)" -eq 40 ]
	autoprobe_is_on
}

@test "many at once: each has its driver, and probing is on again" {
	both_drivers
	for group in 1 2 3 4; do
		for n in 1 2 3 4 5 6; do
			driver=vhost_vdpa
			[ $((n % 2)) = 0 ] || driver=virtio_vdpa
			"$VDPA" dev add name "many-$group-$n" mgmtdev vdpasim_net driver "$driver" wait 20
		done 3>&- &
	done
	wait
	[ "$("$VDPA" -j dev show driver vhost_vdpa | jq '.dev | length')" -eq 12 ]
	[ "$("$VDPA" -j dev show driver virtio_vdpa | jq '.dev | length')" -eq 12 ]
	autoprobe_is_on
}

@test "a signal in the middle leaves probing on" {
	both_drivers
	for ((n = 0; n < 30; n++)); do
		ASAN_OPTIONS=detect_leaks=0 timeout -s TERM "0.0$n" "$VDPA" dev add name "cut$n" mgmtdev vdpasim_net driver virtio_vdpa || true
		autoprobe_is_on
	done
}

rebind()
{
	echo a >/sys/bus/vdpa/drivers/virtio_vdpa/unbind
	echo a >/sys/bus/vdpa/drivers/vhost_vdpa/bind
	echo a >/sys/bus/vdpa/drivers/vhost_vdpa/unbind
	echo a >/sys/bus/vdpa/drivers/virtio_vdpa/bind
}

@test "while another program rebinds: success, or status 5 and no other word" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	start_churn rebind
	for ((n = 0; n < 25; n++)); do
		run --separate-stderr timeout 20 "$VDPA" dev set a driver vhost_vdpa
		[ "$status" -eq 0 ] || [ "$status" -eq 5 ]
		[ "$status" -eq 0 ] || [[ $stderr = *'another program'* || $stderr = *'has begun to let go of it'* ]]
	done
}

show_details()
{
	"$VDPA" -jd dev show | jq -e '.dev | has("a")' || touch "$BATS_TEST_TMPDIR/failed"
}

@test "a hundred rounds of binding while details are shown and the monitor runs" {
	both_drivers
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	"$VDPA" -j monitor >"$BATS_TEST_TMPDIR/events" 3>&- &
	monitor=$!
	start_churn show_details
	for ((n = 0; n < 100; n++)); do
		echo 'dev set a driver vhost_vdpa'
		echo 'dev set a driver virtio_vdpa'
	done | timeout 120 "$VDPA" -b -
	stop_churn
	timeout 20 sh -c "until [ \"\$(grep -c virtio_vdpa '$BATS_TEST_TMPDIR/events')\" -ge 199 ]; do sleep 0.1; done"
	kill "$monitor"
	wait "$monitor"
	[ ! -e "$BATS_TEST_TMPDIR/failed" ]
	# What the monitor missed at its start it missed at the start.
	jq -se 'map(select(.object == "dev") | [.event, .driver]) | .[-3:] == [
		["bind", "vhost_vdpa"], ["unbind", "vhost_vdpa"], ["bind", "virtio_vdpa"]]' "$BATS_TEST_TMPDIR/events"
	jq -se '[.[] | select(.event == "bind" and .driver == "vhost_vdpa")] | length | . >= 99 and . <= 100' "$BATS_TEST_TMPDIR/events"
}
