#!/usr/bin/env bats
# What happens to devices and management devices is told as it happens.

load helpers

# Which modules are there when a test begins is its own affair.
setup_file()
{
	need_modules vdpa
	unload_modules
}

setup()
{
	log=$BATS_TEST_TMPDIR/log errors=$BATS_TEST_TMPDIR/errors
	rmem_max=$(</proc/sys/net/core/rmem_max)
	need_modules vdpa_sim_net vhost_vdpa
}

teardown()
{
	[ -z "${monitor-}" ] || {
		kill -CONT "$monitor"
		kill "$monitor"
		wait "$monitor"
	} 2>/dev/null || true
	echo "$rmem_max" >/proc/sys/net/core/rmem_max
	! grep -q '^vdpa ' /proc/modules || delete_devices
	! grep -q '^vhost_vdpa ' /proc/modules || rmmod vhost_vdpa
}

# Runs a command until its test passes, for fifteen seconds at most.
await()
{
	local end=$((SECONDS + 15))

	while ((SECONDS < end)); do
		! "$@" || return 0
		sleep 0.02
	done
	echo "in vain: $*"
	cat "$log" "$errors"
	return 1
}

# Waits for a line of the monitor's.
await_line()
{
	await grep -Fxq -- "$1" "$log"
}

# The socket has the number of the child that does the work.
is_listening()
{
	awk -v pid="$monitor" -v child="$(pgrep -P "$monitor")" \
		'$2 == 15 && ($3 == pid || $3 == child) && $4 == "00000001" { found = 1 }
		END { exit !found }' /proc/net/netlink
}

has_ended()
{
	! kill -0 "$monitor" 2>/dev/null
}

# Starts a monitor, as the rest of the words: $monitor, whose lines go to $log.
start_listening()
{
	: >"$log"
	"$@" >>"$log" 2>"$errors" 3>&- &
	monitor=$!
	await is_listening
}

# The same, and waits until it knows what was there before, and has told of a device by now.
start_monitor()
{
	start_listening "$@"
	"$VDPA" dev add name marker mgmtdev vdpasim_net
	"$VDPA" dev del marker
	await grep -q 'remove.*marker' "$log"
	: >"$log"
}

log_is()
{
	[ "$(<"$log")" = "$1" ]
}

@test "added, bound, unbound, removed: each once, in order, at once" {
	start_monitor "$VDPA" monitor
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await_line 'bind dev foo driver vhost_vdpa'
	echo foo >/sys/bus/vdpa/drivers/vhost_vdpa/unbind
	await_line 'unbind dev foo driver vhost_vdpa'
	echo foo >/sys/bus/vdpa/drivers/vhost_vdpa/bind
	"$VDPA" dev del foo
	await_line 'remove dev foo'
	log_is "add dev foo
bind dev foo driver vhost_vdpa
unbind dev foo driver vhost_vdpa
bind dev foo driver vhost_vdpa
unbind dev foo driver vhost_vdpa
remove dev foo"
	[ ! -s "$errors" ]
}

@test "a device that was bound before the monitor began: its driver is known" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	start_monitor "$VDPA" -j monitor
	"$VDPA" dev del foo
	await grep -q remove "$log"
	jq -es '. == [{event: "unbind", object: "dev", name: "foo", driver: "vhost_vdpa"},
		{event: "remove", object: "dev", name: "foo"}]' "$log"
}

@test "events that a program has the kernel repeat are nothing new" {
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	start_monitor "$VDPA" monitor
	for action in add remove bind unbind change; do
		echo "$action" >/sys/bus/vdpa/devices/foo/uevent
	done
	"$VDPA" dev del foo
	await_line 'remove dev foo'
	log_is "unbind dev foo driver vhost_vdpa
remove dev foo"
}

# Whether there are so many lines that begin so.
all_told()
{
	[ "$(grep -c "^$1" "$log")" -ge "$2" ]
}

