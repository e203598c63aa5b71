#!/usr/bin/env bats
# What VDUSE does not take, and what is not there: said so before anything is made.

load helpers
load vduse-helpers

setup()
{
	need_vduse
	cd "$BATS_TEST_TMPDIR" || return
}

teardown()
{
	stop_churn
	delete_vduse_devices
}

# A usage error, and no device: refused WORDS PATTERN
refused()
{
	# shellcheck disable=SC2086 # words
	vduse $1
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	# shellcheck disable=SC2053 # a pattern
	[[ ${stderr_lines[0]} = $2 ]]
	[[ ${stderr_lines[1]} = 'Usage: vduse '* ]]
	[ "$("$VDUSE" -j dev show)" = '{"dev":{}}' ]
}

@test "names" {
	for name in '' control a/b . .. $'a\nb' "$(printf '%0256d' 7)"; do
		vduse dev add name "$name" type block
		[ "$status" -eq 2 ]
	done
	for name in "$(printf '%0255d' 7)" 'two words' a:b.c ...; do
		vduse dev add name "$name" type block
		[ "$status" -eq 0 ]
		vduse dev show "$name"
		[[ $output = "$name: state orphan "* ]]
		vduse dev del "$name"
		[ "$status" -eq 0 ]
	done
	for name in control . .. a/../b '' "$(printf '%0300d' 7)"; do
		vduse dev show "$name"
		[ "$status" -eq 3 ] || [ "$status" -eq 2 ]
		vduse dev del "$name"
		[ "$status" -eq 3 ] || [ "$status" -eq 2 ]
	done
}

@test "what stands beside the devices, in sysfs and below /dev, is none: status 3" {
	for name in control . .. "$(printf '%0256d' 7)" "$(printf '%0300d' 7)" "$(printf '%04000d' 7)"; do
		for words in 'dev show' 'dev del' 'dev features show' 'dev vq show' 'dev iotlb show'; do
			# shellcheck disable=SC2086 # words
			vduse $words "$name"
			fails 3 "*there is no such VDUSE device*hint: *"
		done
		for words in 'msg_timeout 1' 'bounce_size 2097152' 'irq_cb_affinity vq 0 0'; do
			# shellcheck disable=SC2086 # words
			vduse dev set "$name" $words
			fails 3 "*there is no such VDUSE device*hint: *"
		done
	done
}

@test "two of the same name: status 4" {
	vduse dev add name foo type block
	vduse dev add name foo type block
	fails 4 '*a VDUSE device of that name exists already*'
}

@test "a name that the device's directory has for something else: status 4 and where it is" {
	# Another program may give it.
	python3 "$BATS_TEST_DIRNAME/vduse.py" create uevent 128
	for word in '' ensure; do
		# shellcheck disable=SC2086 # one word or none
		run --separate-stderr "$VDPA" dev add name uevent mgmtdev vduse $word
		[ "$status" -eq 4 ]
		[[ $stderr = *"add 'uevent' to 'vduse': its directory would be /sys/devices/virtual/vduse/uevent/uevent, which the kernel uses for something else"* ]]
	done
	vduse dev del uevent
}

@test "two at the same time: one makes it" {
	for n in 1 2 3 4; do
		"$VDUSE" dev add name foo type block vqs 8 2>"$n.err" 3>&- && : >"$n.made" &
	done
	wait
	made=(*.made)
	[ "${#made[@]}" -eq 1 ]
	[ "$(cat -- *.err | grep -c 'exists already')" -eq 3 ]
	kernel_is_a || [ "$(value foo .vqs)" = 8 ]
	"$VDPA" dev add name foo mgmtdev vduse
}

