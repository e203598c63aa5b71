#!/usr/bin/env bats
# vfio without a kernel that has VFIO, and with a fake one for what real drivers do not do: devices
# that migrate, regions with aliases, answers that make no sense.

load helpers

VFIO=$build/bin/vfio
dev=0000:00:04.0
token=6ba7b810-9dad-11d1-80b4-00c04fd430c8

setup()
{
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/dev/vfio/devices" "$root/sys/class/vfio-dev" \
		"$root/sys/devices/pci0/$dev/vfio-dev/vfio0"
	touch "$root"/dev/vfio/{7,vfio,devices/vfio0} "$root/dev/iommu"
	ln -s "../../devices/pci0/$dev/vfio-dev/vfio0" "$root/sys/class/vfio-dev/vfio0"
	ln -s ../../../bus/pci/drivers/some_vfio_pci "$root/sys/devices/pci0/$dev/driver"
	ln -s ../../../kernel/iommu_groups/7 "$root/sys/devices/pci0/$dev/iommu_group"
	rules=$BATS_TEST_TMPDIR/rules
	log=$BATS_TEST_TMPDIR/log
	: >"$rules"
}

# Runs vfio on the fake kernel: $status, $output, $stderr, and what it asked for in $log.
vfio()
{
	rm -f "$log"
	# A device that opens, by either way, and has PCI's regions.
	cat "$rules" - >"$rules.all" <<-END
		3b64 * 0
		3b65 * 1
		3b66 * 0
		3b67 * 0 ........01
		3b68 * 0
		3b6a * fd
		3b76 * 0
		3b6b * 0 ........0200000009
	END
	run --separate-stderr timeout 20 env LD_PRELOAD="$preload" FAKE_ROOT="$root" \
		FAKE_RULES="$rules.all" FAKE_LOG="$log" "$VFIO" "$@"
	echo "vfio $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
	! grep WRONG "$log"
}

rule()
{
	echo "$*" >>"$rules"
}

# Prints a number as 8 hexadecimal digits or more, its lowest byte first: u32 N, u64 N.
u32()
{
	printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'
}

u64()
{
	echo "$(u32 $(($1 & 0xffffffff)))$(u32 $(($1 >> 32 & 0xffffffff)))"
}

# The answer to a request about a feature: feature INDEX OPERATIONS RESULT [PAYLOAD], where the
# payload that is sent stands behind a colon of the operations.
feature()
{
	local flags=0 operation sent=${2#*:}

	[ "$sent" != "$2" ] || sent=
	for operation in ${2%:*}; do
		case $operation in
		get) flags=$((flags | 1)) ;;
		set) flags=$((flags | 2)) ;;
		probe) flags=$((flags | 4)) ;;
		esac
	done
	rule 3b75 "........$(u32 $((flags << 16 | $1)))$sent" "$3" "${4+................$4}"
}

# A feature that a device has for these operations.
has_feature()
{
	local index=$1 operation

	shift
	feature "$index" 'probe' 0
	for operation; do
		feature "$index" "probe $operation" 0
	done
	feature "$index" 'probe get' -22
	feature "$index" 'probe set' -22
}

# What the kernel says of a region: region INDEX FLAGS SIZE [ARGSZ CAPABILITIES].
region()
{
	rule 3b6c "................$(u32 "$1")" 0 \
		"$(u32 "${4-32}")$(u32 "$2")........$(u32 "$((${4-32} > 32 ? 32 : 0))")$(u64 "$3")$(u64 $(($1 << 40)))${5-}"
}

# Did it send this? A pattern of flags and payload behind the size.
sent()
{
	grep -q "^ioctl 3b75 ........$1" "$log"
}

assert_vfio_usage()
{
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} = 'vfio: '* ]]
	[[ ${stderr_lines[1]} = 'Usage: vfio '* ]]
	[ ! -e "$log" ] || ! grep 'open /dev' "$log"
}

# A failure with this status: nothing on stdout, and this pattern on stderr.
fails()
{
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[[ $stderr != '{'* ]] || as_text
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr = $2 ]]
}

# Prints the words of every command, a line each.
leaves()
{
	printf '%s\n' 'dev show' 'feature show' 'feature probe' 'feature get' 'feature set' \
		'region show' 'region flags' 'region alias'
}

@test "vfio: every command that the usage names is known here" {
	"$VFIO" -d help | sed -n '/^$/q; p' | grep -o 'vfio [a-z]*\( [a-z]*\)*' | sed 's/vfio //; s/ $//' |
		diff - <(leaves)
}

@test "vfio: every command's help works offline, on stdout" {
	count=0
	while read -r leaf; do
		for form in "$leaf -h" "-h $leaf" "help $leaf"; do
			# shellcheck disable=SC2086 # words
			vfio $form
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
			[[ ${lines[0]} = "Usage: vfio $leaf"* ]]
			[ ! -e "$log" ] || ! grep 'open /dev' "$log"
		done
		count=$((count + 1))
	done < <(leaves)
	[ "$count" -eq 8 ]
}

