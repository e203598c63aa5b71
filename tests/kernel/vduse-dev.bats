#!/usr/bin/env bats
# Devices of VDUSE: created, shown, changed, deleted.

load helpers
load vduse-helpers

setup()
{
	need_vduse
}

teardown()
{
	stop_churn
	delete_vduse_devices
}

@test "the version of kernel and tool" {
	vduse -j version show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	if kernel_is_a; then
		[ "$output" = '{"version":{"kernel":0,"tool":1}}' ]
	else
		[ "$output" = '{"version":{"kernel":1,"tool":1}}' ]
	fi
	vduse version
	[[ $output = 'kernel '?' tool 1' ]]
}

@test "VDUSE's own features, or that the kernel has none" {
	vduse -j features show
	[ "$status" -eq 0 ]
	if ! has_features; then
		[ "$output" = '{"features":[]}' ]
		[[ $stderr = *'none: this kernel has no VDUSE feature negotiation'* ]]
	else
		[ "$output" = '{"features":["QUEUE_READY","SUSPEND"]}' ]
		[ -z "$stderr" ]
		vduse features
		[ "$output" = 'features QUEUE_READY SUSPEND' ]
		vduse -jn features
		[ "$output" = '{"features":"0x3"}' ]
	fi
}

@test "a block device is made, shown as an orphan, and deleted" {
	vduse dev add name foo type block capacity 2048
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	[ -c /dev/vduse/foo ]
	vduse dev del fooo
	fails 3 "*hint: did you mean 'foo'? 'vduse dev show' lists the devices"
	vduse dev show foo
	[[ $output = 'foo: state orphan attached false '*'msg_timeout 30 '*'chardev /dev/vduse/foo' ]]
	value foo '| .state == "orphan" and .attached == false and .age < 60 and (has("pid") | not)' | grep -qx true
	kernel_is_a || [ "$(value foo .vqs)" = 1 ]
	vduse dev del foo
	[ "$status" -eq 0 ]
	[ ! -e /dev/vduse/foo ]
	vduse dev show foo
	fails 3 "*there is no such VDUSE device*hint: 'vduse dev show' lists the devices"
}

@test "the features that are needed are added, and told with -d" {
	vduse -d dev add name foo type block
	[[ $stderr = 'vduse: features: VERSION_1,ACCESS_PLATFORM added, '* ]]
	vduse -d dev add name bar type block features VERSION_1,ACCESS_PLATFORM
	[ -z "$stderr" ]
}

@test "attach: it is on the vdpa bus at once, with all that was asked for" {
	vduse dev add name foo type block vqs 4 vq_size 128 vendor_id 0x1af4 attach
	[ "$status" -eq 0 ]
	"$VDPA" -j dev show foo | jq -e '.dev.foo | .type == "block" and .mgmtdev == "vduse" and .max_vqs == 4 and
		.max_vq_size == 128 and .vendor_id == 6900'
	[ "$(value foo '| [.attached, .type, .vqs, has("driver")]')" = '[true,"block",4,false]' ]
}

@test "without attach every queue is set up all the same" {
	vduse dev add name foo type block vqs 3
	"$VDPA" dev add name foo mgmtdev vduse
	[ "$(value foo .attached)" = true ]
}

@test "a net device with its address and MTU" {
	if kernel_is_a; then
		vduse dev add name foo type net
		fails 7 "*this kernel's VDUSE does not support type net*"
		return
	fi
	vduse dev add name foo type net mac 02:00:00:00:00:07 mtu 9000 attach
	[ "$status" -eq 0 ]
	"$VDPA" -jd dev config show foo | jq -e '.config.foo | .mac == "02:00:00:00:00:07" and .mtu == 9000 and
		(.device_features | contains(["MTU", "MAC", "VERSION_1", "ACCESS_PLATFORM"]))'
	[ "$(value foo .vqs)" = 2 ]
}

@test "a block device's configuration: capacity and queues, little endian" {
	kernel_is_a && skip 'this kernel does not show it'
	vduse dev add name foo type block vqs 4 capacity 0x123456 attach
	"$VDPA" -j dev config show foo | jq -e '.config.foo | .capacity == 1193046 and .num_queues == 4'
}