@test "files for the configuration space" {
	: >empty
	head -c 4097 /dev/zero >long
	mkfifo pipe
	vduse dev add name x type block config missing
	fails 1 "*read config from 'missing': No such file or directory"
	refused 'dev add name x type block config empty' "*'empty' is empty"
	refused 'dev add name x type block config long' '*longer than a page of 4096 bytes*'
	refused 'dev add name x type block config .' '*is not a regular file'
	refused 'dev add name x type block config pipe' '*is not a regular file'
	refused 'dev add name x type block config /dev/zero' '*is not a regular file'
	mknod nothing c 240 99
	refused 'dev add name x type block config nothing' "*'nothing' is not a regular file"
	digits=$(printf '%08192d' 0)
	refused "dev add name x type block config hex:${digits}00" '*config has 4097 bytes, but VDUSE*s limit is a page of 4096'
	vduse dev add name page type block config "hex:$digits"
	[ "$status" -eq 0 ]
	vduse dev del page
	for hex in hex: hex:a hex:0g hex:0x00; do
		refused "dev add name x type block config $hex" '*config must have *digits*'
	done
	refused 'dev add name x type block config hex:00 capacity 1' '*config is the whole configuration space*'
}

@test "types and features that VDUSE makes on no kernel" {
	refused 'dev add name x type console' '*devices of type net, block and fs, not console'
	refused 'dev add name x type 200' '*not id_200'
	refused 'dev add name x type net features CTRL_VQ' '*VDUSE does not support the feature CTRL_VQ'
	refused 'dev add name x type net features MQ,MRG_RXBUF' '*the features MQ without CTRL_VQ*'
	refused 'dev add name x type block features CONFIG_WCE,FLUSH' '*VDUSE does not support the feature CONFIG_WCE*'
	refused 'dev add name x type block features MAC' "*'MAC' is not a feature of devices of type block"
	refused 'dev add name x type block mac 02:00:00:00:00:01' '*mac is only for type net'
	refused 'dev add name x type net capacity 1' '*capacity is only for type block'
	refused 'dev add name x type net mac 01:00:00:00:00:01' '*mac must be a unicast address, and not zero'
	refused 'dev add name x type block vduse_features nope' "*'nope' is not a VDUSE feature name*"
}

@test "numbers out of their range" {
	refused 'dev add name x type block vqs 65536' '*vqs must be a number from 0 to 65535*'
	refused 'dev add name x type block vq_size 0' '*vq_size must be a number from 1 to 32768*'
	refused 'dev add name x type block vq_size 3' '*vq_size must be a power of two, not 3*'
	for align in 0 2 3 8192; do
		refused "dev add name x type block vq_align $align" '*vq_align must be a power of two from 4 to 4096*'
	done
	refused 'dev add name x type block groups 65536' '*groups must be a number from 1 to 65535*'
	refused 'dev add name x type block as 65536' '*as must be a number from 1 to 65535*'
	refused 'dev add name x type block as 0' '*as must be a number from 1 to 65535*'
	refused 'dev add name x type block api_version 2' '*api_version must be a number from 0 to 1*'
	refused 'dev add name x type block api_version 0 groups 2' '*groups needs api_version 1, not 0'
	refused 'dev add name x type block bounce_size 1048575' '*bounce_size must be a number from 1048576 to 1073741824*'
	refused 'dev add name x type block msg_timeout 4294967296' '*msg_timeout must be a number from 0 to 4294967295*'
	refused 'dev add name x type net mtu 67' '*mtu must be a number from 68 to 65535*'
	for words in '' 'msg_timeout' 'msg_timeout 1 bounce_size 2097152' 'irq_cb_affinity vq 0' 'irq_cb_affinity 0 1 2' \
		'irq_cb_affinity vq x 0' 'irq_cb_affinity vq 0 3-1' 'irq_cb_affinity vq 0 1024' 'irq_cb_affinity vq 0 1,'; do
		refused "dev set foo $words" '*'
	done
}

