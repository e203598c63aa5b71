#!/usr/bin/env bats
# Batches of commands: how a file is read, and what is said of it.

load helpers

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
}

# Runs the lines of standard input as a batch, offline: lines in a file "commands".
batch()
{
	cat >commands
	: >script
	vdpa "$@" -b commands
}

@test "no commands: nothing is done, status 0" {
	for text in '' '\n\n' '# comment' '  \t \n   # x\n\r\n' '\134\n' '\134'; do
		# shellcheck disable=SC2059 # a format
		batch < <(printf "$text")
		[ "$status" -eq 0 ]
		[ -z "$output$stderr" ]
	done
}

@test "a backslash at the end of a comment continues nothing" {
	batch -j <<-'END'
		# the first: \
		feature decode 0x1 type rng
		feature decode 0x2 \
			type rng # the second \
		feature decode 0x4 type '#' \
	END
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} = *'"bit":0,'* && ${lines[1]} = *'"bit":1,'* ]]
	as_text
	[[ $stderr = *'commands:5: '*"not '#'"* ]]
}

@test "every message names the file and the line" {
	batch -f <<-'END'
		devs
		# comment
		dev add name x \
			mtu abc
		dev del
		dev "show
		-x
		-b other
		dev show mgmtdev
	END
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	for line in 1 3 5 6 7 8 9; do
		[[ $stderr = *"vdpa: commands:$line: "* ]] || {
			echo "nothing of line $line"
			false
		}
	done
	[[ $stderr = *'commands:1: 7 of 7 commands failed, this one first' ]]
	# A line each, without usage.
	[[ $stderr != *Usage* ]]
	[ "${#stderr_lines[@]}" -eq 8 ]
}

@test "it stops at the first that fails, and says how far it came" {
	batch <<-'END'
		feature list type rng
		feature decode 1
		feature decode x
		feature list
	END
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[-1]} = 'vdpa: commands:3: stopped here: 2 commands were done, this one and those after it were not' ]]
	batch <<<'nonsense'
	[[ ${stderr_lines[-1]} = *'stopped here: 0 commands were done'* ]]
	batch < <(printf 'feature decode 1\nnonsense\n')
	[[ ${stderr_lines[-1]} = *'stopped here: 1 command was done'* ]]
}

@test "standard input is a file as well" {
	: >script
	vdpa -b - <<<'feature decode 1 type net'
	[ "$status" -eq 0 ]
	[[ $output = *CSUM* ]]
	vdpa --batch=- <<<'nonsense'
	[ "$status" -eq 2 ]
	[[ $stderr = 'vdpa: -:1: '* ]]
}

@test "options before the batch are those of each line, and a line has its own" {
	batch -j <<-'END'
		feature decode 1 type net
		feature decode 2 type net -n
	END
	[ "${#lines[@]}" -eq 2 ]
	jq -e '.feature[0].name == "CSUM"' <<<"${lines[0]}"
	batch <<-'END'
		-j feature decode 1 type net
		feature decode 1 type net
		-V
		dev add help
	END
	[ "$status" -eq 0 ]
	jq -e . <<<"${lines[0]}"
	[[ ${lines[1]} = 'bit '* ]]
	[[ $output = *'vdpa utility, '*'Usage: vdpa dev add'* ]]
}

@test "with -j it is one document a line, however pretty it is wanted" {
	batch -jp <<-'END'
		feature decode 1 type net
		feature list type rng
	END
	[ "${#lines[@]}" -eq 2 ]
}

@test "a line with a NUL byte, or of 64 KiB, is refused as it is" {
	batch -f < <(printf 'dev show a\0b\nfeature decode 1\n')
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} = 'vdpa: commands:1: the line contains a NUL byte' ]]
	[[ $output = *CSUM* || $output = *bit* ]]
	batch -f < <(printf 'dev show %065536d\nfeature decode 1\n' 7)
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} = 'vdpa: commands:1: dev show: DEV must be a name of at most 4095 bytes, not 65536' ]] ||
		[[ ${stderr_lines[0]} = 'vdpa: commands:1: dev show: name must be a name of at most 4095 bytes, not 65536' ]]
	[ -n "$output" ]
}

@test "a file that cannot be read: status 1, nothing on stdout" {
	vdpa_offline -b nope
	[ "$status" -eq 1 ]
	[ "$stderr" = "vdpa: batch 'nope': No such file or directory" ]
	vdpa_offline -b .
	[ "$status" -eq 1 ]
	[[ ${stderr_lines[0]} = 'vdpa: .:1: Is a directory' ]]
}

@test "-b without a file, with words beside it: usage errors" {
	for words in '-b' '--batch' '-b x dev show' 'dev show -b x'; do
		# shellcheck disable=SC2086 # words
		vdpa_offline $words
		assert_usage
	done
}

@test "progress is shown on a terminal, and only there" {
	need_terminal
	mkfifo lines
	# A command a tenth of a second, so that there is something to show.
	(for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		echo 'feature decode 1'
		sleep 0.1
	done >lines) 3>&- &
	timeout 20 script -qec "$VDPA -b lines 2>&1 >/dev/null" typescript >/dev/null
	wait
	grep -qa 'commands' typescript
	[[ $(tail -c 40 typescript) != *'commands'$'\r'* ]]
	batch <<<'feature decode 0x1'
	[ -z "$stderr" ]
}

@test "a mark of the byte order at the start of a file is skipped, and nowhere else" {
	batch -j < <(printf '\357\273\277feature decode 0x1 type rng\n')
	[ "$status" -eq 0 ]
	[[ $output = *'"bit":0,'* ]]
	batch < <(printf '\357\273\277')
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	batch < <(printf '\n\357\273\277feature list\n')
	[ "$status" -eq 2 ]
}

@test "two batches in one command are refused" {
	echo 'feature list' | tee A >B
	vdpa_offline -b A -b B
	assert_usage
	[[ ${stderr_lines[0]} = *'option -b is given twice'* ]]
	vdpa_offline --batch=A -b B
	assert_usage
}

@test "in a batch with -j the version is a document, and help is not printed" {
	batch -j <<-'END'
		feature decode 0x1 type rng
		dev help
		-V
		feature decode 0x1 type rng
	END
	[ "$status" -eq 0 ]
	[ "$(jq -c keys <<<"$output" | xargs)" = '[feature] [version] [feature]' ]
	as_text
	[ "$stderr" = 'vdpa: commands:2: help is text and is not printed among JSON documents' ]
	batch <<<'dev help'
	[[ $output = 'Usage: vdpa dev show'* ]]
	[ -z "$stderr" ]
}

@test "a line for which there is no memory: status 1 and a sentence, in each tool" {
	[[ $build != *sanitize* ]] || skip 'the sanitizer needs more addresses than a limit leaves'
	for tool in vdpa vduse vfio mshv; do
		# shellcheck disable=SC2016 # the other shell's
		run --separate-stderr bash -c 'ulimit -v 100000 && exec timeout 60 "$1" -b /dev/zero' bash "$build/bin/$tool"
		echo "$tool: $status $stderr"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[[ $stderr = "$tool: /dev/zero:1: "*'memory'*"$tool: /dev/zero:1: stopped here: 0 commands were done"* ]]
	done
}
