# Shared by the tests that need no kernel: the tools with a fake one loaded before them.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what bats leaves behind: status, output, stderr, ...
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")
# shellcheck source=tests/trace.bash
source "$checkout/tests/trace.bash"
# shellcheck source=tests/messages.bash
source "$checkout/tests/messages.bash"
build=$checkout/${TEST_BUILD:-build/dynamic}
VDPA=$build/bin/vdpa
preload=$build/fake.so
# The sanitizer's runtime wants to be the first.
[[ $build != *sanitize* ]] || preload="$(gcc -print-file-name=libasan.so) $preload"

# Takes down what the kernel is to be asked, and what it answers; see tests/fake/talk.py.
fake()
{
	# Not through a shim of the user's path, which takes longer than all the rest of a test.
	/usr/bin/python3 -IS "$checkout/tests/fake/talk.py" >"$BATS_TEST_TMPDIR/script"
}

# Runs vdpa on the script: $status, $output, $stderr. Fails if it said anything else than the
# script expects, or did not get to its end.
vdpa()
{
	rm -f "$BATS_TEST_TMPDIR/log"
	run --separate-stderr timeout 20 env LD_PRELOAD="$preload" FAKE_SCRIPT="$BATS_TEST_TMPDIR/script" \
		FAKE_LOG="$BATS_TEST_TMPDIR/log" "$VDPA" "$@"
	echo "vdpa $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
	! grep WRONG "$BATS_TEST_TMPDIR/log"
}

# Writes a program that is vdpa with the fake kernel, for shells that are to have none: $wrapper.
write_wrapper()
{
	wrapper=$BATS_TEST_TMPDIR/vdpa
	cat >"$wrapper" <<-END
		#!/bin/sh
		export LD_PRELOAD='$preload' FAKE_SCRIPT='$BATS_TEST_TMPDIR/script'
		exec '$VDPA' "\$@"
	END
	chmod +x "$wrapper"
}

# A test that calls it needs a pseudo-terminal, which a container may not have.
need_terminal()
{
	script -qec true /dev/null >/dev/null 2>&1 </dev/null || skip 'this machine has no pseudo-terminals'
}

# The same where it may give up before the script's end.
vdpa_gives_up()
{
	vdpa "$@" || ! grep 'WRONG' "$BATS_TEST_TMPDIR/log" | grep -v 'left over'
}

# Runs vdpa where it must not speak to the kernel at all.
vdpa_offline()
{
	: >"$BATS_TEST_TMPDIR/script"
	vdpa "$@"
	! grep . "$BATS_TEST_TMPDIR/log"
}

# A usage error: one line that says what is wrong, the usage of its command behind it, nothing else.
# With -j it is a document, which is text from here on and may have a hint in the place of usage.
assert_usage()
{
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	if [[ $stderr = '{'* ]]; then
		as_text
		[[ $stderr != *'Usage: '* ]]
	else
		[[ ${stderr_lines[1]} = 'Usage: vdpa '* ]]
	fi
	[[ ${stderr_lines[0]} = 'vdpa: '* ]]
}

# A failure: nothing on stdout, one line, and perhaps a hint; or the document of that, which is text
# from here on.
assert_failure()
{
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[[ $stderr != '{'* ]] || as_text
	[[ ${stderr_lines[0]} = 'vdpa: '* ]]
	[ "${#stderr_lines[@]}" -eq 1 ] || [[ ${stderr_lines[1]} = 'hint: '* ]]
	[ "${#stderr_lines[@]}" -le 2 ]
}

# What the kernel says of a simulated network device.
# shellcheck disable=SC2034 # for the tests
sim_dev='mgmtdev=vdpasim_net id=1 vendor_id=0 max_vqs=3 max_vq_size=256 min_vq_size=1'