@test "queues: none, and as many as there can be" {
	vduse dev add name none type block vqs 0 attach
	[ "$status" -eq 0 ]
	[ "$(value none '| [.attached, .vqs]')" = '[true,0]' ]
	vduse dev set none irq_cb_affinity vq 0 0
	kernel_is_a || fails 1 "*set 'none': it has no queue 0"
	vduse dev add name many type block vqs 65535
	if kernel_is_a; then
		# It wants memory for all of them in one piece.
		fails 1 '*the kernel has no memory for 65535 queues'
		return
	fi
	[ "$status" -eq 0 ]
	[ "$("$VDUSE" -j dev vq show many | jq '.vq.many | length')" -eq 65535 ]
	[ "$("$VDUSE" -j dev show many | jq .dev.many.vqs)" -eq 65535 ]
}

# Runs a command under strace that ends it by SIGKILL when it makes its request number N.
killed_at()
{
	local n=$1

	shift
	ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -f -qq -o /dev/null -e trace=ioctl \
		-e "inject=ioctl:signal=KILL:when=$n" "$VDUSE" "$@" 2>/dev/null
}

@test "killed at any of its requests: nothing is made, or an orphan, which is shown and deleted" {
	none=0 orphans=0 whole=0
	for n in {1..12}; do
		run killed_at "$n" dev add name foo type block vqs 4
		if [ "$status" -eq 0 ]; then
			whole=$((whole + 1))
		elif [ ! -e /sys/class/vduse/foo ]; then
			none=$((none + 1))
			continue
		else
			orphans=$((orphans + 1))
		fi
		vduse -j dev show
		[ "$(jq -c '[.dev[] | .state]' <<<"$output")" = '["orphan"]' ]
		vduse dev add name foo type block
		[ "$status" -eq 4 ]
		vduse dev del foo
		[ "$status" -eq 0 ]
		[ ! -e /sys/class/vduse/foo ]
	done
	echo "$none left nothing, $orphans an orphan, $whole were done"
	((none >= 3 && orphans >= 3 && whole >= 1))
}

# Leaves $adding, the process, in between: the device is there, its queues are not set up.
begin_to_add_foo()
{
	ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -f -qq -o /dev/null -e trace=ioctl \
		-e inject=ioctl:delay_exit=3000000:when=4 "$VDUSE" dev add name foo type block \
		2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
	adding=$!
	wait_until test -c /dev/vduse/foo
}

@test "somebody else opens it before its queues are set up: said so, and that it is still there" {
	begin_to_add_foo
	exec 7<>/dev/vduse/foo
	status=0
	wait "$adding" || status=$?
	[ "$status" -eq 5 ]
	exec 7>&-
	[[ $(<"$BATS_TEST_TMPDIR/stderr") = *"add 'foo': open 'foo': process $$ ("*") serves it; and it could not be deleted again: "* ]]
}

@test "somebody deletes it before its queues are set up: said so" {
	begin_to_add_foo
	vduse dev del foo
	[ "$status" -eq 0 ]
	status=0
	wait "$adding" || status=$?
	[ "$status" -eq 3 ]
	[[ $(<"$BATS_TEST_TMPDIR/stderr") = *"there is no such VDUSE device; somebody has deleted it in the meantime"* ]]
}

@test "stopped by Ctrl-C at any of its requests: nothing is made, or all of it" {
	for n in {1..12}; do
		run timeout 60 strace -f -qq -o /dev/null -e trace=ioctl -e "inject=ioctl:signal=INT:when=$n" \
			env ASAN_OPTIONS=detect_leaks=0 "$VDUSE" dev add name foo type block vqs 4
		[ -e /sys/class/vduse/foo ] || continue
		"$VDPA" dev add name foo mgmtdev vduse
		vduse dev del foo detach
		[ "$status" -eq 0 ]
	done
}

