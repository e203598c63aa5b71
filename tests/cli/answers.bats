#!/usr/bin/env bats
# What is printed of what the kernel says, and what it is asked.

load helpers

list_of()
{
	{
		echo family
		echo 'expect DEV_GET dump'
		cat
		echo 'done'
	} | fake
}

@test "text is iproute2's, to the byte" {
	fake <<-END
		family
		expect MGMTDEV_GET dump
		reply MGMTDEV_NEW mgmtdev=vdpasim_net classes=2 mgmt_max_vqs=3 supported=0x300000028
		reply MGMTDEV_NEW bus=pci mgmtdev=0000:01:00.0 classes=4 mgmt_max_vqs=0 supported=0
		done
	END
	vdpa mgmtdev show
	expected='vdpasim_net: 
  supported_classes net
  max_supported_vqs 3
  dev_features MTU MAC VERSION_1 ACCESS_PLATFORM
pci/0000:01:00.0: 
  supported_classes block
  max_supported_vqs 0
  dev_features'
	[ "$output" = "$expected" ]
	vdpa -o mgmtdev show
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = 'vdpasim_net: \  supported_classes net\  max_supported_vqs 3\  dev_features MTU MAC VERSION_1 ACCESS_PLATFORM' ]
}

@test "bits and classes without a name" {
	fake <<-END
		family
		expect MGMTDEV_GET dump
		reply MGMTDEV_NEW mgmtdev=m classes=0x8000000000000006 mgmt_max_vqs=3 supported=0x4000000000000010
		reply MGMTDEV_NEW mgmtdev=n classes=2 mgmt_max_vqs=3 supported=0x8000000000000010
		done
	END
	vdpa -j mgmtdev show
	jq -e '.mgmtdev.m | .supported_classes == ["net", "block", "id_63"] and .dev_features == ["bit_4", "STANDBY"]' <<<"$output"
	jq -e '.mgmtdev.n.dev_features == ["bit_4", "SPEED_DUPLEX"]' <<<"$output"
	vdpa -jn mgmtdev show
	jq -e '.mgmtdev.m | .supported_classes == [1, 2, 63] and .dev_features == "0x4000000000000010"' <<<"$output"
}

@test "types other than net and block have their names" {
	list_of <<-END
		reply DEV_NEW name=a mgmtdev=m id=26
		reply DEV_NEW name=b mgmtdev=m id=63
		reply DEV_NEW name=c mgmtdev=m id=4294967295
	END
	vdpa dev show
	[ "$output" = $'a: type fs mgmtdev m\nb: type id_63 mgmtdev m\nc: type id_4294967295 mgmtdev m' ]
	vdpa -jn dev show
	jq -e '[.dev[].type] == [26, 63, 4294967295]' <<<"$output"
}

@test "the least size of a queue where it limits, and with -d always" {
	list_of <<-END
		reply DEV_NEW name=a $sim_dev
		reply DEV_NEW name=b $sim_dev min_vq_size=64
	END
	vdpa -j dev show
	jq -e '.dev | (.a | has("min_vq_size") | not) and .b.min_vq_size == 64' <<<"$output"
	vdpa -jd dev show
	jq -e '.dev | .a.min_vq_size == 1 and .b.min_vq_size == 64' <<<"$output"
}

