#!/usr/bin/env bats
# mshv against servers that play each of the drivers, through the kernel's own character devices.

load helpers

MSHV=$checkout/${TEST_BUILD:-build/static}/recorded/mshv
SERVER=$checkout/${TEST_BUILD:-build/static}/servers/mshv-server

setup_file()
{
	need_modules cuse
}

teardown()
{
	stop
}

wait_until()
{
	local end=$((SECONDS + 15))

	until "$@"; do
		((SECONDS < end))
		sleep 0.05
	done
}

# Plays a driver on /dev/mshv.
play()
{
	"$SERVER" mshv "$1" 3>&- &
	server=$!
	wait_until test -c /dev/mshv
}

stop()
{
	[ -n "${server-}" ] || return 0
	kill "$server"
	wait "$server" || true
	server=
	wait_until test ! -e /dev/mshv
}

mshv()
{
	run --separate-stderr timeout 20 "$MSHV" "$@"
	echo "mshv $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
}

@test "version show: each driver's interface" {
	for driver in root vtl version early; do
		play "$driver"
		mshv version show
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		case $driver in
		root) [ "$output" = '/dev/mshv interface root version_request false extension_check false' ] ;;
		vtl) [ "$output" = '/dev/mshv interface vtl version_request false extension_check true' ] ;;
		early) [ "$output" = '/dev/mshv interface early version_request false extension_check true' ] ;;
		version) [ "$output" = '/dev/mshv interface version_request version_request true extension_check false' ] ;;
		esac
		stop
	done
}

@test "version request: version 0 is taken, again by each file that is opened" {
	play version
	for words in 'version request' 'version request 0' 'version request 0x0'; do
		# shellcheck disable=SC2086 # words
		mshv $words
		[ "$status" -eq 0 ]
		[ "$output" = '/dev/mshv version 0 taken true valid until the file is closed' ]
	done
	# Whoever has one open keeps it.
	exec 7<>/dev/mshv
	mshv -j version request
	exec 7>&-
	jq -e '.request == {node: "/dev/mshv", version: 0, taken: true, valid: "until the file is closed"}' <<<"$output"
}

@test "version request: one that the kernel does not know, status 7 and ENOTSUPP by its name" {
	play version
	for version in 1 4294967295; do
		mshv -j version request "$version"
		[ "$status" -eq 7 ]
		[ -z "$output" ]
		as_text
		[ "$stderr" = "mshv: request version $version of /dev/mshv: the kernel does not know this version (ENOTSUPP)" ]
	done
}

@test "version show changes nothing: a version can be requested after it on the same file" {
	play version
	# The probe as the tool sends it, and what may follow it.
	run python3 - <<-'END'
		import fcntl, struct
		node = open("/dev/mshv", "r+b", buffering=0)
		def ask(value):
		    try:
		        return fcntl.ioctl(node, 0x4004B800, struct.pack("I", value)) and 0
		    except OSError as error:
		        return error.errno
		print(ask(0xFFFFFFFF), ask(0), ask(0), ask(0xFFFFFFFF))
	END
	[ "$output" = '524 0 77 77' ]
}

@test "extension check: what the kernel has, has not, and does not know" {
	play vtl
	mshv extension check register_page
	[ "$status" -eq 0 ]
	[ "$output" = '/dev/mshv extension register_page available true answer 1' ]
	mshv extension check 2
	[ "$status" -eq 0 ]
	[ "$output" = '/dev/mshv extension vtl_return_action available false answer 0' ]
	mshv -jn extension check 3
	jq -e '.extension | .extension == 3 and .available' <<<"$output"
	mshv extension check 4
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *'extension id_4 of /dev/mshv: the kernel does not know this extension (EOPNOTSUPP)' ]]
}

@test "what a driver lacks: status 7, nothing on stdout, and which interface it has" {
	count=0
	while read -r driver interface words; do
		play "$driver"
		# shellcheck disable=SC2086 # words
		mshv -j $words
		[ "$status" -eq 7 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = *"of /dev/mshv: its interface '$interface' is "* ]]
		stop
		count=$((count + 1))
	done <<-END
		root root version request
		root root extension check 1
		vtl vtl version request 0
		version version_request extension check register_page
	END
	[ "$count" -eq 4 ]
}

@test "an early driver, which seems to take versions, takes requests without one: no versions" {
	play early
	mshv version request
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *"its interface 'early' is"* ]]
}

