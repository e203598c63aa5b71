#!/usr/bin/env bats
# Options, and where they may stand.

load helpers

fake_list()
{
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=foo $sim_dev
		done
	END
}

json='{"dev":{"foo":{"type":"network","mgmtdev":"vdpasim_net","vendor_id":0,"max_vqs":3,"max_vq_size":256}}}'

@test "options stand anywhere on the line, alone or in bundles" {
	fake_list
	for words in '-j dev show' 'dev -j show' 'dev show -j' 'dev show --json' '--json dev show' \
		'-jc=never dev show' 'dev show -j --color=never'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		[ "$status" -eq 0 ]
		[ "$output" = "$json" ]
	done
	for words in '-jp dev show' 'dev show -pj' '-j dev -p show' 'dev show --json --pretty'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		[ "$(jq -c . <<<"$output")" = "$json" ]
		[ "${lines[1]}" = '    "dev": {' ]
	done
}

@test "behind -- there are no options" {
	fake <<-END
		family
		expect DEV_GET name=-j
		reply DEV_NEW name=-j $sim_dev
	END
	vdpa -- dev show -j
	[ "$status" -eq 0 ]
	[[ $output = '-j: type network '* ]]
}

@test "POSIXLY_CORRECT changes nothing" {
	fake_list
	POSIXLY_CORRECT=1 vdpa dev show -j
	[ "$output" = "$json" ]
}

@test "-V, --Version and --version" {
	for option in -V --Version --version; do
		vdpa_offline "$option"
		[ "$status" -eq 0 ]
		[[ $output = 'vdpa utility, '* ]]
	done
}

@test "unknown options are usage errors" {
	for option in -x -jx --nope --json=yes --pretty=; do
		vdpa_offline "$option" dev show
		assert_usage
	done
	vdpa_offline -jx dev show
	[[ $stderr = *"unknown option '-x'"* ]]
}

@test "colour: never by itself, always when asked, auto only on a terminal" {
	fake_list
	vdpa dev show
	[[ $output != *$'\033'* ]]
	for option in -c -c=always --color --color=always; do
		vdpa "$option" dev show
		[[ $output = $'\033[1;36mfoo\033[0m: type network '* ]]
	done
	for option in -c=auto --color=auto -c=never --color=never; do
		vdpa "$option" dev show
		[[ $output != *$'\033'* ]]
	done
	vdpa -jc dev show
	[ "$output" = "$json" ]
}

@test "colour on a terminal, unless NO_COLOR is set" {
	need_terminal
	fake_list
	write_wrapper
	run script -qec "$wrapper --color=auto dev show" /dev/null
	[[ $output = *$'\033[1;36mfoo'* ]]
	run script -qec "$wrapper dev show" /dev/null
	[[ $output != *$'\033'* ]]
	export NO_COLOR=1
	run script -qec "$wrapper --color=auto dev show" /dev/null
	[[ $output != *$'\033'* ]]
	run script -qec "$wrapper --color=always dev show" /dev/null
	[[ $output = *$'\033[1;36mfoo'* ]]
}

@test "a colour that is none" {
	vdpa_offline --color=pink dev show
	assert_usage
	[[ $stderr = *"auto, always or never, not 'pink'"* ]]
}

# Runs vdpa on a terminal of so many columns; what it prints is in $output, with plain line ends.
on_terminal()
{
	local columns=$1

	shift
	run script -qec "stty cols $columns; $wrapper $*" /dev/null
	output=${output//$'\r'/}
}

@test "the last column of a table goes on below itself where a terminal has no room" {
	need_terminal
	fake </dev/null
	write_wrapper
	on_terminal 60 feature list type fs
	[ "$status" -eq 0 ]
	[[ $output = *$'\n29  RING_EVENT_IDX            event index notification\n                              suppression\n'* ]]
	whole=$("$VDPA" feature list type fs)
	[ "$(wc -L <<<"$output")" -le 60 ]
	[ "$(tr -s ' \n' ' ' <<<"$output")" = "$(tr -s ' \n' ' ' <<<"$whole")" ]
	on_terminal 200 feature list type fs
	[ "$output" = "$whole" ]
	# In a pipe, and on one line, nothing is folded.
	on_terminal 60 -o feature list type fs
	[ "$output" = "$("$VDPA" -o feature list type fs)" ]
}

@test "help and usage fit a terminal, and say the same there" {
	need_terminal
	fake </dev/null
	write_wrapper
	for line in help '-d help' 'dev help' 'dev add -h' 'monitor -h' 'dev features -h' 'dev show -h'; do
		# shellcheck disable=SC2086 # words
		whole=$("$VDPA" $line)
		for columns in 80 120; do
			on_terminal "$columns" "$line"
			[ "$status" -eq 0 ]
			[ "$(wc -L <<<"$output")" -le "$columns" ]
			# Examples are continued as a shell reads them, at blanks.
			[ "$(xargs -d '\n' <<<"${output// \\$'\n'/$'\n'}" | tr -s ' ')" = \
				"$(xargs -d '\n' <<<"$whole" | tr -s ' ')" ]
		done
		[ "$(wc -L <<<"$whole")" -gt 80 ]
	done
	on_terminal 80 dev add
	[ "$status" -eq 2 ]
	[ "$(sed 1d <<<"$output" | wc -L)" -le 80 ]
	# Too narrow a one is left to fold by itself.
	on_terminal 20 dev add -h
	[ "$status" -eq 0 ]
}

@test "the help of each tool fits on a screen of 24 lines, and names all commands and options" {
	need_terminal
	fake </dev/null
	for tool in vdpa vduse vfio mshv; do
		wrapper=${VDPA%vdpa}$tool
		on_terminal 80 help
		[ "$status" -eq 0 ]
		[ "$(wc -l <<<"$output")" -lt 24 ]
		while read -r word; do
			grep -q "^  $word  *[A-Za-z]" <<<"$output"
		done < <("$wrapper" --complete '')
		while read -r word; do
			grep -qE -- "[ /]$word([ /=[]|\$)" <<<"$output"
		done < <("$wrapper" --complete -)
	done
}

@test "on a terminal rows stand below each other, elsewhere a blank is between fields" {
	need_terminal
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=foo $sim_dev
		reply DEV_NEW name=long-name $sim_dev
		done
	END
	write_wrapper
	local fields='type network mgmtdev vdpasim_net vendor_id 0 max_vqs 3 max_vq_size 256'

	vdpa dev show
	[ "$output" = "foo: $fields"$'\n'"long-name: $fields" ]
	on_terminal 100 dev show
	[ "$output" = "foo:       $fields"$'\n'"long-name: $fields" ]
	on_terminal 100 -o dev show
	[ "$output" = "foo: $fields"$'\n'"long-name: $fields" ]
	on_terminal 80 dev show
	[[ $output = "foo:       ${fields% max_vq_size*}"$'\n    max_vq_size 256\nlong-name: '* ]]
	on_terminal 80 -jp dev show
	jq -e '.dev | keys == ["foo", "long-name"]' <<<"$output"
}

@test "-H: sizes for people, but not for programs" {
	fake <<-END
		family
		expect CONFIG_GET name=foo
		reply CONFIG_GET name=foo id=2 u64_21=3072 22:u32=4096
	END
	for option in -H --human-readable; do
		vdpa "$option" dev config show foo
		[ "$output" = 'foo: capacity 1.5 MiB size_max 4.0 KiB ' ]
	done
	vdpa -Hj dev config show foo
	jq -e '.config.foo == {capacity: 3072, size_max: 4096}' <<<"$output"
}