@test "the module comes and goes while commands run: done, or said that it is not there" {
	come_and_go()
	{
		rmmod "$VDUSE_MODULE"
		modprobe "$VDUSE_MODULE"
	}
	start_churn come_and_go
	for _ in 1 2 3; do
		for words in version features 'dev show' 'dev add name foo type block' 'dev set foo msg_timeout 1' \
			'dev vq show foo' 'dev del foo'; do
			# shellcheck disable=SC2086 # words
			vduse -j $words
			case $status in
			0) [ -z "$output" ] || jq -e . <<<"$output" ;;
			3) [[ -z $output && $stderr = *"there is no such VDUSE device"*hint* ]] ;;
			# A module that came meanwhile is not proposed.
			7) [[ -z $output ]] ;;
			*) false ;;
			esac
		done
	done
	stop_churn
	modprobe "$VDUSE_MODULE"
}

@test "too few files may be open: nothing is made, or all of it" {
	[[ $VDUSE != *sanitize* ]] || skip 'the sanitizer opens files of its own'
	run --separate-stderr prlimit --nofile=3 "$VDUSE" dev add name foo type block
	fails 1 '*open /dev/vduse/control: Too many open files'
	run --separate-stderr sh -c 'exec prlimit --nofile=4 "$@" 3>&-' sh "$VDUSE" dev add name foo type block
	fails 1 "*open /dev/vduse/foo: Too many open files; it was deleted again"
	[ ! -e /sys/class/vduse/foo ]
	# Two more are those by which the child is watched.
	run --separate-stderr sh -c 'exec prlimit --nofile=7 "$@" 3>&- 4>&-' sh "$VDUSE" dev add name foo type block
	[ "$status" -eq 0 ]
	"$VDPA" dev add name foo mgmtdev vduse
}

@test "too few files may be open: the list is whole, or it is said why there is none" {
	[[ $VDUSE != *sanitize* ]] || skip 'the sanitizer opens files of its own'
	vduse dev add name foo type block
	vduse dev add name bar type block attach
	exec 7<>/dev/vduse/foo
	failed=0
	for files in {3..9}; do
		run --separate-stderr sh -c 'exec prlimit --nofile="$@" 3>&- 4>&- 7>&-' sh "$files" "$VDUSE" -j dev show
		if [ "$status" -eq 0 ]; then
			jq -e '.dev | .foo.state != "orphan" and .bar.attached and length == 2' <<<"$output"
		else
			fails 1 '*: Too many open files'
			failed=$((failed + 1))
		fi
	done
	exec 7>&-
	((failed >= 2 && failed < 7))
}

@test "standard output that takes nothing: status 1" {
	for words in version features 'dev show' doctor; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr sh -c '"$@" >/dev/full' sh "$VDUSE" -j $words
		fails 1 '*standard output: No space left on device'
	done
}

@test "bytes that no terminal should get, in a name that another program gave" {
	python3 "$BATS_TEST_DIRNAME/vduse.py" create $'a\e[31m\nb'
	vduse dev show
	[[ $output = 'a\x1b[31m\x0ab: state orphan '*'chardev /dev/vduse/a\x1b[31m\x0ab' ]]
	vduse doctor
	[[ $output != *$'\e'* ]]
	[ "$("$VDUSE" -j dev show | jq -r '.dev | keys[]')" = $'a\e[31m\nb' ]
	vduse dev del $'a\e[31m\nb'
	[ "$status" -eq 0 ]
}

@test "a name's beginning is not the name" {
	name=$(printf '%0255d' 7)
	vduse dev add name "$name" type block
	vduse dev del "${name}8"
	fails 3 '*there is no such VDUSE device*'
	[ -e "/sys/class/vduse/$name" ]
}