@test "vfio: wrong words: status 2, one line, the usage of the command, and nothing opened" {
	for words in nope 'dev nope' 'dev show a b' 'feature show' 'feature show x nope' 'feature probe x' \
		'feature probe x nope' 'feature probe x 65536' 'feature probe x -1' 'feature probe x 1 get get' \
		'feature get x 1 2' 'feature set x pci_vf_token' 'feature set x migration 1' \
		'feature set x bus_master' 'feature set x bus_master 2' 'feature set x low_power_entry 1' \
		'feature set x low_power_exit show' 'feature set x 20 5' 'feature set x 20 hex:0' \
		'feature set x 20 hex:zz' 'feature set x bus_master hex:01' 'feature set x bus_master hex:0100000000' \
		'feature get x dma_buf' 'feature get x 11' \
		'feature set x alias_region hex:00' 'feature set x 11' 'feature set x dma_logging_start' \
		'feature get x dma_logging_report' 'region show' 'region alias x' 'region alias x bar9' \
		'region alias x bar0 wc wc' 'region alias x wc' 'region alias x bar0 bar9' 'region flags x bar9' \
		'region show x hold' 'feature set x low_power_entry_with_wakeup hex:0000000000000000' 'feature show x iommufd container' 'region show x token' \
		'feature show x token file:' 'feature set x pci_vf_token file:'; do
		# shellcheck disable=SC2086 # words
		vfio $words
		assert_vfio_usage
	done
}

@test "vfio: numbers that are out of range: what the range is" {
	for words in 'feature probe x 65536' 'feature get x feature_65536' 'feature set x 0x10000'; do
		# shellcheck disable=SC2086 # words
		vfio $words
		assert_vfio_usage
		[[ ${stderr_lines[0]} = *'a number from 0 to 65535, not '* ]]
	done
	for region in 4294967296 region_4294967296 -1; do
		vfio region alias x -- "$region"
		assert_vfio_usage
		[[ ${stderr_lines[0]} = *"a number from 0 to 4294967295, not '$region'" ]]
	done
}

@test "vfio: words are shortened, unless that may mean several" {
	vfio f sh "$dev"
	[ "$status" -eq 0 ]
	vfio feature s "$dev"
	assert_vfio_usage
	[[ ${stderr_lines[0]} = *"'s' may mean any of: show, set" ]]
	vfio d s
	[ "$status" -eq 0 ]
}

@test "vfio: what a process that ends has no use for is refused with the reason" {
	vfio feature get "$dev" dma_buf
	[[ ${stderr_lines[0]} = *'the buffer ends with this command' ]]
	vfio feature set "$dev" dma_logging_start
	[[ ${stderr_lines[0]} = *'the log ends with the process that starts it' ]]
	vfio feature set "$dev" 11 hex:00
	[[ ${stderr_lines[0]} = *"alias_region is set by 'vfio region alias'"* ]]
	vfio feature get "$dev" alias_region
	[[ ${stderr_lines[0]} = *'alias_region can be set, but not read' ]]
	vfio feature set "$dev" dma_buf
	[[ ${stderr_lines[0]} = *'dma_buf can be read, but not set' ]]
}

@test "a token: what is wrong with it is said without repeating it" {
	for word in 6ba7b810-9dad-11d1-80b4-00c04fd430c 6ba7b8109dad11d180b400c04fd430c8 secret; do
		vfio feature show "$dev" token "$word"
		assert_vfio_usage
		[[ $stderr != *"'$word'"* && $stderr != *6ba7b810* && $stderr != *secret* ]]
		vfio feature set "$dev" pci_vf_token "$word"
		assert_vfio_usage
		[[ $stderr != *6ba7b810* && $stderr != *secret* ]]
	done
	# A word too few, or the wrong feature.
	for words in "$dev $token" "pci_vf_token $token" "$dev low_power_exit $token" "$dev 20 $token" \
		"$dev migration $token" "$dev bus_master $token"; do
		# shellcheck disable=SC2086 # words
		vfio feature set $words
		assert_vfio_usage
		[[ $stderr != *6ba7b810* ]]
	done
	for word in 1 hex:01 hex:; do
		vfio feature set "$dev" migration "$word"
		[[ ${stderr_lines[0]} = *"this feature can be read, but not set: '$word' is unexpected" ]]
		vfio feature set "$dev" low_power_exit "$word"
		[[ ${stderr_lines[0]} = *"this feature takes no VALUE: '$word' is unexpected" ]]
	done
}