@test "devices that are added and deleted by several processes: all events, none twice" {
	count=$(($(nproc) > 1 ? 200 : 60))
	start_monitor "$VDPA" monitor
	seq "$count" | xargs -P 8 -I N "$VDPA" dev add name manyN mgmtdev vdpasim_net
	await all_told 'bind ' "$count"
	delete_devices
	await all_told 'remove ' "$count"
	[ "$(wc -l <"$log")" -eq $((4 * count)) ]
	# Each device has had its four events, in this order.
	[ "$(awk '{ events[$3] = events[$3] " " $1 } END { for (name in events) print events[name] }' "$log" |
		sort | uniq -c | sed 's/^ *//')" = "$count  add bind unbind remove" ]
	[ ! -s "$errors" ]
}

@test "names with blanks, colons, quotes and control bytes, that another program made" {
	names=('two  words' 0000:65:00.2 $'a\nb\tc' $'x\033[31my' 'say "\no"' $'\xc3\xbc' 'DRIVER=x')
	start_monitor "$VDPA" -j monitor
	for name in "${names[@]}"; do
		"$PEER" dev add name "$name" mgmtdev vdpasim_net
		"$PEER" dev del "$name"
	done
	await all_told '.*"event":"remove"' "${#names[@]}"
	for name in "${names[@]}"; do
		NAME=$name jq -es 'map(select(.name == env.NAME) | .event) ==
			["add", "bind", "unbind", "remove"]' "$log"
	done
	[ "$(wc -l <"$log")" -eq "$((4 * ${#names[@]}))" ]
}

@test "in text their control bytes are escaped" {
	start_monitor "$VDPA" monitor
	"$PEER" dev add name $'a\nb\033' mgmtdev vdpasim_net
	await_line 'add dev a\x0ab\x1b'
}

@test "management devices come and go with their modules" {
	start_monitor "$VDPA" monitor
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await_line 'bind dev foo driver vhost_vdpa'
	rmmod vdpa_sim_net
	await_line 'remove mgmtdev vdpasim_net'
	modprobe vdpa_sim_blk
	await_line 'add mgmtdev vdpasim_blk'
	modprobe vdpa_sim_net
	await_line 'add mgmtdev vdpasim_net'
	"$VDPA" dev del foo || true
	rmmod vdpa_sim_blk
	await_line 'remove mgmtdev vdpasim_blk'
	log_is "add dev foo
bind dev foo driver vhost_vdpa
unbind dev foo driver vhost_vdpa
remove dev foo
remove mgmtdev vdpasim_net
add mgmtdev vdpasim_blk
add mgmtdev vdpasim_net
remove mgmtdev vdpasim_blk"
}

@test "begun before any module is there, and gone on when they are loaded anew" {
	rmmod vhost_vdpa
	unload_modules
	start_listening "$VDPA" -j monitor
	for round in 1 2 3; do
		modprobe vdpa_sim_net
		"$VDPA" dev add name foo mgmtdev vdpasim_net
		await all_told '.*"event":"add","object":"mgmtdev","name":"vdpasim_net"' "$round"
		unload_modules
		await all_told '.*"event":"remove","object":"mgmtdev","name":"vdpasim_net"' "$round"
	done
	jq -es 'length == 12 and (map(select(.object == "dev" and .event == "remove")) | length == 3)' "$log"
	[ ! -s "$errors" ]
}

@test "a network card is a management device while vp_vdpa has it" {
	start_monitor "$VDPA" monitor
	address=$(bind_vp_vdpa)
	await_line "add mgmtdev pci/$address"
	echo "$address" >/sys/bus/pci/drivers/vp-vdpa/unbind
	await_line "remove mgmtdev pci/$address"
}

@test "-t puts the time before each line, -j with it in UTC" {
	start=$(date +%s)
	start_monitor env TZ=XXX-9 "$VDPA" -t monitor
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await grep -q 'bind dev foo' "$log"
	[[ $(head -n 1 "$log") =~ ^\[([-0-9]{10}T[0-9:]{8})\.[0-9]{6}\]\ add\ dev\ foo$ ]]
	told=$(date -d "${BASH_REMATCH[1]}+09:00" +%s)
	((told >= start && told <= start + 60))
	kill "$monitor"
	wait "$monitor"

	start_monitor env TZ=XXX-9 "$VDPA" -jt monitor
	"$VDPA" dev del foo
	await grep -q '"remove"' "$log"
	for time in $(jq -r .time "$log"); do
		[[ $time =~ ^[-0-9]{10}T[0-9:]{8}\.[0-9]{6}Z$ ]]
		told=$(date -d "$time" +%s)
		((told >= start && told <= start + 60))
	done
}