@test "names with quotes, backslashes, control bytes, wrong UTF-8" {
	list_of <<-'END'
		reply DEV_NEW 'name=a"b\\c' mgmtdev=m id=1
		reply DEV_NEW 'name=d\x1b]0;e\x07' mgmtdev=m id=1
		reply DEV_NEW 'name=\xc3\xbc' mgmtdev=m id=1
		reply DEV_NEW 'name=\xff\xc3' mgmtdev=m id=1
		reply DEV_NEW 'name=\xc2\x9b31m' mgmtdev=m id=1
		reply DEV_NEW 'name=x\ny' mgmtdev=m id=1
		reply DEV_NEW 'name=\\xff\xff' mgmtdev=m id=1
	END
	vdpa dev show
	[ "${lines[0]}" = 'a"b\c: type network mgmtdev m' ]
	[ "${lines[1]}" = 'd\x1b]0;e\x07: type network mgmtdev m' ]
	[ "${lines[2]}" = $'\xc3\xbc: type network mgmtdev m' ]
	[ "${lines[3]}" = '\xff\xc3: type network mgmtdev m' ]
	[ "${lines[6]}" = '\x5cxff\xff: type network mgmtdev m' ]
	[ "${lines[4]}" = '\xc2\x9b31m: type network mgmtdev m' ]
	[ "${lines[5]}" = 'x\x0ay: type network mgmtdev m' ]
	vdpa -j dev show
	jq -e '.dev | keys_unsorted[0] == "a\"b\\c" and keys_unsorted[1] == "d\u001b]0;e\u0007" and
		keys_unsorted[2] == "\u00fc" and keys_unsorted[3] == "\\xff\\xc3" and
		keys_unsorted[4] == "\u009b31m" and keys_unsorted[5] == "x\ny"' <<<"$output"
}

@test "names of 100, 255 and 1,000 bytes" {
	for length in 100 255 1000; do
		name=$(printf "%0${length}d" 7)
		list_of <<<"reply DEV_NEW name=$name $sim_dev"
		vdpa dev show
		[[ $output = "$name: type network "* ]]
		vdpa -j dev show
		NAME=$name jq -e '.dev | keys == [env.NAME]' <<<"$output"
	done
}

@test "empty lists are whole documents" {
	list_of </dev/null
	vdpa dev show
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	vdpa -j dev show
	[ "$output" = '{"dev":{}}' ]
	vdpa -jp dev show
	jq -e '. == {dev: {}}' <<<"$output"
}

@test "a long list crosses all buffers unharmed" {
	list_of <<<"many 3000 DEV_NEW name=dev% $sim_dev"
	vdpa dev show
	[ "${#lines[@]}" -eq 3000 ]
	[ "${lines[2999]}" = 'dev2999: type network mgmtdev vdpasim_net vendor_id 0 max_vqs 3 max_vq_size 256' ]
	[ "$(printf '%s\n' "${lines[@]}" | sort -u | wc -l)" -eq 3000 ]
	vdpa -j dev show
	jq -e '.dev | length == 3000' <<<"$output"
	vdpa -jp dev show
	jq -e '.dev | length == 3000' <<<"$output"
}

@test "attributes that nobody knows, and padding, are skipped" {
	list_of <<-END
		reply DEV_NEW 0:hex= 77:hex=0011223344 name=foo 99:u64=5 $sim_dev 0:hex=00
	END
	vdpa dev show
	[ "$output" = 'foo: type network mgmtdev vdpasim_net vendor_id 0 max_vqs 3 max_vq_size 256' ]
}

@test "filters" {
	list_of <<-END
		reply DEV_NEW name=a bus=pci mgmtdev=0000:01:00.0 id=1
		reply DEV_NEW name=b mgmtdev=vdpasim_blk id=2
		reply DEV_NEW name=c bus=pci mgmtdev=0000:01:00.1 id=1
	END
	vdpa -j dev show mgmtdev pci/0000:01:00.1
	jq -e '.dev | keys == ["c"]' <<<"$output"
	vdpa -j dev show mgmtdev 0000:01:00.0 type 1
	jq -e '.dev | keys == ["a"]' <<<"$output"
	vdpa -j dev show type network
	jq -e '.dev | keys == ["a", "c"]' <<<"$output"
	vdpa -j dev show type fs
	[ "$output" = '{"dev":{}}' ]
}

