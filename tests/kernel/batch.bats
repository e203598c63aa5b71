#!/usr/bin/env bats
# Many commands from a file, their requests sent ahead of the answers.

load helpers

setup()
{
	need_modules vdpa_sim_net vdpa_sim_blk
	cd "$BATS_TEST_TMPDIR" || return
}

teardown()
{
	stop_churn
	if [ -n "${holder-}" ]; then
		kill "$holder" || true
		wait "$holder" || true
	fi
	delete_devices
	! grep -q '^vhost_vdpa ' /proc/modules || rmmod vhost_vdpa
}

devices()
{
	"$VDPA" -j dev show | jq -c '.dev | keys'
}

adds()
{
	local n

	for ((n = $1; n < $2; n++)); do
		echo "dev add name dev$n mgmtdev vdpasim_net ${3-}"
	done
}

dels()
{
	local n

	for ((n = $1; n < $2; n++)); do
		echo "dev del dev$n"
	done
}

@test "a file of commands: comments, blank lines, quotes, continued lines" {
	cat >commands <<-'END'
		# two devices

		dev add name "one two" mgmtdev vdpasim_net   # and a comment
		dev add name 'three#' \
			mgmtdev vdpasim_net mtu 9000
		d a name fo\ ur mgmtdev vdpasim_net
		-j dev config show three#
	END
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	jq -e '.config["three#"].mtu == 9000' <<<"$output"
	[ "$(devices)" = '["fo ur","one two","three#"]' ]
}

@test "a thousand devices made and deleted" {
	adds 0 1000 >commands
	"$VDPA" -b commands
	[ "$("$VDPA" dev show | wc -l)" -eq 1000 ]
	dels 0 1000 | "$VDPA" --batch -
	[ "$(devices)" = '[]' ]
}

@test "a command is one request, and its answer is read before the next one" {
	adds 0 100 >commands
	dels 0 100 >>commands
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=sendto,sendmsg,recvfrom,recvmsg -o calls "$VDPA" -b commands
	# Two more: to look the family up, and to wait for its turn.
	[ "$(grep -c 'send.*) = [0-9]' calls)" -le 202 ]
	[ "$(grep -c 'recv.*) = [0-9]' calls)" -le 202 ]
	[ "$(devices)" = '[]' ]
}

@test "a failure anywhere: what stands before it is done, what stands behind it is not" {
	for place in 1 2 31 32 33 34 63 64 65 66; do
		{
			adds 1 "$place"
			echo 'dev add name bad mgmtdev nope'
			adds "$place" 70
		} >commands
		run --separate-stderr "$VDPA" -b commands
		[ "$status" -eq 3 ]
		[[ ${stderr_lines[0]} = "vdpa: commands:$place: "* ]]
		[ "$("$VDPA" dev show | wc -l)" -eq $((place - 1)) ]
		delete_devices
	done
}

@test "it stops at the first failure: its line, and what was done" {
	{
		adds 0 3
		echo 'dev add name other mgmtdev nope'
		adds 3 40
	} >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} = "vdpa: commands:4: add 'other' to 'nope': there is no management device 'nope'" ]]
	[[ $stderr = *'vdpa: commands:4: stopped here: 3 commands were done, this one and those after it were not' ]]
	# Not even for a moment longer than it took to hear of the failure.
	[ "$(devices)" = '["dev0","dev1","dev2"]' ]
}

@test "a name that exists, in the file or before it: status 4 at its line" {
	"$VDPA" dev add name dev2 mgmtdev vdpasim_net
	adds 0 5 >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 4 ]
	[[ ${stderr_lines[0]} = 'vdpa: commands:3: '*'exists already' ]]
	[ "$(devices)" = '["dev0","dev1","dev2"]' ]
	printf '%s\n' "dev add name twice mgmtdev vdpasim_net"{,} >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 4 ]
	[[ ${stderr_lines[0]} = 'vdpa: commands:2: '* ]]
}

@test "a line that makes no sense stops it in its turn, with what stands before it done" {
	for line in 'dev shwo' "dev 'show" 'dev del' 'dev add name x' '-b other' '--what' 'dev set dev0 driver x'; do
		{
			adds 0 2
			echo "$line"
			adds 2 4
		} >commands
		run --separate-stderr "$VDPA" -b commands
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} = 'vdpa: commands:3: '* ]]
		[[ $stderr = *'stopped here: 2 commands were done'* ]]
		[ "$(devices)" = '["dev0","dev1"]' ]
		delete_devices
	done
	# One that failed before it comes first.
	printf '%s\n' 'dev add name a mgmtdev vdpasim_net' 'dev add name b mgmtdev nope' 'dev shwo' >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 3 ]
	[ "${#stderr_lines[@]}" -eq 3 ]
	[[ $stderr = *'commands:2: stopped here: 1 command was done'* ]]
	run --separate-stderr "$VDPA" -f -b commands
	[ "$status" -eq 4 ]
	[[ ${stderr_lines[1]} = 'vdpa: commands:2: '* ]]
}