@test "a token where another word belongs, whole, in part or mistyped: never in a message" {
	bare=${token//-/}
	for words in "feature show $dev $token" "feature show $dev pci_vf_token=$token" \
		"feature set $dev pci_vf_token $token $token" "feature show $token" "region show $dev wc=$token" \
		"feature set $token pci_vf_token $token" "feature $token" "$token" "--$token" \
		"feature show $dev ${token^^}" "feature show $dev $bare" "feature show $dev {$token}" \
		"feature show $dev urn:uuid:$token" "feature show $dev ${token%8}" "feature show $dev ${token}8" \
		"feature show $dev ${token%%-*}" "feature show $dev ${token#*-}" "feature show $dev ${token/1/l}" \
		"feature show $dev ${token//-/:}" "feature set $dev low_power_exit hex:$bare" \
		"feature set $dev pci_vf_token,$token" "feature probe $dev $bare get" "region alias $dev $token"; do
		# shellcheck disable=SC2086 # words
		vfio $words
		[ "$status" -ne 0 ]
		[ -z "$output" ]
		[[ $stderr = *'****'* ]]
		[[ ${stderr,,} != *6ba7b8* && ${stderr,,} != *c04fd430* && $stderr != *9dad* ]]
		echo "$words" >"$BATS_TEST_TMPDIR/batch"
		vfio -b "$BATS_TEST_TMPDIR/batch"
		[ "$status" -ne 0 ]
		[[ ${stderr,,} != *6ba7b8* && ${stderr,,} != *c04fd430* && $stderr != *9dad* ]]
	done
	# Words that are no secret stay readable.
	for word in deadbee "file:/run/$token" 4294967296 0000:af:1e.3 0x10000 nope-word "/dev/$token"; do
		vfio feature show "$dev" "$word"
		[[ ${stderr_lines[0]} = *"'$word'"* ]]
	done
	mkdir -p "$root/sys/bus/mdev/devices/$token"
	vfio feature show "$token"
	fails 3 "*'$token'*"
}

@test "a token of a file: blanks around it, wrong length, more than one, rights" {
	file=$BATS_TEST_TMPDIR/token
	has_feature 0 set
	feature 0 "set:${token//-/}" 0
	printf ' \t%s\r\n\n' "${token^^}" >"$file"
	chmod 600 "$file"
	vfio feature set "$dev" pci_vf_token "file:$file"
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	sent "00000200${token//-/}"
	chmod 644 "$file"
	vfio feature set "$dev" pci_vf_token "file:$file"
	[ "$status" -eq 0 ]
	[[ $stderr = *"every user of this machine can read $file"* ]]
	for wrong in '' "${token%8}" "${token}8" "$token $token" "$token"$'\n'x "${token:0:8} ${token:8}" \
		"$token$(printf '%300s' '')"; do
		printf '%s' "$wrong" >"$file"
		vfio feature set "$dev" pci_vf_token "file:$file"
		assert_vfio_usage || [[ ${stderr_lines[0]} = *'every user'* ]]
		[[ $stderr = *'does not hold one UUID'* && $stderr != *6ba7b810* ]]
	done
	printf '%s\0%s' "$token" x >"$file"
	vfio feature set "$dev" pci_vf_token "file:$file"
	[ "$status" -eq 2 ]
	vfio feature set "$dev" pci_vf_token "file:$file.none"
	fails 1 '*token.none: No such file*'
}

@test "a token from standard input, or at random; printed only where that is asked for" {
	has_feature 0 set
	feature 0 set 0
	vfio feature set "$dev" pci_vf_token - <<<"$token"
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	sent "00000200${token//-/}"
	vfio -j feature set "$dev" pci_vf_token random show
	first=$(jq -r '.feature[].token' <<<"$output")
	[[ $first =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$ ]]
	sent "00000200${first//-/}"
	vfio -j feature set "$dev" pci_vf_token random show
	[ "$(jq -r '.feature[].token' <<<"$output")" != "$first" ]
	vfio feature set "$dev" pci_vf_token "$token" show
	[ "$output" = "$dev: index 0 name pci_vf_token token $token" ]
	vfio feature set "$dev" pci_vf_token random
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$stderr" = 'vfio: the token was not shown and cannot be read back' ]
}

@test "a token from standard input takes no line of a batch that comes from there" {
	has_feature 0 set
	feature 0 set 0
	printf '%s\n' "feature set $dev pci_vf_token -" "$token" >"$BATS_TEST_TMPDIR/batch"
	vfio -b - <"$BATS_TEST_TMPDIR/batch"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} = 'vfio: -:1: feature set: standard input is the batch'* ]]
	[[ $stderr != *"$token"* ]]
	run ! sent 00000200
	echo "feature set $dev pci_vf_token -" >"$BATS_TEST_TMPDIR/batch"
	vfio -b "$BATS_TEST_TMPDIR/batch" <<<"$token"
	[ "$status" -eq 0 ]
	sent "00000200${token//-/}"
}

