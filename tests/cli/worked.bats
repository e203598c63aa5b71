#!/usr/bin/env bats
# The worked changes of CONTRIBUTING.md do what it says, and each that is forgotten is named.

load helpers

worked=$checkout/tests/worked.py

# A copy of what make needs, with the changes but for number $2, in $1.
copy_tree()
{
	mkdir "$1"
	cp -r "$checkout"/{include,lib,vdpa,vduse,vfio,mshv,schema,man,Makefile,CONTRIBUTING.md} "$1"
	mkdir "$1/tests" "$1/contrib"
	cp "$checkout"/contrib/*.mk "$1/contrib"
	cp "$checkout"/tests/{tables.py,testbed.mk} "$1/tests"
	/usr/bin/python3 "$worked" "$@"
}

@test "an option and an attribute: on the wire, in ensure, text, JSON, help and completion" {
	copy_tree "$BATS_TEST_TMPDIR/tree"
	"$BATS_TEST_TMPDIR/tree/tests/tables.py" vdpa
	make -s -C "$BATS_TEST_TMPDIR/tree" LINK=dynamic CFLAGS=-O0 O=build/worked build/worked/bin/vdpa
	VDPA=$BATS_TEST_TMPDIR/tree/build/worked/bin/vdpa

	"$VDPA" help dev add | grep -q '\[ speed MBITS \]'
	[ "$("$VDPA" --complete dev add name foo mgmtdev m sp)" = speed ]
	fake <<-'END'
		family maxattr=38
		expect DEV_NEW name=foo mgmtdev=m mtu=9000 37:u32=100000
		ack
	END
	vdpa dev add name foo mgmtdev m mtu 9000 speed 100000
	[ "$status" -eq 0 ]
	fake <<<'family maxattr=37'
	vdpa dev add name foo mgmtdev m mtu 9000 speed 100000
	[ "$status" -eq 7 ]
	[[ $stderr = *'this kernel would ignore speed; Linux 7.9 and later do not' ]]
	fake <<-'END'
		family maxattr=38
		expect DEV_NEW name=foo mgmtdev=m 37:u32=100000
		ack 95 'Some provided attributes are not supported: 0x2000000000'
	END
	vdpa dev add name foo mgmtdev m speed 100000
	[[ $stderr = *"management device 'm' does not support speed" ]]

	config='reply CONFIG_GET name=foo id=1 mtu=9000 37:u32=25000'
	for options in '' -j; do
		fake <<<"$(printf '%s\n' family 'expect CONFIG_GET name=foo' "$config")"
		vdpa $options dev config show foo
		[[ $output = *link_speed*25000* ]]
	done
	jq -e '.config.foo.link_speed == 25000' <<<"$output"

	export FAKE_ROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$FAKE_ROOT/sys/bus/vdpa/devices/foo"
	for speed in 25000 100000; do
		fake <<-END
			family maxattr=38
			expect DEV_GET name=foo
			reply DEV_GET name=foo mgmtdev=m id=1
			expect CONFIG_GET name=foo
			$config
		END
		vdpa dev add name foo mgmtdev m speed $speed ensure
		[ "$status" -eq $((speed == 25000 ? 0 : 4)) ]
	done
	[[ $stderr = *'it exists, and differs: speed is 25000, not 100000'* ]]
}

# What tells that a change was left out: the tables, or the compiler.
look_through()
{
	local file

	"$tree/tests/tables.py" vdpa || return
	for file in cmd/cmd-dev model/settings kernel/config view; do
		gcc -std=gnu17 -D_GNU_SOURCE -iquote "$tree/include" -iquote "$tree" -fsyntax-only "$tree/vdpa/$file.c" || return
	done
}

@test "each change that is left out is named at once" {
	local count number

	count=$(/usr/bin/python3 "$worked" --count)
	((count > 10))
	for ((number = 0; number < count; number++)); do
		tree=$BATS_TEST_TMPDIR/$number
		copy_tree "$tree" "$number"
		run look_through
		echo "$output"
		[ "$status" -ne 0 ]
		[[ ${output,,} = *speed* ]]
		rm -r "$tree"
	done
}
