#!/usr/bin/env bats
# Failures of the kernel, answers that no kernel should give, and outputs that cannot be written.

load helpers

# The answers to a list of devices come from the standard input.
list_of()
{
	{
		echo family
		echo 'expect DEV_GET dump'
		cat
	} | fake
}

# A request for the device foo.
one_of()
{
	{
		echo family
		echo 'expect DEV_GET name=foo'
		cat
	} | fake
}

good="reply DEV_NEW name=foo $sim_dev"

@test "each errno has its status" {
	while read -r code status_; do
		one_of <<<"ack $code"
		vdpa dev show foo
		assert_failure "$status_"
	done <<-END
		ENODEV 3
		EEXIST 4
		EBUSY 5
		EPERM 6
		EACCES 6
		EOPNOTSUPP 7
		524 7
		EINVAL 1
		ENOMEM 1
		EMSGSIZE 1
	END
}

@test "the kernel's own words are passed on, its bytes made harmless" {
	one_of <<<"ack EINVAL 'vdpa: a \x1b[31mred %s%n word'"
	vdpa dev show foo
	assert_failure 1
	[ "$stderr" = "vdpa: show 'foo': a \x1b[31mred %s%n word" ]
}

@test "an errno that the C library does not know has words" {
	one_of <<<'ack 524'
	vdpa dev show foo
	[ "$stderr" = "vdpa: show 'foo': Operation not supported" ]
}

@test "no family: status 7 and a hint" {
	fake <<<nofamily
	for words in 'dev show' 'mgmtdev show' 'dev show foo' 'dev del foo' 'dev config show' 'features show' \
		'dev add name foo mgmtdev m' 'dev set foo mac 02:00:00:00:00:01'; do
		# shellcheck disable=SC2086 # words
		vdpa -j $words
		assert_failure 7
		[ "${#stderr_lines[@]}" -eq 2 ]
	done
}

@test "no right: status 6 and a hint" {
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m
		ack EPERM
	END
	vdpa dev add name foo mgmtdev m
	assert_failure 6
	[[ ${stderr_lines[1]} = 'hint: '* ]]
}

@test "what a management device does not support is named, as either kernel says it" {
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m mac=02:00:00:00:00:01 mtu=1500
		ack EOPNOTSUPP 'vdpa: All provided attributes are not supported'
	END
	vdpa dev add name foo mgmtdev m mac 02:00:00:00:00:01 mtu 1500
	assert_failure 7
	[[ $stderr = *"'m' does not support mac or mtu" ]]
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m mac=02:00:00:00:00:01 mtu=1500
		ack EOPNOTSUPP 'vdpa: Some provided attributes are not supported: 0x2000'
	END
	vdpa dev add name foo mgmtdev m mac 02:00:00:00:00:01 mtu 1500
	assert_failure 7
	[[ $stderr = *"'m' does not support mtu" ]]
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m mac=02:00:00:00:00:01
		ack EINVAL 'vdpa: Missing features 0x28 for provided attributes'
	END
	vdpa dev add name foo mgmtdev m mac 02:00:00:00:00:01
	assert_failure 1
	[[ $stderr = *'must hold MTU,MAC'* ]]
}

@test "del of several: all are tried, the first failure gives the status" {
	fake <<-END
		family
		expect DEV_DEL name=a
		ack
		expect DEV_DEL name=b
		ack ENODEV 'vdpa: device not found'
		expect DEV_DEL name=c
		ack EPERM
		expect DEV_DEL name=d
		ack
	END
	vdpa dev del a b c d
	[ "$status" -eq 3 ]
	[[ $stderr = *"delete 'b'"*"delete 'c'"* ]]
}

@test "set mac: a success with a message is a failure" {
	fake <<-END
		family
		expect ATTR_SET name=foo mac=02:00:00:00:00:01
		ack 0 'vdpa: foo device not supported'
	END
	vdpa dev set foo mac 02:00:00:00:00:01
	assert_failure 7
	[ "$stderr" = "vdpa: set the MAC address of 'foo': foo device not supported" ]
}

@test "set mac: read back; another address is a failure, one that no driver reads a warning" {
	for config in mac=02:00:00:00:00:02 ''; do
		fake <<-END
			family
			expect ATTR_SET name=foo mac=02:00:00:00:00:01
			ack
			expect CONFIG_GET name=foo
			reply CONFIG_GET name=foo id=1 $config
		END
		vdpa dev set foo mac 02:00:00:00:00:01
		[ -z "$config" ] || assert_failure 7
	done
	[ "$status" -eq 0 ]
	[[ $stderr = "vdpa: set 'foo': the kernel accepted the MAC address, but "*'so no driver reads it' ]]
}

