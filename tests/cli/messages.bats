#!/usr/bin/env bats
# With -j all that a tool says on standard error is documents, a line each.

load helpers

TOOLS='vdpa vduse vfio mshv'

# Runs a tool without a kernel: $status, $output, $stderr, which is kept for the schemas.
tool()
{
	run --separate-stderr timeout 20 "$build/bin/$1" "${@:2}" </dev/null
	echo "$*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
	keep "$1"
}

# Keeps what a tool has just said.
keep()
{
	count=$((${count-0} + 1))
	mkdir -p "$BATS_FILE_TMPDIR/json"
	printf '%s' "$stderr${stderr:+$'\n'}" >"$BATS_FILE_TMPDIR/json/$1.$BATS_TEST_NUMBER.$count.stderr"
}

# One error with the status that the tool ended with, and no more than that.
assert_error()
{
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	jq -e --argjson status "$status" --arg tool "$1" \
		'keys == ["error"] and .error.status == $status and .error.tool == $tool' <<<"$stderr"
}

@test "a usage error is one document, without usage, wherever -j stands" {
	for tool in $TOOLS; do
		for words in '-j nope' 'nope -j' 'nope --json' '-jp nope' '-x -j' '-xj' '-jx' '--nope -j' \
			'--json=yes -j' '-j -b' '-j -b x nope' 'nope -dj' '-j --color=pink' '-jb x -b x'; do
			# shellcheck disable=SC2086 # words
			tool "$tool" $words
			[ "$status" -eq 2 ]
			assert_error "$tool"
		done
		# Here it is no option.
		for words in '-x -- -j' '-b -j -x' 'nope -- -j'; do
			# shellcheck disable=SC2086 # words
			tool "$tool" $words
			rm "$BATS_FILE_TMPDIR/json/$tool.$BATS_TEST_NUMBER.$count.stderr"
			[ "$status" -eq 2 ]
			[[ $stderr = "$tool: "*'Usage: '* ]]
		done
	done
}

@test "a failure has its status, its message without the tool's name, and its hint" {
	fake <<-END
		family
		expect DEV_NEW name=foo mgmtdev=m
		ack EPERM
	END
	vdpa -j dev add name foo mgmtdev m
	keep vdpa
	[ "$status" -eq 6 ]
	assert_error vdpa
	jq -e '.error | keys == ["hint", "message", "status", "tool"] and
		(.message | startswith("add '\''foo'\''")) and .hint != ""' <<<"$stderr"
	fake <<<nofamily
	vdpa -j dev show
	keep vdpa
	[ "$status" -eq 7 ]
	assert_error vdpa
}

@test "of several targets each that fails is a document, and the first gives the status" {
	fake <<-END
		family
		expect DEV_DEL name=a
		ack ENODEV
		expect DEV_DEL name=b
		ack
		expect DEV_DEL name=c
		ack EPERM
	END
	vdpa -j dev del a b c
	keep vdpa
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	jq -es 'map(.error.status) == [3, 6]' <<<"$stderr"
}

@test "a warning is a document, beside the result" {
	vdpa_offline -j feature decode 300000028
	keep vdpa
	[ "$status" -eq 0 ]
	jq -e .feature <<<"$output"
	[ "$stderr" = '{"warning":{"tool":"vdpa","message":"feature decode: 300000028 is read as hexadecimal, write 0x300000028"}}' ]
}

@test "bytes that are no text, quotes and control bytes: still one line of JSON" {
	for name in $'a\033[31m\nb' $'a\xff' '"quoted"' 'back\slash' $'\xc3\xbc' "$(printf '%0300d' 7)"; do
		vdpa_offline -j dev add name "$name" mgmtdev m "$name"
		keep vdpa
		[ "$status" -eq 2 ]
		assert_error vdpa
	done
	vdpa_offline -j dev show foo $'\033\xff"\\'
	jq -e '.error.message | endswith("'\''\u001b\\xff\"\\x5c'\'' is not expected here")' <<<"$stderr"
}