@test "features: by name, in any case, as a mask, with bits taken away" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m features=0x300000028
		ack
		expect CONFIG_GET name=foo
		reply CONFIG_GET name=foo id=1 features=0x300000028
	END
	for words in MTU,MAC,VERSION_1,ACCESS_PLATFORM mac,mtu,version_1,iommu_platform 0x300000028 \
		0x30000002c,-bit_2 bit_3,0x20,0x300000000 CSUM,MTU,MAC,-CSUM,VERSION_1,ACCESS_PLATFORM; do
		vdpa dev add name foo mgmtdev m device_features "$words"
		[ "$status" -eq 0 ]
		[ -z "$output$stderr" ]
	done
	vdpa dev add name foo mgmtdev m device_features 300000028
	[ "$status" -eq 0 ]
	[ "$stderr" = 'vdpa: device_features: 300000028 is read as hexadecimal, write 0x300000028' ]
	vdpa dev add name foo mgmtdev m device_features 0x300000000,28
	[ "$stderr" = 'vdpa: device_features: 28 is read as hexadecimal, write 0x28' ]
}

@test "features: words that are none" {
	for words in '' ',' 'MAC,' ',MAC' MACK bit_64 bit_ bit_x 0x 0x10000000000000000 - 'MAC,,MTU' \
		'MAC MTU' --MAC; do
		vdpa_offline -- dev add name foo mgmtdev m device_features "$words"
		assert_usage
	done
	vdpa_offline dev add name foo mgmtdev m device_features MAC,MACK
	[[ $stderr = *"device_features: 'MACK' is not a feature name, bit_N or number"* ]]
}

@test "features of another type, and of a management device with several" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=4 mgmt_max_vqs=3 supported=0
	END
	vdpa dev add name foo mgmtdev m device_features CSUM
	assert_usage
	[[ $stderr = *"'CSUM' is not a feature of devices of type block"* ]]
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=6 mgmt_max_vqs=3 supported=0
	END
	vdpa dev add name foo mgmtdev m device_features MQ
	assert_usage
	[[ $stderr = *"add 'type TYPE'"* ]]
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=6 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m features=0x1000
		ack
		expect CONFIG_GET name=foo
		ack EOPNOTSUPP
	END
	vdpa dev add name foo mgmtdev m device_features MQ type block
	[ "$status" -eq 0 ]
}

@test "features of a management device that tells no classes" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=0 mgmt_max_vqs=3 supported=0
	END
	vdpa dev add name foo mgmtdev m device_features MAC,VERSION_1
	assert_usage
	[[ $stderr = *"add 'type TYPE'"* ]]
}

@test "features of several classes have net's names, and any that only one of the types knows" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=0x22 mgmt_max_vqs=3 supported=0x28
	END
	vdpa -j mgmtdev show m
	jq -e '.mgmtdev.m | .supported_classes == ["net", "balloon"] and .dev_features == ["MTU", "MAC"]' <<<"$output"
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=6 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m features=0x28
		ack
		expect CONFIG_GET name=foo
		ack EOPNOTSUPP
	END
	vdpa dev add name foo mgmtdev m device_features MTU,MAC
	[ "$status" -eq 0 ]
}

@test "a word that no type of a management device knows is named" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=6 mgmt_max_vqs=3 supported=0
	END
	vdpa dev add name foo mgmtdev m device_features MULTIPORT
	assert_usage
	[[ $stderr = *"'MULTIPORT' is not a feature of devices of type net"* ]]
}

@test "what else is given needs its features, on every kernel" {
	for words in 'mac 02:00:00:00:00:01' 'mtu 1500' 'max_vqp 2'; do
		fake <<-END
			family
			expect MGMTDEV_GET mgmtdev=m
			reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
		END
		# shellcheck disable=SC2086 # words
		vdpa dev add name foo mgmtdev m $words device_features VERSION_1
		assert_usage
		[[ $stderr = *"because ${words%% *} is given"* ]]
	done
}

