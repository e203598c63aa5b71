#!/usr/bin/env bats
# A request that the kernel stays in: said after two seconds, and a signal gives the terminal back.

load helpers

setup()
{
	need_modules vdpa_sim_net vhost_vdpa
	"$VDPA" dev add name held mgmtdev vdpasim_net driver vhost_vdpa
	node=$("$VDPA" -jd dev show held | jq -r .dev.held.chardev)
	# shellcheck disable=SC2217 # it holds the node, and reads nothing
	sleep 60 <"$node" 3>&- &
	holder=$!
}

teardown()
{
	kill "$holder" || true
	wait "$holder" || true
	# What still waited in the kernel can go on now.
	timeout 20 sh -c 'while pidof vdpa; do sleep 0.1; done'
	delete_devices
	rmmod vhost_vdpa
}

# Runs vdpa and sends it a signal after so many seconds: interrupt SIGNAL SECONDS WORDS...
interrupt()
{
	local signal=$1 after=$2

	shift 2
	# A shell lets what it runs in the background ignore interrupts.
	run --separate-stderr timeout --foreground -s "$signal" -k 10 "$after" "$VDPA" "$@"
	echo "status $status: $stderr"
}

@test "after two seconds it says what it waits for" {
	interrupt TERM 3 -f dev del held
	[ "$status" -eq 124 ]
	[[ ${stderr_lines[0]} = 'vdpa: still waiting for the kernel: -f dev del held' ]] ||
		[[ ${stderr_lines[0]} = 'vdpa: still waiting for the kernel: dev del held' ]]
	[[ ${stderr_lines[1]} = 'hint: Ctrl-C stops waiting'* ]]
}

@test "Ctrl-C ends it at once" {
	SECONDS=0
	interrupt INT 0.5 -f dev del held
	[ "$status" -eq 124 ]
	[ "$SECONDS" -lt 5 ]
	[[ ${stderr_lines[0]} = 'vdpa: interrupted while the kernel works on it: dev del held' ]]
	[[ ${stderr_lines[1]} = 'hint: the kernel cannot be stopped and may still do it' ]]
}

@test "what only reads is interrupted without a word" {
	"$VDPA" -f dev del held 3>&- >/dev/null 2>&1 &
	sleep 0.3
	interrupt INT 0.5 dev show
	[ "$status" -eq 124 ]
	[ -z "$output$stderr" ]
}

@test "another command that waits behind it ends as well" {
	"$VDPA" -f dev del held 3>&- >/dev/null 2>&1 &
	deleter=$!
	sleep 0.3
	SECONDS=0
	interrupt INT 2.5 dev show
	[ "$status" -eq 124 ]
	[ "$SECONDS" -lt 8 ]
	[ -z "$output" ]
	[[ $stderr = *'still waiting for the kernel: dev show'* ]]
	# Its output has an end, although the kernel still holds on to the request.
	[ -z "$(timeout --foreground -s INT 0.5 "$VDPA" -j dev show | cat)" ]
	kill "$holder"
	wait "$deleter"
	[ "$("$VDPA" -j dev show | jq -c .dev)" = '{}' ]
}

@test "what was given up while the bus was stuck is not carried out later" {
	"$VDPA" dev add name other mgmtdev vdpasim_net driver none
	echo 'dev del other' >"$BATS_TEST_TMPDIR/commands"
	"$VDPA" -f dev del held 3>&- >/dev/null 2>&1 &
	deleter=$!
	sleep 0.3
	for words in 'dev del other' "-b $BATS_TEST_TMPDIR/commands" 'dev add name late mgmtdev vdpasim_net' \
		'dev add name late mgmtdev vdpasim_net driver none'; do
		# shellcheck disable=SC2086 # words
		interrupt INT 0.7 $words
		[ "$status" -eq 124 ]
		[ -z "$output" ]
	done
	kill "$holder"
	wait "$deleter"
	timeout 20 sh -c 'while pidof vdpa; do sleep 0.1; done'
	[ "$("$VDPA" -j dev show | jq -c '.dev | keys')" = '["other"]' ]
}

@test "a write to sysfs that waits is told and ended the same way" {
	interrupt INT 2.5 -f dev set held driver none
	[ "$status" -eq 124 ]
	[[ $stderr = *'still waiting for the kernel: dev set held driver none'* ]]
}

@test "doctor ends while the bus is stuck, and says who is in the way" {
	"$VDPA" -f dev del held 3>&- >/dev/null 2>&1 &
	sleep 0.5
	run --separate-stderr timeout 30 "$VDPA" -j doctor
	[ "$status" -eq 5 ]
	jq -e '.doctor[] | select(.check == "family") | .state == "missing" and
		(.hint | test("/dev/vhost-vdpa-N is closed, which is open in process '"$holder"' "))' <<<"$output"
	[[ $stderr = *'no device can be added now: the kernel does not answer'* ]]
}

@test "monitor goes on while the bus is stuck, and says who is in the way" {
	log=$BATS_TEST_TMPDIR/log
	! grep -q '^vdpa_sim_blk ' /proc/modules || rmmod vdpa_sim_blk
	"$VDPA" dev add name other mgmtdev vdpasim_net driver none
	"$VDPA" -f dev del held 3>&- >/dev/null 2>&1 &
	sleep 0.5
	"$VDPA" monitor >"$log" 2>"$log.err" 3>&- &
	monitor=$!
	timeout 20 sh -c "until grep -q left '$log.err'; do sleep 0.1; done"
	[[ $(<"$log.err") = 'vdpa: management devices are left out until the vdpa bus answers: the kernel waits until /dev/vhost-vdpa-N is closed, which is open in process '"$holder "*': end it' ]]
	echo other >/sys/bus/vdpa/drivers/vhost_vdpa/bind
	timeout 10 sh -c "until grep -q '^bind dev other' '$log'; do sleep 0.1; done"
	# Afterwards they are told of as ever.
	kill "$holder"
	timeout 10 sh -c "until grep -q '^remove dev held' '$log'; do sleep 0.1; done"
	sleep 2
	need_modules vdpa_sim_blk
	timeout 20 sh -c "until grep -q '^add mgmtdev vdpasim_blk' '$log'; do sleep 0.1; done"
	[ "$(wc -l <"$log.err")" -eq 1 ]
	kill "$monitor"
	wait "$monitor"
	rmmod vdpa_sim_blk
}
