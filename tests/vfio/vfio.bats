#!/usr/bin/env bats
# vfio against real drivers: an e1000e, an nvme controller with virtual functions, and a card that
# shares its group with a device of another driver.

load ../kernel/helpers
load vfio-helpers

# What opens the disk comes before its virtual functions: a reset of the emulated disk takes them
# away for good on older kernels.
setup_file()
{
	load_vfio
	find_devices
	bind_vfio "$card" "$disk"
	for way in $(ways); do
		"$VFIO" -j feature show "$disk" "$way" >"$BATS_FILE_TMPDIR/disk.$way"
	done
	"$VFIO" -j region show "$disk" >"$BATS_FILE_TMPDIR/disk.regions"
	"$VFIO" feature set "$disk" pci_vf_token random show >"$BATS_FILE_TMPDIR/random" 2>&1
	(umask 077 && echo "$token" >"$BATS_FILE_TMPDIR/token")
	"$VFIO" feature set "$disk" pci_vf_token "file:$BATS_FILE_TMPDIR/token" \
		>"$BATS_FILE_TMPDIR/set" 2>&1
	echo 1 >"$pci/$disk/sriov_numvfs"
}

teardown_file()
{
	find_devices
	echo 0 >"$pci/$disk/sriov_numvfs"
	unbind_vfio "$card" "$disk" "$shared"
}

setup()
{
	find_devices
}

teardown()
{
	stop_churn
}

# Prints the names of the features that a matrix has: those with this operation.
having()
{
	jq -r --arg operation "$1" \
		'.feature[].features[] | select(.[$operation]) | .name' | paste -sd ' '
}

@test "dev show: driver, group, nodes, as sysfs has them; nothing is opened" {
	cdev=null
	kernel_is_a || cdev="\"/dev/vfio/devices/$(basename "$pci/$card"/vfio-dev/*)\""
	vfio -j dev show "$card"
	[ "$status" -eq 0 ]
	group=$(group_of "$card")
	jq -e --arg dev "$card" --argjson group "$group" --argjson cdev "$cdev" \
		'.dev == {($dev): ({driver: "vfio-pci", iommu_group: $group,
			group_node: "/dev/vfio/\($group)", state: "free"} + if $cdev then {cdev: $cdev} else {} end)}' <<<"$output"
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=openat,open -o "$BATS_TEST_TMPDIR/trace" "$VFIO" dev
	run ! grep /dev/vfio "$BATS_TEST_TMPDIR/trace"
}