@test "a device that differs and cannot be deleted again: said so" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m features=0x28
		ack
		expect CONFIG_GET name=foo
		reply CONFIG_GET name=foo id=1 features=0x8
		expect DEV_DEL name=foo
		ack EPERM
	END
	vdpa dev add name foo mgmtdev m device_features MTU,MAC
	assert_failure 7
	[[ $stderr = *'could not be deleted again: '*'not permitted'* ]]
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m features=0x28
		ack
		expect CONFIG_GET name=foo
		ack EMSGSIZE
		expect DEV_DEL name=foo
		ack
	END
	vdpa dev add name foo mgmtdev m device_features MTU,MAC
	assert_failure 1
	[[ $stderr = *'Message too long; it was deleted again'* ]]
}

@test "a hint never names what a shell would take apart" {
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW 'name=my dev' bus=pci mgmtdev=0000:01:00.0 id=1
		done
	END
	vdpa dev add name vp1 mgmtdev pci/0000:01:00.0
	assert_failure 5
	[ "${stderr_lines[1]}" = 'hint: delete that one first' ]
}

@test "features are read back: a difference takes the device away again" {
	for answer in 'id=1 features=0x8' 'id=1 u64_21=0x8'; do
		fake <<-END
			family
			expect MGMTDEV_GET mgmtdev=m
			reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
			expect DEV_NEW name=foo mgmtdev=m features=0x28
			ack
			expect CONFIG_GET name=foo
			reply CONFIG_GET name=foo $answer
			expect DEV_DEL name=foo
			ack
		END
		vdpa dev add name foo mgmtdev m device_features MTU,MAC
		assert_failure 7
		[[ $stderr = *'differs from device_features in MAC'* ]]
	done
}

@test "attribute 21 is no features where 20 stands, and a capacity where it is a disk's" {
	fake <<-END
		family
		expect CONFIG_GET name=foo
		reply CONFIG_GET name=foo id=2 features=0x200 u64_21=2048 35:u8=1 36:u8=0
	END
	vdpa -jd dev config show foo
	jq -e '.config.foo == {type: "block", capacity: 2048, read_only: true, flush: false, device_features: ["FLUSH"]}' <<<"$output"
	fake <<-END
		family
		expect CONFIG_GET name=foo
		reply CONFIG_GET name=foo id=1 status=0 u64_21=0x20
	END
	vdpa -jd dev config show foo
	jq -e '.config.foo == {type: "network", link: "down", link_announce: false, device_features: ["MAC"]}' <<<"$output"
}

@test "a second device on a management device of the PCI bus" {
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=vp0 bus=pci mgmtdev=0000:01:00.0 id=1
		done
	END
	vdpa dev add name vp1 mgmtdev pci/0000:01:00.0
	assert_failure 5
	[[ $stderr = *"it has room for one device and holds 'vp0'"*'hint: vdpa dev del vp0' ]]
	vdpa dev add name vp0 mgmtdev 0000:01:00.0
	assert_failure 4
	fake <<-END
		family
		expect DEV_NEW name=vp1 bus=pci mgmtdev=0000:01:00.0
		ack
	END
	vdpa -f dev add name vp1 mgmtdev pci/0000:01:00.0
	[ "$status" -eq 0 ]
}

# What a card with more queues than its driver uses says of five of them, one to a line.
stats_of_few()
{
	cat <<-END
		expect VSTATS_GET name=foo qidx=0
		+ expect VSTATS_GET name=foo qidx=1
		+ expect VSTATS_GET name=foo qidx=2
		+ expect VSTATS_GET name=foo qidx=3
		+ expect VSTATS_GET name=foo qidx=4
		reply VSTATS_GET name=foo id=1 negotiated=0x420000 max_vqp=2 counter=completed_desc value=7
		reply VSTATS_GET name=foo id=1 negotiated=0x420000 max_vqp=2 counter=completed_desc value=8
		ack EAGAIN 'mlx5_vdpa: failed to query hardware'
		ack EINVAL 'mlx5_vdpa: virtqueue index is not valid'
		reply VSTATS_GET name=foo id=1 negotiated=0x420000 max_vqp=2 counter=completed_desc value=9
	END
}

