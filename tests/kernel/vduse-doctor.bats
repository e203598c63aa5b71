#!/usr/bin/env bats
# What vduse's doctor finds, on kernels and with rights of many kinds.

load helpers
load vduse-helpers

setup()
{
	unload_modules
	# Where an unprivileged user can reach it, wherever the checkout lies.
	install -D -m 755 "${VDUSE/recorded/bin}" /tmp/doctor/vduse
	modules=/lib/modules/$(uname -r)
}

teardown()
{
	[ ! -e /sys/class/vduse ] || delete_vduse_devices
	rm -f "/boot/config-$(uname -r)"
	unload_modules
}

# Runs doctor by the given command, where there is one; it must print a whole document.
doctor()
{
	run --separate-stderr "$@" timeout 60 /tmp/doctor/vduse -j doctor
	echo "status $status, stderr: $stderr"
	jq -c '.doctor[]' <<<"$output"
	jq -e '.doctor | length == 13' <<<"$output"
}

# Prints members of a check's row, those that it has: of CHECK KEY...
of()
{
	local check=$1

	shift
	jq -r --arg check "$check" '.doctor[] | select(.check == $check) | [.[$ARGS.positional[]] // empty] | join(" ")' \
		--args "$@" <<<"$output"
}

mend()
{
	local hint

	hint=$(of "$1" hint)
	[ -n "$hint" ]
	eval "$hint"
}

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
	# shellcheck disable=SC2053 # a pattern
	[[ $(jq -r '.error.message' <<<"$stderr") = "no device can be created now: "$2 ]]
}

@test "nothing is loaded: status 7, and each module's hint loads it" {
	doctor
	blocked 7 'VDUSE is not available: its module is not loaded'
	[ "$(of kernel state)" = ok ]
	[ "$(of control state hint)" = 'missing modprobe vduse' ]
	[ "$(of api_version state) $(of vduse_features state)" = 'warning warning' ]
	[ "$(of mgmtdev state) $(of devices found) $(of nodes found)" = 'missing none none is needed now' ]
	for module in vduse vhost_vdpa virtio_vdpa; do
		[ "$(of "module_$module" state)" = warning ]
		mend "module_$module"
		doctor
		[ "$(of "module_$module" state)" = ok ]
	done
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $(of drivers found) = 'vhost_vdpa, virtio_vdpa; autoprobe gives a new device to vhost_vdpa' ]]
	[[ $(of kernel found) = "Linux $(uname -r), with VDUSE" ]]
}

@test "what the kernel's VDUSE can do" {
	need_modules vduse
	doctor
	[ "$status" -eq 0 ]
	if [ "$VM_KERNEL" != b ]; then
		[ "$(of api_version state found)" = 'ok 0; this tool speaks up to 1; no groups, no address spaces' ]
		[ "$(of vduse_features state found)" = 'ok none: this kernel has no VDUSE feature negotiation' ]
		kernel_is_a || return 0
		rmmod vduse
		modprobe vduse_in_create
		doctor
		[ "$status" -eq 0 ]
		[ "$(of module_vduse state)" = ok ]
	else
		[ "$(of api_version state found)" = 'ok 1; this tool speaks up to 1' ]
	fi
	[ "$(of vduse_features state found)" = 'ok QUEUE_READY,SUSPEND' ]
	[ "$(of mgmtdev state found)" = 'ok vduse' ]
}

@test "it changes nothing" {
	need_modules vduse
	"$VDUSE" dev add name foo type block attach
	before=$(cat /proc/modules /sys/kernel/uevent_seqnum)
	doctor
	[ "$(cat /proc/modules /sys/kernel/uevent_seqnum)" = "$before" ]
}

@test "devices: how many are served, and one that nobody serves though it is attached" {
	need_modules vduse
	doctor
	[ "$(of devices state found)" = 'ok 0, of which 0 served, 0 orphans; 0 attached' ]
	"$VDUSE" dev add name foo type block
	"$VDUSE" dev add name bar type block
	exec 7<>/dev/vduse/bar
	doctor
	[ "$(of devices state found)" = 'ok 2, of which 1 served, 1 orphans; 0 attached' ]
	"$VDPA" dev add name foo mgmtdev vduse
	doctor
	[ "$status" -eq 0 ]
	[ "$(of devices state found)" = "warning 2, of which 1 served, 1 orphans; 1 attached, such as 'foo', which nobody serves" ]
	[[ $(of devices hint) = *'vduse dev del foo detach' ]]
	exec 7>&-
}