@test "dev show: all devices in the order of their addresses, each by all of its names" {
	vfio -j dev
	jq -e --arg card "$card" --arg disk "$disk" --arg virtual "$virtual" \
		'.dev | keys_unsorted == ([$card, $disk, $virtual] | sort)' <<<"$output"
	name=$(basename "$pci/$disk"/vfio-dev/*)
	for word in "$disk" "${disk#0000:}" "${disk^^}" "$name" "$pci/$disk" "$(realpath "$pci/$disk")" \
		"/sys/class/vfio-dev/$name"; do
		vfio -j dev show "$word"
		jq -e --arg disk "$disk" '.dev | keys == [$disk]' <<<"$output"
	done
	vfio -jd dev show "$virtual"
	jq -e --arg disk "$disk" '.dev[] | .physfn == $disk and (.path | startswith("/sys/devices/"))
		and (.vfio | startswith("vfio"))' <<<"$output"
}

@test "a device that is none of VFIO's: status 3, and what binds it" {
	for words in 'dev show' 'feature show' 'region show'; do
		for dev in 0000:7f:00.0 vfio99 /sys/nope /sys nope ../../x : a:b; do
			# shellcheck disable=SC2086 # words
			vfio $words "$dev"
			fails 3 "vfio: *no such VFIO device"$'\n'"hint: 'vfio dev show'*"
		done
	done
	vfio feature show "$neighbour"
	fails 3 '*is bound to virtio-pci, which is not a VFIO driver*hint: echo vfio-pci >*'
	vfio feature show "$shared"
	fails 3 '*is bound to no driver*hint: echo vfio-pci >*'
	bash -c "${stderr_lines[1]#hint: }"
	[ "$(basename "$(realpath "$pci/$shared/driver")")" = vfio-pci ]
	unbind_vfio "$shared"
}

@test "the card's matrix is what vfio-pci has, by each way of opening it" {
	get=''
	kernel_is_a || get=dma_buf
	for way in $(ways) ''; do
		# shellcheck disable=SC2086 # perhaps none
		vfio -j feature show "$card" $way
		[ "$status" -eq 0 ]
		[ "$(having set <<<"$output")" = 'low_power_entry low_power_entry_with_wakeup low_power_exit' ]
		[ "$(having get <<<"$output")" = "$get" ]
		jq -e '.feature[] | (.migration | startswith("no: ")) and
			([.features[].index] == [range(14)])' <<<"$output"
	done
}

@test "the disk's matrix has the token besides" {
	for way in $(ways); do
		[ "$(having set <"$BATS_FILE_TMPDIR/disk.$way")" = \
			'pci_vf_token low_power_entry low_power_entry_with_wakeup low_power_exit' ]
	done
}

@test "a virtual function needs the token that was set: with it, without it, another one" {
	grep -Eq 'token [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' \
		"$BATS_FILE_TMPDIR/random"
	[ ! -s "$BATS_FILE_TMPDIR/set" ]
	for way in $(ways); do
		vfio feature show "$virtual" "$way"
		fails 6 "*needs its token*hint: add 'token UUID'*vfio feature set $disk pci_vf_token"
		vfio feature show "$virtual" "$way" token "${token%8}9"
		fails 6 '*this is not its token*'
		[[ $stderr != *"${token%8}9"* ]]
		vfio -j feature show "$virtual" "$way" token "$token"
		[ "$status" -eq 0 ]
		[ "$(having set <<<"$output")" = 'low_power_entry low_power_entry_with_wakeup low_power_exit' ]
		vfio -j region show "$virtual" token "file:$BATS_FILE_TMPDIR/token" "$way"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
	vfio feature show "$card" token "$token"
	fails 1 '*it takes no token*'
}

@test "region show: sizes, offsets and flags are what sysfs and vfio-pci say" {
	size=$(awk 'NR == 1 { print strtonum($2) - strtonum($1) + 1 }' "$pci/$card/resource" 2>/dev/null ||
		python3 -c 'import sys; a, b = [int(x, 16) for x in open(sys.argv[1]).readline().split()[:2]]; print(b - a + 1)' "$pci/$card/resource")
	for way in $(ways); do
		vfio -j region show "$card" "$way"
		[ "$status" -eq 0 ]
		jq -e --argjson size "$size" '.region[] | .[0] == {index: 0, name: "bar0", size: $size, offset: 0,
			flags: ["read", "write", "mmap"], capabilities: []}' <<<"$output"
		# The table of MSI-X lies in a region that can be mapped all the same.
		jq -e '.region[] | .[] | select(.name == "bar3") | .capabilities == ["msix_mappable"] and
			.offset == 3 * 1099511627776 and (.flags | index("caps"))' <<<"$output"
		jq -e '.region[] | .[] | select(.name == "config") | .index == 7 and .size == 4096' <<<"$output"
		jq -e '.region[] | all(.size > 0)' <<<"$output"
	done
	vfio -jdn region show "$card"
	jq -e '.region[] | (.[0].flags == "0x7") and (map(select(.size == 0)) | length > 0) and
		(.[3].capabilities == [3])' <<<"$output"
	jq -e '.region[] | .[0].capabilities == ["msix_mappable"]' "$BATS_FILE_TMPDIR/disk.regions"
}

@test "feature probe: what is there, and status 7 for what is not" {
	vfio -j feature probe "$card" low_power_entry
	jq -e '.feature[] | .index == 3 and .name == "low_power_entry" and (.get | not) and .set' <<<"$output"
	vfio -j feature probe "$card" 5 set
	jq -e '.feature[] | .name == "low_power_exit" and .set and (has("get") | not)' <<<"$output"
	vfio -n feature probe "$card" 5 set
	[[ $output = *'name feature_5 set true'* ]]
	vfio feature probe "$card" low_power_exit get
	fails 7 '*cannot be read*'
	vfio feature probe "$card" low_power_exit get set
	fails 7 '*cannot be read*'
	for feature in migration mig_precopy_info_v2 20 65535; do
		vfio feature probe "$card" "$feature"
		fails 7 "*has no feature*hint: 'vfio feature show $card'*"
	done
}

@test "feature get and set: refused with the reason, or done" {
	vfio feature get "$card" migration
	fails 7 '*has no feature migration*'
	vfio feature get "$card" low_power_exit
	fails 7 '*cannot be read*'
	vfio feature set "$card" pci_vf_token "$token"
	fails 7 '*has no feature pci_vf_token*'
	for feature in low_power_entry low_power_entry_with_wakeup; do
		vfio feature set "$card" "$feature"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[[ $stderr = *'lasts only until this command closes the device'* ]]
	done
	vfio feature set "$card" low_power_exit
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
}

@test "region alias: this kernel has none, and says what it has" {
	vfio region alias "$card" bar0 wc
	if kernel_is_a; then
		fails 7 '*neither this kernel nor the driver has alias_region*'
	else
		fails 7 '*this kernel uses feature 11 for dma_buf*'
	fi
	vfio region alias "$card" 99
	fails 1 '*region 99*'
}

@test "a device that somebody holds is refused by his name, and not reset" {
	nodes=("/dev/vfio/$(group_of "$card")")
	kernel_is_a || nodes+=("/dev/vfio/devices/$(basename "$pci/$card"/vfio-dev/*)")
	for node in "${nodes[@]}"; do
		(exec 8<"$node" && exec sleep 60) 3>&- &
		holder=$!
		until [ "$(readlink "/proc/$holder/fd/8")" = "$node" ] && grep -q sleep "/proc/$holder/comm"; do
			sleep 0.05
		done
		vfio feature show "$card"
		fails 5 "*process $holder (sleep) has it*hint: *"
		vfio -j dev show "$card"
		jq -e --argjson pid "$holder" '.dev[].holders == [{pid: $pid, command: "sleep"}]' <<<"$output"
		vfio dev show "$card"
		[[ $output = *"pid $holder command sleep" ]]
		kill "$holder"
		wait "$holder" || true
	done
	# Held in the kernel's eyes, whatever was looked at before.
	exec 9<"/dev/vfio/$(group_of "$card")"
	vfio -f feature show "$card" 9<&-
	exec 9<&-
	fails 5 '*'
}

@test "a device of whose group somebody has another one: refused by his name" {
	! kernel_is_a || skip 'a group is opened as one here'
	bind_vfio "$shared" "$neighbour"
	python3 - "/dev/vfio/devices/$(basename "$pci/$neighbour"/vfio-dev/*)" "$BATS_TEST_TMPDIR/bound" 3>&- <<-'END' &
		import fcntl, os, struct, sys, time
		device, iommu = os.open(sys.argv[1], os.O_RDWR), os.open("/dev/iommu", os.O_RDWR)
		fcntl.ioctl(device, 0x3B76, struct.pack("IIiI", 16, 0, iommu, 0))
		open(sys.argv[2], "w").close()
		time.sleep(60)
	END
	holder=$!
	until [ -e "$BATS_TEST_TMPDIR/bound" ]; do
		kill -0 "$holder"
		sleep 0.05
	done
	for way in $(ways); do
		vfio feature show "$shared" "$way"
		fails 5 "*process $holder (python3) has $neighbour of its IOMMU group $(group_of "$shared") open*hint: *"
	done
	kill "$holder"
	wait "$holder" || true
	vfio feature show "$shared"
	[ "$status" -eq 0 ]
	unbind_vfio "$shared" "$neighbour"
	echo "$neighbour" >/sys/bus/pci/drivers_probe
}

@test "a group that is not viable: status 5, and which device is in the way" {
	[ "$(group_of "$shared")" = "$(group_of "$neighbour")" ]
	bind_vfio "$shared"
	for way in $(ways); do
		vfio feature show "$shared" "$way"
		fails 5 "*$neighbour in its IOMMU group $(group_of "$shared") is bound to virtio-pci, which VFIO cannot share it with*hint: echo $neighbour >*unbind"
	done
	bash -c "${stderr_lines[1]#hint: }"
	vfio feature show "$shared"
	[ "$status" -eq 0 ]
	unbind_vfio "$shared"
	echo "$neighbour" >/sys/bus/pci/drivers_probe
}

@test "without rights: status 6, and what helps" {
	user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	# A copy, for the checkout may be closed to others.
	install -D -m 755 "${VFIO/recorded/bin}" /tmp/rights/vfio
	run --separate-stderr "${user[@]}" /tmp/rights/vfio feature show "$card"
	fails 6 '*Permission denied*hint: run it as root*'
	run --separate-stderr "${user[@]}" /tmp/rights/vfio -j dev show "$card"
	[ "$status" -eq 0 ]
	jq -e '.dev | length == 1 and .[].state == "unknown"' <<<"$output"
	# A right to the group's node alone is enough.
	chmod 666 "/dev/vfio/$(group_of "$card")"
	run --separate-stderr "${user[@]}" "$VFIO" -j feature probe "$card" 3
	chmod 600 "/dev/vfio/$(group_of "$card")"
	echo "$stderr"
	[ "$status" -eq 0 ]
}

# Has a program that is not this tool hold a device, as a batch that waits for its next line.
hold()
{
	cp "${VFIO/recorded/bin}" "$BATS_TEST_TMPDIR/holder"
	mkfifo "$BATS_TEST_TMPDIR/lines"
	"$BATS_TEST_TMPDIR/holder" -b - <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/held" 2>&1 3>&- &
	holder=$!
	exec 9>"$BATS_TEST_TMPDIR/lines"
	echo "feature probe $* hold" >&9
	for _ in {1..200}; do
		[ ! -s "$BATS_TEST_TMPDIR/held" ] || break
		sleep 0.1
	done
	cat "$BATS_TEST_TMPDIR/held"
	grep -q low_power_entry "$BATS_TEST_TMPDIR/held"
}

let_go()
{
	exec 9>&-
	wait "$holder"
}

@test "a physical function is not opened while somebody uses a virtual one, seen or not" {
	hold "$virtual" 3 token "file:$BATS_FILE_TMPDIR/token"
	for words in '' "token file:$BATS_FILE_TMPDIR/token"; do
		# shellcheck disable=SC2086 # words
		vfio feature probe "$disk" 0 set $words
		fails 5 "*?holder? has its virtual function $virtual open"$'\n'"hint: *end that process first"
	done
	run --separate-stderr unshare -pf --mount-proc "$VFIO" feature probe "$disk" 0 set token "file:$BATS_FILE_TMPDIR/token"
	echo "$stderr"
	fails 5 '*one of its virtual functions is in use*'
	let_go
}

@test "a device that is bound by a process that cannot be seen: status 5, not a matter of tokens" {
	hold "$card" 3
	for words in 'feature show' '-f feature show'; do
		for more in '' "token $token"; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr unshare -pf --mount-proc "$VFIO" $words "$card" $more
			echo "$stderr"
			fails 5 '*somebody has it*hint: that process is not visible*'
		done
	done
	vfio -f feature show "$card"
	fails 5 '*?holder? has it*'
	let_go
}

@test "several at once: each gets its turn" {
	runs=()
	for number in 1 2 3 4; do
		"$VFIO" feature probe "$card" 3 >"$BATS_TEST_TMPDIR/out.$number" 2>&1 3>&- &
		runs+=($!)
	done
	statuses=
	for run in "${runs[@]}"; do
		status=0
		wait "$run" || status=$?
		statuses+=$status
	done
	cat "$BATS_TEST_TMPDIR"/out.*
	[ "$statuses" = 0000 ]
}

@test "beside resets: opened, or busy, but nothing else" {
	reset()
	{
		echo 1 >"$pci/$card/reset"
	}
	start_churn reset
	for _ in 1 2 3; do
		vfio feature probe "$card" 3
		[ "$status" -eq 0 ] || [[ $status = 5 && $stderr = *'the kernel is resetting it or changing its driver'* ]]
	done
}

@test "while its driver comes and goes: opened, not there, or busy, but nothing else" {
	rebind()
	{
		echo "$card" >/sys/bus/pci/drivers/vfio-pci/unbind
		echo "$card" >/sys/bus/pci/drivers/vfio-pci/bind
	}
	start_churn rebind
	for _ in {1..15}; do
		vfio feature probe "$card" 3
		case $status in
		0) [ -z "$stderr" ] ;;
		3) [[ -z $output && ($stderr = *"bound to no driver"* || $stderr = *"was unbound in the meantime"*) ]] ;;
		5) [[ -z $output && $stderr = *"the kernel is resetting it or changing its driver"* ]] ;;
		*) false ;;
		esac
	done
	stop_churn
	vfio feature probe "$card" 3
	[ "$status" -eq 0 ]
}

@test "probe get set asks the kernel for all at once first, then apart" {
	status=0
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=ioctl -X raw -o "$BATS_TEST_TMPDIR/calls" \
		"$VFIO" feature probe "$card" 3 get set || status=$?
	[ "$status" -eq 7 ]
	# VFIO_DEVICE_FEATURE, for all, for none, for get and for set: of this feature there is no get.
	[ "$(sed -n 's/.* 0x3b75,.* = \(-*[0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/calls" | xargs)" = '-1 0 -1 0' ]
}

@test "a value for a feature that takes none: refused, and not sent" {
	run -2 --separate-stderr "$VFIO" feature set "$card" low_power_entry_with_wakeup hex:0102
	[[ $stderr = *"this feature takes no VALUE: 'hex:0102' is unexpected"* ]]
}

@test "a token in the place of another word is not shown" {
	token=11111111-2222-4333-8444-555555555555
	for words in "feature show $card $token" "feature set $card pci_vf_token $token $token" \
		"feature show $card pci_vf_token=$token" "feature show $token"; do
		# shellcheck disable=SC2086 # words
		run ! "$VFIO" $words
		[[ $output != *11111111* && $output = *'****'* ]]
		echo "$words" >"$BATS_TEST_TMPDIR/batch"
		run ! "$VFIO" -b "$BATS_TEST_TMPDIR/batch"
		[[ $output != *11111111* && $output = *'****'* ]]
	done
}

@test "a way that this kernel does not have: status 7" {
	kernel_is_a || skip 'this kernel has both ways'
	vfio feature show "$card" iommufd
	fails 7 '*no node below /dev/vfio/devices*hint: *container?'
}

@test "a node of iommufd that is left over, without its driver: status 7" {
	! kernel_is_a || skip 'this kernel has no iommufd'
	mv /dev/iommu /dev/iommu.there
	mknod /dev/iommu c 10 77
	vfio feature show "$card" iommufd
	mv /dev/iommu.there /dev/iommu
	# The module is loaded here, so that loading it is no advice.
	fails 7 '*/dev/iommu: No such device'
}

@test "a batch opens one device after the other" {
	printf '%s\n' "feature probe $card 3" '# nothing' "region show $card" "feature get $card 1" "dev show" \
		>"$BATS_TEST_TMPDIR/batch"
	vfio -j -b "$BATS_TEST_TMPDIR/batch"
	[ "$status" -eq 7 ]
	[ "${#lines[@]}" -eq 2 ]
	as_text
	[[ $stderr = *"batch:4: "* ]]
}

@test "completion knows the devices, the features and what stands behind them" {
	vfio --complete feature show ''
	[[ $'\n'$output$'\n' = *$'\n'$card$'\n'vfio* ]]
	vfio --complete feature probe "$card" low_power_ex
	[ "$output" = low_power_exit ]
	vfio --complete feature probe "$card" migration ''
	[ "$output" = $'get\nset\ntoken\niommufd\ncontainer\nhold' ]
	vfio --complete dev show "${card#0000:}"
	[ "$output" = "${card#0000:}" ]
	vfio --complete region alias "$card" bar0 w
	[ "$output" = wc ]
}

# Keeps a document in each of its forms, for tests/documents.py: document WORDS...
document()
{
	local options

	for options in -j -jp -jn -jpdn; do
		count=$((count + 1))
		"${VFIO/recorded/bin}" "$options" "$@" >"$RECORD/vfio.schema.$$.$count"
	done
}

@test "a document of every kind, in all its forms" {
	count=0
	(exec 8<"/dev/vfio/$(group_of "$disk")" && exec sleep 60) 3>&- &
	holder=$!
	until grep -q sleep "/proc/$holder/comm"; do
		sleep 0.05
	done
	document dev
	kill "$holder"
	wait "$holder" || true
	document feature show "$card"
	document feature probe "$card" 3
	document feature probe "$card" 3 set
	document region show "$card"
	sed '/^[^0]/d; s/.*token \(.*\)/{"feature":{"x":{"index":0,"name":"pci_vf_token","token":"\1"}}}/' \
		"$BATS_FILE_TMPDIR/random" >"$RECORD/vfio.random"
}

# The last ones, for after a reset the emulated disk may not give its virtual functions back.

@test "-f opens a physical function although somebody uses a virtual one" {
	hold "$virtual" 3 token "file:$BATS_FILE_TMPDIR/token"
	vfio -f feature probe "$disk" 0 set token "file:$BATS_FILE_TMPDIR/token"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	let_go
}

@test "a virtual function that a driver of the host has: a warning, and its physical one is opened" {
	modprobe pci-stub 2>/dev/null || skip 'this kernel has no driver that takes any device'
	echo "$virtual" >"$pci/$virtual/driver/unbind"
	echo pci-stub >"$pci/$virtual/driver_override"
	echo "$virtual" >/sys/bus/pci/drivers_probe
	[ "$(basename "$(realpath "$pci/$virtual/driver")")" = pci-stub ]
	vfio feature probe "$disk" 0 set
	[ "$status" -eq 0 ]
	[ "$stderr" = "vfio: opening '$disk' resets it and its virtual function $virtual, which is bound to pci-stub" ]
	unbind_vfio "$virtual"
}
