#!/usr/bin/env bats
# Devices as files say: what is done for each, in which order, and what is left of a run that fails.

load helpers
load vduse-helpers

setup()
{
	need_modules vhost_vdpa virtio_vdpa
	if [[ $BATS_TEST_DESCRIPTION != VDUSE* ]]; then
		need_simulators
		need_modules vdpa_sim_net vdpa_sim_blk
	fi
	cd "$BATS_TEST_TMPDIR" || return
}

teardown()
{
	local module

	exec 7<&-
	mount -o remount,rw,bind /dev
	[ -z "${daemon-}" ] || kill "$daemon" || true
	wait || true
	[ ! -e /sys/class/vduse ] || delete_vduse_devices
	delete_devices
	release_vp_vdpa
	rm -rf /dev/vdpa
	for module in virtio_vdpa vhost_vdpa virtio_net virtio_blk; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || true
	done
}

# Runs vdpa: $status, $output, $stderr.
vdpa()
{
	run --separate-stderr timeout 60 "$VDPA" "$@"
	echo "vdpa $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
}

# Applies standard input as the file "f".
apply()
{
	cat >f
	vdpa apply f "$@"
}

# The same again has nothing to do, and says so by nothing.
and_again()
{
	vdpa apply f "$@"
	[ "$status:$output:$stderr" = 0:: ]
	vdpa apply f "$@" check
	[ "$status" -eq 0 ]
}

driver_of()
{
	[ ! -e "/sys/bus/vdpa/devices/$1/driver" ] || basename "$(realpath "/sys/bus/vdpa/devices/$1/driver")"
}

node_of()
{
	echo "/dev/$(basename "/sys/bus/vdpa/devices/$1"/vhost-vdpa-*)"
}

rights_of()
{
	stat -c '%U %g %a' "$(node_of "$1")"
}

# The names on the bus.
names()
{
	(cd /sys/bus/vdpa/devices && echo *)
}

exists()
{
	[ -e "/sys/bus/vdpa/devices/$1" ]
}

# Remembers what there is, and holds it against what there is later, in whatever order.
remember()
{
	"$VDPA" save | sort >before
}

is_as_before()
{
	"$VDPA" save | sort >after
	diff before after
	[ "$(</sys/bus/vdpa/drivers_autoprobe)" = 1 ]
}

@test "add, bind, set, delete, same: each done, and said in one line" {
	"$VDPA" -b - <<-'END'
		dev add name b mgmtdev vdpasim_net driver none
		dev add name s mgmtdev vdpasim_net driver vhost_vdpa
		dev add name d mgmtdev vdpasim_net
		dev add name same mgmtdev vdpasim_net mtu 9000 driver vhost_vdpa
	END
	apply <<-'END'
		dev add name a mgmtdev vdpasim_net mtu 9000 driver vhost_vdpa group daemon mode 0660
		dev add name b mgmtdev vdpasim_net driver vhost_vdpa mode 0640
		dev add name s mgmtdev vdpasim_net owner nobody group 54321
		dev add name same mgmtdev vdpasim_net mtu 9000
		dev del d not-there
	END
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${lines[0]}" = 'a: add' ]
	[ "${lines[1]}" = 'b: bind driver none -> vhost_vdpa mode ? -> 0640' ]
	[ "${lines[2]}" = 's: set owner root -> nobody group root -> 54321' ]
	[ "${lines[3]}" = 'd: delete' ]
	[ "${lines[4]}" = '1 added, 1 bound, 1 set, 1 deleted, 2 the same' ]
	[ "$(names)" = 'a b s same' ]
	[ "$(rights_of a)" = 'root 1 660' ]
	[ "$(rights_of b)" = 'root 0 640' ]
	[ "$(rights_of s)" = 'nobody 54321 600' ]
	[ "$(</sys/bus/vdpa/devices/b/driver_override)" = '(null)' ]
	and_again
}

@test "check says the same beforehand, and changes nothing" {
	"$VDPA" dev add name b mgmtdev vdpasim_net driver none
	remember
	apply check <<-'END'
		dev add name a mgmtdev vdpasim_net
		dev add name b mgmtdev vdpasim_net driver vhost_vdpa
	END
	[ "$status" -eq 8 ]
	[ "${lines[0]}" = 'a: add' ]
	[ "${lines[1]}" = 'b: bind driver none -> vhost_vdpa' ]
	[ "${lines[2]}" = '1 to add, 1 to bind' ]
	is_as_before
}