@test "what a driver refuses without words is not put into the core's" {
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m mac=02:00:00:00:00:01
		ack EOPNOTSUPP
	END
	vdpa dev add name foo mgmtdev m mac 02:00:00:00:00:01
	assert_failure 7
	[[ $stderr = *'Operation not supported' ]]
	fake <<-END
		family
		expect DEV_GET dump
		done
		expect DEV_NEW name=foo bus=pci mgmtdev=0000:01:00.0
		ack ENOSPC
		expect MGMTDEV_GET bus=pci mgmtdev=0000:01:00.0
		ack ENODEV
	END
	vdpa dev add name foo mgmtdev pci/0000:01:00.0
	assert_failure 5
}

@test "a family that goes between the look-up and the request: status 7" {
	one_of <<<'ack ENOENT'
	vdpa dev show foo
	assert_failure 7
	list_of <<<'done ENOENT'
	vdpa dev show
	assert_failure 7
}

@test "an answer of another device is none" {
	one_of <<-END
		reply DEV_NEW name=bar $sim_dev
	END
	vdpa dev show foo
	assert_failure 1
}

@test "set mac: a kernel without the command is not asked, unless the device is not there" {
	fake <<-END
		family ops=2,3,4,5,6,7
		expect DEV_GET name=foo
		ack ENODEV 'vdpa: device not found'
	END
	vdpa dev set foo mac 02:00:00:00:00:01
	assert_failure 3
	fake <<-END
		family ops=2,3,4,5,6,7
		expect DEV_GET name=foo
		$good
	END
	vdpa dev set foo mac 02:00:00:00:00:01
	assert_failure 7
	[[ ${stderr_lines[0]} = *'Linux 6.13 and later can' ]]
}

@test "interrupted calls are made again" {
	fake <<-END
		family
		sendfail EINTR
		expect DEV_GET dump
		recvfail EINTR
		$good
		recvfail EINTR
		done
	END
	vdpa -j dev show
	[ "$status" -eq 0 ]
	jq -e '.dev | keys == ["foo"]' <<<"$output"
}

@test "a list that changed while it was read is taken again, and printed once" {
	fake <<-END
		family
		expect DEV_GET dump
		$good @intr
		reply DEV_NEW name=old $sim_dev
		done
		expect DEV_GET dump
		$good
		reply DEV_NEW name=new $sim_dev
		done @intr
		expect DEV_GET dump
		$good
		reply DEV_NEW name=new $sim_dev
		done
	END
	vdpa -j dev show
	[ "$status" -eq 0 ]
	[ "$(jq -c '.dev | keys' <<<"$output")" = '["foo","new"]' ]
	[ "$(grep -o '"type"' <<<"$output" | wc -l)" -eq 2 ]
}

@test "a list that never holds still is given up" {
	{
		echo family
		for ((i = 0; i < 20; i++)); do
			echo 'expect DEV_GET dump'
			echo "$good"
			echo 'done @intr'
		done
	} | fake
	vdpa -j dev show
	assert_failure 1
}

@test "a list that overran the socket is taken again" {
	fake <<-END
		family
		expect DEV_GET dump
		$good
		recvfail ENOBUFS
		expect DEV_GET dump
		$good
		done
	END
	vdpa -j dev show
	[ "$status" -eq 0 ]
	[ "$(grep -o '"type"' <<<"$output" | wc -l)" -eq 1 ]
}

@test "a repeated answer counts once" {
	one_of <<-END
		$good
		+ reply DEV_NEW name=foo $sim_dev max_vqs=99
	END
	vdpa -j dev show foo
	[ "$status" -eq 0 ]
	jq -e '.dev.foo.max_vqs == 3' <<<"$output"
	list_of <<-END
		$good
		reply DEV_NEW name=bar $sim_dev
		$good
		done
	END
	vdpa -j dev show
	[ "$(grep -o '"foo"' <<<"$output" | wc -l)" -eq 1 ]
	jq -e '.dev | keys_unsorted == ["foo", "bar"]' <<<"$output"
}

@test "answers to somebody else's questions are not taken" {
	list_of <<-END
		reply DEV_NEW name=stale $sim_dev @seq=7
		$good
		done
	END
	vdpa -j dev show
	jq -e '.dev | keys == ["foo"]' <<<"$output"
}

@test "malformed answers: status 1, a sentence, nothing on stdout" {
	while read -r line; do
		list_of <<-END
			reply DEV_NEW name=before $sim_dev
			$line
			done
		END
		vdpa_gives_up -j dev show
		assert_failure 1
		[[ $stderr = *'malformed'* ]]
		vdpa_gives_up dev show
		assert_failure 1
	done <<-'END'
		reply DEV_NEW mgmtdev=m id=1
		reply DEV_NEW name=foo id=1
		reply DEV_NEW name=foo mgmtdev=m
		reply DEV_NEW name=foo mgmtdev=m 5:u16=1
		reply DEV_NEW name=foo mgmtdev=m 5:u64=1
		reply DEV_NEW name=foo mgmtdev=m 5:hex=
		reply DEV_NEW name=foo mgmtdev=m id=1 8:u32=256
		reply DEV_NEW 4:hex=666f6f mgmtdev=m id=1
		reply DEV_NEW 4:hex= mgmtdev=m id=1
		reply DEV_NEW name=foo 2:hex=6d id=1
		reply DEV_NEW name=foo mgmtdev=m id=1 @type=33
		reply DEV_NEW name=foo mgmtdev=m id=1 @length=18
	END
}