@test "a token opens by both ways: as 16 bytes by their address, and in the device's name" {
	name=$(printf '%s vf_token=%s' "$dev" "$token" | od -An -tx1 | tr -d ' \n')
	rule 3b6a "${name}00" fd
	rule 3b6a '*' -13
	rule 3b76 "$(u32 24)$(u32 1)" 0
	rule 3b76 '*' -13
	for way in iommufd container; do
		vfio feature show "$dev" "$way" token "$token"
		[ "$status" -eq 0 ]
		vfio feature show "$dev" "$way"
		fails 6 '*needs its token*'
	done
}

@test "a token opens by the group where the new way knows of none" {
	rule 3b76 "$(u32 24)$(u32 1)" -22
	vfio feature show "$dev" token "$token"
	[ "$status" -eq 0 ]
	[ "$(grep ^open "$log" | paste -sd ' ')" = \
		'open /dev/vfio/devices/vfio0 open /dev/iommu open /dev/vfio/7 open /dev/vfio/vfio open /dev/vfio/7' ]
	vfio feature show "$dev" iommufd token "$token"
	fails 1 '*it takes no token*'
	rule 3b6a '*' -22
	vfio feature show "$dev" token "$token"
	fails 1 '*it takes no token*'
}

@test "the ways of opening: by cdev and iommufd, else by group and container" {
	vfio feature show "$dev"
	[ "$(grep ^open "$log" | paste -sd ' ')" = 'open /dev/vfio/devices/vfio0 open /dev/iommu' ]
	vfio feature show "$dev" container
	[ "$(grep ^open "$log" | paste -sd ' ')" = 'open /dev/vfio/vfio open /dev/vfio/7' ]
	rm "$root/dev/iommu"
	vfio feature show "$dev"
	[ "$(grep ^open "$log" | paste -sd ' ')" = 'open /dev/vfio/vfio open /dev/vfio/7' ]
	vfio feature show "$dev" iommufd
	fails 7 '*hint: *modprobe iommufd'
	rm "$root/dev/vfio/devices/vfio0"
	vfio feature show "$dev" iommufd
	fails 7 '*no node below /dev/vfio/devices*hint: *container?'
	mv "$root/dev/vfio/7" "$root/dev/vfio/noiommu-7"
	vfio feature show "$dev"
	[ "$(grep ^open "$log" | paste -sd ' ')" = 'open /dev/vfio/vfio open /dev/vfio/noiommu-7' ]
	rm "$root/dev/vfio/noiommu-7"
	vfio feature show "$dev"
	fails 7 '*hint: *group 7*'
	rm "$root/dev/vfio/vfio"
	touch "$root/dev/vfio/7"
	vfio feature show "$dev"
	fails 7 '*hint: *modprobe vfio'
}

@test "dev show opens nothing" {
	vfio -j dev show vfio0
	jq -e --arg dev "$dev" '.dev[$dev] | .state != "held" and del(.state) == {driver: "some_vfio_pci",
		iommu_group: 7, group_node: "/dev/vfio/7", cdev: "/dev/vfio/devices/vfio0"}' <<<"$output"
	run ! grep . "$log"
	vfio dev show 00:04.0
	[ "$status" -eq 0 ]
	vfio dev show 00:04.1
	fails 3 '*no such VFIO device*'
}

@test "refusals to open are explained" {
	rule 3b76 '*' -16
	rule 3b66 '*' -1
	start=$SECONDS
	vfio feature show "$dev"
	fails 5 '*somebody has it*'
	[ $((SECONDS - start)) -ge 2 ]
	vfio feature show "$dev" container
	fails 6 '*does not remap interrupts*allow_unsafe_interrupts'
	echo '3b65 * 0' >"$rules"
	vfio feature show "$dev" container
	fails 7 '*hint: *modprobe vfio_iommu_type1'
	echo '3b67 * 0 ........00' >"$rules"
	mkdir -p "$root/sys/kernel/iommu_groups/7/devices" "$root"/sys/devices/pci0/0000:00:04.{1,2}
	for function in 0 1 2; do
		ln -s "../../../../devices/pci0/0000:00:04.$function" "$root/sys/kernel/iommu_groups/7/devices/0000:00:04.$function"
	done
	ln -s ../../../bus/pci/drivers/pcieport "$root/sys/devices/pci0/0000:00:04.1/driver"
	ln -s ../../../bus/pci/drivers/e1000e "$root/sys/devices/pci0/0000:00:04.2/driver"
	vfio feature show "$dev" container
	fails 5 '*0000:00:04.2 in its IOMMU group 7 is bound to e1000e, which VFIO cannot share it with*hint: echo 0000:00:04.2 >/sys/bus/pci/drivers/e1000e/unbind'
	echo '3b76 * -1' >"$rules"
	vfio feature show "$dev"
	fails 5 '*0000:00:04.2 in its IOMMU group 7*'
	echo '3b6a * -19' >"$rules"
	vfio feature show "$dev" container
	fails 3 '*its driver was unbound in the meantime'
	echo '3b64 * 1' >"$rules"
	vfio feature show "$dev" container
	fails 7 '*version 1*'
	echo '3b64 * -1' >"$rules"
	vfio feature show "$dev" container
	fails 6 '*Operation not permitted'
	echo '3b66 * -19' >"$rules"
	vfio feature show "$dev" container
	fails 7 '*its IOMMU cannot be used: No such device'
}