@test "-j is a document on a line each, with -p as well" {
	start_monitor "$VDPA" -jp monitor
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await grep -q bind "$log"
	log_is '{"event":"add","object":"dev","name":"foo"}
{"event":"bind","object":"dev","name":"foo","driver":"vhost_vdpa"}'
}

@test "-c colours names" {
	start_monitor "$VDPA" -c monitor
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await_line $'bind dev \033[1;36mfoo\033[0m driver vhost_vdpa'
}

@test "SIGINT and SIGTERM end it: status 0, and nothing is said" {
	for signal in INT TERM; do
		start_monitor "$VDPA" monitor
		kill -"$signal" "$monitor"
		wait "$monitor"
		[ ! -s "$log" ]
		[ ! -s "$errors" ]
	done
}

@test "SIGTERM ends it while nobody takes what it writes" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	sleep 600 <>"$BATS_TEST_TMPDIR/pipe" 3>&- &
	reader=$!
	"$VDPA" monitor >"$BATS_TEST_TMPDIR/pipe" 2>"$errors" 3>&- &
	monitor=$!
	: >"$log"
	await is_listening
	long=$(printf '%0250d' 7)
	# More than a pipe holds.
	seq 90 | sed "s/.*/dev add name $long& mgmtdev vdpasim_net\ndev del $long&/" | "$VDPA" -b -
	kill "$monitor"
	wait "$monitor"
	monitor=
	kill "$reader"
	wait "$reader" || true
}

@test "a reader that goes away ends it, before anything else happens: status 1" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	"$VDPA" monitor >"$BATS_TEST_TMPDIR/pipe" 2>"$errors" 3>&- &
	monitor=$!
	exec {reader}<"$BATS_TEST_TMPDIR/pipe"
	: >"$log"
	await is_listening
	exec {reader}<&-
	await has_ended
	status=0
	wait "$monitor" || status=$?
	[ "$status" -eq 1 ]
	[ "$(<"$errors")" = 'vdpa: standard output: Broken pipe' ]
}

@test "a closed pipe's status is 1, and head -1 gets its line" {
	{
		status=0
		"$VDPA" monitor 2>"$errors" || status=$?
		echo "$status" >"$BATS_TEST_TMPDIR/status"
	} 3>&- | head -n 1 >"$BATS_TEST_TMPDIR/line" 3>&- &
	pipeline=$!
	: >"$log"
	await grep -q ' 15 .* 00000001 ' /proc/net/netlink
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await test -s "$BATS_TEST_TMPDIR/status"
	wait "$pipeline"
	[ "$(<"$BATS_TEST_TMPDIR/line")" = 'add dev foo' ]
	[ "$(<"$BATS_TEST_TMPDIR/status")" -eq 1 ]
	[ "$(<"$errors")" = 'vdpa: standard output: Broken pipe' ]
}

@test "a full disk, and no standard output, are errors" {
	: >"$log"
	for output in '>/dev/full' '>&-'; do
		sh -c "exec \"\$1\" monitor $output" sh "$VDPA" 2>"$errors" 3>&- &
		monitor=$!
		await is_listening
		"$VDPA" dev add name foo mgmtdev vdpasim_net
		await has_ended
		status=0
		wait "$monitor" || status=$?
		[ "$status" -eq 1 ]
		[[ $(<"$errors") = 'vdpa: standard output: '* ]]
		"$VDPA" dev del foo
	done
}

# What a reader who knew of the devices in $1 and applies all lines holds for true, sorted.
applied()
{
	{
		echo "$1"
		grep ' dev ' "$log"
	} | awk '$1 == "add" { driver[$3] = "none" }
		$1 == "bind" { driver[$3] = $5 }
		$1 == "unbind" { if (driver[$3] != $5) print "wrong:", $0; driver[$3] = "none" }
		$1 == "remove" { if (driver[$3] != "none") print "wrong:", $0; delete driver[$3] }
		END { for (name in driver) print name, driver[name] }' | sort
}