@test "in a batch: file and line, and what stopped it is a warning" {
	printf 'feature list type rng\n\ndev shwo\ndev\n' >"$BATS_TEST_TMPDIR/a b"
	tool vdpa -jb "$BATS_TEST_TMPDIR/a b"
	[ "$status" -eq 2 ]
	jq -es --arg file "$BATS_TEST_TMPDIR/a b" '.[0].error.status == 2 and .[1].warning and length == 2 and
		([.[][] | [.file, .line]] == [[$file, 3], [$file, 3]])' <<<"$stderr"
	tool vdpa -jfb "$BATS_TEST_TMPDIR/a b"
	[ "$status" -eq 2 ]
	jq -es '[.[][] | .line] == [3, 4, 3]' <<<"$stderr"
	tool vdpa -j -b "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 1 ]
	assert_error vdpa
}

@test "in a batch a line has -j for itself" {
	printf -- '-j dev shwo\ndev shwo\n-jx\nfeature decode 10 -j\n' >"$BATS_TEST_TMPDIR/lines"
	run --separate-stderr "$VDPA" -fb "$BATS_TEST_TMPDIR/lines"
	[ "$status" -eq 2 ]
	for line in 0 2 3; do
		jq -e . <<<"${stderr_lines[line]}"
	done
	[[ ${stderr_lines[1]} = 'vdpa: '*':2: '* ]]
	[[ ${stderr_lines[4]} = 'vdpa: '*': 3 of 4 commands failed, this one first' ]]
	[ "${#stderr_lines[@]}" -eq 5 ]
}

@test "progress is never shown" {
	need_terminal
	# Commands for two seconds, so that there would be something to show.
	timeout 60 script -qec "{ for i in 1 2 3 4; do echo feature decode 1; sleep 0.5; done; echo nope; } | $VDPA -jb - >/dev/null" \
		"$BATS_TEST_TMPDIR/typescript" >/dev/null || true
	said=$(grep -a . "$BATS_TEST_TMPDIR/typescript" | tr -d '\r' | grep -av '^Script ')
	echo "$said"
	[ "$(wc -l <<<"$said")" -eq 2 ]
	jq -es '.[0].error and .[1].warning' <<<"$said"
}

@test "a token is hidden in the documents as well" {
	token=6ba7b810-9dad-11d1-80b4-00c04fd430c8
	for words in "feature show 0000:00:04.0 $token" "$token" "--$token" "dev show $token" \
		"feature set 0000:00:04.0 pci_vf_token $token $token" "-b /$token/x"; do
		# shellcheck disable=SC2086 # words
		tool vfio -j $words
		[ "$status" -ne 0 ]
		assert_error vfio
		[[ $stderr != *6ba7b8* && $stderr != *c04fd430* ]] || [[ $words = -b* ]]
	done
}

@test "the version is a document" {
	for tool in $TOOLS; do
		for words in '-jV' '--json --version' '-Vjp' '-j -V dev'; do
			# shellcheck disable=SC2086 # words
			tool "$tool" $words
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
			echo "$output" >"$BATS_FILE_TMPDIR/json/$tool.$count"
			jq -e --arg tool "$tool" '.version | .tool == $tool and (.release | length > 0)' <<<"$output"
		done
		[ "$("$build/bin/$tool" -V)" = "$tool utility, vdpa-tools $(jq -r .version.release <<<"$output")" ]
	done
	run --separate-stderr sh -c '"$1" -jV >/dev/full' sh "$VDPA"
	[ "$status" -eq 1 ]
	jq -e .error <<<"$stderr"
}

@test "all that was said here obeys the schemas" {
	/usr/bin/python3 "$checkout/tests/documents.py" "$BATS_FILE_TMPDIR/json" error version
	echo '{"error":{"tool":"vdpa","status":1,"message":"m","more":1}}' >"$BATS_FILE_TMPDIR/json/vdpa.x.stderr"
	run /usr/bin/python3 "$checkout/tests/documents.py" "$BATS_FILE_TMPDIR/json"
	[ "$status" -eq 1 ]
	echo 'vdpa: text' >"$BATS_FILE_TMPDIR/json/vdpa.x.stderr"
	run /usr/bin/python3 "$checkout/tests/documents.py" "$BATS_FILE_TMPDIR/json"
	[ "$status" -eq 1 ]
}