@test "-f in a line is for that line" {
	printf '%s\n' 'dev add name a mgmtdev vdpasim_net' 'dev add name b mgmtdev nope' 'dev add name c mgmtdev vdpasim_net' '-f dev show' >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ "$(devices)" = '["a"]' ]
}

@test "the same names from several batches at once, with ensure: all are done" {
	for ((n = 0; n < 6; n++)); do
		adds 0 60 ensure | "$VDPA" -b - 3>&- || touch failed &
	done
	wait
	[ ! -e failed ]
	[ "$("$VDPA" dev show | wc -l)" -eq 60 ]
	adds 0 2 'mtu 9000 ensure' >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 4 ]
	[[ ${stderr_lines[0]} = 'vdpa: commands:1: '*'mtu is 1500, not 9000' ]]
}

@test "a program that writes line by line sees each one done" {
	{
		adds 0 1
		timeout 10 sh -c 'until [ -e /sys/bus/vdpa/devices/dev0 ]; do sleep 0.05; done' || touch failed
		adds 1 2
	} | "$VDPA" -b -
	[ ! -e failed ]
	[ "$(devices)" = '["dev0","dev1"]' ]
}

@test "deleting stops in its order as well" {
	adds 0 4 | "$VDPA" -b -
	printf 'dev del %s\n' dev0 nope dev1 >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 3 ]
	[[ ${stderr_lines[0]} = "vdpa: commands:2: delete 'nope': there is no such device" ]]
	[ "$(devices)" = '["dev1","dev2","dev3"]' ]
	printf 'dev del %s\n' dev1 dev1 dev2 >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 3 ]
	[ "$(devices)" = '["dev2","dev3"]' ]
}

@test "-f goes on, and the status is the first failure's" {
	{
		adds 0 2
		echo 'dev add name x mgmtdev vdpasim_blk mtu 1500'
		echo 'dev show nope'
		echo 'dev add name y mgmtdev nope'
		adds 2 4
		echo 'dev "show'
	} >commands
	run --separate-stderr "$VDPA" -f -b commands
	[ "$status" -eq 7 ]
	for line in 3 4 5 8; do
		[[ $stderr = *"vdpa: commands:$line: "* ]]
	done
	[[ $stderr = *'commands:3: 4 of 8 commands failed, this one first' ]]
	[ "$(devices)" = '["dev0","dev1","dev2","dev3"]' ]
}

@test "answers come in the order of the lines" {
	{
		adds 0 20
		echo 'dev show dev19'
		echo 'dev set dev3 driver none'
		dels 0 20
		echo 'dev show'
		adds 5 6
		echo '-j dev show'
	} >commands
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} = 'dev19: '* ]]
	jq -e '.dev | keys == ["dev5"]' <<<"${lines[1]}"
}

@test "-j: one document a line, whatever else is asked for" {
	adds 0 2 | "$VDPA" -b -
	run --separate-stderr "$VDPA" -jpb - <<<$'dev show dev0\nmgmtdev show vdpasim_net\ndev add name z mgmtdev vdpasim_net\ndev show z'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	for line in "${lines[@]}"; do
		jq -e . <<<"$line"
	done
}

@test "killed in the middle, and run again with ensure: all are there, none twice" {
	adds 0 500 ensure >commands
	for limit in 0.02 0.05 0.08; do
		timeout -s KILL "$limit" "$VDPA" -b commands || true
	done
	"$VDPA" -b commands
	[ "$("$VDPA" dev show | wc -l)" -eq 500 ]
	"$VDPA" -b commands
	[ "$("$VDPA" dev show | sort -u | wc -l)" -eq 500 ]
}

@test "many batches at once" {
	# On one processor few of them take as long as many do on two, and meet as rarely.
	count=$(($(nproc) > 1 ? 64 : 16))
	for ((n = 0; n < count; n++)); do
		adds $((n * 4)) $((n * 4 + 4)) ensure | "$VDPA" -b - 3>&- || touch failed &
	done
	wait
	[ ! -e failed ]
	[ "$("$VDPA" dev show | wc -l)" -eq $((4 * count)) ]
	for ((n = 0; n < count; n++)); do
		dels $((n * 4)) $((n * 4 + 4)) | "$VDPA" -b - 3>&- || touch failed &
	done
	wait
	[ ! -e failed ]
	[ "$(devices)" = '[]' ]
}