@test "a kernel that is at work on the device is waited for, and then it is busy" {
	rule 3b6a '*' -11
	rule 3b76 '*' -11
	for way in iommufd container; do
		vfio feature show "$dev" "$way"
		fails 5 '*the kernel is resetting it or changing its driver*hint: try again*'
		[ "$(grep -c '^open /dev/vfio' "$log")" -gt 4 ]
	done
	# And goes on as soon as it can: one second later the rules change.
	(sleep 1 && sed -i '/ -11$/d' "$rules.all") 3>&- &
	vfio feature probe "$dev" 3
	wait $!
	fails 7 '*has no feature low_power_entry*'
}

@test "a virtual function that a driver of the host has: a warning before its reset" {
	mkdir -p "$root/sys/devices/pci0/0000:00:04.1"
	ln -s "../0000:00:04.1" "$root/sys/devices/pci0/$dev/virtfn0"
	vfio feature show "$dev"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	ln -s ../../../bus/pci/drivers/nvme "$root/sys/devices/pci0/0000:00:04.1/driver"
	vfio feature show "$dev"
	[ "$status" -eq 0 ]
	[[ $stderr = *"virtual function 0000:00:04.1, which is bound to nvme" ]]
}

@test "a virtual function that nobody is seen to use: the token opens nothing until that is sure" {
	mkdir -p "$root/sys/devices/pci0/0000:00:04.1/vfio-dev/vfio1"
	ln -s "../0000:00:04.1" "$root/sys/devices/pci0/$dev/virtfn0"
	rule 3b76 "$(u32 24)$(u32 1)" 0
	rule 3b76 '*' -13
	for words in '' "token $token"; do
		# shellcheck disable=SC2086 # words
		vfio feature show "$dev" $words
		fails 5 '*one of its virtual functions is in use*hint: *'
		run ! grep 'ioctl 3b76 18' "$log"
	done
	vfio -f feature show "$dev" token "$token"
	[ "$status" -eq 0 ]
	vfio -f feature show "$dev"
	fails 6 '*needs its token*'
}

@test "hold: lines of a batch share one open of the device, and the next one closes it" {
	has_feature 3 set
	region 0 7 4096
	rule 3b6c '*' -22
	cat >"$BATS_TEST_TMPDIR/batch" <<-END
		feature probe $dev 3 hold
		region show vfio0 hold
		feature probe 00:04.0 3
		feature probe $dev 3 iommufd
	END
	vfio -j -b "$BATS_TEST_TMPDIR/batch"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[ "$(grep -c 'ioctl 3b76' "$log")" -eq 2 ]
	echo "feature probe $dev 3 hold" | cat - <(echo "feature probe $dev 3 container") >"$BATS_TEST_TMPDIR/batch"
	vfio -b "$BATS_TEST_TMPDIR/batch"
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} = *":2: "*"is open already, by iommufd" ]]
}

@test "feature probe get set asks for all at once first, and then apart" {
	has_feature 2 get set
	feature 2 'probe get set' 0
	vfio feature probe "$dev" 2 get set
	[ "$status" -eq 0 ]
	[ "$(grep -c 'ioctl 3b75' "$log")" -eq 1 ]
	: >"$rules"
	has_feature 5 set
	feature 5 'probe get set' -22
	vfio feature probe "$dev" 5 get set
	fails 7 '*cannot be read*'
	sent 05000700
}

@test "a device that is let go while it is open: status 3" {
	feature 5 probe -19
	rule 3b6c '*' -19
	vfio -j feature show "$dev"
	fails 3 '*its driver was unbound in the meantime'
	vfio -j region show "$dev"
	fails 3 '*its driver was unbound in the meantime'
}

@test "the kernel takes long to open: it says so, and goes on" {
	rule 3b76 '*' 0 - 2500
	vfio -j feature show "$dev" token "$token"
	[ "$status" -eq 0 ]
	jq -e .feature <<<"$output"
	jq -e '.warning | .message and .hint' <<<"$stderr"
	[[ $stderr = *"still waiting for the kernel: feature show $dev token ****"* ]]
	[[ $stderr != *6ba7b8* ]]
	has_feature 2 get set
	rule 3b75 "........$(u32 0x20002)" 0 - 2500
	vfio feature set "$dev" mig_device_state stop
	[ "$status" -eq 0 ]
	[[ $stderr = *'still waiting for the kernel: feature set '* ]]
}

