#!/usr/bin/env bats
# Side by side with iproute2's vdpa on the same devices.

load helpers

# Other than iproute2's on purpose, as the documentation says: bits without a name there are
# "bit_N" in JSON too, where it prints a bare number, and have their names where we know one.
known_difference='
	def named: map(if type == "number" then "bit_\(.)" else . end);
	if .mgmtdev then .mgmtdev |= map_values(.dev_features |= named) else . end'

setup_file()
{
	need_modules vdpa_sim_net vdpa_sim_blk vduse
	bind_vp_vdpa
	"$PEER" dev add name net0 mgmtdev vdpasim_net
	"$PEER" dev add name net1 mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 9000
	"$PEER" dev add name 'two words' mgmtdev vdpasim_net
	"$PEER" dev add name blk0 mgmtdev vdpasim_blk
	"$PEER" dev add name vp0 mgmtdev "pci/$(bind_vp_vdpa)"
}

teardown_file()
{
	delete_devices
}

# Bit 40 has its name in ours.
with_our_names()
{
	sed 's/\bbit_40\b/RING_RESET/'
}

same_json()
{
	diff <("$PEER" -j "$@" | jq "$known_difference" | with_our_names) \
		<("$VDPA" -j "$@" | jq "$known_difference")
}

same_text()
{
	diff <("$PEER" "$@" | with_our_names) <("$VDPA" "$@")
}

# Byte for byte, but for the two keys that end in a blank there and the bits that are numbers.
same_pretty()
{
	diff <("$PEER" -jp "$@" | sed -E 's/ ": /": /; /dev_features/s/([ ,])([0-9]+)/\1"bit_\2"/g' | with_our_names) \
		<("$VDPA" -jp "$@")
}

@test "mgmtdev show: all, key by key and value by value" {
	same_json mgmtdev show
	same_text mgmtdev show
}

@test "mgmtdev show: each" {
	local name count=0

	while read -r name; do
		same_json mgmtdev show "$name"
		same_text mgmtdev show "$name"
		count=$((count + 1))
	done < <("$PEER" -j mgmtdev show | jq -r '.mgmtdev | keys[]')
	[ "$count" -eq 4 ]
}

@test "dev show: all, byte for byte" {
	same_json dev show
	same_text dev show
	[ "$("$PEER" -j dev show)" = "$("$VDPA" -j dev show)" ]
}

@test "dev show: each" {
	local name count=0

	while read -r name; do
		same_json dev show "$name"
		same_text dev show "$name"
		count=$((count + 1))
	done < <("$PEER" -j dev show | jq -r '.dev | keys[]')
	[ "$count" -eq 5 ]
}

@test "configurations in text: byte for byte" {
	same_text dev config show net1
	same_text dev config show vp0
}

@test "pretty JSON: byte for byte" {
	for words in 'mgmtdev show' 'dev show' 'dev config show net1' 'dev config show vp0'; do
		# shellcheck disable=SC2086 # words
		same_pretty $words
	done
}

@test "shortened words mean what they mean there" {
	for words in 'd s' 'd l' 'd' 'de sh' 'm s' 'mg li' 'd s net0' 'm s vdpasim_net'; do
		# shellcheck disable=SC2086 # words
		same_text $words
	done
}

@test "what one makes the other deletes, by whole and by short words" {
	"$VDPA" d a name made_here mgmtdev vdpasim_net
	"$PEER" dev show made_here
	"$PEER" dev del made_here
	"$PEER" dev add name made_there mgmtdev vdpasim_net
	"$VDPA" d d made_there
	run "$PEER" dev show made_there
	[ "$status" -ne 0 ]
}

@test "a name of 100 bytes: it aborts on it, ours shows it and all others" {
	name=$(printf '%0100d' 7)
	"$PEER" dev add name "$name" mgmtdev vdpasim_net
	run "$PEER" dev show
	[ "$status" -ne 0 ]
	run --separate-stderr "$VDPA" -j dev show
	[ "$status" -eq 0 ]
	jq -e '.dev | length == 6' <<<"$output"
	"$VDPA" dev del "$name"
}

@test "a forgotten value, stray words: it sends them, ours does not" {
	"$PEER" dev add name forgot mgmtdev vdpasim_net mac || true
	for words in 'dev add name x mgmtdev vdpasim_net mac' 'dev add name x mgmtdev vdpasim_net stray' \
		'dev add name x name y mgmtdev vdpasim_net' 'dev show net0 net1' 'mgmtdev show vduse stray' \
		'dev set net0 mac 02:00:00:00:00:01 stray'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" $words
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = 'vdpa: '* ]]
		[[ ${stderr_lines[1]} = 'Usage: vdpa '* ]]
	done
	[ ! -e /sys/bus/vdpa/devices/x ]
	[ ! -e /sys/bus/vdpa/devices/forgot ] || "$VDPA" dev del forgot
}

@test "addresses and numbers that are none: refused with the range" {
	for words in 'mac 10.0.0.1' 'mac 1:2' 'mac 02:00:00:00:00:01:02' 'mtu 99999' 'mtu abc' 'mtu 67' \
		'max_vqp 0' 'max_vqp 65536' 'device_features MTU,MACK' 'device_features ,'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_net $words
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = "vdpa: dev add: ${words%% *}"* ]]
	done
	[ ! -e /sys/bus/vdpa/devices/x ]
}

