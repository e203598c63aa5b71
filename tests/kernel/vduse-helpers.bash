# Shared by the tests of vduse on a real kernel; behind helpers.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what bats and helpers leave behind

VDUSE=$checkout/${TEST_BUILD:-build/static}/recorded/vduse

# The kernel's VDUSE, or on kernel A the one of another design: see tests/vm/kernel-a-in-create.c.
VDUSE_MODULE=${VDUSE_MODULE:-vduse}

# Loads it, in the other's place.
need_vduse()
{
	local module

	for module in vduse vduse_in_create; do
		[ "$module" = "$VDUSE_MODULE" ] || ! grep -q "^$module " /proc/modules || rmmod "$module"
	done
	need_modules "$VDUSE_MODULE" "$@"
}

# Whether it has features of its own.
has_features()
{
	[ "$VM_KERNEL" = b ] || [ "$VDUSE_MODULE" = vduse_in_create ]
}

# Runs vduse: $status, $output, $stderr; a command that hangs fails.
vduse()
{
	run --separate-stderr timeout 60 "$VDUSE" "$@"
	echo "vduse $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
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

# A value of the device's row: value NAME .KEY
value()
{
	"$VDUSE" -jd dev show "$1" | jq -c --arg name "$1" ".dev[\$name]$2"
}

# Leaves no device behind.
delete_vduse_devices()
{
	local path

	for path in /sys/class/vduse/*; do
		[ "${path##*/}" = control ] || [ ! -e "$path" ] ||
			timeout 60 "$VDUSE" dev del "${path##*/}" detach
	done
}

# Serves a block device by a real program, on the file "disk" of the test: $daemon.
serve()
{
	local directory=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}

	truncate -s 8M "$directory/disk"
	qemu-storage-daemon --blockdev "driver=file,node-name=file,filename=$directory/disk" \
		--blockdev driver=raw,node-name=raw,file=file \
		--export "type=vduse-blk,id=export,name=$1,node-name=raw,writable=on" \
		>"$directory/daemon.log" 2>&1 3>&- &
	daemon=$!
	wait_until is_served "$1"
}

is_served()
{
	[ -e "/dev/vduse/$1" ] && [ "$(value "$1" .state)" = '"served"' ]
}

is_orphan()
{
	[ "$(value "$1" .state)" = '"orphan"' ]
}

# Ends it as a crash does.
crash()
{
	kill -9 "$daemon"
	wait "$daemon" || true
	daemon=
}

# Waits for a command to succeed, for 20 seconds at most.
wait_until()
{
	local tries=200

	until "$@"; do
		((tries-- > 0)) || return 1
		sleep 0.1
	done
}
