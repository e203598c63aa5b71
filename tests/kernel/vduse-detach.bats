#!/usr/bin/env bats
# Taking a device off the vdpa bus: nothing is taken from under whoever serves or uses it, and a
# command that is ended on the way leaves a device that works.

load helpers
load vduse-helpers

setup()
{
	need_vduse virtio_blk
	holder=
}

teardown()
{
	local job

	for job in $(jobs -p) $holder; do
		kill -9 "$job" || true
	done
	wait || true
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	delete_vduse_devices
	! grep -q '^virtio_vdpa ' /proc/modules || rmmod virtio_vdpa
	! grep -q '^vhost_vdpa ' /proc/modules || rmmod vhost_vdpa
}

# Runs vduse, which must not take longer than nothing.
vduse_at_once()
{
	SECONDS=0
	vduse "$@"
	[ "$SECONDS" -lt 5 ]
}

# Starts a process that answers the driver of foo: $answerer.
answer()
{
	python3 "$BATS_TEST_DIRNAME/vduse-answer.py" foo >"$BATS_TEST_TMPDIR/answer.log" 2>&1 3>&- &
	answerer=$!
	wait_until is_served foo
}

stop_answering()
{
	kill -9 "$answerer"
	wait "$answerer" || true
}

# Makes foo, a disk of no size so that nobody reads from it, driven by virtio_vdpa; nobody serves it.
make_orphan()
{
	modprobe virtio_vdpa
	"$VDUSE" dev add name foo type block capacity 0
	answer
	"$VDPA" dev add name foo mgmtdev vduse
	[ "$(value foo .driver)" = '"virtio_vdpa"' ]
	stop_answering
}

# Opens the vhost node of foo: $holder.
open_vhost()
{
	local node

	modprobe vhost_vdpa
	"$VDUSE" dev add name foo type block attach
	answer
	node=$(basename /sys/bus/vdpa/devices/foo/vhost-vdpa-*)
	sleep 600 <>"/dev/$node" 3>&- &
	holder=$!
	opened()
	{
		[ "$(readlink "/proc/$holder/fd/0")" = "/dev/$node" ]
	}
	wait_until opened
	stop_answering
}

close_vhost()
{
	kill "$holder"
	wait "$holder" || true
	holder=
}

@test "served by somebody who cannot be seen: status 5, and it stays as it was" {
	modprobe vhost_vdpa
	"$VDUSE" dev add name foo type block attach
	for way in leader files ring; do
		python3 "$BATS_TEST_DIRNAME/vduse-holder.py" /dev/vduse/foo "$way" >"$BATS_TEST_TMPDIR/$way" 2>&1 3>&- &
		holder=$!
		wait_until grep -q open "$BATS_TEST_TMPDIR/$way"
		vduse dev del foo detach
		fails 5 "*delete 'foo': *serves it*hint: *"
		[ "$(value foo '| [.attached, .driver, .msg_timeout]')" = '[true,"vhost_vdpa",30]' ]
		kill -9 "$holder"
		wait "$holder" || true
	done
	holder=
	free()
	{
		"$VDUSE" dev del foo detach
	}
	# The kernel closes what io_uring had open some time after its end.
	wait_until free
	[ ! -e /sys/class/vduse/foo ]
}

@test "who may not open the node: status 6, and it stays as it was" {
	modprobe vhost_vdpa
	"$VDUSE" dev add name foo type block attach
	install -D -m 755 "${VDUSE/recorded/bin}" /tmp/rights/vduse
	chmod 666 /dev/vduse/control
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps +net_admin \
		--ambient-caps +net_admin /tmp/rights/vduse dev del foo detach
	chmod 600 /dev/vduse/control
	fails 6 "*delete 'foo': open /dev/vduse/foo: Permission denied*hint: *"
	[ "$(value foo '| [.attached, .driver]')" = '[true,"vhost_vdpa"]' ]
}

