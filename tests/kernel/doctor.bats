#!/usr/bin/env bats
# What is there and what is missing, on kernels and with rights of many kinds.

load helpers

setup()
{
	unload_modules
	# Where an unprivileged user can reach it, wherever the checkout lies.
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/doctor/vdpa
	modules=/lib/modules/$(uname -r)
}

teardown()
{
	delete_devices
	[ ! -e /sys/class/vduse/waiting ] || vduse destroy waiting
	rm -f "/boot/config-$(uname -r)"
	unload_modules
}

vduse()
{
	python3 "$BATS_TEST_DIRNAME/vduse.py" "$@"
}

# Runs doctor by the given command, where there is one; it must print a whole document.
doctor()
{
	run --separate-stderr "$@" /tmp/doctor/vdpa -j doctor
	jq -e '.doctor | length == 22' <<<"$output" >"$BATS_TEST_TMPDIR/log" || return
	echo "status $status, stderr: $stderr"
	jq -c '.doctor[]' <<<"$output"
}

as_nobody()
{
	setpriv --reuid nobody --regid nogroup --clear-groups "$@"
}

# Prints a member of a check's row, if it has it.
of()
{
	jq -r --arg check "$1" ".doctor[] | select(.check == \$check) | .$2 // empty" <<<"$output"
}

# Runs the command that is to mend what a check has found.
mend()
{
	local hint

	hint=$(of "$1" hint)
	[ -n "$hint" ]
	eval "$hint"
}

# What doctor is started by, where something else than the system is to be seen.
in_mounts()
{
	local prepare=$1

	shift
	unshare --mount sh -c "$prepare && exec \"\$@\"" sh "$@"
}

blocked()
{
	[ "$status" -eq "$1" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ "$(jq -r '.error.message' <<<"$stderr")" = "no device can be added now: $2" ]
}

@test "nothing is loaded: status 7, and each module's hint loads it" {
	doctor
	blocked 7 "the kernel has no netlink family 'vdpa' here"
	[ "$(of kernel state)" = ok ]
	[[ $(of kernel found) = "Linux $(uname -r), "* ]]
	[ "$(of family state)" = missing ]
	[[ $(of family hint) = 'modprobe vdpa_sim_net'* ]]
	[ "$(of mgmtdevs state) $(of drivers state)" = 'missing missing' ]
	[ "$(of network_namespace state) $(of capability state) $(of user_namespace state)" = 'ok ok ok' ]
	count=0
	for check in $(jq -r '.doctor[].check | select(startswith("module_"))' <<<"$output"); do
		count=$((count + 1))
		[ "$(of "$check" state)" = ok ] || {
			[ "$(of "$check" state)" = warning ]
			mend "$check"
			doctor
		}
		[ "$(of "$check" state)" = ok ]
		[[ $(of "$check" found) =~ ^(loaded|built\ in):\  ]]
	done
	[ "$count" -eq 9 ]
	[ "$status" -eq 0 ]
}

@test "it changes nothing" {
	before=$(cat /proc/modules /sys/kernel/uevent_seqnum)
	doctor
	[ "$(cat /proc/modules /sys/kernel/uevent_seqnum)" = "$before" ]
	need_modules vdpa_sim_net vhost_vdpa
	"$VDPA" dev add name one mgmtdev vdpasim_net
	before=$(cat /proc/modules /sys/kernel/uevent_seqnum)
	doctor
	[ "$(cat /proc/modules /sys/kernel/uevent_seqnum)" = "$before" ]
	[ "$status" -eq 0 ]
}

@test "the family alone: status 7, for nothing can make a device" {
	need_modules vdpa
	doctor
	blocked 7 'there is no management device'
	[ "$(of family state)" = ok ]
	if kernel_is_a; then
		[[ $(of family found) = '6 commands, cannot change'* ]]
	else
		[[ $(of family found) = '7 commands, can change'* ]]
	fi
	[ "$(of mgmtdevs state)" = missing ]
	[[ $(of mgmtdevs hint) = 'modprobe vdpa_sim_net'* ]]
}

@test "a simulator: status 0, and no driver for its devices" {
	need_modules vdpa_sim_net
	"$VDPA" dev add name one mgmtdev vdpasim_net
	doctor
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(of mgmtdevs state) $(of mgmtdevs found)" = 'ok vdpasim_net; with 1 device' ]
	[ "$(of drivers state)" = missing ]
	[[ $(of drivers hint) = 'modprobe vhost_vdpa'* ]]
}

