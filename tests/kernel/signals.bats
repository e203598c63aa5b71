#!/usr/bin/env bats
# Signals in the middle of the work: what was begun is undone, and nothing of the host's is changed.

load helpers

setup()
{
	# A signal that comes while the sanitizer looks for leaks, at the end, makes it hang: its process
	# that stops ours waits for one that is no longer stopped.
	export ASAN_OPTIONS=detect_leaks=0
	need_modules vdpa_sim_net vhost_vdpa virtio_vdpa virtio_net
	control=/sys/bus/vdpa/drivers_autoprobe
}

teardown()
{
	if [ -n "${locker-}" ]; then
		kill "$locker" || true
		wait "$locker" || true
	fi
	echo 1 >"$control"
	chmod 644 "$control"
	delete_devices
	for module in vhost_vdpa virtio_vdpa virtio_net; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || true
	done
}

driver_of()
{
	[ ! -e "/sys/bus/vdpa/devices/$1/driver" ] || basename "$(realpath "/sys/bus/vdpa/devices/$1/driver")"
}

# What a signal has ended may still undo what it did.
await_end()
{
	timeout 20 sh -c 'while pidof vdpa >/dev/null; do sleep 0.02; done'
}

autoprobe_is_on()
{
	[ "$(<"$control")" = 1 ]
	[ "$(stat -c %a "$control")" = 644 ]
}

# Runs vdpa and sends it a signal after so many milliseconds: cut SIGNAL MILLISECONDS WORDS...
cut_off()
{
	local signal=$1 after=$2

	shift 2
	status=0
	timeout --preserve-status -s "$signal" "$(printf '0.%03d' "$after")" "$VDPA" "$@" 2>"$BATS_TEST_TMPDIR/stderr" || status=$?
	await_end
}

@test "dev add with a driver: done as asked, or gone again" {
	signals=(INT TERM HUP QUIT ALRM USR1 USR2 XCPU VTALRM)
	ended=0
	for ((n = 0; n < 45; n++)); do
		# The first driver is vhost_vdpa: for the other one the bus must be kept off.
		cut_off "${signals[n % 9]}" $((1 + n * 2)) dev add name "cut$n" mgmtdev vdpasim_net driver virtio_vdpa wait 5
		echo "round $n: status $status $(<"$BATS_TEST_TMPDIR/stderr")"
		autoprobe_is_on
		if [ "$status" -eq 0 ]; then
			[ "$(driver_of "cut$n")" = virtio_vdpa ]
			"$VDPA" dev del "cut$n"
		else
			ended=$((ended + 1))
			[ "$status" -gt 128 ]
			[ ! -e "/sys/bus/vdpa/devices/cut$n" ]
		fi
	done
	[ "$ended" -gt 0 ]
}

@test "dev add without a driver: done, or gone again" {
	for ((n = 0; n < 15; n++)); do
		cut_off INT $((1 + n * 2)) dev add name "cut$n" mgmtdev vdpasim_net
		[ "$status" -eq 0 ] || [ ! -e "/sys/bus/vdpa/devices/cut$n" ]
	done
}

@test "dev set driver: the one asked for, or the one it had" {
	"$VDPA" dev add name a mgmtdev vdpasim_net driver vhost_vdpa
	for ((n = 0; n < 30; n++)); do
		before=$(driver_of a)
		after=virtio_vdpa
		[ "$before" = vhost_vdpa ] || after=vhost_vdpa
		cut_off TERM $((1 + n * 3)) dev set a driver "$after"
		echo "round $n: $before to $after: status $status, now $(driver_of a)"
		if [ "$status" -eq 0 ]; then
			[ "$(driver_of a)" = "$after" ]
		else
			[ "$(driver_of a)" = "$before" ]
		fi
	done
}

@test "a signal while it waits: the device is gone again, and stderr says so" {
	rmmod virtio_net
	cut_off TERM 700 dev add name a mgmtdev vdpasim_net driver virtio_vdpa wait 30
	[ "$status" -eq 143 ]
	[[ $(<"$BATS_TEST_TMPDIR/stderr") = *"'a': interrupted; it was deleted again"* ]]
	[ ! -e /sys/bus/vdpa/devices/a ]
	# The parent alone dies, and the child sees it.
	"${VDPA/recorded/bin}" dev add name a mgmtdev vdpasim_net driver virtio_vdpa wait 30 3>&- &
	timeout 10 sh -c 'until [ -e /sys/bus/vdpa/devices/a/driver ]; do sleep 0.02; done'
	kill -9 $!
	await_end
	[ ! -e /sys/bus/vdpa/devices/a ]
}