@test "the document: every action's keys" {
	"$VDPA" dev add name b mgmtdev vdpasim_net mtu 1400 driver none
	cat >f <<-'END'
		dev add name a mgmtdev vdpasim_net
		dev add name b mgmtdev vdpasim_net mtu 1400 driver vhost_vdpa
		dev add name p mgmtdev pci/0000:ff:1f.7
	END
	"$VDPA" -j apply f >out
	jq -e '.apply | .changed and (.check | not) and (.dev | keys_unsorted == ["a", "b", "p"] and
		.a == {action: "add", done: true} and
		.b == {action: "bind", done: true, before: {driver: "none"}, after: {driver: "vhost_vdpa"}, differs: ["driver"]} and
		.p.action == "pending" and (.p.done | not) and (.p.reason | contains("pci/0000:ff:1f.7")))' out
	"$VDPA" -j apply f >out
	jq -e '.apply | (.changed | not) and (.dev | .a == {action: "same", done: false})' out
	echo 'dev add name b mgmtdev vdpasim_net mtu 1500' >f
	vdpa -j apply f
	[ "$status" -eq 4 ]
	jq -e '.apply | (.changed | not) and (.dev.b | .action == "refused" and .before == {mtu: "1400"} and
		.after == {mtu: "1500"} and .differs == ["mtu"] and (.error | type == "string") and (.hint | contains("replace")))' <<<"$output"
	jq -e '.error.status == 4' <<<"$stderr"
}

@test "a MAC address: set where the kernel can, otherwise refused or replaced" {
	"$VDPA" dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01
	apply <<<'dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:02'
	if kernel_is_a; then
		[ "$status" -eq 4 ]
		[[ $stderr = *"hint: the word 'replace'"* ]]
		vdpa apply f replace
		[ "${lines[0]}" = 'a: replace mac 02:00:00:00:00:01 -> 02:00:00:00:00:02' ]
	else
		[ "${lines[0]}" = 'a: set mac 02:00:00:00:00:01 -> 02:00:00:00:00:02' ]
	fi
	[ "$status" -eq 0 ]
	[[ $("$VDPA" dev config show a) = *'mac 02:00:00:00:00:02'* ]]
	and_again
}

@test "drift: an address that the guest has set is left alone" {
	# There virtio_net spins until the simulator has answered, which needs the processor for that.
	! kernel_is_a || skip 'a machine with one processor would hang in virtio_net'
	need_modules virtio_net
	"$VDPA" dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01 driver virtio_vdpa wait 10
	ip link set dev "$(basename /sys/bus/vdpa/devices/a/virtio*/net/*)" address 02:00:00:00:00:03
	[[ $("$VDPA" dev config show a) = *'mac 02:00:00:00:00:03'* ]]
	apply <<<'dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr = *"'a': its guest has set another MAC address, which is left alone" ]]
	[[ $("$VDPA" dev config show a) = *'mac 02:00:00:00:00:03'* ]]
	vdpa -j apply f
	jq -e '.apply.dev.a.action == "drift"' <<<"$output"
}

@test "unknown: what the kernel does not tell counts as the same, with a warning" {
	local line='dev add name a mgmtdev vdpasim_blk mtu 9000'

	! kernel_is_a || line='dev add name a mgmtdev vdpasim_blk device_features VERSION_1'
	"$VDPA" dev add name a mgmtdev vdpasim_blk
	apply <<<"$line"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr = *"'a': the kernel does not report all settings that the file asks for" ]]
	vdpa apply f check
	[ "$status" -eq 0 ]
	[[ ${lines[0]} = 'a: unknown '* ]]
}

@test "pending: a management device, or a program, that is not there yet" {
	need_vduse
	apply <<-'END'
		dev add name a mgmtdev pci/0000:ff:1f.7
		dev add name v mgmtdev vduse driver vhost_vdpa
	END
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} = 'a: pending ('* && ${lines[1]} = 'v: pending ('* ]]
	[ "${#lines[@]}" -eq 2 ]
	"$VDUSE" dev add name v type block capacity 100
	vdpa apply f
	[ "$status" -eq 0 ]
	[[ ${lines[1]} = 'v: add' ]]
	[ "$(driver_of v)" = vhost_vdpa ]
}