@test "a configuration space from a file and from hex" {
	printf '\x00\x10\x00\x00\x00\x00\x00\x00' >"$BATS_TEST_TMPDIR/config"
	vduse dev add name foo type block config "$BATS_TEST_TMPDIR/config" attach
	[ "$status" -eq 0 ]
	vduse dev add name bar type block config hex:00200000000000Aa attach
	[ "$status" -eq 0 ]
	head -c 4096 /dev/zero >"$BATS_TEST_TMPDIR/page"
	vduse dev add name baz type block config "$BATS_TEST_TMPDIR/page"
	[ "$status" -eq 0 ]
	kernel_is_a || "$VDPA" -j dev config show | jq -e '.config | .foo.capacity == 4096 and .bar.capacity == 12249790986447757312'
}

@test "a file system's device" {
	vduse dev add name foo type fs attach
	if kernel_is_a; then
		fails 7 "*does not support type fs*"
	else
		[ "$status" -eq 0 ]
		[ "$(value foo .type)" = '"fs"' ]
	fi
}

@test "API version 1: groups of queues and address spaces" {
	vduse dev add name foo type block vqs 4 groups 2 as 2
	if kernel_is_a; then
		fails 7 "*groups need API version 1, but this kernel's VDUSE has version 0*"
		vduse dev add name foo type block api_version 1
		fails 7 "*supports API version 0 at most, not 1*"
	else
		[ "$status" -eq 0 ]
		vduse dev add name bar type block groups 65535
		[ "$status" -eq 0 ]
	fi
	vduse dev add name old type block api_version 0
	[ "$status" -eq 0 ]
}

@test "VDUSE's own features are negotiated" {
	vduse dev add name foo type block vduse_features QUEUE_READY,SUSPEND
	if ! has_features; then
		fails 7 '*this kernel has no VDUSE feature negotiation*'
		[ ! -e /sys/class/vduse/foo ]
		return
	fi
	[ "$status" -eq 0 ]
	vduse dev add name bar type block vduse_features SUSPEND,bit_5
	fails 7 '*does not offer vduse_features bit_5*'
	[ ! -e /sys/class/vduse/bar ]
}

@test "a batch: no open of the control node gets another version after it made a device" {
	printf 'dev add name %s\n' 'one type block api_version 0' 'two type block api_version 0' 'three type block' \
		'four type block api_version 0' 'five type block' >"$BATS_TEST_TMPDIR/batch"
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -X raw -o "$BATS_TEST_TMPDIR/calls" -e trace=ioctl,openat "$VDUSE" -b "$BATS_TEST_TMPDIR/batch"
	[ "$("$VDUSE" -j dev show | jq '.dev | length')" -eq 5 ]
	# CREATE_DEV, and SET_API_VERSION.
	awk '/"\/dev\/vduse\/control"/ { made = 0 }
		/ 0x41508102, / { made = 1; count++ }
		/ 0x40088101, / && made { wrong++ }
		END { print count " made, " wrong + 0 " wrong"; exit count != 5 || wrong }' "$BATS_TEST_TMPDIR/calls"
}

@test "timeout and bounce size are set when it is made, or it is not made" {
	vduse dev add name foo type block msg_timeout 5
	[ "$status" -eq 0 ]
	[ "$(value foo .msg_timeout)" = 5 ]
	vduse dev add name bar type block bounce_size 2097152
	if kernel_is_a; then
		fails 7 "vduse: add 'bar': this kernel's VDUSE has no bounce_size"
		[ ! -e /sys/class/vduse/bar ]
	else
		[ "$status" -eq 0 ]
		[ "$(value bar .bounce_size)" = 2097152 ]
	fi
}

@test "set: the timeout" {
	vduse dev add name foo type block
	for seconds in 0 7 4294967295; do
		vduse dev set foo msg_timeout "$seconds"
		[ "$status" -eq 0 ]
		[ "$(value foo .msg_timeout)" = "$seconds" ]
	done
	vduse dev set nope msg_timeout 1
	fails 3 '*there is no such VDUSE device*'
}

@test "set: the bounce size, until the device is attached" {
	vduse dev add name foo type block
	vduse dev set foo bounce_size 1048577
	if kernel_is_a; then
		fails 7 "*this kernel's VDUSE has no bounce_size*"
		return
	fi
	[ "$status" -eq 0 ]
	[[ $stderr = *'the kernel rounded bounce_size from 1048577 to 1048576'* ]]
	"$VDPA" dev add name foo mgmtdev vduse
	vduse dev set foo bounce_size 2097152
	fails 5 '*bounce_size cannot be changed once the device has been attached*hint: *'
}