# Batches of worker K, each of which fails somewhere; what it says was done is what was done.
fail_somewhere()
{
	local k=$1 n i count gone said status

	for n in 1 2 3; do
		count=$((RANDOM % 30 + 1)) gone=$((RANDOM % count))
		{
			for ((i = 0; i < count; i++)); do
				echo "dev add name w$k-$i mgmtdev vdpasim_net"
			done
			for ((i = 0; i < gone; i++)); do
				echo "dev del w$k-$i"
			done
			echo 'dev del busy'
			echo "dev del w$k-$gone"
		} >"worker$k"
		status=0
		"$VDPA" -b "worker$k" 2>"stderr$k" || status=$?
		said=$(sed -n 's/.* stopped here: \([0-9]*\) commands* w.*/\1/p' "stderr$k")
		echo "worker $k: $count made, $gone deleted: status $status, said $said"
		[ "$status $said" = "5 $((count + gone))" ] || return
		set -- "/sys/bus/vdpa/devices/w$k-"*
		[ $# -eq $((count - gone)) ] || return
		"$VDPA" dev del "${@##*/}" || return
	done
}

add_and_delete()
{
	"$PEER" dev add name plain mgmtdev vdpasim_net
	"$PEER" dev del plain
}

@test "several batches that fail, beside each other and other programs: what they say was done is what was done" {
	need_modules vhost_vdpa
	"$VDPA" dev add name busy mgmtdev vdpasim_net
	node=/dev/$(basename /sys/bus/vdpa/devices/busy/vhost-vdpa-*)
	# shellcheck disable=SC2217 # it holds the node, and reads nothing
	sleep 60 <"$node" 3>&- &
	holder=$!
	while [ "$(readlink "/proc/$holder/fd/0")" != "$node" ]; do
		sleep 0.05
	done
	start_churn add_and_delete
	workers=()
	for k in 1 2 3 4; do
		fail_somewhere "$k" 3>&- &
		workers+=($!)
	done
	for worker in "${workers[@]}"; do
		wait "$worker"
	done
	[ -e /sys/bus/vdpa/devices/busy/driver ]
}

@test "drivers, features and ensure in a batch, each in its turn" {
	need_modules vhost_vdpa virtio_vdpa
	cat >commands <<-'END'
		dev add name a mgmtdev vdpasim_net driver vhost_vdpa wait 10
		dev add name b mgmtdev vdpasim_net device_features MTU,MAC,VERSION_1,ACCESS_PLATFORM driver none
		dev set b driver virtio_vdpa
		dev add name a mgmtdev vdpasim_net driver vhost_vdpa ensure
		-jd dev show
	END
	run --separate-stderr "$VDPA" -b commands
	[ "$status" -eq 0 ]
	jq -e '.dev.a.driver == "vhost_vdpa" and .dev.b.driver == "virtio_vdpa"' <<<"$output"
	delete_devices
	rmmod virtio_vdpa
}

@test "an output that is full ends it: status 1" {
	adds 0 2 | "$VDPA" -b -
	run --separate-stderr bash -c "printf 'dev show\ndev del dev0\n' | '$VDPA' -b - >/dev/full"
	[ "$status" -eq 1 ]
	[[ ${stderr_lines[0]} = 'vdpa: -:1: standard output: '* ]]
	[ "$(devices)" = '["dev0","dev1"]' ]
}

@test "without rights: status 6 at the first line, and nothing done" {
	install -D -m 755 "${VDPA/recorded/bin}" /tmp/rights/vdpa
	adds 0 50 >/tmp/rights/commands
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups /tmp/rights/vdpa -b /tmp/rights/commands
	[ "$status" -eq 6 ]
	[[ ${stderr_lines[0]} = 'vdpa: /tmp/rights/commands:1: '*'Operation not permitted' ]]
	[ "$(devices)" = '[]' ]
}

@test "a line for which there is no memory: status 1 and a sentence, in each tool" {
	[[ $VDPA != *sanitize* ]] || skip 'the sanitizer needs more addresses than a limit leaves'
	for tool in vdpa vduse vfio mshv; do
		# shellcheck disable=SC2016 # the other shell's
		run --separate-stderr bash -c 'ulimit -v 30000 && exec timeout 60 "$1" -b /dev/zero' bash \
			"${VDPA%/recorded/vdpa}/bin/$tool"
		echo "$tool: $status $stderr"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[[ $stderr = "$tool: /dev/zero:1: "*'memory'*"$tool: /dev/zero:1: stopped here: 0 commands were done"* ]]
	done
}
