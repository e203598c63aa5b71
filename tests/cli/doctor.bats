#!/usr/bin/env bats
# doctor with kernels that say what they should not. What else it finds is this machine's.

load helpers

# Prints a member of a check's row, if it has it.
of()
{
	jq -r --arg check "$1" ".doctor[] | select(.check == \$check) | .$2 // empty" <<<"$output"
}

# A conversation in which these are the management devices, and there is no device.
mgmtdevs()
{
	{
		echo family
		echo 'expect MGMTDEV_GET dump'
		cat
		echo 'done'
		echo 'expect DEV_GET dump'
		echo 'done'
	} | fake
}

@test "a kernel without the family: the whole document, and status 7" {
	fake <<<nofamily
	vdpa -j doctor
	[ "$status" -eq 7 ]
	jq -e '.doctor | length == 20 and all(.[]; .found != "" and .hint != "")' <<<"$output"
	[ "$(of family state) $(of mgmtdevs state)" = 'missing missing' ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a kernel that does not list its management devices" {
	fake <<-END
		family
		expect MGMTDEV_GET dump
		done EIO
	END
	vdpa -j doctor
	# Whoever has the right to add fails for this reason, and others for theirs.
	((status == 1 || status == 6))
	[ "$(of mgmtdevs state)" = warning ]
	[[ $(of mgmtdevs found) = 'unknown: list management devices: '*'Input/output error' ]]
}

@test "names of management devices that no terminal should get" {
	mgmtdevs <<-'END'
		reply MGMTDEV_NEW 'mgmtdev=a\x1b[31m\n\xff' classes=2
	END
	vdpa doctor
	[[ $output = *$'\nmgmtdevs            ok       a\\x1b[31m\\x0a\\xff; with 0 devices\n'* ]]
	vdpa -j doctor
	[ "$(of mgmtdevs found)" = $'a\e[31m\n\\xff; with 0 devices' ]
}

@test "more and longer names than there is room for" {
	long=$(printf 'n%.0s' {1..300})
	for n in {1..20}; do
		echo "reply MGMTDEV_NEW mgmtdev=$n$long classes=2"
	done | mgmtdevs
	vdpa -j doctor
	[ "$(of mgmtdevs state)" = ok ]
	[[ $(of mgmtdevs found) =~ ^1n+\ and\ 14\ more\;\ with\ 0\ devices$ ]]
	for n in {1..20}; do
		echo "reply MGMTDEV_NEW mgmtdev=m$n classes=2"
	done | mgmtdevs
	vdpa -j doctor
	[ "$(of mgmtdevs found)" = 'm1, m2, m3, m4, m5, m6 and 14 more; with 0 devices' ]
}

@test "doctor takes no words, and completion offers it" {
	vdpa_offline doctor everything
	assert_usage
	[ "$("$VDPA" --complete doc)" = doctor ]
}
