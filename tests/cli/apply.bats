#!/usr/bin/env bats
# Files of devices: what "vdpa apply" reads, and what it refuses before it asks the kernel.

load helpers

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
}

# Applies standard input as the file "f" where the kernel must not hear of it.
refused()
{
	cat >f
	vdpa_offline apply f "$@"
	assert_usage
}

# Applies files on a host with a management device for network devices and no devices yet.
check_files()
{
	fake <<-'END'
		family
		expect MGMTDEV_GET dump
		reply MGMTDEV_NEW mgmtdev=vdpasim_net classes=2 mgmt_max_vqs=3 supported=0x33000002b
		done
		expect DEV_GET dump
		done
		expect CONFIG_GET dump
		done
	END
	vdpa apply "$@" check
	[ -z "$stderr" ]
}

# The same of standard input as a file, which is fine and wants $1 devices.
accepted()
{
	cat >f
	check_files f
	[[ ${lines[-1]} = "$1 to add"* ]]
	[ "$status" -eq 8 ]
}

# A document with this behind the version.
document()
{
	echo '{"save": {"version": 1, '"$1"'}}'
}

# The same of one device "a" with these keys besides its management device.
one()
{
	document '"dev": {"a": {"mgmtdev": "vdpasim_net", '"$1"'}}'
}

add='dev add name a mgmtdev vdpasim_net'

@test "lines: what a batch may have else is refused, with the line" {
	local line

	while IFS= read -r line; do
		refused <<<$'# first\n'"$line"
		[[ ${stderr_lines[0]} = 'vdpa: apply: f:2: '* ]]
	done <<-'END'
		dev show
		dev set a mac 02:00:00:00:00:01
		mgmtdev show
		apply other
		save
		help
		dev add help
		dev
		-j dev add name a mgmtdev vdpasim_net
		-V
		-- -- dev
		shwo
		dev del
		dev add mgmtdev vdpasim_net
		dev add name a
		dev add name a mgmtdev vdpasim_net mtu
		dev add name a mgmtdev vdpasim_net mtu 1
		dev add name a mgmtdev vdpasim_net mtu 9000 mtu 9000
		dev add name a mgmtdev vdpasim_net more
		dev add name a/b mgmtdev vdpasim_net
		dev add name '' mgmtdev vdpasim_net
		dev add name 'a mgmtdev vdpasim_net
		dev add name "a mgmtdev vdpasim_net
		dev add name a mgmtdev vdpasim_net group nogroup0
		dev add name a mgmtdev vdpasim_net owner nobody0
		dev add name a mgmtdev vdpasim_net mode 888
		dev add name a mgmtdev vdpasim_net wait 3 driver none
		dev add name a mgmtdev vdpasim_net group 0 driver virtio_vdpa
	END
}

@test "lines: what they may be" {
	accepted 3 <<-'END'
		# one
		dev add name a mgmtdev vdpasim_net # and a comment

		-- dev add name -a mgmtdev \
			vdpasim_net mtu 9000
		d a name 'a b' mgmtdev vdpasim_net
		dev del 'not there' -- -x
	END
	accepted 2 < <(printf '%s\r\n\r\ndev add name b mgmtdev vdpasim_net mtu \\\r\n9000\r\n' "$add")
	accepted 1 < <(printf '\xef\xbb\xbf%s' "$add")
	accepted 1 <<<"$add \\"
}

@test "names that are keywords" {
	accepted 4 <<-'END'
		dev add name help mgmtdev vdpasim_net
		dev add name name mgmtdev vdpasim_net
		dev add mgmtdev vdpasim_net name mgmtdev
		dev add name driver mgmtdev vdpasim_net
	END
	accepted 4 < <(document '"dev": {"help": {"mgmtdev": "vdpasim_net"}, "name": {"mgmtdev": "vdpasim_net"},
		"-f": {"mgmtdev": "vdpasim_net"}, "--": {"mgmtdev": "vdpasim_net"}}, "absent": ["check", "-h", "save"]')
}