@test "killed while it keeps the drivers off: the next run puts the switch right" {
	# The second write of its kind turns the switch on again, and is never made.
	run strace -f -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=2 \
		"${VDPA/recorded/bin}" dev add name a mgmtdev vdpasim_net driver virtio_vdpa
	[ "$status" -eq 137 ]
	[ "$(<"$control")" = 0 ]
	"$VDPA" dev add name b mgmtdev vdpasim_net
	autoprobe_is_on
	[ "$(driver_of b)" = vhost_vdpa ]
	# What an administrator has turned off stays off.
	echo 0 >"$control"
	"$VDPA" dev add name c mgmtdev vdpasim_net
	"$VDPA" dev add name d mgmtdev vdpasim_net driver virtio_vdpa
	[ "$(<"$control")" = 0 ]
	[ -z "$(driver_of c)" ]
	[ "$(driver_of d)" = virtio_vdpa ]
}

@test "a batch says how far it came" {
	seq -f 'dev add name dev%.0f mgmtdev vdpasim_net' 3000 >"$BATS_TEST_TMPDIR/commands"
	cut_off INT 400 -b "$BATS_TEST_TMPDIR/commands"
	[ "$status" -eq 130 ]
	said=$(sed -n 's/.*interrupted here: \([0-9]*\) commands* w.*/\1/p' "$BATS_TEST_TMPDIR/stderr")
	[ "$said" -eq "$("$VDPA" dev show | wc -l)" ]
	[ "$said" -lt 3000 ]
}

@test "stopped by Ctrl-Z at any moment, others can still add; continued, it ends as asked" {
	for ((n = 0; n < 8; n++)); do
		"$VDPA" dev add name "one$n" mgmtdev vdpasim_net driver virtio_vdpa 3>&- &
		sleep "0.0$n"
		kill -TSTP $! || true
		timeout 10 "$VDPA" dev add name "two$n" mgmtdev vdpasim_net driver virtio_vdpa
		kill -CONT $! || true
		wait $!
		[ "$(driver_of "one$n")" = virtio_vdpa ]
	done
}

@test "whoever has the lock for long is named, and the wait for it ends" {
	python3 -c 'import fcntl, sys, time
file = open("/sys/bus/vdpa/drivers_probe", "w")
fcntl.flock(file, fcntl.LOCK_EX)
open(sys.argv[1], "w").close()
time.sleep(60)' "$BATS_TEST_TMPDIR/locked" 3>&- &
	locker=$!
	timeout 20 sh -c "until [ -e '$BATS_TEST_TMPDIR/locked' ]; do sleep 0.02; done"
	SECONDS=0
	run --separate-stderr timeout 30 "$VDPA" dev add name a mgmtdev vdpasim_net driver virtio_vdpa
	[ "$status" -eq 5 ]
	[ "$SECONDS" -lt 20 ]
	[[ ${stderr_lines[0]} = 'vdpa: still waiting for process '*'('*'): dev add name a'* ]]
	[[ $stderr = *"add 'a': process "*' holds the lock for changes to this bus'* ]]
	[ ! -e /sys/bus/vdpa/devices/a ]
}

@test "while one keeps the drivers off, devices that others add get a driver" {
	# Of Debian's iproute2, which knows nothing of our lock.
	other=/usr/sbin/vdpa
	[ -x "$other" ] || other=/sbin/vdpa
	for ((n = 0; n < 30; n++)); do
		"$VDPA" dev add name "with$n" mgmtdev vdpasim_net driver virtio_vdpa
	done 3>&- &
	ours=$!
	seq -f 'dev add name batch%.0f mgmtdev vdpasim_net driver virtio_vdpa' 60 | "$VDPA" -b - 3>&- &
	batch=$!
	for ((n = 0; n < 120; n++)); do
		"$other" dev add name "plain$n" mgmtdev vdpasim_net
	done
	wait "$ours"
	wait "$batch"
	"$VDPA" -j dev show driver none | jq -e '.dev == {}'
	[ "$("$VDPA" -j dev show driver virtio_vdpa | jq '.dev | length')" -eq 90 ]
	autoprobe_is_on
}

@test "drivers are kept off when the kernel has done what it was at, of which no event comes any more: each time" {
	seq -f 'dev add name batch%.0f mgmtdev vdpasim_net driver virtio_vdpa' 5 >"$BATS_TEST_TMPDIR/commands"
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=socket,sendto,pwrite64 \
		"$VDPA" -b "$BATS_TEST_TMPDIR/commands"
	# From the socket for events on.
	awk '/NETLINK_KOBJECT_UEVENT/ { asked = 0 }
		/sendto\(/ { asked = 1 }
		/pwrite64\(.*"0"/ { count++; wrong += !asked }
		END { print count " times off, " wrong + 0 " wrong"; exit count != 5 || wrong }' "$BATS_TEST_TMPDIR/calls"
}
