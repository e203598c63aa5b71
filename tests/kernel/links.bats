#!/usr/bin/env bats
# What lies behind devices, and the way back from there.

load helpers

setup_file()
{
	need_modules vdpa_sim_net vdpa_sim_blk vhost_vdpa virtio_vdpa virtio_net virtio_blk vduse
	"$VDPA" dev add name guest mgmtdev vdpasim_net driver vhost_vdpa
	"$VDPA" dev add name host mgmtdev vdpasim_net driver virtio_vdpa wait 10
	"$VDPA" dev add name disk mgmtdev vdpasim_blk driver virtio_vdpa wait 10
	"$VDPA" dev add name idle mgmtdev vdpasim_net driver none
}

teardown()
{
	exec 7<&-
	"$VDPA" dev del served || true
	python3 "$BATS_TEST_DIRNAME/vduse.py" destroy served || true
}

teardown_file()
{
	delete_devices
	rmmod vhost_vdpa
	rmmod virtio_vdpa
}

of()
{
	"$VDPA" -jd dev show "$1" | jq -r ".dev[\"$1\"].$2"
}

@test "-d shows the driver and what it made, as sysfs has it" {
	[ "$(of guest driver)" = vhost_vdpa ]
	[ "$(of guest chardev)" = "/dev/$(basename /sys/bus/vdpa/devices/guest/vhost-vdpa-*)" ]
	[ "$(of host driver)" = virtio_vdpa ]
	[ "$(of host virtio)" = "$(basename /sys/bus/vdpa/devices/host/virtio*)" ]
	[ "$(of host netdev)" = "$(ls /sys/bus/vdpa/devices/host/virtio*/net)" ]
	[ "$(of disk disk)" = "$(ls /sys/bus/vdpa/devices/disk/virtio*/block)" ]
	"$VDPA" -jd dev show idle | jq -e '.dev.idle | has("driver") or has("chardev") or has("virtio") or has("parent") | not'
	"$VDPA" -j dev show guest | jq -e '.dev.guest | has("driver") | not'
}

@test "-d for all is what it is for each" {
	"$VDPA" -jd dev show >"$BATS_TEST_TMPDIR/all"
	for name in guest host disk idle; do
		"$VDPA" -jd dev show "$name" | jq -S ".dev.$name" >"$BATS_TEST_TMPDIR/one"
		jq -S ".dev.$name" "$BATS_TEST_TMPDIR/all" | cmp - "$BATS_TEST_TMPDIR/one"
	done
}

@test "in text it stands on a second line" {
	run "$VDPA" -d dev show host
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} = '  driver virtio_vdpa virtio virtio'*' netdev '* ]]
	run "$VDPA" -do dev show host
	[ "${#lines[@]}" -eq 1 ]
}

@test "a driver_override is shown while there is one" {
	echo vhost_vdpa >/sys/bus/vdpa/devices/idle/driver_override
	[ "$(of idle driver_override)" = vhost_vdpa ]
	echo >/sys/bus/vdpa/devices/idle/driver_override
	[ "$(of idle driver_override)" = null ]
}

@test "who has the node open is shown, each once" {
	node=$(of guest chardev) pid=$BASHPID
	"$VDPA" -jd dev show guest | jq -e '.dev.guest | has("holders") | not'
	exec 7<"$node" 8<"/dev/null"
	"$VDPA" -jd dev show guest | jq -e --argjson pid "$pid" --arg command "$(<"/proc/$pid/comm")" \
		'.dev.guest.holders | map(select(.pid == $pid)) == [{ $pid, $command }]'
	exec 7<&- 8<&-
}

@test "driver filters: what is bound, and what is not" {
	[ "$("$VDPA" -j dev show driver virtio_vdpa | jq -c '.dev | keys')" = '["disk","host"]' ]
	[ "$("$VDPA" -j dev show driver none | jq -c '.dev | keys')" = '["idle"]' ]
	[ "$("$VDPA" -jd dev show driver vhost_vdpa type net | jq -c '.dev | keys')" = '["guest"]' ]
	run --separate-stderr "$VDPA" dev show guest driver none
	[ "$status" -eq 3 ]
	run --separate-stderr "$VDPA" dev show driver other
	[ "$status" -eq 2 ]
}

@test "the device of a PCI function: its virtio device is its sister" {
	need_modules vp_vdpa
	address=$(bind_vp_vdpa)
	"$VDPA" dev add name vp mgmtdev "$address" driver virtio_vdpa wait 10
	[ "$(of vp parent)" = "pci/$address" ]
	[ "$(of vp virtio)" = "$(basename "/sys/bus/pci/devices/$address"/virtio*)" ]
	netdev=$(ls "/sys/bus/pci/devices/$address"/virtio*/net)
	[ "$(of vp netdev)" = "$netdev" ]
	for word in "$address" "pci/$address" "$netdev" "$(of vp virtio)"; do
		[ "$("$VDPA" -j dev find "$word" | jq -r .find.dev)" = vp ]
	done
	"$VDPA" dev set vp driver vhost_vdpa
	[ "$(of vp virtio)" = null ]
	[ -c "$(of vp chardev)" ]
	"$VDPA" dev del vp
}

