#!/usr/bin/env bats
# The examples of the manual pages, the README and the recipes, run in their order and compared with
# what the text says. What may differ is listed in tests/manual.py.

load helpers
load vduse-helpers

setup()
{
	pages=$checkout/man/man8
	PATH=$checkout/${TEST_BUILD:-build/static}/bin:$PATH
	PATH=$PATH:$checkout/${TEST_BUILD:-build/static}/servers
	unload_modules
	cd "$BATS_TEST_TMPDIR" || return
}

# What plays a device that no virtual machine has is ended, and waited for.
stop_server()
{
	local server=$BATS_TEST_TMPDIR/server

	[ -e "$server" ] || return 0
	kill "$(<"$server")"
	timeout 15 sh -c 'while [ -e /dev/mshv ]; do sleep 0.1; done'
}

# Gives the machine's spare device back, which the pages of vfio have, and leaves no module of VFIO.
release_edu()
{
	local device module

	for device in /sys/bus/pci/drivers/vfio-pci/0000:*; do
		[ -e "$device" ] || continue
		echo >"$device/driver_override"
		echo "${device##*/}" >/sys/bus/pci/drivers/vfio-pci/unbind
	done
	device=/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
	[ ! -e "$device" ] || echo 0 >"$device"
	for module in vfio-pci vfio_iommu_type1 iommufd; do
		modprobe -r "$module" || true
	done
}

teardown()
{
	stop_server
	release_edu
	delete_vduse_devices
	unload_modules
}

run_examples()
{
	timeout 120 python3 -I "$checkout/tests/manual.py" run "$@"
}

@test "every page is run below" {
	run_here=$(grep -o '"$pages/[a-z-]*.8"' "$BATS_TEST_FILENAME" | tr -d '"' | sort)
	[ "${run_here//'$pages'/"$pages"}" = "$(printf '%s\n' "$pages"/*.8 | sort)" ]
}

@test "the examples of vdpa-apply(8)" {
	run_examples "$pages/vdpa-apply.8"
}

@test "the examples of vdpa-dev(8)" {
	run_examples "$pages/vdpa-dev.8"
}

@test "the examples of vdpa-doctor(8)" {
	run_examples "$pages/vdpa-doctor.8"
}

@test "the examples of vdpa-feature(8)" {
	run_examples "$pages/vdpa-feature.8"
}

@test "the examples of vdpa-mgmtdev(8)" {
	run_examples "$pages/vdpa-mgmtdev.8"
}

@test "the examples of vdpa-metrics(8)" {
	run_examples "$pages/vdpa-metrics.8"
}

@test "the examples of vdpa-monitor(8)" {
	run_examples "$pages/vdpa-monitor.8"
}

@test "the examples of vdpa(8)" {
	run_examples "$pages/vdpa.8"
}

@test "the examples of vduse-dev(8)" {
	run_examples "$pages/vduse-dev.8"
}

@test "the examples of vduse(8)" {
	run_examples "$pages/vduse.8"
	# The program deletes its device when it ends.
	no_devices()
	{
		[ "$("$VDUSE" -j dev show)" = '{"dev":{}}' ]
	}
	wait_until no_devices
}

@test "the first session of the README" {
	! kernel_is_a || skip 'its simulator has no link, so that the feature STATUS is missing'
	run_examples "$checkout/README.md" "A first session"
	rm -r /etc/vdpa
}

@test "the recipes" {
	run_examples "$checkout/doc/recipes.md" "Recipes for jq"
}

@test "the recipes, with names that shells, batches and options take for something else" {
	run_examples "$checkout/doc/recipes.md" "Recipes for jq" '-f a  "b" '"'c' #d\\e\$HOME;f "
}

@test "the recipe that deletes a device called 'a b' leaves a and b alone" {
	need_modules vdpa_sim_net vdpa_sim_blk
	"$VDPA" -b - <<-'END'
		dev add name a mgmtdev vdpasim_blk
		dev add name b mgmtdev vdpasim_blk
		dev add name "a b" mgmtdev vdpasim_net
	END
	bash -c "$(sed -n 's/^# \(.*dev del -- .*\)/\1/p' "$checkout/doc/recipes.md")"
	[ "$("$VDPA" -j dev show | jq -c '.dev | keys')" = '["a","b"]' ]
}

@test "the examples of mshv(8)" {
	run_examples "$pages/mshv.8"
}

@test "the examples of vfio(8)" {
	run_examples "$pages/vfio.8"
}

@test "the examples of vfio-feature(8)" {
	run_examples "$pages/vfio-feature.8"
}

@test "the examples of vfio-region(8)" {
	run_examples "$pages/vfio-region.8"
}
