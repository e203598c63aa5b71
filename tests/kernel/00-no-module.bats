#!/usr/bin/env bats
# A kernel in which vdpa is not loaded: the state of a fresh host.

load helpers

setup_file()
{
	unload_modules
}

@test "without the module: status 7, nothing on stdout, and the command that helps" {
	run --separate-stderr "$VDPA" mgmtdev show
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} = 'vdpa: '*"no netlink family 'vdpa'"* ]]
	[[ ${stderr_lines[1]} = 'hint: modprobe '* ]]
}

@test "without the module: add, del, set and show say the same" {
	for words in 'dev show' 'dev show x' 'dev del x' 'dev set x mac 02:00:00:00:00:01' \
		'dev add name x mgmtdev vdpasim_net' 'mgmtdev show x'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" -j $words
		[ "$status" -eq 7 ]
		[ -z "$output" ]
		[[ $stderr = *"no netlink family 'vdpa'"*'"hint":"modprobe '* ]]
	done
}

@test "without the module: help and version work" {
	for words in '' help 'dev help' 'dev add help' '-V' 'help dev set'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VDPA" $words
		[ "$status" -eq 0 ]
		[ -n "$output" ]
		[ -z "$stderr" ]
	done
}

@test "without the module: a wrong word is a wrong word" {
	run --separate-stderr "$VDPA" dev add name x mgmtdev m mtu 67
	[ "$status" -eq 2 ]
}

@test "the module of the simulator: its management device is there, and no other" {
	need_modules vdpa_sim_net
	run --separate-stderr "$VDPA" dev add name x mgmtdev vdpasim_blk
	[ "$status" -eq 3 ]
	[ "${stderr_lines[1]}" = 'hint: modprobe vdpa_sim_blk' ]
	run --separate-stderr "$VDPA" mgmtdev show
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'vdpasim_net: ' ]
}