@test "VDUSE alone: status 3 until a VDUSE device waits to be added" {
	need_modules vduse
	doctor
	blocked 3 'none has room for another device: vduse'
	[[ $(of mgmtdevs hint) = *'vduse dev add'* ]]
	vduse create waiting 128
	doctor
	[ "$status" -eq 0 ]
	"$VDPA" dev add name waiting mgmtdev vduse
	doctor
	blocked 3 'none has room for another device: vduse'
}

@test "hardware that holds one device and has it: status 5" {
	need_modules vp_vdpa
	parent=pci/$(bind_vp_vdpa)
	doctor
	[ "$status" -eq 0 ]
	"$VDPA" dev add name one mgmtdev "$parent"
	doctor
	blocked 5 "none has room for another device: $parent"
	need_modules vdpa_sim_net
	doctor
	[ "$status" -eq 0 ]
}

@test "the driver that a new device gets is the one that was registered first" {
	need_modules vdpa_sim_net
	for order in 'vhost_vdpa virtio_vdpa' 'virtio_vdpa vhost_vdpa'; do
		# shellcheck disable=SC2086 # words
		need_modules $order
		doctor
		"$VDPA" dev add name one mgmtdev vdpasim_net
		driver=$(basename "$(realpath /sys/bus/vdpa/devices/one/driver)")
		[ "$driver" = "${order%% *}" ]
		[ "$(of drivers found)" = "vhost_vdpa, virtio_vdpa; autoprobe gives a new device to $driver" ]
		[ "$(of drivers state)" = ok ]
		"$VDPA" dev del one
		rmmod vhost_vdpa
		rmmod virtio_vdpa
	done
}

@test "autoprobe is off: a warning, and its hint turns it on" {
	need_modules vdpa_sim_net vhost_vdpa
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
	doctor
	[ "$status" -eq 0 ]
	[ "$(of drivers state)" = warning ]
	[[ $(of drivers found) = *'autoprobe is off' ]]
	mend drivers
	doctor
	[ "$(of drivers state)" = ok ]
}

@test "nodes with their owner and mode" {
	need_modules vdpa_sim_net vhost_vdpa vduse
	doctor
	[ "$(of nodes state) $(of nodes found)" = 'ok /dev/vduse/control root:root 0600' ]
	for n in 0 1 2 3 4 5 6 7; do
		"$VDPA" dev add name "d$n" mgmtdev vdpasim_net
	done
	chown nobody:nogroup /dev/vhost-vdpa-0
	chmod 660 /dev/vhost-vdpa-0
	doctor
	[[ $(of nodes found) = '/dev/vduse/control root:root 0600, /dev/vhost-vdpa-0 nobody:nogroup 0660, /dev/vhost-vdpa-1 root:root 0600, '*' and 3 more' ]]
	run "$VDPA" -jn doctor
	[[ $(of nodes found) = *", /dev/vhost-vdpa-0 $(id -u nobody):$(id -g nobody) 0660, "* ]]
}

@test "a node that is missing, or another device's: a warning, and its hint makes it" {
	need_modules vdpa_sim_net vhost_vdpa vduse
	"$VDPA" dev add name one mgmtdev vdpasim_net
	rm /dev/vhost-vdpa-0
	doctor
	[ "$(of nodes state) $(of nodes found)" = 'warning missing: /dev/vhost-vdpa-0' ]
	mend nodes
	doctor
	[ "$(of nodes state)" = ok ]
	rm /dev/vhost-vdpa-0
	mknod /dev/vhost-vdpa-0 c 1 3
	doctor
	[ "$(of nodes state)" = warning ]
	rm /dev/vhost-vdpa-0
	mend nodes
	[ "$(stat -c %t:%T:%a /dev/vhost-vdpa-0)" != 1:3:600 ]
	mv /dev/vduse /dev/away
	doctor
	[ "$(of nodes found)" = 'missing: /dev/vduse/control' ]
	mend nodes
	doctor
	[ "$(of nodes state)" = ok ]
	rm -r /dev/vduse
	mv /dev/away /dev/vduse
	# The kernel takes away the nodes that it made alone, and later its numbers may be others.
	rm /dev/vhost-vdpa-0
}

@test "an unprivileged user: status 6, and all that can be seen is shown" {
	need_modules vdpa_sim_net vhost_vdpa
	doctor as_nobody
	blocked 6 'CAP_NET_ADMIN is missing'
	[ "$(of capability state) $(of capability hint)" = 'missing run it as root: sudo vdpa ...' ]
	[ "$(of binding state)" = warning ]
	[ "$(of mgmtdevs state) $(of drivers state) $(of family state)" = 'ok ok ok' ]
}

