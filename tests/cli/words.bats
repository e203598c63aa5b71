#!/usr/bin/env bats
# Commands and their short forms, arguments and their values.

load helpers

@test "commands are shortened as in iproute2" {
	fake <<-END
		family
		expect DEV_GET dump
		done
	END
	for words in 'd s' 'd sh' 'de show' 'd l' 'd li' 'dev list' 'dev lst' 'd' 'dev'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		[ "$status" -eq 0 ]
	done
	fake <<-END
		family
		expect MGMTDEV_GET dump
		done
	END
	for words in 'm s' 'm l' 'mg show' 'm' 'mgmtdev'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		[ "$status" -eq 0 ]
	done
	fake <<-END
		family
		expect DEV_DEL name=foo
		ack
	END
	for words in 'd d foo' 'd de foo' 'dev del foo' 'dev delete foo'; do
		# shellcheck disable=SC2086 # words
		vdpa $words
		[ "$status" -eq 0 ]
	done
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m
		ack
	END
	vdpa d a name foo mgmtdev m
	[ "$status" -eq 0 ]
}

@test "a word that only resembles a command is refused, del above all" {
	for words in 'dev dele foo' 'dev delet foo' 'dev deletes foo' 'dev rm foo' 'devs show' 'nope' \
		'dev nope' 'mgmtdev add'; do
		# shellcheck disable=SC2086 # words
		vdpa_offline $words
		assert_usage
	done
	vdpa_offline dev '' foo
	assert_usage
}

@test "a short word with several meanings lists them" {
	vdpa_offline feat
	assert_usage
	[[ ${stderr_lines[0]} = *"'feat' may mean any of: features, feature"* ]]
}

@test "arguments come in any order" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=4 supported=0
		expect DEV_NEW name=foo mgmtdev=m mac=02:00:00:00:00:01 mtu=9000 max_vqp=2
		ack
	END
	vdpa dev add name foo mgmtdev m mac 02:00:00:00:00:01 mtu 9000 max_vqp 2
	[ "$status" -eq 0 ]
	vdpa dev add max_vqp 0x2 mtu 9000 mac 2:0:0:0:0:1 mgmtdev m name foo
	[ "$status" -eq 0 ]
}

@test "a keyword twice, without its value, stray words, shortened keywords: nothing is sent" {
	for words in 'dev add name a name b mgmtdev m' 'dev add name a mgmtdev' 'dev add name' \
		'dev add name a mgmtdev m stray' 'dev add name a mgmtdev m mac' 'dev add nam a mgmtdev m' \
		'dev show a b' 'dev show type' 'dev show mgmtdev' 'dev show a type' 'mgmtdev show a b' \
		'dev set a' 'dev set a mac' 'dev set' 'dev set name a' 'dev set a mac 02:00:00:00:00:01 x' \
		'dev del' 'dev add'; do
		# shellcheck disable=SC2086 # words
		vdpa_offline $words
		assert_usage
	done
}

@test "what is missing is named" {
	vdpa_offline dev add name foo
	[[ ${stderr_lines[0]} = 'vdpa: dev add: mgmtdev is missing: '* ]]
	vdpa_offline dev del
	[[ ${stderr_lines[0]} = 'vdpa: dev del: DEV is missing: '* ]]
	vdpa_offline dev set name foo mac
	[[ ${stderr_lines[0]} = 'vdpa: dev set: mac needs a value: a MAC address '* ]]
	vdpa_offline dev add name foo mgmtdev
	[[ ${stderr_lines[0]} = 'vdpa: dev add: mgmtdev needs a value: a management device, '* ]]
}

@test "numbers: whole words in their range, which the message says" {
	for value in abc 67 65536 -1 0x 0x0x50 99999999999999999999 ' 68' '68 ' 68k 1e3 010h '' +100; do
		vdpa_offline dev add name foo mgmtdev m mtu "$value" 2>/dev/null ||
			vdpa_offline -- dev add name foo mgmtdev m mtu "$value"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
	done
	vdpa_offline dev add name foo mgmtdev m mtu 67
	[ "${stderr_lines[0]}" = "vdpa: dev add: mtu must be a number from 68 to 65535, not '67'" ]
	vdpa_offline dev add name foo mgmtdev m max_vqp 0
	[ "${stderr_lines[0]}" = "vdpa: dev add: max_vqp must be a number from 1 to 65535, or max, not '0'" ]
}

