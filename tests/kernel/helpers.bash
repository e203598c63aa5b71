# Shared by the tests that run on a real kernel, inside the testbed's virtual machine.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")
# shellcheck source=tests/trace.bash
source "$checkout/tests/trace.bash"
# shellcheck source=tests/messages.bash
source "$checkout/tests/messages.bash"
# shellcheck disable=SC2034 # for the tests
VDPA=$checkout/${TEST_BUILD:-build/static}/recorded/vdpa
# Where the JSON that any test gets is kept, for tests/documents.py.
export RECORD=${RECORD:-$BATS_RUN_TMPDIR/recorded}
mkdir -p "$RECORD"
# shellcheck disable=SC2034 # for the tests that hold ours against it
PEER=/sbin/vdpa

# Loads each module; modprobe takes one at a time.
need_modules()
{
	local module

	for module; do
		modprobe "$module"
	done
}

# Debian's own kernels have no simulators of vDPA devices; those of a and b are built for the tests.
need_simulators()
{
	[ "$VM_KERNEL" != c ] || skip 'this kernel has no simulators'
}

# Leaves no device behind, and the modules as they are.
delete_devices()
{
	local names=(/sys/bus/vdpa/devices/*)

	[ ! -e "${names[0]}" ] || "$VDPA" dev del -- "${names[@]##*/}"
}

# Takes all of vdpa out of the kernel.
unload_modules()
{
	local module

	delete_devices
	for module in vp_vdpa vdpa_sim_net vdpa_sim_blk vdpa_sim vduse vduse_in_create vhost_vdpa virtio_vdpa vdpa; do
		! grep -q "^$module " /proc/modules || rmmod "$module"
	done
}

# Binds the machine's spare virtio device of a PCI class to vp_vdpa, the network card without a
# class, and prints its address.
bind_vp_vdpa()
{
	local device=/sys/bus/pci/devices class=${1:-0x020000} address

	modprobe vp_vdpa
	for address in "$device"/*; do
		[ "$(<"$address/vendor"):$(<"$address/class")" = "0x1af4:$class" ] || continue
		address=${address##*/}
		if [ "$(basename "$(realpath "$device/$address/driver")")" != vp-vdpa ]; then
			[ ! -e "$device/$address/driver" ] ||
				echo "$address" >"$device/$address/driver/unbind"
			echo vp-vdpa >"$device/$address/driver_override"
			echo "$address" >/sys/bus/pci/drivers_probe
		fi
		echo "$address"
		return
	done
	return 1
}

# Takes all functions from vp_vdpa again, so that they are no management devices for other tests.
release_vp_vdpa()
{
	local device

	for device in /sys/bus/pci/drivers/vp-vdpa/0000:*; do
		[ -e "$device" ] || continue
		echo >"$device/driver_override"
		echo "${device##*/}" >/sys/bus/pci/drivers/vp-vdpa/unbind
	done
}

kernel_is_a()
{
	[ "$VM_KERNEL" = a ]
}

# Runs a function again and again beside the test, until stop_churn.
start_churn()
{
	while [ ! -e "$BATS_TEST_TMPDIR/stop" ]; do
		"$@" || true
	done >/dev/null 2>&1 3>&- &
	churn=$!
}

# To be called in teardown. What the function has begun it ends, so that nothing comes later.
stop_churn()
{
	touch "$BATS_TEST_TMPDIR/stop"
	[ -z "${churn-}" ] || wait "$churn"
}

# Keeps the drivers of the bus from taking new devices, under the lock and as our commands do it while
# they need that. What is started meanwhile must not have the lock's file 8.
keep_drivers_off()
{
	exec 8>/sys/bus/vdpa/drivers_probe
	flock 8
	chmod 600 /sys/bus/vdpa/drivers_autoprobe
	echo 0 >/sys/bus/vdpa/drivers_autoprobe
}

let_drivers_come()
{
	echo 1 >/sys/bus/vdpa/drivers_autoprobe
	chmod 644 /sys/bus/vdpa/drivers_autoprobe
	exec 8>&-
}