@test "deleted first, whatever the order of the lines" {
	"$VDPA" dev add name old mgmtdev vdpasim_net
	"$VDPA" monitor >events 3>&- &
	monitor=$!
	until [ -s events ]; do
		"$VDPA" dev add name probe mgmtdev vdpasim_blk
		"$VDPA" dev del probe
	done
	apply <<-'END'
		dev add name new mgmtdev vdpasim_net
		dev del old
	END
	wait_until grep -q 'new' events
	kill "$monitor"
	[ "$(grep -E '(add|remove|del).*(old|new)' events | grep -oE 'old|new' | tr '\n' ' ')" = 'old new ' ]
}

@test "replace: only with the word, and the new one is as asked for" {
	"$VDPA" dev add name a mgmtdev vdpasim_net mtu 1400 driver vhost_vdpa
	remember
	apply <<-'END'
		dev add name a mgmtdev vdpasim_net mtu 9000
		dev add name b mgmtdev vdpasim_net
	END
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr = *"'a': it differs in mtu, which cannot be changed"*"hint: the word 'replace' "* ]]
	is_as_before
	vdpa apply f replace
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'a: replace mtu 1400 -> 9000' ]
	[[ $("$VDPA" dev config show a) = *'mtu 9000'* ]]
	and_again
	# Of another management device.
	apply replace <<<'dev add name a mgmtdev vdpasim_blk'
	[ "$status" -eq 0 ]
	[[ $("$VDPA" dev show a) = *'type block mgmtdev vdpasim_blk'* ]]
}

@test "a device in use is neither deleted, replaced nor taken from its driver: status 5" {
	"$VDPA" dev add name a mgmtdev vdpasim_net mtu 1400 driver vhost_vdpa
	remember
	exec 7<>"$(node_of a)"
	for line in 'dev del a' 'dev add name a mgmtdev vdpasim_net mtu 9000' 'dev add name a mgmtdev vdpasim_net driver none'; do
		apply replace < <(printf 'dev add name b mgmtdev vdpasim_net\n%s\n' "$line")
		[ "$status" -eq 5 ]
		[[ $stderr = *"'a': "*"$(node_of a)"*open* ]]
		is_as_before
	done
	# With -f the others are done, and this one still is not.
	vdpa -f apply f replace
	[ "$status" -eq 5 ]
	[ "$(names)" = 'a b' ]
	[ "$(driver_of a)" = vhost_vdpa ]
}

@test "a driver_override that another program has set is named, and left" {
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	echo vhost_vdpa >/sys/bus/vdpa/devices/a/driver_override
	apply <<<'dev add name a mgmtdev vdpasim_net driver virtio_vdpa'
	[ "$status" -eq 5 ]
	[[ $stderr = *"driver_override is 'vhost_vdpa'"* ]]
	[ "$(</sys/bus/vdpa/devices/a/driver_override)" = vhost_vdpa ]
	apply <<<'dev add name a mgmtdev vdpasim_net driver vhost_vdpa'
	[ "$status" -eq 0 ]
}

# One of each kind of change, and a disk that comes only with virtio_blk.
mixed()
{
	"$VDPA" -b - <<-'END'
		dev add name d mgmtdev vdpasim_net mtu 1400 driver vhost_vdpa group daemon mode 0660
		dev add name r mgmtdev vdpasim_net mtu 1400 driver vhost_vdpa
		dev add name s mgmtdev vdpasim_net driver vhost_vdpa
		dev add name b mgmtdev vdpasim_net driver vhost_vdpa owner nobody
	END
	cat >f <<-'END'
		dev add name a mgmtdev vdpasim_net driver vhost_vdpa
		dev add name disk mgmtdev vdpasim_blk driver virtio_vdpa wait 1
		dev add name r mgmtdev vdpasim_net mtu 9000
		dev add name s mgmtdev vdpasim_net mode 0666
		dev add name b mgmtdev vdpasim_net driver none
		dev del d
	END
}