@test "queues that the driver did not set up are left out of the statistics" {
	for words in 'DEV_GET name=foo' 'DEV_GET dump'; do
		fake <<-END
			family
			expect $words
			reply DEV_NEW name=foo mgmtdev=m id=1 max_vqs=5
			$([[ $words != *dump ]] || printf '%s\n' 'done' 'expect CONFIG_GET dump' 'done')
			$(stats_of_few)
		END
		# shellcheck disable=SC2046 # a word or none
		vdpa -j stats show $([[ $words = *dump ]] || echo foo)
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		jq -e '[.stats.foo.queues[] | [.index, .type, .counters.completed_desc]] ==
			[[0, "rx", 7], [1, "tx", 8], [4, "control", 9]]' <<<"$output"
	done
}

@test "rates: a device without statistics is named once, and one that gets them begins at 0" {
	list='mgmtdev=m id=1 max_vqs=1'
	{
		echo family
		for value in '' 1000 1500; do
			echo expect DEV_GET dump
			echo "reply DEV_NEW name=foo $list"
			echo "reply DEV_NEW name=disk $list"
			[ -z "$value" ] || echo "reply DEV_NEW name=new $list"
			echo 'done'
			echo expect CONFIG_GET dump
			echo 'done'
			echo expect VSTATS_GET name=foo qidx=0
			echo + expect VSTATS_GET name=disk qidx=0
			[ -z "$value" ] || echo + expect VSTATS_GET name=new qidx=0
			[ -n "$value" ] || echo "ack EAGAIN 'vdpa: feature negotiation not complete'"
			[ -z "$value" ] || echo "reply VSTATS_GET name=foo id=1 counter=n value=$value"
			echo ack EOPNOTSUPP
			[ -z "$value" ] || echo "reply VSTATS_GET name=new id=1 counter=n value=$value"
		done
	} | fake
	vdpa -j stats show interval 1 count 2
	[ "$status" -eq 1 ]
	[ "$(grep -c '"error"' <<<"$stderr")" -eq 2 ]
	# A second later, more or less.
	jq -es '[.[] | .stats | keys] == [["foo", "new"], ["foo", "new"]] and
		([.[].stats.foo.queues[0].counters.n] | .[0] == 0 and .[1] > 250 and .[1] <= 600) and
		([.[].stats.new.queues[0].counters.n] | .[0] > 500 and .[0] <= 1200 and .[1] <= 600)' <<<"$output"
}

@test "statistics of one queue: why it has none" {
	while IFS='|' read -r answer words; do
		fake <<-END
			family
			expect DEV_GET name=foo
			reply DEV_NEW name=foo mgmtdev=m id=1 max_vqs=5
			expect VSTATS_GET name=foo qidx=5
			ack $answer
		END
		vdpa -j stats show foo qidx 5
		assert_failure 1
		[ "${stderr_lines[0]}" = "vdpa: read the statistics of 'foo': $words" ]
	done <<-'END'
		EINVAL|it has no queue 5: there are 5, numbered from 0
		EAGAIN 'vdpa: feature negotiation not complete'|feature negotiation not complete
	END
}

@test "configurations that the kernel's list left out are asked for by name" {
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=a mgmtdev=m id=1
		reply DEV_NEW name=b mgmtdev=m id=26
		reply DEV_NEW name=c mgmtdev=m id=1
		reply DEV_NEW name=gone mgmtdev=m id=1
		done
		expect CONFIG_GET dump
		reply CONFIG_GET name=a id=1 mtu=1500
		done
		expect CONFIG_GET name=b
		+ expect CONFIG_GET name=c
		+ expect CONFIG_GET name=gone
		ack EOPNOTSUPP
		reply CONFIG_GET name=c id=1 mtu=1400
		ack ENODEV 'vdpa: device not found'
	END
	vdpa -j dev config show
	# As with iproute2, scripts go on after a device that has nothing to be described.
	[ "$status" -eq 0 ]
	[ "$output" = '{"config":{"a":{"mtu":1500},"c":{"mtu":1400}}}' ]
	as_text
	[ "$stderr" = "vdpa: read the configuration of 'b': this kernel does not describe devices of its type" ]
}