@test "answers that end in the middle, or lie about their length" {
	while read -r line; do
		list_of <<<"$line"
		vdpa_gives_up -j dev show
		assert_failure 1
		[[ $stderr = *'malformed'* ]]
	done <<-END
		$good @cut=40
		$good @cut=15
		$good @cut=1
		$good @length=4000
		$good @length=15
		raw 00
		raw ffffffff0000000000000000000000000000
		ack -5
		ack 5000
		ack 2147483648
		done 2147483648
	END
}

@test "an attribute that is longer than its message ends it" {
	list_of <<-END
		raw 28000000200002fffffffff00000000003010000ff0002006d00000008000500010000
		done
	END
	vdpa_gives_up -j dev show
	[ "$status" -eq 1 ]
	[ -z "$output" ]
}

@test "an answer longer than any kernel gives" {
	list_of <<<"reply DEV_NEW name=$(printf '%033000d' 7) $sim_dev"
	vdpa -j dev show
	assert_failure 1
	[[ $stderr = *'longer'* ]]
}

@test "a list that ends with an error" {
	list_of <<-END
		$good
		done ENOMEM
	END
	vdpa -j dev show
	assert_failure 1
	[[ $stderr = *'Cannot allocate memory'* ]]
}

@test "an answer that is missing" {
	one_of <<<ack
	vdpa dev show foo
	assert_failure 1
}

@test "a socket that fails" {
	one_of <<<'recvfail ENOBUFS'
	vdpa dev show foo
	assert_failure 1
	fake <<-END
		family
		sendfail EACCES
	END
	vdpa dev show foo
	assert_failure 6
}

@test "a device that vanishes between two requests" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m features=0x20
		ack
		expect CONFIG_GET name=foo
		ack ENODEV 'vdpa: device not found'
	END
	vdpa dev add name foo mgmtdev m device_features MAC
	assert_failure 3
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0
		expect DEV_NEW name=foo mgmtdev=m
		ack ENODEV 'vdpa: Fail to find the specified management device'
	END
	vdpa dev add name foo mgmtdev m type net
	assert_failure 3
	[[ $stderr = *"no management device 'm'"* ]]
}

@test "a standard output that is full, closed, or a pipe without a reader" {
	list_of <<-END
		$good
		done
	END
	write_wrapper
	mkfifo "$BATS_TEST_TMPDIR/closed"
	for options in '' -j -jp; do
		run --separate-stderr sh -c '"$@" >/dev/full' sh "$wrapper" $options dev show
		[ "$status" -eq 1 ]
		[ -z "$options" ] || as_text
		[ "$stderr" = 'vdpa: standard output: No space left on device' ]
		run --separate-stderr sh -c '"$@" >&-' sh "$wrapper" $options dev show
		[ "$status" -eq 1 ]
		[ -z "$options" ] || as_text
		[ "$stderr" = 'vdpa: standard output: Bad file descriptor' ]
		# The command starts once the reader has closed the pipe.
		run --separate-stderr bash -c '{ read -r <"$0"; "$@"; echo "status $?" >&2; } | { exec <&-; echo >"$0"; }' \
			"$BATS_TEST_TMPDIR/closed" "$wrapper" $options dev show
		[[ $stderr = *'standard output: Broken pipe'*$'\nstatus 1' ]]
	done
	run --separate-stderr sh -c '"$@" >/dev/full' sh "$wrapper" help
	[ "$status" -eq 1 ]
	run --separate-stderr sh -c '"$@" >/dev/full' sh "$wrapper" -V
	[ "$status" -eq 1 ]
}

@test "a closed standard error and input do no harm" {
	list_of <<-END
		$good
		done
	END
	write_wrapper
	run sh -c '"$@" <&- 2>&-' sh "$wrapper" -j dev show
	[ "$status" -eq 0 ]
	jq -e .dev.foo <<<"$output"
	run sh -c '"$@" 2>&-' sh "$wrapper" dev nope
	[ "$status" -eq 2 ]
	[ -z "$output" ]
}

@test "a closed standard stream where /dev/null cannot be opened either" {
	for closed in '<&-' '>&-'; do
		run --separate-stderr env LD_PRELOAD="$preload" FAKE_REFUSED=/dev/null \
			sh -c "exec \"\$@\" $closed" sh "$VDPA" feature list type rng
		[ "$closed" = '<&-' ] || [ "$stderr" = 'vdpa: standard output: Bad file descriptor' ]
		[ "$closed" != '<&-' ] || [[ $status -eq 0 && -n $output ]]
	done
}