@test "a failure undoes what was done before, in reverse" {
	mixed
	remember
	vdpa apply f replace
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr = *"'disk': timed out after 1 s"*'; all changes of this run were undone'*'hint: modprobe virtio_blk' ]]
	is_as_before
	need_modules virtio_blk
	vdpa apply f replace
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = '2 added, 1 bound, 1 set, 1 replaced, 1 deleted' ]
	and_again
}

@test "with -f each device is for itself" {
	mixed
	vdpa -f apply f replace
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = '1 added, 1 bound, 1 set, 1 replaced, 1 deleted, 1 failed' ]
	[[ $stderr = *"'disk': timed out after 1 s"*'; it was restored'* ]]
	[ "$(names)" = 'a b r s' ]
	[ "$(rights_of s)" = 'root 0 666' ]
	[[ $("$VDPA" dev config show r) = *'mtu 9000'* ]]
	vdpa -j -f apply f replace
	jq -e '.apply | (.changed | not) and .dev.disk.action == "add" and (.dev.disk | .done == false and
		(.error | contains("timed out"))) and .dev.a.action == "same"' <<<"$output"
}

@test "a replaced device whose successor cannot be is restored" {
	"$VDPA" dev add name a mgmtdev vdpasim_net mac 02:00:00:00:00:01 mtu 1400 driver vhost_vdpa owner nobody mode 0640
	remember
	for options in '' -f; do
		# shellcheck disable=SC2086 # options
		vdpa $options apply <(echo 'dev add name a mgmtdev vdpasim_blk driver virtio_vdpa wait 1') replace
		[ "$status" -eq 1 ]
		[[ $stderr = *'timed out'* ]]
		is_as_before
	done
}

@test "a node that cannot be changed: /dev is read-only" {
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	remember
	mount -o remount,ro,bind /dev
	apply <<-'END'
		dev add name b mgmtdev vdpasim_net driver vhost_vdpa
		dev add name a mgmtdev vdpasim_net driver vhost_vdpa mode 0660
	END
	mount -o remount,rw,bind /dev
	[ "$status" -eq 1 ]
	[[ $stderr = *'Read-only file system'*'all changes of this run were undone'*'hint: mount -o remount,rw /dev'* ]]
	is_as_before
}

@test "without rights: status 6 before anything" {
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/rights/vdpa
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	"$VDPA" dev add name s mgmtdev vdpasim_net driver vhost_vdpa
	remember
	for line in 'dev add name b mgmtdev vdpasim_net' 'dev del a' 'dev add name a mgmtdev vdpasim_net driver vhost_vdpa' \
		'dev add name s mgmtdev vdpasim_net mode 0666'; do
		run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vdpa apply - <<<"$line"
		[ "$status" -eq 6 ]
		[ -z "$output" ]
		is_as_before
	done
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vdpa apply before
	[ "$status:$output:$stderr" = 0:: ]
}

@test "an output that is full: the devices are there, the status is 1" {
	echo 'dev add name a mgmtdev vdpasim_net' >f
	run --separate-stderr bash -c "'${VDPA/recorded/bin}' apply f >/dev/full"
	[ "$status" -eq 1 ]
	[[ $stderr = *'No space left on device'* ]]
	exists a
	and_again
}

@test "Ctrl-C in the middle undoes what was done" {
	"$VDPA" dev add name d mgmtdev vdpasim_net
	remember
	cat >f <<-'END'
		dev add name a mgmtdev vdpasim_net driver vhost_vdpa
		dev add name disk mgmtdev vdpasim_blk driver virtio_vdpa
		dev del d
	END
	for options in '' -f; do
		# shellcheck disable=SC2086 # options
		run --separate-stderr timeout --preserve-status -s INT 1.5 "${VDPA/recorded/bin}" $options apply f wait 30
		[ "$status" -eq 130 ]
		[[ $stderr = *interrupted*'all changes of this run were undone'* ]]
		is_as_before
	done
}