@test "Ctrl-C gives the terminal back while the kernel opens a device" {
	rule 3b76 '*' 0 - 15000
	cp "$rules" "$rules.all"
	start=$SECONDS
	run timeout -s INT 1 env LD_PRELOAD="$preload" FAKE_ROOT="$root" FAKE_RULES="$rules.all" \
		"$VFIO" feature show "$dev"
	[ "$status" -eq 124 ]
	[ $((SECONDS - start)) -lt 8 ]
}

@test "a device that can migrate: verdict, flags by name, bytes of state" {
	has_feature 1 get
	has_feature 6 set
	has_feature 9 get
	has_feature 2 get set
	feature 1 get 0 "$(u64 7)"
	feature 9 get 0 "$(u64 5000000000)"
	feature 2 get 0 "$(u32 2)$(u32 0xffffffff)"
	feature 2 "set:$(u32 1)$(u32 0xffffffff)" 0
	vfio -j feature show "$dev"
	jq -e '.feature[].migration == "yes: its state is copied before and after it stops, together with its peers; it logs the memory that it writes"' <<<"$output"
	vfio -j feature get "$dev" migration
	jq -e '.feature[] == {index: 1, name: "migration", flags: ["stop_copy", "p2p", "pre_copy"]}' <<<"$output"
	vfio -jn feature get "$dev" migration
	jq -e '.feature[] == {index: 1, name: "feature_1", flags: "0x7"}' <<<"$output"
	vfio -j feature get "$dev" mig_data_size
	jq -e '.feature[].stop_copy_length == 5000000000' <<<"$output"
	vfio -j feature get "$dev" mig_device_state
	jq -e '.feature[].state == "running"' <<<"$output"
	vfio feature set "$dev" mig_device_state stop
	[ "$status" -eq 0 ]
	[[ $stderr = *'lasts only until this command closes the device'* ]]
}

@test "the verdict on fewer ways to migrate" {
	has_feature 1 get
	feature 1 get 0 "$(u64 0x8000000000000001)"
	vfio feature show "$dev"
	[[ ${lines[0]} = "$dev: migration yes: its state is copied after it stops; it does not log the memory that it writes" ]]
	vfio feature get "$dev" migration
	[ "$output" = "$dev: index 1 name migration flags stop_copy bit_63" ]
	echo >"$rules"
	has_feature 1 get
	feature 1 get 0 "$(u64 0)"
	vfio feature show "$dev"
	[[ ${lines[0]} = "$dev: migration no: "* ]]
	vfio feature get "$dev" migration
	[ "$output" = "$dev: index 1 name migration flags none" ]
	echo >"$rules"
	has_feature 1 get
	feature 1 get -5
	vfio feature show "$dev"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} = "$dev: migration unknown: its driver does not report how: Input/output error" ]]
	vfio feature get "$dev" migration
	fails 1 '*Input/output error'
}

@test "bus_master is set by word and by bytes" {
	has_feature 10 set
	feature 10 set 0
	for word in set clear 1 hex:01000000; do
		vfio feature set "$dev" bus_master "$word"
		[ "$status" -eq 0 ]
		value=1
		[ "$word" != clear ] || value=0
		sent "0a000200$(u32 "$value")"
	done
	grep -q "ioctl 3b75 $(u32 12)0a000200" "$log"
}

@test "unknown features: shown up to 31, asked for and set by number" {
	has_feature 20 get set
	has_feature 31 set
	has_feature 32 set
	feature 20 get 0 0102030405060708ff
	feature 20 "set:aabb" 0
	feature 31 "set" -22
	vfio -j feature show "$dev"
	jq -e '.feature[].features | map(select(.index > 13)) == [
		{index: 20, name: "feature_20", get: true, set: true},
		{index: 31, name: "feature_31", get: false, set: true}]' <<<"$output"
	vfio -j feature get "$dev" 20
	jq -e '.feature[] == {index: 20, name: "feature_20", bytes: "0102030405060708ff00000000000000"}' <<<"$output"
	vfio feature set "$dev" feature_20 hex:aabb
	[ "$status" -eq 0 ]
	grep -q "ioctl 3b75 $(u32 10)14000200aabb" "$log"
	vfio feature set "$dev" 31
	fails 1 '*set feature feature_31*hint: the value*'
	vfio feature get "$dev" 31
	fails 7 '*cannot be read*'
}

# Index 11 as DMA_BUF, of kernels that have it.
dma_buf_kernel()
{
	has_feature 11 get
	feature 11 'probe get set' -22
	region 0 7 4096
}