@test "types: a name, or a number in its range, which the message says" {
	for type in foo 0 4294967295 -1 1x ''; do
		vdpa_offline -- dev show type "$type"
		assert_usage
		[[ ${stderr_lines[0]} = *'such as net or block, or a number from 1 to 4294967294, not '* ]]
	done
}

@test "MAC addresses: six octets, nothing less and nothing more" {
	for value in 10.0.0.1 1:2 02:00:00:00:00 02:00:00:00:00:01:02 02:00:00:00:00:0g 002:0:0:0:0:1 \
		02-00-00-00-00-01 ' 02:00:00:00:00:01' 02:00:00:00:00: ::::: 020000000001; do
		vdpa_offline dev add name foo mgmtdev m mac "$value"
		assert_usage
		[[ ${stderr_lines[0]} = *'mac must be a MAC address'* ]]
	done
}

@test "new names: what the kernel would change is refused" {
	for name in '' . .. a/b / $'a\nb' $'\t' $'\177' "$(printf '%0256d' 7)" "$(printf '%01000d' 7)"; do
		vdpa_offline dev add name "$name" mgmtdev m
		assert_usage
	done
}

@test "new names: 255 bytes, blanks, colons, dots and UTF-8 are taken" {
	for name in "$(printf '%0255d' 7)" 'two words' vdpa:0000:65:00.2 ... $'\xc3\xbc'; do
		printf '%s\n' family "expect DEV_NEW name='$(printf %s "$name" | sed 's/\xc3\xbc/\\xc3\\xbc/')' mgmtdev=m" ack | fake
		vdpa dev add name "$name" mgmtdev m
		[ "$status" -eq 0 ]
	done
}

@test "wait: names that no device can have, and what excludes each other, are usage errors" {
	local name

	for name in a/b . .. '' "$(printf %0256d 1)"; do
		vdpa_offline dev wait "$name" timeout 0
		assert_usage
		vdpa_offline dev wait name "$name" gone timeout 0
		assert_usage
	done
	for words in 'gone driver none' 'driver vhost' 'timeout -1' 'timeout 4294967296' 'timeout 1.5' foo; do
		# shellcheck disable=SC2086 # several words
		vdpa_offline dev wait foo $words
		assert_usage
	done
	# One with control bytes may be there: programs that create devices choose their names.
	vdpa_offline dev wait $'a\tb' gone timeout 0
	[ "$status" -eq 0 ]
	vdpa_offline dev wait gone name gone timeout 0
	[ "$status" -eq 0 ]
}

@test "a word of thousands of bytes: what is wrong stands behind it" {
	long=$(printf '%05000d' 0)
	while IFS='|' read -r words end; do
		# shellcheck disable=SC2086 # words
		vdpa_offline $words
		assert_usage
		[[ ${stderr_lines[0]} = *'000...000'*"00'$end" ]]
		[ "${#stderr_lines[0]}" -lt 2100 ]
	done <<-END
		$long|
		dev show foo $long| is not expected here
		feature decode ${long:1000}| is not a feature name, bit_N or number
	END
}

@test "control bytes of a wrong word do not reach the terminal" {
	vdpa_offline dev add name $'a\033[31m' mgmtdev m
	[[ $stderr != *$'\033'* ]]
	[[ $stderr = *'a\x1b[31m'* ]]
}

@test "management devices: BUS/NAME, NAME, and a bare PCI address" {
	fake <<-END
		family
		expect MGMTDEV_GET bus=pci mgmtdev=0000:65:00.2
		reply MGMTDEV_NEW bus=pci mgmtdev=0000:65:00.2 classes=2 mgmt_max_vqs=3 supported=0x20
	END
	for name in pci/0000:65:00.2 0000:65:00.2; do
		vdpa -j mgmtdev show "$name"
		[ "$output" = '{"mgmtdev":{"pci/0000:65:00.2":{"supported_classes":["net"],"max_supported_vqs":3,"dev_features":["MAC"]}}}' ]
	done
	for name in a/b/c /a a/ / ''; do
		vdpa_offline mgmtdev show "$name"
		assert_usage
	done
}