@test "killed at any step: a second run completes the work, three rounds of each call" {
	local call when killed=0

	for call in sendto pwrite64 write chmod; do
		for when in 1 5 6; do
			delete_devices
			"$VDPA" -b - <<-'END'
				dev add name d mgmtdev vdpasim_net
				dev add name r mgmtdev vdpasim_net mtu 1400 driver vhost_vdpa
				dev add name b mgmtdev vdpasim_net driver none
			END
			cat >f <<-'END'
				dev add name a mgmtdev vdpasim_net driver vhost_vdpa mode 0660
				dev add name r mgmtdev vdpasim_net mtu 9000
				dev add name b mgmtdev vdpasim_net driver vhost_vdpa group daemon mode 0640
				dev del d
			END
			run env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$when" \
				"${VDPA/recorded/bin}" apply f replace
			echo "$call $when: $status, $(names)"
			[ "$status" -ne 137 ] || killed=$((killed + 1))
			vdpa apply f replace
			[ "$status" -eq 0 ]
			and_again replace
			[ "$(</sys/bus/vdpa/drivers_autoprobe)" = 1 ]
			[ "$(names)" = 'a b r' ]
		done
	done
	[ "$killed" -ge 6 ]
}

@test "two at once: one waits for the other, and both end well" {
	seq -f 'dev add name dev%.0f mgmtdev vdpasim_net driver vhost_vdpa' 20 >f
	"$VDPA" apply f >one 3>&- &
	"$VDPA" apply f >two
	wait $!
	[ "$(cat one two)" = "$(seq -f 'dev%.0f: add' 20; echo '20 added')" ]
	and_again
}

@test "a device that somebody else deletes in the middle of it" {
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	"$VDPA" dev add name d mgmtdev vdpasim_net
	# The fourth request is the first that changes something.
	cut_in()
	{
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o calls -e trace=sendto -e inject=sendto:delay_enter=1500000:when=5 \
			"${VDPA/recorded/bin}" apply f 3>&- >out 2>err &
		sleep 0.8
		"${VDPA/recorded/bin}" dev del "$1"
		status=0
		wait $! || status=$?
		cat out err calls
	}
	printf 'dev del d\ndev add name b mgmtdev vdpasim_net\n' >f
	cut_in d
	[ "$status" -eq 0 ]
	[ "$(names)" = 'a b' ]
	"$VDPA" dev del b
	printf 'dev add name b mgmtdev vdpasim_net\ndev add name a mgmtdev vdpasim_net driver vhost_vdpa\n' >f
	cut_in a
	[ "$status" -eq 3 ]
	[ "$(names)" = '*' ]
}

@test "a management device whose module goes in the middle of it" {
	printf 'dev add name a mgmtdev vdpasim_blk\ndev add name b mgmtdev vdpasim_net\n' >f
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o calls -e trace=sendto -e inject=sendto:delay_enter=1500000:when=5 \
		"${VDPA/recorded/bin}" apply f 3>&- >out 2>err &
	sleep 0.8
	rmmod vdpa_sim_net
	status=0
	wait $! || status=$?
	cat out err
	[ "$status" -eq 3 ]
	[[ $(<err) = *'vdpasim_net'*'all changes of this run were undone'* ]]
	[ "$(names)" = '*' ]
	vdpa apply f
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = '1 added, 1 pending' ]
}

@test "prune: only on management devices that files name, and VDUSE's only if a file names one" {
	need_vduse
	"$VDUSE" dev add name v type block capacity 100 attach driver vhost_vdpa
	"$VDUSE" dev add name w type block capacity 100 attach driver vhost_vdpa
	"$VDPA" -b - <<-'END'
		dev add name a mgmtdev vdpasim_net
		dev add name b mgmtdev vdpasim_net
		dev add name c mgmtdev vdpasim_blk
	END
	apply prune check <<<'dev add name a mgmtdev vdpasim_net'
	[ "$status" -eq 8 ]
	[ "$output" = $'b: delete\n1 to delete, 1 the same' ]
	vdpa apply f prune
	[ "$output" = $'b: delete\n1 deleted, 1 the same' ]
	[ "$(names)" = 'a c v w' ]
	and_again prune
	apply prune <<<'dev add name v mgmtdev vduse'
	[ "$status" -eq 0 ]
	[ "$(names)" = 'a c v' ]
	# Somebody uses what would be deleted.
	"$VDPA" dev add name b mgmtdev vdpasim_net driver vhost_vdpa
	exec 7<>"$(node_of b)"
	apply prune <<<'dev add name n mgmtdev vdpasim_net'
	[ "$status" -eq 5 ]
	[ "$(names)" = 'a b c v' ]
}