@test "whatever the kernel says of one device is that device's failure" {
	while read -r code status_; do
		for words in 'dev config show' 'features show'; do
			{
				echo family
				[[ $words = dev* ]] || printf '%s\n' 'expect MGMTDEV_GET dump' 'done'
				cat <<-END
					expect DEV_GET dump
					reply DEV_NEW name=a mgmtdev=m id=1
					reply DEV_NEW name=b mgmtdev=m id=1
					done
					expect CONFIG_GET dump
					done
					expect CONFIG_GET name=a
					+ expect CONFIG_GET name=b
					ack $code
					reply CONFIG_GET name=b id=1 features=0x20
				END
			} | fake
			# shellcheck disable=SC2086 # words
			vdpa -j $words
			[ "$status" -eq "$status_" ]
			jq -e '.[] | keys == ["b"]' <<<"$output"
			as_text
			[[ $stderr = "vdpa: read the configuration of 'a': "* ]]
		done
	done <<-END
		EAGAIN 1
		EOPNOTSUPP 0
		EINVAL 1
		EMSGSIZE 1
		EPERM 6
	END
}

@test "a queue that has no statistics does not hide those that have some" {
	fake <<-END
		family
		expect DEV_GET name=foo
		reply DEV_NEW name=foo mgmtdev=m id=1 max_vqs=3
		expect VSTATS_GET name=foo qidx=0
		+ expect VSTATS_GET name=foo qidx=1
		+ expect VSTATS_GET name=foo qidx=2
		ack EINVAL 'mlx5_vdpa: virtqueue index is not valid'
		ack EOPNOTSUPP 'mlx5_vdpa: failed to query hardware'
		reply VSTATS_GET name=foo id=1 negotiated=0x20000 counter=received_desc value=4
	END
	vdpa -j stats show foo
	[ "$status" -eq 7 ]
	jq -e '[.stats.foo.queues[] | [.index, .type, .counters.received_desc]] == [[2, "control", 4]]' <<<"$output"
	[ "${#stderr_lines[@]}" -eq 1 ]
	as_text
	[[ $stderr = "vdpa: read the statistics of 'foo': its driver keeps no statistics"* ]]
}

