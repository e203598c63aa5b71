#!/usr/bin/env bats
# Waiting for a VDUSE device, for the program that serves it, and until it is gone.

load helpers
load vduse-helpers

setup()
{
	need_vduse
	errors=$BATS_TEST_TMPDIR/errors waiter=''
}

teardown()
{
	local job

	for job in $(jobs -p); do
		kill -9 "$job" || true
	done
	wait || true
	delete_vduse_devices
}

still_waits()
{
	kill -0 "$waiter" 2>/dev/null
}

has_ended()
{
	! still_waits
}

# The socket has the number of the child that does the work.
is_listening()
{
	awk -v pid="$waiter" -v child="$(pgrep -P "$waiter")" \
		'$2 == 15 && ($3 == pid || $3 == child) && $4 == "00000001" { found = 1 }
		END { exit !found }' /proc/net/netlink
}

# Begins to wait beside the test, and returns when it is past its first look.
await_dev()
{
	"$VDUSE" dev wait "$@" 2>"$errors" 3>&- &
	waiter=$!
	wait_until is_listening
	sleep 0.1
	still_waits
}

# It was content, at once and without a word.
is_content()
{
	wait_until has_ended
	wait "$waiter"
	[ ! -s "$errors" ]
}

# What a wait says that finds something else: finds STATE WORDS...
finds()
{
	vduse dev wait foo "${@:2}"
	fails 1 "vduse: wait for 'foo': timed out after $1"
}

@test "until it is there, attached, and gone" {
	await_dev foo
	"$VDUSE" dev add name other type block capacity 2048
	still_waits
	"$VDUSE" dev add name foo type block capacity 2048
	is_content
	[ -c /dev/vduse/foo ]
	await_dev foo attached
	"$VDPA" dev add name foo mgmtdev vduse driver none
	is_content
	await_dev gone name foo
	"$VDUSE" dev del other foo detach
	is_content
}

@test "until a program serves it, the device being there or not" {
	await_dev foo served
	serve foo
	is_content
	crash
	[ -c /dev/vduse/foo ]
	await_dev foo served timeout 60
	sleep 1
	still_waits
	exec 7<>/dev/vduse/foo
	is_content
	exec 7>&-
}

@test "begun before the module is there" {
	rmmod "$VDUSE_MODULE"
	await_dev foo
	need_vduse
	still_waits
	"$VDUSE" dev add name foo type block capacity 2048
	is_content
}

@test "commands of the tool that have a node open for a moment serve nothing" {
	"$VDUSE" dev add name foo type block capacity 2048
	for name in vduse vduse-blk; do
		cp /bin/sleep "$BATS_TEST_TMPDIR/$name"
	done
	"$BATS_TEST_TMPDIR/vduse" 60 7<>/dev/vduse/foo 3>&- &
	finds '1 s: no program serves it' served timeout 1
	kill $!
	"$BATS_TEST_TMPDIR/vduse-blk" 60 7<>/dev/vduse/foo 3>&- &
	"$VDUSE" dev wait foo served timeout 20
}

@test "timed out: status 1, and what was the state then" {
	finds '0 s: there is no such device' timeout 0
	finds '0 s: there is no such device' served timeout 0
	finds '0 s: there is no such device' timeout 0 attached
	"$VDUSE" dev add name foo type block capacity 2048
	finds '0 s: it still exists' gone timeout 0
	finds '0 s: it is not attached to the vdpa bus' attached timeout 0
	begin=${EPOCHREALTIME/./}
	finds '1 s: no program serves it' served timeout 1
	[ $((${EPOCHREALTIME/./} - begin)) -ge 1000000 ]
	run --separate-stderr unshare -m sh -c "mount -t tmpfs tmpfs /dev/vduse; mkdir /dev/vduse/control; exec '$VDUSE' dev wait foo timeout 0"
	fails 1 "vduse: wait for 'foo': timed out after 0 s: /dev/vduse/foo does not exist"
}

@test "an ordinary user sees devices, and is told that programs may go unseen" {
	install -D -m 755 "${VDUSE/recorded/bin}" /tmp/wait/vduse
	alone=(setpriv --reuid nobody --regid nogroup --clear-groups /tmp/wait/vduse dev wait foo)
	"$VDUSE" dev add name foo type block capacity 2048
	"${alone[@]}"
	run --separate-stderr timeout 20 "${alone[@]}" served timeout 1
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} = "vduse: wait for 'foo': not all processes are visible here, so a program that serves it may be missed" ]]
	[[ ${stderr_lines[1]} = *': whether a program serves it is not visible here' ]]
}

@test "lines of a batch, and Ctrl-C ends it at once" {
	run --separate-stderr timeout 20 "$VDUSE" -b - <<-'END'
		dev add name foo type block capacity 2048
		dev wait foo timeout 10
		dev del foo
		dev wait foo gone timeout 10
	END
	[ "$status" -eq 0 ]
	SECONDS=0
	# A shell lets what it runs in the background ignore interrupts.
	run --separate-stderr timeout --foreground -s INT -k 10 0.7 "$VDUSE" -b - <<<'dev wait foo served'
	[ "$status" -eq 124 ]
	[[ ${stderr_lines[0]} = 'vduse: -:1: '*interrupted* ]]
	run --separate-stderr timeout --foreground --preserve-status -s INT -k 10 0.7 "$VDUSE" dev wait foo served
	[ "$status" -eq 130 ]
	[ -z "$output$stderr" ]
	[ "$SECONDS" -lt 8 ]
}

@test "it opens no node, and looks less and less often" {
	"$VDUSE" dev add name foo type block capacity 2048
	calls=$BATS_TEST_TMPDIR/calls
	ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -f -qq -o "$calls" -e trace=openat,poll "${VDUSE/recorded/bin}" dev wait foo served timeout 4 || [ $? -eq 1 ]
	# Of /proc and /sys much is read.
	grep -q '"/sys/class/vduse"' "$calls"
	run grep '"/dev/vduse/' "$calls"
	[ -z "$output" ]
	mapfile -t pauses < <(sed -nE 's/.* poll\(.*, ([0-9]+)\) += .*/\1/p' "$calls")
	echo "${pauses[@]}"
	[ "${pauses[0]}" -le 100 ]
	printf '%s\n' "${pauses[@]}" | awk '$1 > max { max = $1 } END { exit max <= 400 || max > 500 }'
}