@test "features by name: it has no message, ours has the device" {
	run "$PEER" dev add name named mgmtdev vdpasim_net device_features MTU,MAC
	[ "$status" -ne 0 ]
	"$VDPA" dev add name named mgmtdev vdpasim_net device_features MTU,MAC
	"$VDPA" dev del named
}

@test "an error in JSON mode: it prints half a document, ours none" {
	run --separate-stderr "$PEER" -j dev show nope
	[ -n "$output" ]
	run --separate-stderr "$VDPA" -j dev show nope
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	as_text
	[ "${stderr_lines[0]}" = "vdpa: show 'nope': there is no such device" ]
}

@test "a block device: it hides all behind it or prints nothing, ours shows what there is" {
	# The block device lies before vp0, and after others.
	run --separate-stderr "$PEER" -j dev config show
	jq -e '.config.vp0 and (.config.blk0 | has("capacity")) | not' <<<"$output"
	run --separate-stderr "$VDPA" -j dev config show
	jq -e '.config | has("net0") and has("net1") and has("vp0")' <<<"$output"
	[ "$status" -eq 0 ]
	if kernel_is_a; then
		[[ $stderr = *"'blk0'"* ]]
	else
		jq -e '.config.blk0.capacity > 0' <<<"$output"
	fi
}

@test "keys with blanks at their end, what is offered: it has them and has it not, ours the other way" {
	"$PEER" -j dev config show net0 | jq -e '.config.net0 | has("link ") and has("link_announce ")'
	"$VDPA" -jd dev config show net0 | jq -e '.config.net0 | has("link") and has("link_announce") and has("device_features")'
	"$PEER" -j dev show net0 | jq -e '.dev.net0 | has("min_vq_size") | not'
	"$VDPA" -jd dev show net0 | jq -e '.dev.net0.min_vq_size == 1'
}

@test "queue 0 of the simulator: it calls it the control queue, ours by its right name" {
	! kernel_is_a || return 0
	need_modules virtio_vdpa virtio_net
	"$VDPA" dev set net0 driver virtio_vdpa
	"$PEER" -j dev vstats show net0 qidx 0 | jq -e '.vstats.net0.queue_type == "control_vq"'
	"$VDPA" -j dev vstats show net0 qidx 0 | jq -e '.vstats.net0.queue_type == "rx"'
	same_text dev vstats show net0 qidx 1
	"$VDPA" -j dev vstats show net0 qidx 2 | jq -e '.vstats.net0.queue_type == "control_vq"'
	"$VDPA" -j stats show net0 | jq -e '[.stats.net0.queues[].type] == ["rx", "tx", "control"]'
	"$VDPA" dev set net0 driver none
	rmmod virtio_vdpa
}

@test "an error of statistics in JSON mode: it prints an empty document, ours none" {
	run --separate-stderr "$PEER" -j dev vstats show blk0 qidx 0
	[ -n "$output" ]
	run --separate-stderr "$VDPA" -j dev vstats show blk0 qidx 0
	[ "$status" -eq 7 ]
	[ -z "$output" ]
}

@test "bits without a name: it mixes strings and numbers in an array, ours has strings" {
	"$PEER" -j mgmtdev show "pci/$(bind_vp_vdpa)" |
		jq -e '[.mgmtdev[].dev_features[] | type] | unique == ["number", "string"]'
	"$VDPA" -j mgmtdev show | jq -e '[.mgmtdev[].dev_features[] | type] | unique == ["string"]'
}

@test "help: it needs the kernel, ours does not" {
	run unshare --net "$PEER" help
	[ "$status" -ne 0 ]
	unshare --net "$VDPA" help | grep -q '^Usage: vdpa '
}

@test "-n: its usage offers it and it is refused, ours takes it" {
	"$PEER" -n dev show >"$BATS_TEST_TMPDIR/output" 2>&1 && false
	"$VDPA" -jn mgmtdev show vdpasim_net | jq -e '.mgmtdev.vdpasim_net.dev_features | startswith("0x")'
}

@test "failures: all of its end with 1, ours tell them apart" {
	expect()
	{
		local wanted=$1

		shift
		run "$PEER" "$@"
		[ "$status" -eq 1 ] || [ "$status" -eq 255 ]
		run "$VDPA" "$@"
		[ "$status" -eq "$wanted" ]
	}

	expect 2 dev frobnicate
	expect 3 dev show nope
	expect 4 dev add name net0 mgmtdev vdpasim_net
	expect 7 dev add name x mgmtdev vdpasim_blk mtu 2000
}

@test "what it lacks: batch, monitor, completion, filters, drivers, nodes" {
	for words in '-b /dev/null' 'monitor' '--complete dev sh' 'dev show type net' 'dev show driver none' \
		'dev set net0 driver none' 'dev find net0' 'doctor' 'feature list' 'stats show'; do
		# shellcheck disable=SC2086 # words
		run timeout 5 "$PEER" $words
		[ "$status" -ne 0 ]
	done
	"$VDPA" -b /dev/null
	[ "$("$VDPA" --complete dev sh)" = show ]
	"$VDPA" -j dev show type net driver none | jq -e '.dev | has("net0")'
	"$VDPA" dev set net0 driver none
	"$VDPA" feature list >/dev/null
}

@test "usage names every command, and every option that is taken" {
	run --separate-stderr "$VDPA" -d help
	[[ $output = *'vdpa dev set '* ]]
	for option in V h j p d o n f c t; do
		[[ $output = *"-$option, --"* ]]
		[ "$option" = V ] || [ "$option" = h ] || "$VDPA" "-$option" dev show >/dev/null
	done
}