@test "bytes that no line holds" {
	refused < <(printf '# x\ndev add name a\0b mgmtdev vdpasim_net\n')
	[[ ${stderr_lines[0]} = 'vdpa: apply: f:2: '*NUL* ]]
	refused < <(one '"mac": "\u0000"')
	[[ ${stderr_lines[0]} = *"f: dev 'a': \"mac\""*NUL* ]]
	refused < <(document '"dev": {
		"a\u0000b": {"mgmtdev": "vdpasim_net"}}')
	[[ ${stderr_lines[0]} = *'f:2: '*NUL* ]]
	refused < <(printf '{"save": {"version": 1, "dev": {"a\0b": {"mgmtdev": "x"}}}}')
	[[ ${stderr_lines[0]} = 'vdpa: apply: f:1: '* ]]
}

@test "JSON: keys and types" {
	local text

	while IFS=$'\t' read -r text; do
		refused <<<"$text"
		[[ ${stderr_lines[0]} = 'vdpa: apply: f: '* ]]
	done <<-END
		{}
		{"save": []}
		{"save": {"dev": {}}}
		{"save": {"version": 2, "dev": {}, "later": 1}}
		{"save": {"version": 0}}
		{"save": {"version": "1"}}
		{"save": {"version": 1.0}}
		{"save": {"version": null}}
		{"save": {"version": 1}, "more": 1}
		$(document '"devs": {}')
		$(document '"dev": []')
		$(document '"dev": {"a": null}')
		$(document '"dev": {"a": {}}')
		$(document '"dev": {"a": {"mgmtdev": null}}')
		$(document '"dev": {"": {"mgmtdev": "x"}}')
		$(document '"absent": "a"')
		$(document '"absent": [1]')
		$(document '"absent": [""]')
		$(one '"mtus": 9000')
		$(one '"name": "b"')
		$(one '"ensure": true')
		$(one '"mtu": "9000"')
		$(one '"mtu": 9000.0')
		$(one '"mtu": -1')
		$(one '"mtu": 99999999999999999999')
		$(one '"mac": 2')
		$(one '"mac": ["02:00:00:00:00:01"]')
		$(one '"device_features": 3')
		$(one '"device_features": ["MAC", 3]')
		$(one '"device_features": ["MAC", ""]')
		$(one '"device_features": {"MAC": true}')
		$(one '"mode": 660')
		$(one '"group": "nogroup0"')
		$(one '"wait": 3, "driver": "none"')
	END
}

