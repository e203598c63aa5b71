#!/usr/bin/env bats
# Statistics of the simulated network device, with a real driver and real packets.

load helpers

setup()
{
	need_modules vdpa_sim_net vdpa_sim_blk virtio_net
	"$VDPA" dev add name net0 mgmtdev vdpasim_net mac 02:00:00:00:00:01
	"$VDPA" dev add name disk mgmtdev vdpasim_blk
}

teardown()
{
	stop_churn
	delete_devices
	! grep -q '^virtio_vdpa ' /proc/modules || rmmod virtio_vdpa
}

# Binds the driver and sends packets, which the simulator gives back.
make_traffic()
{
	modprobe virtio_vdpa
	interface=$(basename /sys/bus/vdpa/devices/net0/virtio*/net/*)
	ip link set "$interface" up
	ping -c 2 -i 0.2 -W 1 -I "$interface" 192.0.2.1 >/dev/null 2>&1 || true
}

@test "a driver without statistics: status 7, and all who have some are shown" {
	run --separate-stderr "$VDPA" -j stats show disk
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *"'disk': its driver keeps no statistics"* ]]
	! kernel_is_a || {
		run --separate-stderr "$VDPA" -j stats show net0
		[ "$status" -eq 7 ]
		return
	}
	make_traffic
	run --separate-stderr "$VDPA" -j stats show
	[ "$status" -eq 7 ]
	jq -e '.stats | keys == ["net0"]' <<<"$output"
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "before a driver has negotiated: said so, with a hint" {
	! kernel_is_a || return 0
	run --separate-stderr "$VDPA" -j stats show net0
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr = *'feature negotiation not complete'*'"hint":'*virtio_vdpa* ]]
}

@test "all queues in one go, of the right types, and counters rise with traffic" {
	! kernel_is_a || return 0
	make_traffic
	run --separate-stderr "$VDPA" -j dev stats show net0
	[ "$status" -eq 0 ]
	jq -e '.stats.net0 | .type == "network" and [.queues[] | [.index, .type]] ==
		[[0, "rx"], [1, "tx"], [2, "control"]]' <<<"$output"
	jq -e '.stats.net0.queues[1].counters | .tx_packets > 0 and .tx_bytes > 0' <<<"$output"
	before=$(jq .stats.net0.queues[1].counters.tx_packets <<<"$output")
	make_traffic
	"$VDPA" -j stats show net0 qidx 1 |
		jq -e --argjson before "$before" '.stats.net0.queues | length == 1 and .[0].counters.tx_packets > $before'
	[[ $("$VDPA" stats show net0) = *$'\n  index 2 type control cvq_requests '* ]]
}

@test "a queue that the device does not have" {
	! kernel_is_a || return 0
	make_traffic
	run --separate-stderr "$VDPA" stats show net0 qidx 9
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "vdpa: read the statistics of 'net0': it has no queue 9: there are 3, numbered from 0" ]
	run --separate-stderr "$VDPA" stats show net0 qidx 32769
	[ "$status" -eq 2 ]
}

@test "rates: so many documents, a line each" {
	! kernel_is_a || return 0
	make_traffic
	run --separate-stderr "$VDPA" -j stats show net0 interval 1 count 2
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	for line in "${lines[@]}"; do
		jq -e '.stats.net0.queues | length == 3' <<<"$line"
	done
	run --separate-stderr "$VDPA" dev stats show net0 interval 1 count 2
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	for line in "${lines[@]}"; do
		[[ $line = 'net0: type network\  index 0 type rx rx_packets '*'\  index 2 type control '* ]]
	done
	run --separate-stderr "$VDPA" stats show net0 count 2
	[ "$status" -eq 2 ]
}

@test "vstats is iproute2's, but for the type of the queue" {
	! kernel_is_a || return 0
	make_traffic
	# An interface that is up sends by itself, and the counters would differ for that.
	ip link set "$interface" down
	sleep 1
	for queue in 0 1 2; do
		diff <("$PEER" -j dev vstats show net0 qidx "$queue" | jq '.vstats.net0 | del(.queue_type)') \
			<("$VDPA" -j dev vstats show net0 qidx "$queue" | jq '.vstats.net0 | del(.queue_type)')
	done
	[ "$("$VDPA" -j dev vstats show net0 qidx 0 | jq -r .vstats.net0.queue_type)" = rx ]
	[ "$("$VDPA" -j dev vstats show net0 qidx 2 | jq -r .vstats.net0.queue_type)" = control_vq ]
}

replace_net0()
{
	"$VDPA" dev del net0
	"$VDPA" dev add name net0 mgmtdev vdpasim_net
}

@test "a device that is deleted while its statistics are read" {
	! kernel_is_a || return 0
	start_churn replace_net0
	# Not "i", which run takes for itself.
	for ((round = 0; round < 10; round++)); do
		run --separate-stderr "$VDPA" -j stats show
		((status == 0 || status == 1 || status == 7))
		jq -e .stats <<<"$output"
	done
}

@test "no such device" {
	for words in 'stats show nope' 'dev vstats show nope' 'dev stats show nope qidx 1'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" $words
		[ "$status" -eq 3 ]
		[ -z "$output" ]
	done
}