@test "root without CAP_NET_ADMIN: status 6" {
	need_modules vdpa_sim_net
	doctor setpriv --bounding-set -net_admin --inh-caps -net_admin
	blocked 6 'CAP_NET_ADMIN is missing'
	[ "$(of binding state)" = ok ]
	[[ $(of capability hint) = 'CAP_NET_ADMIN is needed in the initial user namespace' ]]
}

@test "a user namespace: status 6, for its capability does not count" {
	need_modules vdpa_sim_net
	doctor unshare --user --map-root-user
	blocked 6 'CAP_NET_ADMIN counts only in the initial user namespace'
	[ "$(of user_namespace state) $(of network_namespace state)" = 'warning ok' ]
	[ "$(of capability state)" = missing ]
}

@test "a network namespace: status 7, and how to come out of it" {
	need_modules vdpa_sim_net
	doctor unshare --net
	blocked 7 "the kernel has no netlink family 'vdpa' here"
	[ "$(of network_namespace state)" = missing ]
	[[ $(of network_namespace hint) = 'nsenter --net=/proc/1/ns/net vdpa'* ]]
	doctor unshare --net nsenter --net=/proc/1/ns/net
	[ "$status" -eq 0 ]
	doctor unshare --user --map-root-user --net
	[ "$status" -eq 7 ]
	[ "$(of network_namespace state) $(of user_namespace state)" = 'missing warning' ]
}

@test "/proc or /sys is not mounted: said so, and the rest is checked" {
	need_modules vdpa_sim_net vhost_vdpa
	doctor in_mounts 'mount -t tmpfs none /sys'
	[ "$status" -eq 0 ]
	for check in module_vdpa binding drivers nodes; do
		[ "$(of "$check" state) $(of "$check" found)" = 'warning unknown: /sys is not mounted' ]
		[ "$(of "$check" hint)" = 'mount -t sysfs sysfs /sys' ]
	done
	[ "$(of mgmtdevs state) $(of family state)" = 'ok ok' ]
	# The sanitizer's search for leaks wants /proc, and so does its reading of the option against it.
	[[ $VDPA != *sanitize* ]] || return 0
	doctor in_mounts 'mount -t tmpfs none /proc'
	[ "$status" -eq 0 ]
	for check in user_namespace hugepages; do
		[ "$(of "$check" state) $(of "$check" found)" = 'warning unknown: /proc is not mounted' ]
	done
	[ "$(of drivers state) $(of capability state)" = 'ok ok' ]
	doctor in_mounts 'mount -t tmpfs none /proc' unshare --net
	[ "$status" -eq 7 ]
	[ "$(of network_namespace found)" = 'unknown: /proc is not mounted' ]
}

@test "/sys is mounted to be read only: a warning, and its hint mends it" {
	need_modules vdpa_sim_net
	doctor in_mounts 'mount -o remount,bind,ro /sys'
	[ "$status" -eq 0 ]
	[[ $(of binding state):$(of binding found) = 'warning:'*'Read-only file system' ]]
	[ "$(of binding hint)" = 'mount -o remount,rw /sys' ]
}

@test "modules that are not installed, that may be, that are built in" {
	doctor in_mounts "mount -t tmpfs none $modules && : >$modules/modules.dep && echo kernel/drivers/vdpa/vduse.ko >$modules/modules.builtin"
	[ "$(of module_vhost_vdpa state)" = missing ]
	[[ $(of module_vhost_vdpa hint) = *CONFIG_VHOST_VDPA=m* ]]
	[[ $(of module_vduse state):$(of module_vduse found) = 'ok:built in: '* ]]
	[ "$(of kernel state)" = warning ]
	[[ $(of kernel found) = *unknown ]]
	doctor in_mounts "mount -t tmpfs none $modules"
	[ "$(of module_vhost_vdpa state)" = warning ]
	[[ $(of module_vhost_vdpa hint) = *'outside this container'*'modprobe vhost_vdpa' ]]
	[[ $(of family hint) = *'outside this container'* ]]
	[[ $(of module_vhost_vdpa found) = *'perhaps not installed'* ]]
}