@test "nodes with their owner and mode; one that is missing is made by its hint" {
	need_modules vduse
	"$VDUSE" dev add name foo type block
	chown nobody:nogroup /dev/vduse/foo
	chmod 660 /dev/vduse/foo
	doctor
	[ "$(of nodes state found)" = 'ok /dev/vduse/control root:root 0600, /dev/vduse/foo nobody:nogroup 0660' ]
	mv /dev/vduse/foo /dev/node
	doctor
	[ "$status" -eq 0 ]
	[ "$(of nodes state found)" = 'warning missing: /dev/vduse/foo' ]
	mend nodes
	doctor
	[ "$(of nodes state)" = ok ]
	rm /dev/vduse/foo
	mv /dev/node /dev/vduse/foo
	mv /dev/vduse /dev/away
	doctor
	blocked 7 'open /dev/vduse/control: No such file or directory'
	[ "$(of nodes found)" = 'missing: /dev/vduse/control, /dev/vduse/foo' ]
	mend nodes
	doctor
	[ "$status" -eq 0 ]
	rm -r /dev/vduse
	mv /dev/away /dev/vduse
}

@test "an unprivileged user: status 6, unless the node was given away" {
	need_modules vduse
	nobody=(setpriv --reuid nobody --regid nogroup --clear-groups)
	doctor "${nobody[@]}"
	blocked 6 'open /dev/vduse/control: Permission denied'
	[[ $(of control hint) = 'run it as root: sudo vduse ...'* ]]
	[ "$(of capability state hint)" = 'warning run it as root: sudo vduse ...' ]
	chown nobody /dev/vduse/control
	doctor "${nobody[@]}"
	[ "$status" -eq 0 ]
	[[ $(of capability state found) = 'warning CAP_NET_ADMIN is missing: no net device '* ]]
	doctor unshare --user --map-root-user
	[ "$(of user_namespace state)" = warning ]
	chown root /dev/vduse/control
}

@test "another network namespace: devices can be created, but not attached" {
	need_modules vduse
	doctor unshare --net
	[ "$status" -eq 0 ]
	[[ $(of mgmtdev state found) = 'missing no device can be attached: '*"no netlink family 'vdpa' here" ]]
	[[ $(of mgmtdev hint) = *'nsenter --net=/proc/1/ns/net vduse ...' ]]
}

@test "/proc or /sys is not mounted: said so, and the rest is checked" {
	need_modules vduse
	doctor in_mounts 'mount -t tmpfs none /sys'
	[ "$status" -eq 0 ]
	for check in module_vduse drivers devices nodes; do
		[ "$(of "$check" state found)" = 'warning unknown: /sys is not mounted' ]
	done
	# The sanitizer's search for leaks wants /proc.
	[[ $VDUSE != *sanitize* ]] || return 0
	doctor in_mounts 'mount -t tmpfs none /proc'
	[ "$status" -eq 0 ]
	[ "$(of user_namespace state found)" = 'warning unknown: /proc is not mounted' ]
}

@test "a kernel that is built without VDUSE" {
	mkdir -p /boot
	printf 'CONFIG_VDPA=m\n# CONFIG_VDPA_USER is not set\nCONFIG_VDPA_USERS=m\n' >"/boot/config-$(uname -r)"
	doctor in_mounts "mount -t tmpfs none $modules && : >$modules/modules.dep"
	[ "$status" -eq 7 ]
	[ "$(of kernel state)" = missing ]
	[[ $(of kernel found) = *'built without CONFIG_VDPA_USER' ]]
	[[ $(of module_vduse state hint) = missing*CONFIG_VDPA_USER=m ]]
}

@test "a bus that does not answer: it comes back and says so" {
	need_modules vduse virtio_vdpa
	"$VDUSE" dev add name foo type block msg_timeout 6
	"$VDPA" -f dev add name foo mgmtdev vduse 2>"$BATS_TEST_TMPDIR/log" 3>&- &
	adding=$!
	sleep 0.5
	doctor
	wait "$adding" || true
	[ "$status" -eq 0 ]
	[[ $(of mgmtdev state found) = 'warning no device can be attached: the vdpa bus does not answer'* ]]
}

# Debian's own kernels since 13: their users have no simulator to try anything with.
@test "vdpa doctor where there are no simulators: its hints, followed, end in a device" {
	[ "$VM_KERNEL" = c ] || skip 'this kernel has simulators'
	hint_of()
	{
		jq -r --arg check "$1" '.doctor[] | select(.check == $check) | .hint' <<<"$output"
	}
	run --separate-stderr "$VDPA" -j doctor
	[ "$status" -eq 7 ]
	[ "$(hint_of family)" = 'modprobe vduse for devices that programs serve' ]
	[[ $(hint_of module_vdpa_sim_net) != *modprobe* ]]
	modprobe vduse
	run --separate-stderr "$VDPA" -j doctor
	[[ $(hint_of drivers) = 'modprobe vhost_vdpa for virtual machines'* ]]
	modprobe vhost_vdpa
	run --separate-stderr "$VDPA" -j doctor
	[ "$status" -eq 3 ]
	[ "$(hint_of mgmtdevs)" = 'create a VDUSE device first: vduse dev add ...' ]
	"$VDUSE" dev add name foo type block
	run --separate-stderr "$VDPA" -j doctor
	[ "$status" -eq 0 ]
	"$VDPA" dev add name foo mgmtdev vduse
	[ -e /dev/vhost-vdpa-0 ]
	"$VDUSE" dev del foo detach
}
