#!/usr/bin/env bats
# Devices that a real program serves, and those that it left when it died.

load helpers
load vduse-helpers

setup()
{
	need_vduse virtio_blk
	daemon=
}

teardown()
{
	local job

	for job in $(jobs -p); do
		kill -9 "$job" || true
	done
	wait || true
	let_drivers_come
	delete_vduse_devices
	! grep -q '^virtio_vdpa ' /proc/modules || rmmod virtio_vdpa
	! grep -q '^vhost_vdpa ' /proc/modules || rmmod vhost_vdpa
}

disk_of()
{
	local path=("/sys/bus/vdpa/devices/$1"/virtio*/block/*)

	[ -e "${path[0]}" ] && basename "${path[0]}"
}

# Whether $holder has come as far as to have the node open.
is_held()
{
	[ "$(readlink "/proc/$holder/fd/0")" = "/dev/$node" ]
}

@test "a served device: shown with pid and command, not deleted" {
	serve foo
	vduse dev show foo
	[[ $output = "foo: state served pid $daemon command qemu-storage-da attached false "* ]]
	for words in 'dev del foo' 'dev del foo detach' '-f dev del foo' 'dev vq show foo' 'dev features show foo' \
		'dev iotlb show foo'; do
		# shellcheck disable=SC2086 # words
		vduse $words
		fails 5 "*process $daemon (qemu-storage-da) serves it*hint: *"
	done
	[ -e /sys/class/vduse/foo ]
}

@test "it crashes: an orphan, which is deleted" {
	serve foo
	crash
	[ "$(value foo '| [.state, has("pid")]')" = '["orphan",false]' ]
	vduse dev del foo
	[ "$status" -eq 0 ]
	[ ! -e /sys/class/vduse/foo ]
}

@test "end to end: what is written to the disk lies in the file; taken down in order" {
	modprobe virtio_vdpa
	serve foo
	"$VDPA" dev add name foo mgmtdev vduse
	[ "$(value foo '| [.state, .attached, .driver, .type]')" = '["served",true,"virtio_vdpa","block"]' ]
	wait_until disk_of foo
	head -c 65536 /dev/urandom >"$BATS_TEST_TMPDIR/data"
	dd if="$BATS_TEST_TMPDIR/data" of="/dev/$(disk_of foo)" bs=4096 oflag=direct
	cmp -n 65536 "$BATS_TEST_TMPDIR/data" "$BATS_TEST_TMPDIR/disk"
	vduse dev del foo detach
	fails 5 '*serves it*hint: detach it from the vdpa bus while it is served: vdpa dev del foo; then *'
	"$VDPA" dev del foo
	# It ends as it does when it is asked to, and takes its device along.
	kill "$daemon"
	wait "$daemon" || true
	[ ! -e /sys/class/vduse/foo ]
}

@test "an orphan on the bus: what its driver agreed to is seen, and it is taken down in a moment" {
	modprobe virtio_vdpa
	serve foo
	"$VDPA" dev add name foo mgmtdev vduse
	wait_until disk_of foo
	crash
	vduse -j dev features show foo
	jq -e '.dev_features.foo | contains(["FLUSH", "VERSION_1", "ACCESS_PLATFORM"])' <<<"$output"
	vduse -j dev vq show foo qidx 0
	jq -e '.vq.foo[0] | .index == 0 and .size > 0 and .ready and (.desc | startswith("0x"))' <<<"$output"
	vduse -j dev iotlb show foo
	jq -e '.iotlb.foo | length > 0 and .[0].start == "0x0"' <<<"$output"
	jq -e 'any(.iotlb.foo[]; .capability == [])' <<<"$output"
	vduse dev iotlb show foo
	[[ $output = *' capability none'* ]]
	vduse dev del foo
	fails 5 '*it is attached to the vdpa bus, and bound to virtio_vdpa*'
	SECONDS=0
	vduse dev del foo detach
	[ "$status" -eq 0 ]
	[ "$SECONDS" -lt 10 ]
	[ ! -e /sys/class/vduse/foo ]
}

# An orphan on the bus, and a program that waits for its disk: $disk.
leave_write_waiting()
{
	modprobe virtio_vdpa
	serve foo
	"$VDPA" dev add name foo mgmtdev vduse
	wait_until disk_of foo
	disk=$(disk_of foo)
	crash
	dd if=/dev/zero of="/dev/$disk" bs=4096 count=1 oflag=direct >"$BATS_TEST_TMPDIR/dd.log" 2>&1 3>&- &
	sleep 1
}

@test "an orphan whose disk somebody waits for: the command comes back, the bus stays usable, and the advice helps" {
	leave_write_waiting
	vduse dev del foo detach
	fails 5 "*detach 'foo': waiting for virtio_vdpa to let go of it*the kernel still waits*hint: *start the program that served it again*"
	# The program that comes back has as long for its answers as it had.
	[ "$(value foo .msg_timeout)" = 30 ]
	timeout 5 "$VDPA" dev show foo
	timeout 5 "$VDUSE" dev show foo
	# Again would keep everybody waiting.
	vduse dev del foo detach
	fails 5 '*virtio_vdpa has begun to let go of it and still waits*hint: *start the program that served it again*'
	serve foo
	gone()
	{
		[ ! -e "/sys/block/$disk" ]
	}
	wait_until gone
	crash
	vduse dev del foo detach
	[ "$status" -eq 0 ]
	[ ! -e /sys/class/vduse/foo ]
}

@test "detach with -f while somebody waits for the disk: the program can be started, and keeps the device" {
	leave_write_waiting
	"$VDUSE" -f dev del foo detach >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	tool=$!
	wait_until grep -q "virtio_vdpa still waits: start the program that served it again" "$BATS_TEST_TMPDIR/err"
	serve foo
	status=0
	wait "$tool" || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	[ "$status" -eq 5 ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	grep -q "delete 'foo': .*serves it" "$BATS_TEST_TMPDIR/err"
	[ "$(value foo '| [.state, .attached, has("driver")]')" = '["served",true,false]' ]
	crash
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

@test "vhost_vdpa whose node is open: detach says who has it" {
	modprobe vhost_vdpa
	vduse dev add name foo type block capacity 2048 attach msg_timeout 1
	[ "$(value foo .driver)" = '"vhost_vdpa"' ]
	node=$(basename /sys/bus/vdpa/devices/foo/vhost-vdpa-*)
	# Opening it resets the device, which somebody has to answer; without that it does not open.
	python3 "$BATS_TEST_DIRNAME/vduse-answer.py" foo >"$BATS_TEST_TMPDIR/answer.log" 2>&1 3>&- &
	answerer=$!
	wait_until is_served foo
	sleep 60 <>"/dev/$node" 3>&- &
	holder=$!
	wait_until is_held
	kill -9 "$answerer"
	wait "$answerer" || true
	vduse dev del foo detach
	fails 5 "*detach 'foo': /dev/$node is open in process $holder (sleep)*hint: end that process first*"
	kill "$holder"
	wait "$holder" || true
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

@test "a program that cannot be seen, as from a container: nothing is taken from under it" {
	vduse dev add name foo type block attach
	exec 7<>/dev/vduse/foo
	run --separate-stderr unshare --pid --fork --mount-proc "$VDUSE" dev del foo detach 7>&-
	fails 5 "*delete 'foo': somebody serves it*hint: *"
	[ "$(value foo .attached)" = true ]
	exec 7>&-
	run --separate-stderr unshare --pid --fork --mount-proc "$VDUSE" dev del foo detach
	[ "$status" -eq 0 ]
	[ ! -e /sys/class/vduse/foo ]
}

@test "detach where the bus does not listen: the device is as it was" {
	modprobe vhost_vdpa
	vduse dev add name foo type block attach
	run --separate-stderr unshare --net "$VDUSE" dev del foo detach
	fails 7 "*detach 'foo': *hint: vdpa answers in the initial network namespace only*"
	[ "$(value foo '| [.driver, .msg_timeout]')" = '["vhost_vdpa",30]' ]
	run --separate-stderr setpriv --bounding-set -net_admin --inh-caps -net_admin "$VDUSE" dev del foo detach
	fails 6 "*detach 'foo': Operation not permitted*"
	[ "$(value foo '| [.attached, .msg_timeout]')" = '[true,30]' ]
}

@test "a program that never answers: the device is broken, said so, and deleted" {
	modprobe vhost_vdpa
	vduse dev add name foo type block attach msg_timeout 1
	node=$(basename /sys/bus/vdpa/devices/foo/vhost-vdpa-*)
	exec 7<>/dev/vduse/foo
	run -1 cat "/dev/$node"
	exec 7>&-
	for what in features vq iotlb; do
		vduse dev "$what" show foo
		fails 1 '*it is broken for good: its program did not answer the kernel in time*hint: delete it and create it again*'
	done
	vduse dev del foo detach
	[ "$status" -eq 0 ]
}

@test "attach where virtio_vdpa would wait for a program: refused, and nothing is made" {
	modprobe virtio_vdpa
	vduse dev add name foo type block attach
	fails 5 "*attach 'foo': no program serves it yet, and virtio_vdpa would wait for one*hint: *"
	[ ! -e /sys/class/vduse/foo ]
	# Without probing nobody takes it, and nothing waits.
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	vduse dev add name foo type block attach
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	[ "$status" -eq 0 ]
	[ "$(value foo '| [.attached, has("driver")]')" = '[true,false]' ]
}

@test "attach while another command keeps the drivers off: refused all the same, and deleted again" {
	modprobe virtio_vdpa
	keep_drivers_off
	timeout 20 "$VDUSE" dev add name foo type block attach 2>"$BATS_TEST_TMPDIR/stderr" 3>&- 8>&- &
	wait_until test -e /sys/class/vduse/foo
	let_drivers_come
	status=0
	wait $! || status=$?
	[ "$status" -eq 5 ]
	grep -q "attach 'foo': no program serves it yet, and virtio_vdpa would wait for one; it was deleted again" \
		"$BATS_TEST_TMPDIR/stderr"
	[ ! -e /sys/class/vduse/foo ]
}

@test "attach where both drivers are loaded: the one that came first counts" {
	modprobe vhost_vdpa
	modprobe virtio_vdpa
	vduse dev add name foo type block attach
	[ "$status" -eq 0 ]
	[ "$(value foo .driver)" = '"vhost_vdpa"' ]
	vduse dev del foo detach
	rmmod vhost_vdpa
	modprobe vhost_vdpa
	vduse dev add name foo type block attach
	fails 5 "*virtio_vdpa would wait for one*"
}

@test "attach with a driver: it is the one, or none, whatever else is loaded" {
	modprobe virtio_vdpa
	vduse dev add name foo type block attach driver vhost_vdpa
	fails 7 "*the kernel has no driver vhost_vdpa*hint: modprobe vhost_vdpa"
	modprobe vhost_vdpa
	vduse dev add name foo type block attach driver vhost_vdpa
	[ "$status" -eq 0 ]
	vduse dev add name bar type block attach driver none
	[ "$status" -eq 0 ]
	[ "$(value foo '| [.attached, .driver]')" = '[true,"vhost_vdpa"]' ]
	[ "$(value bar '| [.attached, has("driver")]')" = '[true,false]' ]
	vduse dev add name baz type block attach driver virtio_vdpa
	fails 5 "*no program serves it yet*"
	vduse dev add name baz type block driver none
	fails 2 '*?driver? needs ?attach?*'
	[ "$(</sys/bus/vdpa/drivers_autoprobe)" = 1 ]
}


@test "attach all the same with -f: it waits, says so, and Ctrl-C gives the terminal back" {
	modprobe virtio_vdpa
	vduse -f dev add name foo type block msg_timeout 3 attach
	[ "$status" -eq 0 ]
	[[ $stderr = *"attach 'foo': waiting for a program that serves it"* ]]
	[ "$(value foo .attached)" = true ]
	SECONDS=0
	run --separate-stderr timeout -s INT 3 "$VDUSE" -f dev add name bar type block msg_timeout 6 attach
	[ "$status" -eq 124 ]
	[ "$SECONDS" -lt 6 ]
	[ -z "$output" ]
	[[ $stderr = *"attach 'bar': waiting for a program that serves it"*"attach 'bar': interrupted; and it could not be deleted again: "*'hint: the kernel cannot be stopped, and goes on attaching the device' ]]
	# The bus is still held by that request, and the list comes all the same.
	vduse -j dev show
	[ "$status" -eq 0 ]
	jq -e '.dev | length == 2' <<<"$output"
}

@test "attach while another request holds the bus: it says what it waits for" {
	modprobe virtio_vdpa
	"$VDUSE" -f dev add name slow type block msg_timeout 8 attach 2>/dev/null 3>&- &
	wait_until test -e /sys/bus/vdpa/devices/slow
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	vduse dev add name foo type block attach
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	[ "$status" -eq 0 ]
	if [ "$VM_KERNEL" = c ]; then
		[[ $stderr = *"attach 'foo': waiting for "* ]]
	else
		[[ $stderr = *"attach 'foo': waiting for another request to the vdpa bus" ]]
	fi
	wait
	[ "$(value foo .attached)" = true ]
}

@test "attach with a driver while another request holds the bus: it waits as well, and no driver is kept off meanwhile" {
	need_simulators
	need_modules vdpa_sim_net vhost_vdpa
	"$VDPA" dev add name held mgmtdev vdpasim_net
	node=/dev/$(basename /sys/bus/vdpa/devices/held/vhost-vdpa-*)
	# shellcheck disable=SC2217 # it holds the node, and reads nothing
	sleep 60 <"$node" 3>&- &
	holder=$!
	has_it_open()
	{
		[ "$(readlink "/proc/$holder/fd/0")" = "$node" ]
	}
	wait_until has_it_open
	"$VDPA" -f dev del held >"$BATS_TEST_TMPDIR/del" 2>&1 3>&- &
	wait_until test ! -e /sys/bus/vdpa/devices/held
	"$VDUSE" dev add name foo type block attach driver none 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
	tool=$!
	wait_until grep -q "attach 'foo': waiting for another request to the vdpa bus" "$BATS_TEST_TMPDIR/stderr"
	[ "$(</sys/bus/vdpa/drivers_autoprobe)" = 1 ]
	kill "$holder"
	wait "$tool"
	[ "$(value foo '| [.attached, has("driver")]')" = '[true,false]' ]
}

@test "attach while another request holds the bus, and Ctrl-C: the device is deleted again, and not attached later" {
	modprobe virtio_vdpa
	"$VDUSE" -f dev add name slow type block msg_timeout 6 attach 2>/dev/null 3>&- &
	wait_until test -e /sys/bus/vdpa/devices/slow
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	run --separate-stderr timeout --foreground -s INT -k 10 3 "$VDUSE" dev add name foo type block attach
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	echo "$status $stderr"
	[ "$status" -eq 124 ]
	[ -z "$output" ]
	[[ $stderr = *"attach 'foo': waiting for "*"attach 'foo': interrupted; it was deleted again" ]]
	[ ! -e /sys/class/vduse/foo ]
	wait
	timeout 10 "$VDPA" dev show
	[ ! -e /sys/bus/vdpa/devices/foo ]
}

@test "attach that the kernel itself works at for long: no other request is said to be in the way" {
	[ "$VM_KERNEL" = b ] || skip 'this kernel has one address space for each device'
	vduse dev add name foo type block as 20000 attach
	[ "$status" -eq 0 ]
	[[ -z $stderr || $stderr = "vduse: attach 'foo': waiting for the kernel to set it up" ]]
}

@test "attach to a bus that has a device of that name already: the new one is gone again" {
	need_simulators
	need_modules vdpa_sim_net
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	vduse dev add name foo type block attach
	[ "$status" -eq 4 ]
	[[ $stderr = *"a vDPA device of that name exists already; it was deleted again"* ]]
	[ ! -e /sys/class/vduse/foo ]
	vduse dev add name foo type block
	[ "$(value foo .attached)" = false ]
	"$VDPA" dev del foo
}