@test "of devices that nobody has negotiated with the kernel is asked once for all" {
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=idle0 mgmtdev=m id=1 max_vqs=3
		reply DEV_NEW name=busy mgmtdev=m id=1 max_vqs=1
		reply DEV_NEW name=idle1 mgmtdev=m id=1 max_vqs=3
		reply DEV_NEW name=disk mgmtdev=n id=2 max_vqs=3
		done
		expect CONFIG_GET dump
		reply CONFIG_GET name=idle0 id=1
		reply CONFIG_GET name=busy id=1 negotiated=0x20
		reply CONFIG_GET name=idle1 id=1
		reply CONFIG_GET name=disk id=2
		done
		expect VSTATS_GET name=idle0 qidx=0
		+ expect VSTATS_GET name=disk qidx=0
		ack EAGAIN 'vdpa: feature negotiation not complete'
		ack EOPNOTSUPP
		expect VSTATS_GET name=busy qidx=0
		reply VSTATS_GET name=busy id=1 counter=n value=4
	END
	vdpa -j stats show
	[ "$status" -eq 1 ]
	jq -e '.stats | keys == ["busy"]' <<<"$output"
	[ "$(grep -c ': feature negotiation not complete"' <<<"$stderr")" -eq 2 ]
	[[ $stderr = *"of 'idle0': "*"of 'idle1': "*"of 'disk': its driver keeps no statistics"* ]]
}

# Makes a bus with these devices of which the kernel's list has the first only.
bus_of()
{
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	local bus=$FAKE_ROOT/sys/bus/vdpa name

	mkdir -p "$bus/devices" "$bus/drivers/vhost_vdpa"
	for name; do
		mkdir -p "$FAKE_ROOT/sys/devices/$name"
		ln -s "../../../devices/$name" "$bus/devices/$name"
	done
}

@test "what the bus has and the kernel's list lacks is asked for" {
	bus_of a gone missed
	# As the directory is read, in no order of names.
	mapfile -t order < <(find "$FAKE_ROOT/sys/bus/vdpa/devices" -mindepth 1 -printf '%f\n')
	{
		echo family
		echo expect DEV_GET dump
		echo "reply DEV_NEW name=a $sim_dev"
		echo 'done'
		plus=''
		for name in "${order[@]}"; do
			[ "$name" != a ] || continue
			echo $plus expect DEV_GET "name=$name"
			plus=+
		done
		for name in "${order[@]}"; do
			[ "$name" != gone ] || echo 'ack ENODEV'
			[ "$name" != missed ] || echo "reply DEV_NEW name=missed $sim_dev"
		done
	} | fake
	vdpa -j dev show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	jq -e '.dev | keys == ["a", "missed"]' <<<"$output"
}

# Puts a device on a bus of $FAKE_ROOT: on_bus BUS PATH DRIVER
on_bus()
{
	local name=${2##*/}

	mkdir -p "$FAKE_ROOT/sys/bus/$1/"{devices,drivers/"$3"} "$FAKE_ROOT/sys/devices/$2"
	ln -s "../../../devices/$2" "$FAKE_ROOT/sys/bus/$1/devices/$name"
	ln -s "$FAKE_ROOT/sys/bus/$1" "$FAKE_ROOT/sys/devices/$2/subsystem"
	ln -s "$FAKE_ROOT/sys/bus/$1/drivers/$3" "$FAKE_ROOT/sys/devices/$2/driver"
}

@test "mgmtdev show -d: driver, parent, devices and room, by one look at all devices" {
	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	on_bus pci pci0000:64/0000:64:00.0 pcieport
	on_bus pci pci0000:64/0000:64:00.0/0000:65:00.0 mlx5_core
	on_bus pci pci0000:64/0000:64:00.0/0000:65:00.2 mlx5_core
	ln -s ../0000:65:00.0 "$FAKE_ROOT/sys/devices/pci0000:64/0000:64:00.0/0000:65:00.2/physfn"
	on_bus auxiliary pci0000:64/0000:64:00.0/0000:65:00.0/mlx5_core.sf.2 mlx5_core.sf
	on_bus pci pci0000:00/0000:00:05.0 vp-vdpa
	on_bus pci pci0000:00/0000:00:06.0 new_vdpa
	fake <<-END
		family
		expect MGMTDEV_GET dump
		reply MGMTDEV_NEW mgmtdev=vdpasim_net classes=2 mgmt_max_vqs=3 supported=0
		reply MGMTDEV_NEW bus=pci mgmtdev=0000:65:00.2 classes=2 mgmt_max_vqs=65 supported=0
		reply MGMTDEV_NEW bus=auxiliary mgmtdev=mlx5_core.sf.2 classes=2 mgmt_max_vqs=65 supported=0
		reply MGMTDEV_NEW bus=pci mgmtdev=0000:00:05.0 classes=2 mgmt_max_vqs=3 supported=0
		reply MGMTDEV_NEW bus=pci mgmtdev=0000:00:06.0 classes=2 mgmt_max_vqs=3 supported=0
		done
		expect DEV_GET dump
		reply DEV_NEW name=a $sim_dev
		reply DEV_NEW name=vf bus=pci mgmtdev=0000:65:00.2 id=1 vendor_id=0 max_vqs=3 max_vq_size=256
		reply DEV_NEW "name=b c" $sim_dev
		done
	END
	vdpa -jd mgmtdev show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	run jq -c '.mgmtdev[] | [.driver, .parent, .devices, .room]' <<<"$output"
	[ "${lines[0]}" = '[null,null,["a","b c"],null]' ]
	[ "${lines[1]}" = '["mlx5_core","pci/0000:65:00.0",["vf"],0]' ]
	[ "${lines[2]}" = '["mlx5_core.sf","pci/0000:65:00.0",[],1]' ]
	[ "${lines[3]}" = '["vp-vdpa",null,[],1]' ]
	[ "${lines[4]}" = '["new_vdpa",null,[],null]' ]
	# What is not asked for is not looked at.
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
	END
	vdpa -j mgmtdev show m
	[ "$status" -eq 0 ]
	jq -e '.mgmtdev.m | keys == ["dev_features", "max_supported_vqs", "supported_classes"]' <<<"$output"
}

@test "a device without a management device is shown from sysfs, and why" {
	bus_of a vdpa0
	ln -s ../../../../devices/vdpa0 "$FAKE_ROOT/sys/bus/vdpa/drivers/vhost_vdpa/vdpa0"
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=a $sim_dev
		done
		expect DEV_GET name=vdpa0
		ack EINVAL
	END
	vdpa -j dev show
	[ "$status" -eq 0 ]
	jq -e '.dev | keys == ["a", "vdpa0"] and .vdpa0 == {driver: "vhost_vdpa"}' <<<"$output"
	as_text
	[ "$stderr" = "vdpa: show 'vdpa0': no management device created it, so only sysfs describes it" ]
	vdpa -j dev show type net
	jq -e '.dev | keys == ["a"]' <<<"$output"
	[ -z "$stderr" ]
	fake <<-END
		family
		expect DEV_GET name=vdpa0
		ack EINVAL
	END
	vdpa dev show vdpa0
	[ "$status" -eq 0 ]
	[ "$output" = 'vdpa0: driver vhost_vdpa' ]
	for words in 'config show' 'stats show'; do
		fake <<-END
			family
			expect any
			ack EINVAL 'vdpa: unmanaged vdpa device'
		END
		# shellcheck disable=SC2086 # words
		vdpa dev $words vdpa0
		assert_failure 7
		[[ $stderr = *": no management device created it, so only sysfs describes it" ]]
	done
}

@test "sysfs that cannot be opened is an error, and not a bus without devices or drivers" {
	bus_of a
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=a $sim_dev
		done
	END
	FAKE_REFUSED=/sys/bus/vdpa/devices vdpa -j dev show
	assert_failure 1
	[[ $stderr = *'read /sys/bus/vdpa/devices: Too many open files'* ]]
	for path in drivers drivers/vhost_vdpa devices/a/driver_override; do
		FAKE_REFUSED=/sys/bus/vdpa/$path vdpa -jd dev show
		assert_failure 1
		[[ $stderr = *'Too many open files'* ]]
	done
	FAKE_REFUSED=/sys/bus/vdpa/drivers vdpa -j dev show driver none
	assert_failure 1
}

@test "a name that is text like an escape, and the byte that is escaped so: two names" {
	for options in '' -j; do
		fake <<-END
			family
			expect DEV_GET dump
			reply DEV_NEW mgmtdev=vdpasim_net name='\\\\xff' id=1
			reply DEV_NEW mgmtdev=vdpasim_net name='\\xff' id=1
			done
		END
		# shellcheck disable=SC2086 # one option or none
		vdpa $options dev show
		[ "$status" -eq 0 ]
	done
	[ "$(jq -r '.dev | keys[]' <<<"$output")" = $'\\x5cxff\n\\xff' ]
}