@test "a kernel without vDPA modules, as Debian 12 has it: no hint proposes one" {
	without="mount -t tmpfs none $modules && : >$modules/modules.dep"
	doctor in_mounts "$without"
	blocked 7 "the kernel has no netlink family 'vdpa' here"
	[[ $output != *modprobe* ]]
	hint='this kernel has no vDPA modules; Debian'"'"'s kernels since Linux 6.12 (for Debian 12 in bookworm-backports) have vdpa, vduse, vhost_vdpa and virtio_vdpa, but no simulators'
	[ "$(of family hint)" = "$hint" ]
	run --separate-stderr in_mounts "$without" "$VDPA" dev show
	[ "$status" -eq 7 ]
	[ "${stderr_lines[1]}" = "hint: $hint" ]
	run --separate-stderr in_mounts "$without" "${VDPA%/*}/vduse" dev show
	[[ $stderr = *'this kernel has no module vduse; '* ]]
	# Those that Debian builds, the simulators left out.
	doctor in_mounts "$without && printf 'kernel/drivers/%s.ko:\n' vdpa/vdpa vdpa/vdpa_user/vduse vhost/vhost_vdpa virtio/virtio_vdpa >$modules/modules.dep"
	[ "$(of family hint)" = 'modprobe vduse for devices that programs serve' ]
	[ "$(of drivers hint)" = 'modprobe vhost_vdpa for virtual machines, modprobe virtio_vdpa for this host' ]
	doctor in_mounts "$without && echo kernel/vduse.ko: >$modules/modules.dep" setpriv --reuid nobody --clear-groups
	[ "$(of family hint)" = 'sudo modprobe vduse for devices that programs serve' ]
}

@test "a list of modules with lines of any kind" {
	doctor in_mounts "mount -t tmpfs none $modules && {
		printf 'x%.0s' \$(seq 3000); echo /vduse.ko:; echo; echo :; echo /; printf 'a\\0/vduse.ko:\\n'
		echo not_vduse.ko:; echo kernel/vduse_not.ko:; echo kernel/x.ko: kernel/vduse.ko
		printf kernel/vhost_vdpa.ko.xz:
	} >$modules/modules.dep"
	[ "$(of module_vduse state)" = missing ]
	[ "$(of module_vhost_vdpa state)" = warning ]
}

@test "a kernel's configuration, where no module is there" {
	no_modules="mount -t tmpfs none $modules"
	mkdir -p /boot
	printf 'CONFIG_X=y\n# CONFIG_VDPA is not set\n' >"/boot/config-$(uname -r)"
	doctor in_mounts "$no_modules"
	[ "$(of kernel state)" = missing ]
	[[ $(of kernel found) = *'built without CONFIG_VDPA' ]]
	printf 'CONFIG_VDPA_USER=m\nCONFIG_VDPA=m\n' >"/boot/config-$(uname -r)"
	doctor in_mounts "$no_modules"
	[ "$(of kernel state)" = warning ]
	[[ $(of kernel found) = *'built with CONFIG_VDPA=m, but without its module' ]]
	printf 'CONFIG_VDPA=' >"/boot/config-$(uname -r)"
	doctor in_mounts "$no_modules"
	[[ $(of kernel found) = *'without CONFIG_VDPA' ]]
}

@test "locked memory: a warning unless there is no limit" {
	need_modules vdpa_sim_net
	doctor prlimit --memlock=65536:131072
	[[ $(of memlock state):$(of memlock found) = 'warning:64 kB, up to 128 kB: '* ]]
	[ "$(of memlock hint)" = 'ulimit -l unlimited' ]
	doctor prlimit --memlock=unlimited
	[ "$(of memlock state) $(of memlock found)" = 'ok unlimited' ]
	[ "$(of hugepages state)" = ok ]
}

@test "text: a line for each check, its hint below it, colours on demand" {
	run --separate-stderr "$VDPA" doctor
	[ "$status" -eq 7 ]
	[[ ${lines[0]} =~ ^check\ +state\ +found$ ]]
	[[ $output = *$'\nmodule_vdpa         warning  not loaded: '*$'\n    hint: modprobe vdpa\n'* ]]
	[ "$(grep -c '^[a-z]' <<<"$output")" -eq 23 ]
	[ "$(grep -vc '^[a-z]' <<<"$output")" -eq "$("$VDPA" -j doctor 2>/dev/null | jq '[.doctor[].hint | values] | length')" ]
	run --separate-stderr "$VDPA" -c=always doctor
	[[ $output = *$'family              \e[1;31mmissing\e[0m  the kernel'* ]]
	[[ $output = *$'capability          \e[32mok\e[0m       CAP_NET_ADMIN'* ]]
}
