#!/usr/bin/env bats
# Waiting for a device, for what its driver makes of it, and until it is gone.

load helpers

setup()
{
	errors=$BATS_TEST_TMPDIR/errors
	need_modules vdpa_sim_net
}

teardown()
{
	if [ -n "${waiter-}" ]; then
		kill "$waiter" || true
		wait "$waiter" || true
	fi
	exec 7<&-
	[ -z "${deleter-}" ] || wait "$deleter" || true
	need_modules vdpa
	delete_devices
	for module in vhost_vdpa virtio_vdpa virtio_net; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || true
	done
}

# The socket has the number of the child that does the work.
is_listening()
{
	awk -v pid="$waiter" -v child="$(pgrep -P "$waiter")" \
		'$2 == 15 && ($3 == pid || $3 == child) && $4 == "00000001" { found = 1 }
		END { exit !found }' /proc/net/netlink
}

still_waits()
{
	kill -0 "$waiter" 2>/dev/null
}

has_ended()
{
	! still_waits
}

await()
{
	local end=$((SECONDS + 15))

	until "$@"; do
		((SECONDS < end))
		sleep 0.02
	done
}

# Begins to wait beside the test, and returns when it is past its first look: await_dev WORDS...
await_dev()
{
	"${prefix[@]}" "${program:-$VDPA}" dev wait "$@" 2>"$errors" 3>&- &
	waiter=$!
	await is_listening
	sleep 0.1
	still_waits
}

# It was content, at once and without a word.
is_content()
{
	await has_ended
	wait "$waiter"
	waiter=
	[ ! -s "$errors" ]
}

# What a wait says that finds something else: finds STATE WORDS...
finds()
{
	run --separate-stderr timeout 20 "$VDPA" dev wait "${@:2}" timeout 0
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "vdpa: wait for 'foo': timed out after 0 s: $1" ]
}

@test "until it is there, and until it is gone" {
	await_dev foo
	"$VDPA" dev add name other mgmtdev vdpasim_net
	still_waits
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	is_content
	"$VDPA" dev wait foo timeout 0
	await_dev foo gone
	"$VDPA" dev del other
	still_waits
	"$VDPA" dev del foo
	is_content
	"$VDPA" dev wait foo gone timeout 0
}

@test "until it is bound, and there is what its driver makes of it" {
	need_modules vhost_vdpa virtio_vdpa
	await_dev foo driver vhost_vdpa
	"$VDPA" dev add name foo mgmtdev vdpasim_net driver none
	"$VDPA" dev set foo driver virtio_vdpa
	still_waits
	"$VDPA" dev set foo driver vhost_vdpa
	is_content
	[ -c "/dev/$(basename /sys/bus/vdpa/devices/foo/vhost-vdpa-*)" ]
	await_dev foo driver virtio_vdpa
	"$VDPA" dev set foo driver virtio_vdpa
	still_waits
	modprobe virtio_net
	is_content
	ls -d /sys/bus/vdpa/devices/foo/virtio*/net/*
	await_dev driver none name foo
	"$VDPA" dev set foo driver none
	is_content
}

@test "begun before the bus is there" {
	unload_modules
	await_dev foo driver vhost_vdpa
	need_modules vhost_vdpa vdpa_sim_net
	still_waits
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	is_content
}

@test "timed out: status 1, and what was the state then" {
	need_modules vhost_vdpa virtio_vdpa
	finds 'there is no such device' foo
	finds 'there is no such device' foo driver vhost_vdpa
	finds 'there is no such device' foo driver none
	[ "${#stderr_lines[@]}" -eq 1 ]
	"$VDPA" dev add name foo mgmtdev vdpasim_net driver none
	finds 'it is still there' foo gone
	finds 'no driver has bound it' foo driver vhost_vdpa
	"$VDPA" dev set foo driver virtio_vdpa
	finds 'it is bound to virtio_vdpa' foo driver vhost_vdpa
	finds 'it is bound to virtio_vdpa' foo driver none
	finds "$(basename /sys/bus/vdpa/devices/foo/virtio*) has no driver" foo driver virtio_vdpa
	[ "${stderr_lines[1]}" = 'hint: modprobe virtio_net' ]
	begin=${EPOCHREALTIME/./}
	run --separate-stderr timeout 20 "$VDPA" dev wait foo timeout 1 gone
	[ "$status" -eq 1 ]
	[ "$stderr" = "vdpa: wait for 'foo': timed out after 1 s: it is still there" ]
	[ $((${EPOCHREALTIME/./} - begin)) -ge 1000000 ]
}

@test "while the bus is stuck, for an ordinary user" {
	need_modules vhost_vdpa
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/wait/vdpa
	"$VDPA" dev add name foo mgmtdev vdpasim_net driver none
	"$VDPA" dev add name held mgmtdev vdpasim_net driver vhost_vdpa
	exec 7<"/dev/$(basename /sys/bus/vdpa/devices/held/vhost-vdpa-*)"
	"$VDPA" -f dev del held 3>&- 7<&- >/dev/null 2>&1 &
	deleter=$!
	sleep 0.5
	run timeout 1 "$VDPA" dev show
	[ "$status" -eq 124 ]
	prefix=(setpriv --reuid nobody --regid nogroup --clear-groups)
	program=/tmp/wait/vdpa
	await_dev foo driver vhost_vdpa
	echo foo >/sys/bus/vdpa/drivers/vhost_vdpa/bind
	is_content
}

@test "where the kernel sends no events" {
	prefix=(unshare --user --map-root-user --net)
	"${prefix[@]}" "$VDPA" dev wait foo 3>&- 2>"$errors" &
	waiter=$!
	sleep 0.5
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	is_content
}

@test "lines of a batch, and Ctrl-C ends it at once" {
	run --separate-stderr timeout 20 "$VDPA" -b - <<-'END'
		dev add name foo mgmtdev vdpasim_net
		dev wait foo timeout 10
		dev del foo
		dev wait foo gone timeout 10
		dev wait foo timeout 0
		dev add name bar mgmtdev vdpasim_net
	END
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "vdpa: -:5: wait for 'foo': timed out after 0 s: there is no such device" ]
	[ ! -e /sys/bus/vdpa/devices/bar ]
	SECONDS=0
	# A shell lets what it runs in the background ignore interrupts.
	run --separate-stderr timeout --foreground -s INT -k 10 0.7 "$VDPA" -b - <<<'dev wait foo'
	[ "$status" -eq 124 ]
	[[ ${stderr_lines[0]} = 'vdpa: -:1: '*interrupted* ]]
	run --separate-stderr timeout --foreground --preserve-status -s INT -k 10 0.7 "$VDPA" dev wait foo
	[ "$status" -eq 130 ]
	[ -z "$output$stderr" ]
	[ "$SECONDS" -lt 8 ]
}

switches()
{
	awk '/ctxt_switches/ { print $2 }' "/proc/$waiter/status" "/proc/$(pgrep -P "$waiter")/status"
}

@test "while nothing happens it does not wake up" {
	await_dev foo driver vhost_vdpa timeout 3600
	is_asleep()
	{
		before=$(switches)
		sleep 4
		[ "$(switches)" = "$before" ]
	}
	await is_asleep
}