@test "a node gets its owner, group and mode, and the driver that makes it" {
	"$VDPA" dev add name a mgmtdev vdpasim_net driver none
	apply <<<'dev add name a mgmtdev vdpasim_net group daemon mode 0660'
	[ "$status" -eq 0 ]
	[ "$(rights_of a)" = 'root 1 660' ]
	[ "/dev/vdpa/a" -ef "$(node_of a)" ]
	chmod 600 "$(node_of a)"
	vdpa apply f
	[ "${lines[0]}" = 'a: set mode 0600 -> 0660' ]
	and_again
}

@test "what a file asks for and cannot be is refused before anything" {
	for line in 'mgmtdev vdpasim_net type block' 'mgmtdev vdpasim_net device_features MQ' 'mgmtdev vdpasim_net max_vqp 100'; do
		apply < <(printf 'dev add name a mgmtdev vdpasim_net\ndev add name b %s\n' "$line")
		[ "$status" -ne 0 ]
		[ -z "$output" ]
		[[ $stderr = *"'b': "* ]]
		[ "$(names)" = '*' ]
	done
	rmmod vhost_vdpa
	apply < <(printf 'dev add name a mgmtdev vdpasim_net\ndev add name b mgmtdev vdpasim_net driver vhost_vdpa\n')
	[ "$status" -eq 7 ]
	[[ $stderr = *"'b': "*'hint: modprobe vhost_vdpa' ]]
	[ "$(names)" = '*' ]
}

@test "VDUSE: devices of programs are added, bound and deleted, and wait for who serves them" {
	need_vduse virtio_blk
	"$VDUSE" dev add name v type block capacity 100
	apply <<-'END'
		dev add name v mgmtdev vduse driver vhost_vdpa group daemon
		dev add name foo mgmtdev vduse driver virtio_vdpa
	END
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'v: add' ]
	[[ ${lines[1]} = 'foo: pending ('* ]]
	[ "$(rights_of v)" = 'root 1 600' ]
	serve foo
	vdpa apply f wait 10
	[ "$status" -eq 0 ]
	[ "$output" = $'foo: add\n1 added, 1 the same' ]
	[ -d "$(echo /sys/bus/vdpa/devices/foo/virtio*/block)" ]
	and_again
	apply <<-'END'
		dev add name foo mgmtdev vduse driver vhost_vdpa
		dev del v
	END
	[ "$output" = $'foo: bind driver virtio_vdpa -> vhost_vdpa\nv: delete\n1 bound, 1 deleted' ]
	and_again
	# Nobody serves v, for which virtio_vdpa would wait.
	apply <<-'END'
		dev add name foo mgmtdev vduse driver none
		dev add name v mgmtdev vduse driver virtio_vdpa
	END
	[ "$status" -eq 0 ]
	[[ ${lines[1]} = 'v: pending ('*'no program serves'* ]]
	[ "$(names)" = foo ]
}

@test "a function of the PCI bus has room for one: for another when that one leaves" {
	address=$(bind_vp_vdpa 0x010000)
	"$VDPA" dev add name old mgmtdev "pci/$address" driver none
	apply <<<"dev add name new mgmtdev $address"
	[ "$status" -eq 5 ]
	[[ $stderr = *"'new': 'pci/$address' has room for one device and holds 'old'" ]]
	[ "$(names)" = old ]
	apply < <(printf 'dev add name new mgmtdev %s driver none\ndev del old\n' "$address")
	[ "$status" -eq 0 ]
	[ "$(names)" = new ]
	# One that moves makes room as well.
	apply replace < <(printf 'dev add name next mgmtdev %s driver none\ndev add name new mgmtdev vdpasim_blk\n' "$address")
	[ "$status" -eq 0 ]
	[ "$output" = $'next: add\nnew: replace mgmtdev pci/'"$address"$' -> vdpasim_blk\n1 added, 1 replaced' ]
	and_again
	"$VDPA" save | sort >before
	"$VDPA" save >f
	delete_devices
	"$VDPA" apply f
	is_as_before
}