@test "a driver that tells nothing that would tell it apart: unknown, and no extensions" {
	play unknown
	mshv version show
	[ "$status" -eq 0 ]
	[ "$output" = '/dev/mshv interface unknown version_request false extension_check false' ]
	mshv extension check 1
	[ "$status" -eq 7 ]
	[ -z "$output" ]
	[[ $stderr = *"its interface 'unknown' is"* ]]
}

@test "a driver that answers something else: the errno's name, and the status that goes with it" {
	count=0
	while read -r answer wanted text; do
		play "$answer"
		mshv version show
		[ "$status" -eq "$wanted" ]
		[ -z "$output" ]
		[[ $stderr = *"the kernel answers $text, unlike all known drivers"* ]]
		stop
		count=$((count + 1))
	done <<-END
		5 1 EIO (Input/output error)
		0 1 0
		13 6 EACCES (Permission denied)
		16 1 EBUSY (Device or resource busy)
		17 1 EEXIST (File exists)
		19 1 ENODEV (No such device)
		777 1 errno 777, which has no name
	END
	[ "$count" -eq 7 ]
}

@test "dev: another node, in place of one that is there" {
	play root
	"$SERVER" mshv2 vtl 3>&- &
	second=$!
	wait_until test -c /dev/mshv2
	mshv -j version show dev /dev/mshv2
	kill "$second"
	wait "$second" || true
	jq -e '.version | .node == "/dev/mshv2" and .interface == "vtl"' <<<"$output"
}

@test "no driver, no rights, a node without its driver" {
	mshv version show
	[ "$status" -eq 7 ]
	[[ $stderr = *'there is no driver for the Microsoft hypervisor'*'hint: '* ]]
	mknod "$BATS_TEST_TMPDIR/node" c 250 99
	mshv version show dev "$BATS_TEST_TMPDIR/node"
	[ "$status" -eq 7 ]
	[[ $stderr = *'hint: the node exists, but no driver serves it'* ]]
	# As it is left over where the driver was.
	mknod "$BATS_TEST_TMPDIR/left" c 10 77
	mshv version show dev "$BATS_TEST_TMPDIR/left"
	[ "$status" -eq 7 ]
	[[ $stderr = *'No such device'*'hint: the node exists, but no driver serves it'* ]]
	play root
	install -D -m 755 "${MSHV/recorded/bin}" /tmp/mshv-rights/mshv
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/mshv-rights/mshv version show
	[ "$status" -eq 6 ]
	[[ $stderr = *'hint: run it as root'* ]]
}

@test "a server that dies in the middle: the command ends" {
	play root
	kill -STOP "$server"
	"$MSHV" version show >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	asker=$!
	sleep 0.3
	kill -KILL "$server"
	wait "$server" || true
	server=
	wait_until test ! -e /dev/mshv
	status=0
	wait "$asker" || status=$?
	[ "$status" -ne 0 ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	grep -q '^mshv: ' "$BATS_TEST_TMPDIR/err"
}

@test "a driver that does not come back: said after two seconds, and Ctrl-C ends it at once" {
	cd "$BATS_TEST_TMPDIR"
	echo 'version show' >commands
	while read -r call words; do
		echo "$call: $words"
		play "$call"
		SECONDS=0
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout --foreground -s INT -k 10 3 "$MSHV" $words </dev/null
		took=$SECONDS
		stop
		[ "$status" -eq 124 ]
		[ "$took" -lt 6 ]
		[ -z "$output" ]
		[[ $stderr = 'mshv: '*'still waiting for the kernel: version show'$'\n''hint: Ctrl-C stops waiting'* ]]
	done <<-END
		open version show
		ioctl version show
		ioctl -b commands
		close version show
	END
}

# Keeps a document in each of its forms, for tests/documents.py: document WORDS...
document()
{
	local options

	for options in -j -jp -jd -jn -jpdn; do
		count=$((count + 1))
		"${MSHV/recorded/bin}" "$options" "$@" >"$RECORD/mshv.schema.$$.$count"
	done
}

@test "a document of every kind, in all its forms" {
	count=0
	for driver in root vtl version; do
		play "$driver"
		document version show
		[ "$driver" != version ] || document version request
		[ "$driver" != vtl ] || document extension check register_page
		[ "$driver" != vtl ] || document extension check 0
		stop
	done
}