@test "the driver's questions are answered, no setting is touched, and no program gets in on the way" {
	make_orphan
	ASAN_OPTIONS=detect_leaks=0 strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=openat,sendto,sendmsg \
		-e inject=sendto,sendmsg:delay_enter=2000000 "$VDUSE" dev del foo detach 3>&- &
	tool=$!
	unbound()
	{
		[ ! -e /sys/bus/vdpa/devices/foo/driver ]
	}
	wait_until unbound
	[ -e /sys/bus/vdpa/devices/foo ]
	run -1 bash -c 'exec 7<>/dev/vduse/foo'
	[[ $output = *'busy'* ]]
	wait "$tool"
	[ ! -e /sys/class/vduse/foo ]
	grep -q unbind "$BATS_TEST_TMPDIR/calls"
	run -1 grep -E 'msg_timeout.*O_(WRONLY|RDWR)' "$BATS_TEST_TMPDIR/calls"
}

@test "vhost_vdpa already waits until its node is closed: status 5 at once, and the bus stays usable" {
	open_vhost
	echo foo >/sys/bus/vdpa/drivers/vhost_vdpa/unbind 3>&- &
	unbinding=$!
	wait_until test ! -e /sys/bus/vdpa/devices/foo/driver
	vduse_at_once dev del foo detach
	fails 5 "*detach 'foo': vhost_vdpa has begun to let go of it*hint: end process * (sleep) first, which has its deleted node open*"
	timeout 5 "$VDPA" dev show foo
	# Whoever wants it nevertheless has the driver's wait to begin with.
	vduse_at_once -f dev del foo detach
	fails 5 "*detach 'foo': vhost_vdpa has begun to let go of it*"
	answer
	close_vhost
	wait "$unbinding"
	stop_answering
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

@test "vhost_vdpa, whose node is open in a process that cannot be seen: status 5 at once, before it waits and while it does" {
	modprobe vhost_vdpa
	"$VDUSE" dev add name foo type block attach
	answer
	node=$(basename /sys/bus/vdpa/devices/foo/vhost-vdpa-*)
	"$checkout/${TEST_BUILD:-build/static}/servers/holder-server" socket "/dev/$node" >"$BATS_TEST_TMPDIR/holder" 3>&- &
	holder=$!
	wait_until grep -q ready "$BATS_TEST_TMPDIR/holder"
	stop_answering
	vduse_at_once dev del foo detach
	fails 5 "*detach 'foo': a process that cannot be seen here may have /dev/$node open*hint: *"
	[ "$(value foo '| [.attached, .driver, .msg_timeout]')" = '[true,"vhost_vdpa",30]' ]
	echo foo >/sys/bus/vdpa/drivers/vhost_vdpa/unbind 3>&- &
	unbinding=$!
	wait_until test ! -e /sys/bus/vdpa/devices/foo/driver
	vduse_at_once dev del foo detach
	fails 5 "*detach 'foo': vhost_vdpa has begun to let go of it*hint: end the process that has it open first"
	timeout 5 "$VDPA" dev show foo
	answer
	close_vhost
	wait "$unbinding"
	stop_answering
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

@test "-f, and Ctrl-C while vhost_vdpa waits: nothing is sent to the bus behind the user's back" {
	open_vhost
	run --separate-stderr timeout -s INT 3 "$VDUSE" -f dev del foo detach
	[ "$status" -eq 124 ]
	[[ $stderr = *"detach 'foo': waiting for vhost_vdpa to let go of it"*"detach 'foo': interrupted"*'hint: the kernel cannot be stopped: vhost_vdpa lets go of it '* ]]
	timeout 5 "$VDPA" dev show foo
	vduse_at_once dev del foo detach
	fails 5 "*vhost_vdpa has begun to let go of it*"
	answer
	close_vhost
	stop_answering
	wait_until "$VDPA" dev show foo
	[ "$(value foo '| [.attached, has("driver"), .msg_timeout]')" = '[true,false,30]' ]
}

@test "in a batch, too, the first Ctrl-C ends the wait, and says that the kernel goes on" {
	open_vhost
	echo '-f dev del foo detach' >"$BATS_TEST_TMPDIR/commands"
	SECONDS=0
	run --separate-stderr timeout --foreground -s INT -k 10 4 "$VDUSE" -b "$BATS_TEST_TMPDIR/commands"
	echo "$status $SECONDS $stderr"
	[ "$status" -eq 124 ]
	[ "$SECONDS" -lt 7 ]
	[[ $stderr = *'interrupted'*'hint: the kernel cannot be stopped: vhost_vdpa lets go of it'*'interrupted here: 0 commands were done'* ]]
	answer
	close_vhost
	stop_answering
	wait_until "$VDPA" dev show foo
}

@test "virtio_vdpa waits for an answer: one that lets go gets it, one that begins does not" {
	make_orphan
	echo foo >/sys/bus/vdpa/drivers/virtio_vdpa/unbind 3>&- &
	wait_until test ! -e /sys/bus/vdpa/devices/foo/driver
	vduse_at_once dev del foo detach
	[ "$status" -eq 0 ]
	wait
	# A disk that nobody serves would be waited for without end.
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	"$VDUSE" dev add name foo type block attach
	echo foo >/sys/bus/vdpa/drivers/virtio_vdpa/bind 3>&- &
	binding=$!
	wait_until test -e /sys/bus/vdpa/devices/foo/driver
	vduse_at_once dev del foo detach
	fails 5 "*detach 'foo': its driver waits for an answer of the program that serves it*hint: *"
	kill -9 "$binding"
	wait "$binding" || true
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

# Whether the device works, its bus, too, and its settings are those that it had.
is_sound()
{
	[ "$(value foo .msg_timeout)" = 30 ]
	"$VDUSE" dev features show foo
	timeout 5 "$VDPA" dev show
}

@test "killed at any step: the device works, and the next command finishes the job" {
	make_orphan
	# The calls that change something, what comes before each, and the wait in between.
	for step in openat:1 ppoll,poll:1 write:1 ppoll,poll:2 sendto,sendmsg:1 ppoll,poll:3 sendto,sendmsg:2 ioctl:4 ioctl:5; do
		strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e "inject=${step%:*}:signal=KILL:when=${step#*:}" "$VDUSE" dev del foo detach || true
		echo "killed at $step"
		tail -2 "$BATS_TEST_TMPDIR/calls"
		[ -e /sys/class/vduse/foo ] || make_orphan
		is_sound
	done
	vduse dev del foo detach
	[ "$status" -eq 0 ]
	[ ! -e /sys/class/vduse/foo ]
}

@test "a program that is restarted at any step: it does not get the device while that is on the bus" {
	make_orphan
	# Each call that changes something comes late, and the program tries all the time.
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=openat,write,sendto,sendmsg,ioctl,close \
		-e inject=write,sendto,sendmsg,ioctl:delay_enter=200000 "$VDUSE" dev del foo detach 3>&- &
	tool=$!
	wait_until grep -q 'vduse/foo.* = [0-9]' "$BATS_TEST_TMPDIR/calls"
	run python3 - <<-'END'
		import errno, os, time
		while True:
		    try:
		        os.open("/dev/vduse/foo", os.O_RDWR)
		    except OSError as error:
		        if error.errno == errno.EBUSY:
		            time.sleep(0.002)
		            continue
		        print("gone")
		        break
		    print("on the bus" if os.path.exists("/sys/bus/vdpa/devices/foo") else "off the bus")
		    break
	END
	echo "$output"
	status=0
	wait "$tool" || status=$?
	[[ $output = gone || $output = 'off the bus' ]]
	[ "$status" -eq 0 ] || [ "$status" -eq 5 ]
	# Refused, the device is whole, and off the bus.
	[ "$status" -eq 0 ] || "$VDUSE" dev del foo
	[ ! -e /sys/class/vduse/foo ]
}

@test "/sys that cannot be written: vhost_vdpa lets go all the same, since nobody has its node open" {
	modprobe vhost_vdpa
	"$VDUSE" dev add name foo type block attach
	run --separate-stderr unshare --mount sh -c 'mount -o remount,bind,ro /sys && exec "$@"' sh "$VDUSE" dev del foo detach
	echo "$stderr"
	[ "$status" -eq 0 ]
	[ ! -e /sys/class/vduse/foo ]
}