@test "set: the CPUs of a queue's interrupts" {
	cpus=$(</sys/devices/system/cpu/online)
	last=${cpus##*-}
	vduse dev add name foo type block vqs 2
	vduse dev set foo irq_cb_affinity vq 1 "$last"
	if kernel_is_a; then
		fails 7 "*this kernel's VDUSE has no vq1/irq_cb_affinity*"
		return
	fi
	[ "$status" -eq 0 ]
	[ "$(value foo .queues)" = "[{\"index\":0,\"irq_cb_affinity\":\"$cpus\"},{\"index\":1,\"irq_cb_affinity\":\"$last\"}]" ]
	vduse dev set foo irq_cb_affinity vq 1 "$cpus"
	[ "$status" -eq 0 ]
	# A mask, as it is told apart from a list.
	for mask in 0x1 0,00000001; do
		vduse dev set foo irq_cb_affinity vq 0 "$mask"
		[ "$(value foo .queues[0].irq_cb_affinity)" = '"0"' ]
	done
	vduse dev set foo irq_cb_affinity vq 0 "$cpus"
	for cpus in 63 0-1023; do
		vduse dev set foo irq_cb_affinity vq 0 "$cpus"
		fails 1 "*set 'foo': *CPUs *"
	done
	[ "$(value foo .queues[0].irq_cb_affinity)" = "\"$(</sys/devices/system/cpu/online)\"" ]
	vduse dev set foo irq_cb_affinity vq 2 0
	fails 1 '*it has no queue 2*'
}

@test "del: several, all tried; the first failure's status" {
	vduse dev add name foo type block
	vduse dev add name bar type block attach
	vduse dev add name baz type block
	vduse dev del foo nope bar baz
	[ "$status" -eq 3 ]
	[[ $stderr = *"'nope': there is no such VDUSE device"*"delete 'bar': it is attached to the vdpa bus"* ]]
	[ ! -e /sys/class/vduse/foo ]
	[ ! -e /sys/class/vduse/baz ]
	vduse dev del bar
	fails 5 "*hint: 'vduse dev del bar detach' detaches it first"
	vduse dev del bar detach
	[ "$status" -eq 0 ]
	[ ! -e /sys/bus/vdpa/devices/bar ]
	[ ! -e /sys/class/vduse/bar ]
}

@test "a name that a shell would take apart stands in no command to copy" {
	vduse dev add name 'foo; reboot' type block attach
	vduse dev del 'foo; reboot'
	fails 5 "*hint: 'vduse dev del NAME detach' detaches it first"
	vduse dev del 'foo; reboot' detach
	[ "$status" -eq 0 ]
}

@test "del: a name with a slash, which other programs may give" {
	python3 "$BATS_TEST_DIRNAME/vduse.py" create a/b
	vduse dev show
	[[ $output = 'a!b: '* ]]
	vduse dev del 'a!b'
	[ "$status" -eq 0 ]
	python3 "$BATS_TEST_DIRNAME/vduse.py" create a/b
	vduse dev del a/b
	[ "$status" -eq 0 ]
	[ ! -e '/sys/class/vduse/a!b' ]
	# Nothing tells which of these marks was a slash.
	python3 "$BATS_TEST_DIRNAME/vduse.py" create 'x!y/z'
	vduse dev del 'x!y!z'
	[ "$status" -eq 0 ]
	[ ! -e '/sys/class/vduse/x!y!z' ]
}

@test "the names of what stands beside a device's vDPA device: refused, for it could not be attached" {
	for name in dev power subsystem uevent msg_timeout bounce_size vq0 vq1; do
		vduse dev add name "$name" type block vqs 2 attach
		fails 2 "*name must not be '$name'*"
	done
	# The list is complete: the kernel has nothing else there.
	vduse dev add name vq2 type block vqs 2 attach
	[ "$status" -eq 0 ]
	for path in /sys/class/vduse/vq2/*; do
		case ${path##*/} in
		dev | power | subsystem | uevent | msg_timeout | bounce_size | vq[012]) ;;
		*) false ;;
		esac
	done
	# Another program may give such a name.
	python3 "$BATS_TEST_DIRNAME/vduse.py" create power
	[ "$(value power .attached)" = false ]
	vduse dev del power
	[ "$status" -eq 0 ]
}