# And as ALIAS_REGION: of region 0, which can be combined, of region 2, which cannot; region 4
# cannot be mapped, and region 9 is an alias.
alias_kernel()
{
	feature 11 'probe get' -22
	feature 11 "probe set:........$(u32 0)" 0 "$(u32 0x20)"
	feature 11 "probe set:........$(u32 2)" 0 "$(u32 0)"
	feature 11 'probe set' -22
	feature 11 "set:$(u32 0x20)$(u32 0)" 0 "................$(u32 9)"
	feature 11 "set:$(u32 0)$(u32 2)" 0 "................$(u32 10)"
	feature 11 set -22
	region 0 7 4096
	region 2 7 8192
	region 4 3 16
	region 9 0x34 4096
	region 10 0x14 8192
}

@test "index 11 as DMA_BUF: told apart, and never sent an alias's payload" {
	dma_buf_kernel
	vfio -j feature show "$dev"
	jq -e '.feature[].features[11] | .name == "dma_buf" and .get and (.set | not)' <<<"$output"
	vfio region alias "$dev" bar0 wc
	fails 7 '*this kernel uses feature 11 for dma_buf*'
	run ! sent '0b0002'
	run ! sent '0b0006'
	run ! sent '0b0001'
	run ! grep 'ioctl 3b75 08000000' "$log"
	vfio feature probe "$dev" dma_buf
	[ "$status" -eq 0 ]
	vfio feature probe "$dev" alias_region
	fails 7 '*has no feature alias_region: this kernel uses feature 11 for dma_buf*'
}

@test "index 11 of a driver without the export, and of kernels that have neither" {
	for code in -95 -25; do
		: >"$rules"
		rule 3b75 "........0b00" "$code"
		region 0 7 4096
		vfio -j feature show "$dev"
		jq -e '.feature[].features[11] | (.get or .set) | not' <<<"$output"
		vfio region alias "$dev" bar0
		fails 7 '*neither this kernel nor the driver has alias_region'
		! sent '0b0002'
		for feature in dma_buf alias_region; do
			vfio feature probe "$dev" "$feature"
			fails 7 "*has no feature $feature"$'\n'hint:*
		done
	done
}

@test "index 11 as ALIAS_REGION: an alias is made and shown, and probes carry the payload" {
	alias_kernel
	vfio -j feature show "$dev"
	jq -e '.feature[].features[11] | .name == "alias_region" and .set and (.get | not)' <<<"$output"
	grep -q '0b000[56]00' "$log"
	run ! grep '^ioctl 3b75 [^2].......0b00' "$log"
	vfio -j region alias "$dev" bar0 wc
	[ "$status" -eq 0 ]
	jq -e --arg dev "$dev" '.region == {($dev): [{index: 9, name: "region_9", of: "bar0", size: 4096,
		offset: (9 * 1099511627776), flags: ["mmap", "alias", "wc"], capabilities: []}]}' <<<"$output"
	[[ $stderr = *'the alias ends with this command'* ]]
	run ! sent '0b0001'
	vfio region alias "$dev" bar0 wc
	[ "${lines[0]}" = "$dev:" ]
	[ "${lines[1]}" = '  index 9 name region_9 of bar0 size 4096 offset 9895604649984 flags mmap alias wc capabilities none' ]
	vfio -j region alias "$dev" 2
	jq -e '.region[][0] | .index == 10 and .flags == ["mmap", "alias"]' <<<"$output"
	for feature in 11 alias_region; do
		vfio feature probe "$dev" "$feature" set
		[[ $output = *'name alias_region set true'* ]]
	done
	vfio feature probe "$dev" dma_buf
	fails 7 '*has no feature dma_buf: this kernel uses feature 11 for alias_region*'
}

@test "several aliases in one open: the same again has the same index; each says of what it is" {
	alias_kernel
	vfio -j region alias "$dev" bar0 wc bar0 wc bar2
	[ "$status" -eq 0 ]
	jq -e '.region[] | map([.index, .of]) == [[9, "bar0"], [9, "bar0"], [10, "bar2"]]' <<<"$output"
	[ "$(grep -c 'ioctl 3b76' "$log")" -eq 1 ]
	# Combined though nobody asked.
	: >"$rules"
	region 10 0x34 8192
	alias_kernel
	vfio region alias "$dev" bar2
	[ "$status" -eq 0 ]
	[[ $stderr = *'the kernel combines writes to region_10, an alias of bar2, though that was not requested'* ]]
}

@test "region flags: which aliases there could be; none is made" {
	alias_kernel
	rule 3b6c '*' -22
	vfio -j region flags "$dev"
	[ "$status" -eq 0 ]
	jq -e --arg dev "$dev" '.flags[$dev] == [{index: 0, name: "bar0", alias: true, flags: ["wc"]},
		{index: 2, name: "bar2", alias: true, flags: []}, {index: 4, name: "bar4", alias: false}]' <<<"$output"
	run ! sent '0b000200'
	vfio region flags "$dev" bar2
	[ "${lines[1]}" = '  index 2 name bar2 alias true flags none' ]
	vfio region flags "$dev" 77
	fails 1 '*region 77*'
	: >"$rules"
	dma_buf_kernel
	rule 3b6c '*' -22
	vfio region flags "$dev"
	fails 7 '*this kernel uses feature 11 for dma_buf*'
}

