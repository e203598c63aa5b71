#!/usr/bin/env bats
# Requests that the kernel would wait in without limit are refused, and the cause is named.

load helpers

setup()
{
	need_modules vdpa_sim_net vhost_vdpa
	"$VDPA" dev add name held mgmtdev vdpasim_net
	"$VDPA" dev add name free mgmtdev vdpasim_net
	node=$(basename /sys/bus/vdpa/devices/held/vhost-vdpa-*)
}

teardown()
{
	[ -z "${holder-}" ] || kill -9 "$holder" || true
	delete_devices
	for module in vhost_vdpa virtio_vdpa; do
		! grep -q "^$module " /proc/modules || rmmod "$module"
	done
}

hold()
{
	# shellcheck disable=SC2217 # it holds the node, and reads nothing
	sleep 60 <"/dev/$node" 3>&- &
	holder=$!
	until [ "$(readlink "/proc/$holder/fd/0")" = "/dev/$node" ]; do
		sleep 0.02
	done
}

# Has the node open in one of the ways that /proc/PID/fd does not show.
hide()
{
	"$checkout/${TEST_BUILD:-build/static}/servers/holder-server" "$1" "/dev/$node" \
		>"$BATS_TEST_TMPDIR/holder" 3>&- &
	holder=$!
	while [ ! -s "$BATS_TEST_TMPDIR/holder" ]; do
		kill -0 "$holder"
		sleep 0.1
	done
}

# What io_uring had is closed some time after its process has ended.
let_go()
{
	kill "$holder"
	wait "$holder" || true
	holder=
	while [ "$(</sys/module/vhost_vdpa/refcnt)" != 0 ]; do
		sleep 0.1
	done
}

# Runs vdpa with these words: what keeps it waiting makes the test fail.
refused()
{
	run --separate-stderr timeout -k 1 10 "$@"
	echo "$*: status $status: $stderr"
	[ "$status" -eq 5 ]
	[ -e /sys/bus/vdpa/devices/held/driver ]
}

@test "a device whose node is open is not deleted: status 5, and who holds it" {
	hold
	run --separate-stderr "$VDPA" dev del held free
	[ "$status" -eq 5 ]
	[[ ${stderr_lines[0]} = "vdpa: delete 'held': /dev/$node is open in process $holder (sleep)"* ]]
	[[ ${stderr_lines[1]} = 'hint: '*-f* ]]
	[ -e /sys/bus/vdpa/devices/held ]
	[ ! -e /sys/bus/vdpa/devices/free ]
}

@test "whoever holds it is seen where there is no node as well" {
	hold
	for words in 'dev del held' 'dev set held driver none'; do
		run --separate-stderr timeout 10 unshare -m sh -c "mount -t tmpfs tmpfs /dev; exec '$VDPA' $words"
		[ "$status" -eq 5 ]
		[[ $stderr = *"is open in process $holder (sleep)"* ]]
	done
}

@test "a node that it has from the caller itself: said so" {
	run --separate-stderr timeout 10 bash -c "exec 3<>/dev/$node; exec '$VDPA' dev del held"
	[ "$status" -eq 5 ]
	[[ $stderr = *'is open in this command itself, which inherited it'* ]]
}

@test "a thread with files of its own, or whose first thread has ended, is found and named" {
	for way in table thread; do
		hide "$way"
		for words in 'dev del held' 'dev set held driver none'; do
			# shellcheck disable=SC2086 # words
			refused "$VDPA" $words
			[[ $stderr = *"/dev/$node is open in process $holder (holder-server)"* ]]
		done
		[ "$("$VDPA" -jd dev show held | jq .dev.held.holders[0].pid)" = "$holder" ]
		let_go
	done
}

@test "a descriptor in flight, or registered with io_uring, which no search finds: the device tells" {
	for way in socket ring; do
		hide "$way"
		for words in 'dev del held' 'dev set held driver none'; do
			# shellcheck disable=SC2086 # words
			refused "$VDPA" $words
			[[ $stderr = *"/dev/$node is open in a process that cannot be seen here, and the kernel would wait"*'hint: '*-f* ]]
		done
		let_go
	done
	hide socket
	"$VDPA" dev del free
	let_go
	"$VDPA" dev del held
}

@test "a caller who sees not all processes: refused while any node is open that it does not see" {
	alone='setpriv --reuid 65534 --clear-groups --inh-caps +net_admin --ambient-caps +net_admin'
	hold
	refused unshare -p --fork --mount-proc "$VDPA" dev del held
	[[ $stderr = *"/dev/$node is open in a process that cannot be seen here"* ]]
	# It may not open the node either, and so cannot know which one is open.
	for dev in held free; do
		# shellcheck disable=SC2086 # words
		refused $alone "$VDPA" dev del "$dev"
		[[ $stderr = *"'$dev': a process that cannot be seen here may have /dev/vhost-vdpa-"*'hint: root can see more; -f '* ]]
	done
	refused unshare -m sh -c "mount -o remount,hidepid=2 /proc; exec $alone '$VDPA' dev del held"
	[[ $stderr = *"a process that cannot be seen here may have /dev/$node open"* ]]
	let_go
	# With no node open there is nothing to see.
	# shellcheck disable=SC2086 # words
	run -0 $alone "$VDPA" dev del held free
}

