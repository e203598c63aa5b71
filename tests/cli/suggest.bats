#!/usr/bin/env bats
# What was meant, where a word is mistyped; nothing is done by such a guess.

load helpers

# Runs the words of each line, which has what was meant behind a bar.
all_suggest()
{
	local words meant

	count=0
	while IFS='|' read -r words meant; do
		# shellcheck disable=SC2086 # words
		vdpa_offline $words
		assert_usage
		[[ ${stderr_lines[0]} = *"; did you mean '$meant'?" ]]
		count=$((count + 1))
	done
	[ "$count" -gt 0 ]
}

@test "commands" {
	all_suggest <<-'END'
		dev shwo|show
		dev shwo foo|show
		dev sohw -d|show
		mgmtdv|mgmtdev
		mgmtdve show|mgmtdev
		dve|dev
		moniter|monitor
		dcotor|doctor
		dev fnd x|find
		feature decoed 1|decode
		dev stats lsit|list
		hlep|help
		dev hepl|help
	END
}

@test "a command that deletes is not run by a guess, and only said to be meant" {
	all_suggest <<-'END'
		dev rm foo|del
		dev remove foo|del
		dev dele foo|del
		dev dle foo|del
		dev destroy foo|del
		dev deletes foo|delete
	END
}

@test "words that other tools have for it" {
	all_suggest <<-'END'
		dev create name foo mgmtdev m|add
		dev get foo|show
		dev modify foo mac 02:00:00:00:00:01|set
		watch|monitor
		check|doctor
	END
}

@test "a command at another place" {
	all_suggest <<-'END'
		dev config set foo mac 02:00:00:00:00:01|vdpa dev set
		dev stats add|vdpa dev add
		add name foo mgmtdev m|vdpa dev add
		del foo|vdpa dev del
		decode 1|vdpa feature decode
	END
}

@test "keywords that have not been given" {
	all_suggest <<-'END'
		dev add mgmdev y|mgmtdev
		dev add name foo mgmtdev m device_feature MAC|device_features
		dev add name foo mgmtdev m device MAC|device_features
		dev add name foo mgmtdev m MTU 1500|mtu
		dev add name foo mgmtdev m max-vqp 2|max_vqp
		dev add name foo mgmtdev m esnure|ensure
		dev show foo tpye net|type
		dev show foo mgmtdve m|mgmtdev
		dev set foo drvier none|driver
		stats show foo qidy 1|qidx
		doctor fro 1|for
	END
	vdpa_offline dev add name foo mgmtdev m mtu 1500 mtuu 1500
	assert_usage
	[[ $stderr != *'did you mean'* ]]
}

@test "features, types and drivers" {
	all_suggest <<-'END'
		dev add name foo mgmtdev m device_features MAX|MAC
		dev add name foo mgmtdev m device_features MTU,-MAX|MAC
		dev add name foo mgmtdev m device_features MTU,VERSION1|VERSION_1
		feature decode CTRL_VQQ|CTRL_VQ
		dev show type nett|net
		dev add name foo mgmtdev m type blcok|block
		feature list type NET|net
		dev set foo driver vhost-vdpa|vhost_vdpa
		dev set foo driver virtio|virtio_vdpa
		dev add name foo mgmtdev m driver nnoe|none
	END
}

@test "options" {
	all_suggest <<-'END'
		--jsn dev|--json
		dev show --jason|--json
		--josn=x|--json
		--verison|--Version
		--colour=never dev|--color
		--detials dev|--details
		-help|--help
		-version|--Version
	END
	vdpa_offline --json=yes
	[[ ${stderr_lines[0]} = 'vdpa: option --json takes no value' ]]
}

@test "the other tools" {
	while IFS='|' read -r tool words meant; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$build/bin/$tool" $words
		echo "$tool $words: $status $stderr"
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} = "$tool: "*"; did you mean '$meant'?" ]]
		[[ ${stderr_lines[1]} = "Usage: $tool "* ]]
	done <<-'END'
		vduse|dev rm x|del
		vduse|dev add name x type nett|net
		vduse|dev add name x type net vduse_features QUEUE_REDY|QUEUE_READY
		vduse|dev add name x type net features MAX|MAC
		vfio|feature get 0000:00:04.0 pci_vf_tokn|pci_vf_token
		vfio|feature porbe 0000:00:04.0 1|probe
		vfio|region shwo|show
		vfio|region alias 0000:00:04.0 bra0|bar0
		mshv|extension check registr_page|register_page
		mshv|versoin|version
	END
}

@test "a device's name, from the names on the bus" {
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	for name in storage0 uplink $'e\033vil'; do
		mkdir -p "$FAKE_ROOT/sys/bus/vdpa/devices/$name"
	done
	for name in uplnik strage0; do
		fake <<-END
			family
			expect DEV_GET name=$name
			ack ENODEV
		END
		vdpa dev show "$name"
		assert_failure 3
		[[ ${stderr_lines[1]} = "hint: did you mean '"*"'? 'vdpa dev show' lists the devices" ]]
	done
	[[ $stderr = *"'storage0'"* ]]
	# Another number is another device, and others are like nothing.
	for name in storage1 other x; do
		fake <<-END
			family
			expect DEV_DEL name=$name
			ack ENODEV
		END
		vdpa dev del "$name"
		assert_failure 3
		[ "${stderr_lines[1]}" = "hint: 'vdpa dev show' lists the devices" ]
	done
	fake <<-END
		family
		expect DEV_GET name=evil
		ack ENODEV
	END
	vdpa dev show evil
	[[ ${stderr_lines[1]} = "hint: did you mean 'e\\x1bvil'?"* ]]
}

@test "what resembles nothing: which commands there are, in the usage line or a hint" {
	vdpa_offline dev nope
	assert_usage
	[ "${stderr_lines[0]}" = "vdpa: dev: unknown command 'nope'" ]
	[[ ${stderr_lines[1]} = 'Usage: vdpa dev { show | add | '*' | help }' ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	vdpa_offline -j dev nope
	assert_usage
	[ "${stderr_lines[1]}" = "hint: 'vdpa dev help' lists the commands" ]
	vdpa_offline nope
	[[ $stderr = *'Usage: vdpa [ OPTIONS ] { mgmtdev | dev | '*' help }' ]]
	[ "${#stderr_lines[@]}" -le 4 ]
}

@test "a usage error is the message and the usage of its command" {
	vdpa_offline dev set foo
	assert_usage
	[ "${stderr_lines[1]}" = 'Usage: vdpa dev set DEV { mac MAC | driver DRIVER }' ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	vdpa_offline --nope
	[ "${#stderr_lines[@]}" -le 4 ]
}