@test "JSON: the message says what is wrong and where" {
	refused < <(one '"mtus": 9000')
	[ "${stderr_lines[0]}" = "vdpa: apply: f: dev 'a': unknown key \"mtus\"" ]
	refused < <(one '"mtu": "9000"')
	[ "${stderr_lines[0]}" = "vdpa: apply: f: dev 'a': \"mtu\" must be a number" ]
	refused <<<'{"save": {"version": 2, "dev": {}}}'
	[ "${stderr_lines[0]}" = 'vdpa: apply: f: version 2 is not supported, only 1' ]
	refused <<<'{"save": {"dev": {}}}'
	[ "${stderr_lines[0]}" = 'vdpa: apply: f: "version" is missing' ]
	refused <<-'END'
		{"save": {
			"version": 1,
			"dev": {,
	END
	[[ ${stderr_lines[0]} = 'vdpa: apply: f:3: not valid JSON: '* ]]
	for text in '{"save": ' '{"save": {"version": 1}} x' '{"save": {"version": 1,}}' "{'save': {}}"; do
		refused <<<"$text"
		[[ ${stderr_lines[0]} = 'vdpa: apply: f:'[12]': '* ]]
	done
}

@test "JSON: in any order, as saved, with what is never printed" {
	accepted 1 < <(one '"mtu": 9000, "device_features": ["MTU"], "group": 0, "mode": "0660", "wait": 0')
	accepted 1 <<-END

		{"save": {"absent": ["b"], "dev": {"a": {"device_features": [], "mgmtdev": "vdpasim_net"}}, "version": 1}}
	END
	accepted 1 < <(printf '\xef\xbb\xbf%s' "$(one '"mtu": 9000')")
}

@test "errors as documents with -j" {
	cat >f <<<$'\ndev show'
	vdpa_offline -j apply f
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	jq -e '.error | .status == 2 and (.message | startswith("apply: f:2: "))' <<<"$stderr"
	vdpa_offline -j apply gone
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	jq -e '.error.message | startswith("gone: ")' <<<"$stderr"
}

@test "the same name twice: the same words are fine, others are refused with both places" {
	local text

	echo "$add mtu 9000" >one
	echo "$add mtu 9000" >two
	check_files one two
	[ "$output" = $'a: add\n1 to add' ]
	for text in "$add" "$add mtu 1500" 'dev del a' 'dev del b a'; do
		echo $'# x\n'"$text" >two
		vdpa_offline apply one two
		assert_usage
		[[ ${stderr_lines[0]} = *' two:2: '*"'a'"*' one:1, '* ]]
	done
	one '"mtu": 1500' >two
	vdpa_offline apply one two
	assert_usage
	[[ ${stderr_lines[0]} = *"two: dev 'a'"*' one:1, '* ]]
}

@test "the same key twice in a JSON document" {
	refused <<-'END'
		{"save": {"version": 1, "dev": {
			"a": {"mgmtdev": "vdpasim_net"},
			"b": {"mgmtdev": "vdpasim_net"},
			"\u0061": {"mgmtdev": "vdpasim_net", "mtu": 9000}
		}}}
	END
	[[ ${stderr_lines[0]} = 'vdpa: apply: f:4: '*'"a"'*' line 2' ]]
	refused < <(one '"mtu": 9000, "mac": "\"mtu\":", "mtu": 1500')
	[[ ${stderr_lines[0]} = *'f:1: '*'"mtu"'* ]]
	refused <<<'{"save": {"version": 1}, "save": {"version": 1}}'
}

@test "two files for a management device with room for one" {
	echo 'dev add name a mgmtdev pci/0000:65:00.2' >one
	echo 'dev add name b mgmtdev 65:00.2' >two
	vdpa_offline apply one two
	assert_usage
	[[ ${stderr_lines[0]} = *' two:1: '*' one:1'* ]]
}

@test "documents without an end to their depth or length" {
	local open

	open=$(printf '{"save":%.0s' {1..10000})
	refused <<<"$open"
	[[ ${stderr_lines[0]} = *' f:1: not valid JSON: nesting too deep' ]]
	open=$(printf '[%.0s' {1..10000})
	refused < <(one '"mac": '"$open")
	[[ ${stderr_lines[0]} = *'nesting too deep' ]]
	vdpa_offline apply /dev/zero
	assert_usage
	[[ ${stderr_lines[0]} = *'/dev/zero: it is larger than '* ]]
}

@test "10 MB of JSON, and ten thousand lines" {
	awk 'BEGIN { print "{\"save\": {\"version\": 1, \"dev\": {"
		for (i = 0; i < 130000; i++)
			printf "\"device%d\": {\"mgmtdev\": \"vdpasim_net\", \"mac\": \"02:00:00:00:00:01\", \"mtu\": 9000},\n                ", i
		print "\"last\": {\"mgmtdev\": 1}}}}" }' >f
	[ "$(stat -c %s f)" -gt 10000000 ]
	vdpa_offline apply f
	assert_usage
	[[ ${stderr_lines[0]} = *"dev 'last': \"mgmtdev\" must be a string" ]]
	accepted 10000 < <(awk 'BEGIN { for (i = 0; i < 10000; i++)
		print "dev add name d" i " mgmtdev vdpasim_net mtu 9000" }')
	echo 'dev add name d5000 mgmtdev vdpasim_net mtu 1500' >>f
	vdpa_offline apply f
	assert_usage
	[[ ${stderr_lines[0]} = *' f:10001: '*' f:5001, '* ]]
}

@test "files of a directory, in the order of their names; what is no file" {
	mkdir d d/.hidden.conf
	echo "$add mtu 9000" >d/20.conf
	echo "$add mtu 1500" >d/10.conf
	echo 'not read' >d/30.conf~
	echo 'not read' >d/.conf
	vdpa_offline apply d
	assert_usage
	[[ ${stderr_lines[0]} = *' d/20.conf:1: '*' d/10.conf:1, '* ]]
	rm d/10.conf
	check_files d
	[ "${lines[-1]}" = '1 to add' ]
	mkfifo d/25.conf
	vdpa_offline apply d
	assert_usage
	[[ ${stderr_lines[0]} = *' d/25.conf: '* ]]
	rm d/25.conf
	mkdir d/25.conf
	vdpa_offline apply d
	assert_usage
	rmdir d/25.conf
	ln -s nowhere d/25.conf
	vdpa_offline apply d
	assert_failure 1
	[[ ${stderr_lines[0]} = *'d/25.conf: No such file or directory' ]]
}

@test "a FIFO and standard input may be named" {
	check_files <(echo "$add")
	[ "${lines[-1]}" = '1 to add' ]
	mkfifo fifo
	echo "$add" >fifo &
	check_files fifo
	[ "${lines[-1]}" = '1 to add' ]
	echo "$add" >f
	check_files - <f
	[ "${lines[-1]}" = '1 to add' ]
	vdpa_offline apply - </
	assert_failure 1
}

@test "standard input is named in messages" {
	vdpa_offline apply - <<<'dev show'
	assert_usage
	[[ ${stderr_lines[0]} = 'vdpa: apply: standard input:1: '* ]]
}

@test "a directory that must not be read" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can become somebody else'
	mkdir -m 700 d
	cp "$VDPA" vdpa
	chmod 755 . vdpa
	# No library to be loaded before: this one may not be read either.
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups ./vdpa apply d
	assert_failure 6
	[[ ${stderr_lines[0]} = *' d: Permission denied' ]]
}

@test "a file that is changed while it is read" {
	# Reading it takes longer than a change of it.
	truncate -s 60M f
	while :; do touch f; done &
	writer=$!
	vdpa_offline apply f
	kill "$writer"
	wait "$writer" || true
	assert_failure 1
	[[ ${stderr_lines[0]} = *'f: it changed while it was read; try again' ]]
}

@test "check with -f; prune without a management device" {
	echo "$add" >f
	vdpa_offline -f apply f check
	assert_usage
	for text in '' '# nothing' 'dev del a' '{"save": {"version": 1}}'; do
		refused prune <<<"$text"
		[[ ${stderr_lines[0]} = *'prune'*'management device'* ]]
	done
}

@test "files that want nothing: nothing is printed" {
	: >f
	check_files f
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "what a check finds is printed, and so is that all of it is not there yet" {
	cat >f <<-'END'
		dev add name a mgmtdev vdpasim_net mtu 9000
		dev add name b mgmtdev pci/0000:65:00.2
		dev add name c mgmtdev vdpasim_net type block
		dev del d
	END
	check_files f
	[ "$status" -eq 8 ]
	[ "${lines[0]}" = 'a: add' ]
	[[ ${lines[1]} = "b: pending ("*'pci/0000:65:00.2'*')' ]]
	[[ ${lines[2]} = "c: refused ("*'block'*')' ]]
	[ "${lines[3]}" = '1 to add, 1 pending, 1 refused, 1 the same' ]
	echo 'dev add name b mgmtdev pci/0000:65:00.2' >f
	check_files f
	[ "$status" -eq 0 ]
}
