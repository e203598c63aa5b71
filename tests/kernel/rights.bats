#!/usr/bin/env bats
# The same commands without the rights for them.

load helpers

setup_file()
{
	need_modules vdpa_sim_net
	# Where an unprivileged user can reach it, wherever the checkout lies.
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/rights/vdpa
	"$VDPA" dev add name mine mgmtdev vdpasim_net
}

teardown_file()
{
	delete_devices
}

as_nobody()
{
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vdpa "$@"
}

@test "an unprivileged user lists" {
	as_nobody -j dev show
	[ "$status" -eq 0 ]
	jq -e '.dev | keys == ["mine"]' <<<"$output"
	as_nobody mgmtdev show
	[ "$status" -eq 0 ]
}

@test "an unprivileged user neither adds, deletes nor changes: status 6 and a hint" {
	for words in 'dev add name x mgmtdev vdpasim_net' 'dev del mine' 'dev set mine mac 02:00:00:00:00:01'; do
		[ "${words#dev set}" = "$words" ] || ! kernel_is_a || continue
		# shellcheck disable=SC2086 # words
		as_nobody $words
		[ "$status" -eq 6 ]
		[ -z "$output" ]
		[[ $stderr = 'vdpa: '*'Operation not permitted'*'hint: run it as root'* ]]
	done
	[ -e /sys/bus/vdpa/devices/mine ]
	[ ! -e /sys/bus/vdpa/devices/x ]
}

@test "root without CAP_NET_ADMIN: status 6, and which right is missing" {
	run --separate-stderr setpriv --bounding-set -net_admin --inh-caps -net_admin \
		/tmp/rights/vdpa dev add name x mgmtdev vdpasim_net
	[ "$status" -eq 6 ]
	[[ $stderr = *'hint: CAP_NET_ADMIN is needed in the initial user namespace'* ]]
	[ ! -e /sys/bus/vdpa/devices/x ]
}

@test "root of a user namespace of its own: status 6" {
	run --separate-stderr unshare --user --map-root-user /tmp/rights/vdpa dev del mine
	[ "$status" -eq 6 ]
	[[ $stderr = *'initial user namespace'* ]]
	[ -e /sys/bus/vdpa/devices/mine ]
}

@test "another network namespace: status 7, and how to come out of it" {
	run --separate-stderr unshare --net /tmp/rights/vdpa dev show
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *'hint: '*'nsenter --net=/proc/1/ns/net vdpa'* ]]
	unshare --net nsenter --net=/proc/1/ns/net /tmp/rights/vdpa dev show mine
}