@test "an alias that cannot be is refused with the reason" {
	alias_kernel
	vfio region alias "$dev" bar2 wc
	fails 7 '*does not offer wc*'
	vfio region alias "$dev" bar4
	fails 1 '*cannot be mapped*'
	vfio region alias "$dev" region_9
	fails 1 '*is an alias itself*'
	region 4000000000 0x14 4096
	vfio region alias "$dev" 4000000000
	fails 1 '*alias region_4000000000 of*'
	rule 3b6c "................$(u32 77)" -22
	vfio region alias "$dev" 77
	fails 1 '*there is no such region'
	run ! sent '0b000200'
}

@test "regions: sparse areas, a driver's own type, capabilities that are unknown" {
	rule 3b6b '*' 0 "........$(u32 2)$(u32 10)"
	sparse=$(u32 $((1 << 16 | 1)))$(u32 80)$(u32 2)$(u32 0)$(u64 0)$(u64 4096)$(u64 8192)$(u64 100)
	region 0 15 65536 88 "${sparse}$(u32 $((1 << 16 | 40)))$(u32 0)"
	region 9 9 4096 48 "$(u32 $((1 << 16 | 2)))$(u32 0)$(u32 0x80008086)$(u32 3)"
	rule 3b6c '*' -22
	vfio -j region show "$dev"
	jq -e '.region[] == [{index: 0, name: "bar0", size: 65536, offset: 0, flags: ["read", "write", "mmap", "caps"],
		capabilities: ["sparse_mmap", "id_40"],
		areas: [{area_offset: 0, area_size: 4096}, {area_offset: 8192, area_size: 100}]},
		{index: 9, name: "region_9", size: 4096, offset: (9 * 1099511627776), flags: ["read", "caps"],
		capabilities: ["type"], type: "0x80008086", subtype: "0x3"}]' <<<"$output"
}

@test "regions: answers that are larger than asked, or lead nowhere, do no harm" {
	rule 3b6b '*' 0 "........$(u32 2)$(u32 5)"
	# A chain that turns back on itself, one that leaves the answer, one whose count is a lie.
	region 0 15 65536 48 "$(u32 1)$(u32 32)$(u32 9)"
	region 1 15 4096 48 "$(u32 9)$(u32 0xfffffff0)"
	region 2 15 4096 48 "$(u32 1)$(u32 0)$(u32 0xffffffff)$(u32 0)"
	# More than any kernel has to say.
	rule 3b6c "................$(u32 3)" 0 "$(u32 0xffffffff)$(u32 15)........$(u32 0x7fffffff)$(u64 4096)"
	rule 3b6c '*' -22
	vfio -j region show "$dev"
	[ "$status" -eq 0 ]
	jq -e '.region[] | length == 4 and (.[2].areas == []) and (.[1].capabilities == ["id_9"]) and
		(.[3].capabilities == [])' <<<"$output"
	echo "3b6b * 0 ........$(u32 2)$(u32 0xffffffff)" >"$rules"
	rule 3b6c '*' -22
	vfio region show "$dev"
	[ "$status" -eq 0 ]
}

@test "regions: an answer that grows each time it is asked for is read as far as it goes" {
	rule 3b6b '*' 0 "........$(u32 2)$(u32 1)"
	# The last one points far behind what was asked for.
	for size in 32 64 128; do
		rule 3b6c "$(u32 "$size")" 0 \
			"$(u32 $((size == 128 ? 65536 : 2 * size)))$(u32 15)........$(u32 60000)$(u64 4096)"
	done
	vfio -j region show "$dev"
	[ "$status" -eq 0 ]
	jq -e '.region[] | length == 1 and .[0].size == 4096 and .[0].capabilities == []' <<<"$output"
}

@test "vfio: completion offline: features, keywords, words of types" {
	complete=(env -u FAKE_ROOT "$VFIO" --complete)
	[ "$("${complete[@]}" feature probe x dma_l)" = $'dma_logging_start\ndma_logging_stop\ndma_logging_report' ]
	[ "$("${complete[@]}" feature probe x al)" = alias_region ]
	[ "$("${complete[@]}" feature get x 1 c)" = container ]
	[ "$("${complete[@]}" feature set x pci_vf_token r)" = random ]
	[ "$("${complete[@]}" region alias x bar0 '')" = $'bar0\nbar1\nbar2\nbar3\nbar4\nbar5\nwc\ntoken\niommufd\ncontainer\nhold' ]
	[ "$("${complete[@]}" region alias x bar0 wc token f)" = file: ]
	[ "$("${complete[@]}" r)" = region ]
}