@test "no module, no node, a node that is none, no rights" {
	vduse dev add name foo type block
	# Within /dev, for the kernel takes away only what it made itself.
	mv /dev/vduse/foo /dev/node
	vduse dev vq show foo
	fails 7 '*open /dev/vduse/foo: No such file or directory*hint: *'
	[ "$(value foo .state)" = '"unknown"' ]
	mkdir /dev/vduse/foo
	vduse dev vq show foo
	fails 1 '*it is not a character device*'
	rmdir /dev/vduse/foo
	# Another device's, of which nothing tells who serves this one.
	mknod /dev/vduse/foo c 1 3
	[ "$(value foo '| [.state, has("age")]')" = '["unknown",false]' ]
	vduse dev vq show foo
	fails 1 '*Inappropriate ioctl*'
	vduse dev add name foo type block
	[ "$status" -eq 4 ]
	rm /dev/vduse/foo
	mv /dev/node /dev/vduse/foo
	mv /dev/vduse/control /dev/node
	vduse version
	fails 7 '*open /dev/vduse/control: No such file or directory*hint: *'
	echo 'no node' >/dev/vduse/control
	for words in version 'dev add name x type block' 'dev del foo'; do
		# shellcheck disable=SC2086 # words
		vduse $words
		fails 1 '*open /dev/vduse/control: it is not a character device'
	done
	rm /dev/vduse/control
	mkfifo /dev/vduse/control
	vduse features
	fails 1 '*it is not a character device'
	rm /dev/vduse/control
	# Another device's.
	mknod /dev/vduse/control c 1 3
	for words in version 'dev add name x type block' 'dev del foo'; do
		# shellcheck disable=SC2086 # words
		vduse $words
		fails 1 '*Inappropriate ioctl*'
	done
	mv /dev/node /dev/vduse/control

	install -D -m 755 "${VDUSE/recorded/bin}" /tmp/rights/vduse
	for words in version 'dev add name x type block' 'dev del foo' 'dev set foo msg_timeout 1' 'dev vq show foo'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vduse $words
		fails 6 '*Permission denied*hint: run it as root: *'
	done
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vduse -j dev show
	jq -e '.dev.foo.state == "unknown"' <<<"$output"
	vduse dev del foo

	rmmod "$VDUSE_MODULE"
	for words in version features 'dev show' 'dev show x' 'dev del x' 'dev add name x type block' 'dev set x msg_timeout 1' \
		'dev vq show x'; do
		# shellcheck disable=SC2086 # words
		vduse $words
		fails 7 '*hint: modprobe vduse'
	done
	modprobe "$VDUSE_MODULE"
}

@test "without /sys: said so, and what needs none of it is done" {
	vduse dev add name foo type block
	for words in 'dev show' 'dev show foo' 'dev set foo msg_timeout 1' 'dev add name x type block msg_timeout 1'; do
		run --separate-stderr unshare -m sh -c "mount -t tmpfs tmpfs /sys; exec '$VDUSE' $words"
		fails 1 '*/sys is not mounted*hint: mount -t sysfs sysfs /sys'
	done
	[ ! -e /sys/class/vduse/x ]
	run --separate-stderr unshare -m sh -c "mount -t tmpfs tmpfs /sys; exec '$VDUSE' dev del foo nope"
	fails 3 "*delete 'nope': there is no such VDUSE device*"
	[ ! -e /sys/class/vduse/foo ]
}

@test "root without CAP_NET_ADMIN: neither a net device nor the bus" {
	run --separate-stderr setpriv --bounding-set -net_admin --inh-caps -net_admin "$VDUSE" dev add name foo type net
	kernel_is_a || fails 6 '*CAP_NET_ADMIN is needed to create a net device*'
	run --separate-stderr setpriv --bounding-set -net_admin --inh-caps -net_admin "$VDUSE" dev add name foo type block attach
	fails 6 "*attach 'foo': Operation not permitted; it was deleted again*hint: CAP_NET_ADMIN *"
	run --separate-stderr unshare --net "$VDUSE" dev add name foo type block attach
	fails 7 "*it was deleted again*hint: vdpa answers in the initial network namespace only*"
	[ ! -e /sys/class/vduse/foo ]
}