@test "an interface in another network namespace: its name and the namespace's, where they can be known" {
	netdev=$(of host netdev)
	ip netns add blue
	ip link set "$netdev" netns blue
	[ "$(of host netdev) $(of host netns)" = "$netdev blue" ]
	"$VDPA" -j dev find "$netdev" | jq -e '.find | .dev == "host" and .netns == "blue"'
	run --separate-stderr "$VDPA" -d dev show host
	[[ ${lines[1]} = *" netdev $netdev netns blue"* ]]
	# To enter it takes a right of its own.
	run --separate-stderr setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$VDPA" -jd dev show host
	jq -e '.dev.host | .netns == "another network namespace" and (has("netdev") | not)' <<<"$output"
	run --separate-stderr setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$VDPA" dev find "$netdev"
	[ "$status" -eq 3 ]
	[[ $stderr = *"hint: the interface of 'host' is in another network namespace"* ]]
	# From inside sysfs shows it, and from there the tool finds it without a word of it.
	ip netns exec blue "$VDPA" -j dev find "$netdev" | jq -e '.find | .dev == "host" and (has("netns") | not)'
	ip netns delete blue
}

@test "an interface in a container without a name: a process leads to it" {
	# Those of a namespace that ends come back, and not at once.
	while [ "$(of host netns)" != null ]; do sleep 0.1; done
	"$VDPA" dev add name other mgmtdev vdpasim_net driver virtio_vdpa wait 10
	here=$(of other netdev)
	unshare --net sleep 60 3>&- &
	while [ /proc/$!/ns/net -ef /proc/self/ns/net ]; do sleep 0.1; done
	ip link set "$(of host netdev)" netns $! name "$here"
	[ "$(of host netdev) $(of host netns)" = "$here /proc/$!/ns/net" ]
	# One that is here is meant before one of the same name that is elsewhere.
	"$VDPA" -j dev find "$here" | jq -e '.find.dev == "other"'
	"$VDPA" dev del other
	"$VDPA" -j dev find "$here" | jq -e '.find.dev == "host"'
	kill $!
	while [ "$(of host netns)" != null ]; do sleep 0.1; done
}

@test "find is the reverse of each" {
	disk=$(of disk disk) node=$(of guest chardev)
	for pair in "$node guest" "${node#/dev/} guest" "$(of host netdev) host" "$(of host virtio) host" \
		"$disk disk" "/dev/$disk disk"; do
		# shellcheck disable=SC2086 # two words
		set -- $pair
		"$VDPA" -j dev find "$1" | jq -e --arg dev "$2" '.find.dev == $dev'
		"$VDPA" dev find "$1" | grep -q "^$2: driver "
	done
	# By its numbers, whatever the node is called.
	ln -s "$node" "$BATS_TEST_TMPDIR/link"
	"$VDPA" dev find "$BATS_TEST_TMPDIR/link" | grep -q '^guest: '
	cd "$BATS_TEST_TMPDIR"
	"$VDPA" dev find ./link | grep -q '^guest: '
	"$VDPA" dev find "../${PWD##*/}/link" | grep -q '^guest: '
}

@test "find works without netlink, in a network namespace of its own" {
	unshare --net "$VDPA" -j dev find "$(of guest chardev)" | jq -e '.find.dev == "guest"'
}

@test "what is no vDPA device's is not found: status 3" {
	for word in lo /dev/null /dev/nope nope 0000:00:1f.0 /etc/passwd vda9 guest; do
		run --separate-stderr "$VDPA" -j dev find "$word"
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		as_text
		[[ $stderr = "vdpa: find '$word': "* ]]
	done
}

@test "a VDUSE device: its parent, and its node" {
	python3 "$BATS_TEST_DIRNAME/vduse.py" create served 128
	"$VDPA" dev add name served mgmtdev vduse driver none
	[ "$(of served parent)" = vduse/served ]
	[ "$("$VDPA" -j dev find vduse/served | jq -r .find.dev)" = served ]
	[ "$("$VDPA" -j dev find /dev/vduse/served | jq -r .find.dev)" = served ]
}

@test "a virtio-pci device whose address a device is called like is not its" {
	for virtio in /sys/bus/virtio/devices/*; do
		address=$(basename "$(realpath "$virtio/..")")
		[[ $address != *:* ]] || break
	done
	"$VDPA" dev add name "$address" mgmtdev vdpasim_net driver none
	"$VDPA" dev set "$address" driver virtio_vdpa
	[ "$(of "$address" virtio)" = "$(basename "/sys/bus/vdpa/devices/$address"/virtio*)" ]
	"$VDPA" dev del "$address"
}

@test "at most 6 system calls a device" {
	count()
	{
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e 'trace=!sendto,recvmsg,brk,mmap,munmap' "$VDPA" -jd dev show >/dev/null
		wc -l <"$BATS_TEST_TMPDIR/calls"
	}

	# One of each, so that what is done once for all is done before, too.
	"$VDPA" dev add name early mgmtdev vdpasim_net driver vhost_vdpa
	"$VDPA" dev add name late mgmtdev vdpasim_net driver virtio_vdpa
	before=$(count)
	for ((n = 0; n < 50; n++)); do
		echo "dev add name many$n mgmtdev vdpasim_net driver $([ $((n % 2)) = 0 ] && echo vhost_vdpa || echo virtio_vdpa)"
	done >"$BATS_TEST_TMPDIR/batch"
	"$VDPA" -b "$BATS_TEST_TMPDIR/batch"
	after=$(count)
	echo "$before system calls before, $after with 50 devices more"
	[ "$after" -gt "$before" ]
	[ $((after - before)) -le 300 ]
	sed 's/ add name/ del/; s/ mgmtdev.*//' "$BATS_TEST_TMPDIR/batch" | "$VDPA" -b -
}