@test "a device may have the name of a keyword" {
	while read -r device words; do
		fake <<-END
			family
			expect DEV_DEL name=$device
			ack
		END
		# shellcheck disable=SC2086 # words
		vdpa dev del $words
		[ "$status" -eq 0 ]
		[ -z "$output$stderr" ]
	done <<-END
		mac name mac
		v0 name v0
		name name
		name name name
		mac mac
	END
	vdpa_offline dev del name v0 v1
	assert_usage
	fake <<-END
		family
		expect ATTR_SET name=name mac=02:00:00:00:00:01
		ack
		expect CONFIG_GET name=name
		reply CONFIG_GET name=name id=1 mac=02:00:00:00:00:01
	END
	vdpa dev set name mac 02:00:00:00:00:01
	[ "$status" -eq 0 ]
	vdpa dev set name name mac 02:00:00:00:00:01
	[ "$status" -eq 0 ]
	fake <<-END
		family
		expect DEV_GET name=type
		reply DEV_NEW name=type $sim_dev
	END
	vdpa dev show name type
	[ "$status" -eq 0 ]
}

@test "set mac: addresses that no interface can have" {
	for mac in 00:00:00:00:00:00 01:00:5e:00:00:01 ff:ff:ff:ff:ff:ff; do
		vdpa_offline dev set foo mac "$mac"
		assert_usage
	done
}

@test "forms that other tools and older how-tos use: the right one is named" {
	vdpa_offline dev config set foo mac 02:00:00:00:00:01
	assert_usage
	[ "${stderr_lines[0]}" = "vdpa: dev config: unknown command 'set'; did you mean 'vdpa dev set'?" ]
	vdpa_offline dev add foo mgmtdev m
	assert_usage
	[ "${stderr_lines[0]}" = "vdpa: dev add: 'foo' is not expected here; write 'name foo'" ]
	vdpa_offline dev add name foo stray mgmtdev m
	[[ ${stderr_lines[0]} = *"'stray' is not expected here" ]]
}

@test "PCI addresses as lspci prints them, with their domain and without" {
	for word in 0000:65:00.2 65:00.2 pci/0000:65:00.2 pci/65:00.2; do
		fake <<-END
			family
			expect MGMTDEV_GET bus=pci mgmtdev=0000:65:00.2
			reply MGMTDEV_NEW bus=pci mgmtdev=0000:65:00.2 classes=2 mgmt_max_vqs=3 supported=0
		END
		vdpa -j mgmtdev show "$word"
		jq -e '.mgmtdev | keys == ["pci/0000:65:00.2"]' <<<"$output"
		fake <<-END
			family
			expect DEV_GET dump
			reply DEV_NEW name=vp0 bus=pci mgmtdev=0000:65:00.2 id=1
			reply DEV_NEW name=vp1 bus=pci mgmtdev=0001:65:00.2 id=1
			done
		END
		vdpa -j dev show mgmtdev "$word"
		jq -e '.dev | keys == ["vp0"]' <<<"$output"
		fake <<-END
			family
			expect DEV_GET dump
			done
			expect DEV_NEW name=foo bus=pci mgmtdev=0000:65:00.2
			ack
		END
		vdpa dev add name foo mgmtdev "$word"
		[ "$status" -eq 0 ]
	done
}

@test "a management device by its module's name, or without its bus: the hint has the right one" {
	while IFS='|' read -r name hint; do
		fake <<-END
			family
			expect MGMTDEV_GET mgmtdev=$name
			ack ENODEV
		END
		vdpa mgmtdev show "$name"
		assert_failure 3
		[ "${stderr_lines[1]}" = "hint: $hint" ]
	done <<-'END'
		vdpa_sim_net|the management device of module vdpa_sim_net is called vdpasim_net
		pds_core.vDPA.2305|name its bus as well: auxiliary/pds_core.vDPA.2305
		mlx5_core.sf.4|name its bus as well: auxiliary/mlx5_core.sf.4
		x.y|'vdpa mgmtdev show' lists the management devices
	END
}

@test "feature decode: a mask without 0x is hexadecimal, with a warning" {
	vdpa_offline -j feature decode 300000028
	[ "$status" -eq 0 ]
	jq -e '[.feature[].name] == ["MTU", "MAC", "VERSION_1", "ACCESS_PLATFORM"]' <<<"$output"
	as_text
	[ "$stderr" = 'vdpa: feature decode: 300000028 is read as hexadecimal, write 0x300000028' ]
	vdpa_offline -j feature decode 0x28
	[ -z "$stderr" ]
	# Where both readings agree there is nothing to warn of.
	for mask in 1 9,MTU; do
		vdpa_offline -j feature decode "$mask"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
	vdpa_offline feature decode 1,10
	[[ $stderr = *': 10 is read as hexadecimal, write 0x10' ]]
}