@test "a caller without /proc: refused while the node is open, and done when none is" {
	[[ $VDPA != *sanitize* ]] || skip 'sanitizers need /proc, for their options as well'
	hold
	refused unshare -m sh -c "mount -t tmpfs tmpfs /proc; exec '${VDPA/recorded/bin}' dev set held driver none"
	[[ $stderr = *"/dev/$node is open in a process that cannot be seen here"* ]]
	let_go
	run -0 unshare -m sh -c "mount -t tmpfs tmpfs /proc; exec '${VDPA/recorded/bin}' dev del held free"
}

@test "a batch looks at the processes once, and not at all when no node is open" {
	looks()
	{
		strace -f -e trace=readlinkat -o "$BATS_TEST_TMPDIR/trace" "$VDPA" -b - >&2
		grep -c '"1/exe"' "$BATS_TEST_TMPDIR/trace" || true
	}
	for i in {1..20}; do
		echo "dev add name many$i mgmtdev vdpasim_net"
	done >"$BATS_TEST_TMPDIR/add"
	sed 's/add name \([^ ]*\).*/del \1/' "$BATS_TEST_TMPDIR/add" >"$BATS_TEST_TMPDIR/del"
	"$VDPA" -b "$BATS_TEST_TMPDIR/add"
	[ "$(looks <"$BATS_TEST_TMPDIR/del")" = 0 ]
	"$VDPA" -b "$BATS_TEST_TMPDIR/add"
	hold
	[ "$(looks <"$BATS_TEST_TMPDIR/del")" = 1 ]
	[ ! -e /sys/bus/vdpa/devices/many1 ]
	refused "$VDPA" dev del held
}

@test "when the holder is gone it is deleted" {
	hold
	kill "$holder"
	wait "$holder" || true
	holder=
	"$VDPA" dev del held
	[ ! -e /sys/bus/vdpa/devices/held ]
}

@test "-f deletes it all the same, once it is closed" {
	hold
	"$VDPA" -f dev del held 3>&- &
	deleter=$!
	sleep 0.5
	kill -0 "$deleter"
	kill "$holder"
	wait "$deleter"
	holder=
	[ ! -e /sys/bus/vdpa/devices/held ]
}

@test "in a batch -f before the file is to go on, and in a line for that line" {
	hold
	run --separate-stderr timeout 20 "$VDPA" -f -b - <<<$'dev del held\ndev del free'
	[ "$status" -eq 5 ]
	[ -e /sys/bus/vdpa/devices/held ]
	[ ! -e /sys/bus/vdpa/devices/free ]
	kill "$holder"
	wait "$holder" || true
	holder=
	"$VDPA" -b - <<<'-f dev del held'
	[ ! -e /sys/bus/vdpa/devices/held ]
}

@test "vhost_vdpa has begun to let go of a device and waits for its node: nothing is sent behind it" {
	hold
	echo held >/sys/bus/vdpa/drivers/vhost_vdpa/unbind 3>&- &
	unbinder=$!
	while [ -e /sys/bus/vdpa/devices/held/driver ]; do
		sleep 0.1
	done
	for words in 'dev del held' 'dev set held driver vhost_vdpa'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout -k 1 10 "$VDPA" $words
		[ "$status" -eq 5 ]
		[[ $stderr = *"'held'"*': vhost_vdpa has begun to let go of it and waits until its node is closed'*'hint: '* ]]
	done
	# A device that has no driver is not taken for one.
	"$VDPA" dev set free driver none
	"$VDPA" dev del free
	kill "$holder"
	wait "$holder" || true
	wait "$unbinder"
	holder=
	"$VDPA" dev del held
}

@test "ensure while another program adds a device of that name, and deletes it: it is there afterwards" {
	"$VDPA" dev del held
	# What is slow is the request for the new device, and its answer.
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=sendto,recvmsg \
		-e inject=sendto:delay_enter=1000000:when=3 -e inject=recvmsg:delay_exit=2000000:when=3 \
		"$VDPA" dev add name held mgmtdev vdpasim_net ensure 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
	adder=$!
	until grep -q 'recvmsg.*nlmsg_seq=2' "$BATS_TEST_TMPDIR/calls"; do
		kill -0 "$adder"
		sleep 0.05
	done
	"$VDPA" dev add name held mgmtdev vdpasim_net
	node=$(basename /sys/bus/vdpa/devices/held/vhost-vdpa-*)
	hold
	until grep -q 'recvmsg.*error=-EEXIST' "$BATS_TEST_TMPDIR/calls"; do
		kill -0 "$adder"
		sleep 0.05
	done
	"$VDPA" -f dev del held 3>&- &
	deleter=$!
	sleep 2.5
	[ ! -e /sys/bus/vdpa/devices/held ]
	[ -e /sys/devices/held ]
	kill "$holder"
	wait "$deleter"
	holder=
	status=0
	wait "$adder" || status=$?
	cat "$BATS_TEST_TMPDIR/stderr" "$BATS_TEST_TMPDIR/calls"
	[ "$status" -eq 0 ]
	[ -e /sys/bus/vdpa/devices/held ]
}