@test "where the bus cannot be asked for types, that is said" {
	vduse dev add name foo type block attach
	run --separate-stderr unshare --net "$VDUSE" -j dev show
	[ "$(jq -c '.dev.foo | [.attached, has("type")]' <<<"$output")" = '[true,false]' ]
	[[ $stderr = *'types are left out, because the vdpa bus cannot be asked: '* ]]
}

@test "a device called like a flag, and one called like a keyword" {
	vduse dev add name detach type block
	vduse dev add name name type block
	vduse -j dev show detach
	jq -e '.dev | has("detach")' <<<"$output"
	vduse dev show name
	[[ $output = 'name: '* ]]
	vduse dev del detach name
	[ "$status" -eq 0 ]
	[ ! -e /sys/class/vduse/detach ]
}

@test "what only the node tells" {
	vduse dev add name foo type block vqs 2
	vduse -j dev vq show foo
	jq -e '.vq.foo | length == 2 and .[1] == {index: 1, size: 0, ready: false, desc: "0x0", driver: "0x0",
		device: "0x0", avail_index: 0}' <<<"$output"
	vduse dev vq show foo qidx 1
	[ "${lines[1]}" = '  index 1 size 0 ready false desc 0x0 driver 0x0 device 0x0 avail_index 0' ]
	vduse dev vq show foo qidx 2
	fails 1 '*it has no queue 2, only 2 queues'
	vduse -j dev features show foo
	[ "$output" = '{"dev_features":{"foo":[]}}' ]
	vduse -j dev iotlb show foo
	[ "$output" = '{"iotlb":{"foo":[]}}' ]
	for what in features vq iotlb; do
		vduse dev "$what" show nope
		fails 3 '*there is no such VDUSE device*'
	done
}

@test "the node is held by somebody: status 5 and who" {
	vduse dev add name foo type block
	exec 7<>/dev/vduse/foo
	for what in features vq iotlb; do
		vduse dev "$what" show foo
		fails 5 "*process $$ (*) serves it*hint: *"
	done
	vduse dev del foo
	fails 5 "*process $$ (*) serves it*hint: end that process first"
	[ "$(value foo '| [.state, .pid]')" = "[\"served\",$$]" ]
	exec 7>&-
	[ "$(value foo .state)" = '"orphan"' ]
}

# Starts a process that holds foo, and from it the tool, which inherits it and has a lower number.
from_older()
{
	highest=$(</proc/sys/kernel/pid_max)
	# Below 301 only the first processes of all are.
	until ((${!:-0} > 301)); do
		: &
		wait
	done
	# shellcheck disable=SC2016 # for that process to expand
	run --separate-stderr timeout 60 bash -c 'exec 7<>/dev/vduse/foo
		echo $(($$ + 100)) >/proc/sys/kernel/pid_max
		until ((${!:-$$} < $$)); do
			: &
			wait
		done
		echo $$
		"$@"
		exit' bash "$VDUSE" "$@"
	echo "$highest" >/proc/sys/kernel/pid_max
	echo "$output; $stderr"
}

@test "who serves it is the process that is oldest, and not the one with the lowest number" {
	vduse dev add name foo type block
	from_older dev del foo
	[ "$status" -eq 5 ]
	[[ $stderr = *"process $output (bash) serves it"* ]]
	from_older -j dev show
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dev.foo.pid, .dev.foo.command]' <<<"${lines[1]}")" = "[${lines[0]},\"bash\"]" ]
}

@test "where not all processes are to be seen, nobody is said not to serve it" {
	vduse dev add name foo type block
	exec 7<>/dev/vduse/foo
	# It must not have the node open itself.
	run unshare --pid --fork --mount-proc "$VDUSE" -j dev show 7>&-
	[ "$(jq -c '.dev.foo | [.state, has("pid")]' <<<"$output")" = '["unknown",false]' ]
	install -D -m 755 "${VDUSE/recorded/bin}" /tmp/rights/vduse
	run unshare --mount sh -c 'mount -t proc -o hidepid=2 none /proc && exec setpriv --reuid nobody --regid nogroup \
		--clear-groups "$@"' sh /tmp/rights/vduse -j dev show 7>&-
	[ "$(jq -r .dev.foo.state <<<"$output")" = unknown ]
	exec 7>&-
}

