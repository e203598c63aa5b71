#!/usr/bin/env bats
# vfio on a kernel that has not loaded VFIO yet, or only a part of it. Runs first.

load ../kernel/helpers
load vfio-helpers

setup()
{
	find_devices
}

@test "without VFIO: status 7, and the module that helps" {
	[ ! -e /sys/class/vfio-dev ] || skip 'VFIO is loaded already'
	for words in dev "dev show $card" "feature show $card" "feature set $card bus_master set" \
		"region show $card" "region alias $card bar0"; do
		# shellcheck disable=SC2086 # words
		vfio -j $words
		fails 7 $'*\nhint: modprobe vfio-pci'
	done
}

@test "VFIO without a driver that binds devices: the module that has one" {
	modprobe vfio
	[ ! -e /sys/bus/pci/drivers/vfio-pci ] || skip 'vfio-pci is loaded already'
	vfio -j dev
	[ "$status" -eq 0 ]
	[ "$output" = '{"dev":{}}' ]
	vfio feature show "$card"
	fails 3 "*is bound to no driver"$'\n'"hint: modprobe vfio-pci*"
}

@test "iommufd asked for without its node: status 7" {
	modprobe vfio-pci enable_sriov=1 disable_idle_d3=1
	[ ! -e /dev/iommu ] || skip 'iommufd is there already'
	bind_vfio "$card"
	vfio feature show "$card" iommufd
	fails 7 '*hint: *'
	unbind_vfio "$card"
}
