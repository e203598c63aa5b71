#!/usr/bin/env bats
# Many devices, several processes at once, and outputs that fail.

load helpers

setup_file()
{
	need_modules vdpa_sim_net
}

teardown()
{
	stop_churn
	delete_devices
}

# All by one program, whether some are there already or not: add_many COUNT [NAME]
add_many()
{
	seq 0 "$(($1 - 1))" | sed "s/.*/dev add name ${2-many}& mgmtdev vdpasim_net ensure/" | "$VDPA" -b -
}

@test "the same name from two processes at once: one wins, the other is told that it exists" {
	local round first second

	for round in 1 2 3 4 5 6 7 8 9 10; do
		"$VDPA" dev add name "twin$round" mgmtdev vdpasim_net 2>/tmp/first &
		first=$!
		"$VDPA" dev add name "twin$round" mgmtdev vdpasim_net 2>/tmp/second &
		second=$!
		set +e
		wait "$first"
		first=$?
		wait "$second"
		second=$?
		set -e
		[ "$((first + second))" -eq 4 ]
		grep -q 'exists already' /tmp/first /tmp/second
	done
	"$VDPA" -j dev show | jq -e '.dev | length == 10'
}

replace_some()
{
	"$VDPA" dev del many3 many7 many19
	add_many 20
}

@test "a list while devices come and go is a whole document each time, none twice" {
	local i

	add_many 20
	start_churn replace_some
	for ((i = 0; i < 20; i++)); do
		"$VDPA" -j dev show >/tmp/list
		# jq keeps the last of keys that stand twice: count them in the text.
		[ "$(jq '.dev | length' /tmp/list)" -eq "$(grep -o '"type"' /tmp/list | wc -l)" ]
	done
}

delete_many()
{
	"$VDPA" dev del many{0..29}
	add_many 30
}

@test "a list in several pieces holds every device that stays, whatever else goes" {
	local i

	add_many 30
	add_many 600 stays
	start_churn delete_many
	for ((i = 0; i < 15; i++)); do
		[ "$("$VDPA" dev show | grep -c '^stays')" -eq 600 ]
	done
}

@test "a device that goes between two requests: said so, status 3" {
	add_many 1
	"$VDPA" dev del many0
	run --separate-stderr "$VDPA" dev show many0
	[ "$status" -eq 3 ]
	run --separate-stderr "$VDPA" dev del many0
	[ "$status" -eq 3 ]
}

@test "300 devices: each is listed once, in text, JSON and pretty JSON" {
	add_many 300
	[ "$("$VDPA" dev show | sort -u | wc -l)" -eq 300 ]
	[ "$("$VDPA" dev show | wc -l)" -eq 300 ]
	"$VDPA" -j dev show | jq -e '.dev | length == 300'
	diff <("$VDPA" -j dev show | jq .) <("$VDPA" -jp dev show | jq .)
	[ "$("$VDPA" -j dev show)" = "$("$PEER" -j dev show)" ]
}

@test "a full disk is an error, in text and in JSON" {
	add_many 5
	for options in '' -j -jp; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr sh -c '"$@" >/dev/full' sh "$VDPA" $options dev show
		[ "$status" -eq 1 ]
		[ -z "$options" ] || as_text
		[ "$stderr" = 'vdpa: standard output: No space left on device' ]
	done
}

@test "a closed pipe is an error" {
	add_many 5
	for options in '' -j; do
		mkfifo "$BATS_TEST_TMPDIR/pipe$options"
		# shellcheck disable=SC2094 # a pipe's two ends
		exec {reader}<>"$BATS_TEST_TMPDIR/pipe$options" {closed}>"$BATS_TEST_TMPDIR/pipe$options"
		exec {reader}<&-
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c '"$@" >&'"$closed" bash "${VDPA/recorded/bin}" $options dev show
		exec {closed}>&-
		[ "$status" -eq 1 ]
		[ -z "$options" ] || as_text
		[ "$stderr" = 'vdpa: standard output: Broken pipe' ]
	done
}

@test "without a standard output devices are made all the same, and lists are errors" {
	run --separate-stderr sh -c '"$1" dev add name foo mgmtdev vdpasim_net >&-' sh "$VDPA"
	[ "$status" -eq 0 ]
	[ -e /sys/bus/vdpa/devices/foo ]
	run --separate-stderr sh -c '"$1" dev show >&-' sh "$VDPA"
	[ "$status" -eq 1 ]
	[ "$stderr" = 'vdpa: standard output: Bad file descriptor' ]
}