@test "shown: by name, numbers as such" {
	for name in d10 d2 d1; do
		vduse dev add name "$name" type block
	done
	vduse -j dev show
	[ "$(jq -c '.dev | keys_unsorted' <<<"$output")" = '["d1","d2","d10"]' ]
}

@test "show: opens no device's node, and says how many queues there are" {
	vduse dev add name foo type block vqs 3
	vduse dev add name bar type block vqs 3 attach
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=open,openat,openat2 -o "$BATS_TEST_TMPDIR/calls" "$VDUSE" -d dev show
	grep -q /sys/class/vduse "$BATS_TEST_TMPDIR/calls"
	run -1 grep -F '"/dev/vduse' "$BATS_TEST_TMPDIR/calls"
	[ "$(value bar .vqs)" = 3 ]
	# Of one that is not attached kernel A tells it on its node alone.
	kernel_is_a || [ "$(value foo .vqs)" = 3 ]
}

@test "show while devices come and go: each document is whole, and what stays is in it" {
	vduse dev add name stays type block attach
	come_and_go()
	{
		"$VDUSE" dev add name "$1" type block attach
		"$VDUSE" dev del "$1" detach
	}
	start_churn come_and_go goes
	for _ in {1..8}; do
		vduse -jd dev show
		[ "$status" -eq 0 ]
		jq -e '.dev.stays.attached and (.dev | length <= 2)' <<<"$output"
		vduse -j dev show goes
		if [ "$status" -eq 0 ]; then
			jq -e '.dev.goes.msg_timeout == 30' <<<"$output"
		else
			fails 3 '*there is no such VDUSE device*'
		fi
	done
}

calls_of_show()
{
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" "$VDUSE" dev show >/dev/null
	wc -l <"$BATS_TEST_TMPDIR/calls"
}

@test "show: 8 system calls for each device, 9 for one on the bus without a driver" {
	"$VDUSE" dev add name first type block attach
	before=$(calls_of_show)
	seq 0 49 | sed 's/.*/dev add name idle& type block\ndev add name used& type block attach/' | "$VDUSE" -b -
	after=$(calls_of_show)
	echo "$before system calls for one, $after for 101"
	[ "$("$VDUSE" -j dev show | jq '[.dev[] | select(.type == "block")] | length')" = 51 ]
	# A few more, for longer lists.
	[ "$((after - before))" -le 870 ]
	"$VDUSE" dev del first {idle,used}{0..49} detach
	[ "$("$VDUSE" -j dev show)" = '{"dev":{}}' ]
}

@test "another process stays in a request to the control node: said after two seconds, and Ctrl-C ends it at once" {
	need_modules fuse
	"$VDUSE" dev add name foo type block
	touch "$BATS_TEST_TMPDIR/argument"
	echo 'dev del foo' >"$BATS_TEST_TMPDIR/commands"
	# VDUSE_SET_API_VERSION
	python3 "$BATS_TEST_DIRNAME/stuck-request.py" /dev/vduse/control 0x40088101 "$BATS_TEST_TMPDIR/argument" \
		>"$BATS_TEST_TMPDIR/stuck" 2>&1 3>&- &
	stuck=$!
	wait_until grep -q stuck "$BATS_TEST_TMPDIR/stuck"
	count=0
	while read -r words; do
		SECONDS=0
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout --foreground -s INT -k 10 3 "$VDUSE" $words </dev/null
		echo "vduse $words: $status $SECONDS $stderr"
		[ "$status" -eq 124 ] || break
		[ "$SECONDS" -lt 6 ] || break
		[[ -z $output && $stderr = 'vduse: '*'still waiting for the kernel: '*'hint: Ctrl-C stops waiting'* ]] || break
		count=$((count + 1))
	done <<-END
		version show
		dev features show foo
		-b $BATS_TEST_TMPDIR/commands
	END
	# Nothing asks the control node to show devices.
	vduse dev show foo
	umount -f "$BATS_TEST_TMPDIR/argument" || true
	kill -9 "$stuck" || true
	wait "$stuck" || true
	umount -l "$BATS_TEST_TMPDIR/argument" || true
	[ "$count" -eq 3 ]
	[ "$status" -eq 0 ]
	# What was given up is not carried out later.
	gone()
	{
		! pidof vduse
	}
	wait_until gone
	[ -e /sys/class/vduse/foo ]
}