# What is true.
present()
{
	local device driver

	for device in /sys/bus/vdpa/devices/*; do
		driver=none
		[ ! -e "$device/driver" ] || driver=$(basename "$(realpath "$device/driver")")
		echo "${device##*/} $driver"
	done | sort
}

# Stops the monitor, lets so many things happen that nothing matters, and then what does.
overrun()
{
	local before n

	for name in goes stays changes; do
		"$VDPA" dev add name "$name" mgmtdev vdpasim_net
	done
	await_line 'bind dev changes driver vhost_vdpa'
	before=$(grep ' dev ' "$log")
	: >"$log"
	worker=$(pgrep -P "$monitor")
	kill -STOP "$worker"
	"$VDPA" dev add name first mgmtdev vdpasim_net
	for ((n = 0; n < $1; n++)); do
		echo change >/sys/bus/vdpa/devices/stays/uevent
	done
	"$VDPA" dev del goes
	"$VDPA" dev add name comes mgmtdev vdpasim_net
	"$VDPA" dev add name unbound mgmtdev vdpasim_net
	echo changes >/sys/bus/vdpa/drivers/vhost_vdpa/unbind
	echo unbound >/sys/bus/vdpa/drivers/vhost_vdpa/unbind
	modprobe vdpa_sim_blk
	rmmod vdpa_sim_net
	modprobe vdpa_sim_net
	"$VDPA" dev add name comes mgmtdev vdpasim_net
	"$VDPA" dev add name stays mgmtdev vdpasim_net
	kill -CONT "$worker"
	await grep -q 'events were lost' "$errors"
	"$VDPA" dev add name last mgmtdev vdpasim_net
	await_line 'bind dev last driver vhost_vdpa'
	await_line 'add mgmtdev vdpasim_blk'
	applied "$before" >"$BATS_TEST_TMPDIR/applied"
	present | diff "$BATS_TEST_TMPDIR/applied" -
	[ "$(sort "$log" | uniq -d)" = '' ]
	[ "$(grep -c 'events were lost' "$errors")" -ge 1 ]
	rmmod vdpa_sim_blk
}

@test "events that are lost: it says so, and what differs follows" {
	start_monitor "$VDPA" monitor
	overrun 6000
}

@test "the same for a user who gets a small buffer" {
	echo 2304 >/proc/sys/net/core/rmem_max
	start_monitor setpriv --bounding-set -net_admin --inh-caps -net_admin "$VDPA" monitor
	overrun 30
}

@test "an ordinary user sees the same" {
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/monitor/vdpa
	start_monitor setpriv --reuid nobody --regid nogroup --clear-groups /tmp/monitor/vdpa monitor
	rmmod vdpa_sim_net
	await_line 'remove mgmtdev vdpasim_net'
	[ ! -s "$errors" ]
}

@test "root of a user namespace as well" {
	start_monitor unshare --user --map-root-user "$VDPA" monitor
	rmmod vdpa_sim_net
	await_line 'remove mgmtdev vdpasim_net'
	[ ! -s "$errors" ]
}

@test "in another network namespace: devices only, which is said once" {
	: >"$log"
	unshare --net "$VDPA" monitor >>"$log" 2>"$errors" 3>&- &
	monitor=$!
	await grep -q 'management devices are left out' "$errors"
	rmmod vdpa_sim_net
	modprobe vdpa_sim_net
	"$VDPA" dev add name foo mgmtdev vdpasim_net
	await_line 'bind dev foo driver vhost_vdpa'
	[ "$(grep -c mgmtdev "$log")" -eq 0 ]
	[ "$(wc -l <"$errors")" -eq 1 ]
}

switches()
{
	awk '/ctxt_switches/ { print $2 }' "/proc/$monitor/status"
}

@test "while nothing happens it does not wake up" {
	start_listening "$VDPA" monitor
	is_asleep()
	{
		before=$(switches)
		sleep "$1"
		[ "$(switches)" = "$before" ]
	}
	await is_asleep 1
	# Nor, when it has looked for management devices, later.
	modprobe vdpa_sim_blk
	await_line 'add mgmtdev vdpasim_blk'
	rmmod vdpa_sim_blk
	await_line 'remove mgmtdev vdpasim_blk'
	# Its longest pause between two looks is 3.2 s.
	await is_asleep 4
}
