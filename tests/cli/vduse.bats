#!/usr/bin/env bats
# vduse without a kernel that has VDUSE: help, completion, wrong words.

load helpers

VDUSE=$build/bin/vduse

setup()
{
	[ ! -e /sys/class/vduse ] || skip 'this machine has VDUSE'
}

vduse()
{
	run --separate-stderr timeout 20 "$VDUSE" "$@"
	echo "vduse $*"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
}

# Prints the words of every command, a line each.
leaves()
{
	cat <<-END
		version show
		features show
		dev show
		dev add
		dev del
		dev set
		dev wait
		dev features show
		dev vq show
		dev iotlb show
		metrics
		doctor
	END
}

@test "every command that the usage names is known here" {
	"$VDUSE" -d help | sed -n '/^$/q; p' | grep -o 'vduse [a-z]*\( [a-z]*\)*' | wc -l |
		grep -qx "$(leaves | wc -l)"
}

@test "every command's help works offline, on stdout" {
	count=0
	while read -r leaf; do
		for form in "$leaf -h" "-h $leaf" "help $leaf"; do
			# shellcheck disable=SC2086 # words
			vduse $form
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
			[[ ${lines[0]} = "Usage: vduse $leaf"* ]]
		done
		count=$((count + 1))
	done < <(leaves)
	[ "$count" -eq 12 ]
}

@test "metrics: not up, the reason, status 0, and a file all the same" {
	vduse metrics output "$BATS_TEST_TMPDIR/vduse.prom"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} = 'vduse: VDUSE is not available: '* ]]
	[[ ${stderr_lines[1]} = 'hint: '* ]]
	awk -f "$checkout/tests/exposition.awk" "$BATS_TEST_TMPDIR/vduse.prom"
	[ "$(grep -v '^#' "$BATS_TEST_TMPDIR/vduse.prom")" = 'vdpa_vduse_up 0' ]
	vduse metrics
	[ "$status" -eq 0 ]
	diff "$BATS_TEST_TMPDIR/vduse.prom" <(echo "$output")
	vduse -j metrics
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr = *"it has no JSON form; 'vduse -j dev show' has"* ]]
	run --separate-stderr sh -c '"$1" metrics >/dev/full' sh "$VDUSE"
	[ "$status" -eq 1 ]
	[[ $stderr = *'standard output: No space left on device' ]]
}

@test "wait: nothing is there without VDUSE; words that make no sense are usage errors" {
	vduse dev wait foo served timeout 0
	[ "$status" -eq 1 ]
	[ "$stderr" = "vduse: wait for 'foo': timed out after 0 s: there is no such device" ]
	vduse -j dev wait foo gone
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	for words in '' 'foo gone served' 'foo attached served' 'foo timeout' 'foo timeout 1s' 'foo bar' control .. \
		"$(printf %0256d 1)"; do
		# shellcheck disable=SC2086 # several words
		vduse dev wait $words
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[1]} = 'Usage: vduse dev wait DEV '* ]]
	done
	[ "$("$VDUSE" --complete dev wait foo '')" = $'served\nattached\ngone\ntimeout' ]
}

@test "without VDUSE every command says so: status 7, and the command that helps" {
	for words in version features dev 'dev show foo' 'dev add name foo type block' 'dev del foo' \
		'dev set foo msg_timeout 1' 'dev features show foo' 'dev vq show foo' 'dev iotlb show foo'; do
		# shellcheck disable=SC2086 # words
		vduse -j $words
		[ "$status" -eq 7 ]
		[ -z "$output" ]
		as_text
		[[ $stderr = *'hint: '*vduse* ]]
	done
}

@test "wrong words: status 2, one line, and the usage of the command" {
	for words in nope 'dev nope' 'dev add' 'dev add name foo' 'dev add name foo type' 'dev add name foo type nope' \
		'dev add name foo type block attach attach' 'dev add name foo type block attach yes' 'dev del' \
		'dev del foo detach detach' 'dev set' 'dev set foo' 'dev set foo nope 1' 'dev vq show' \
		'dev vq show foo qidx' 'dev show foo bar' 'dev iotlb show foo bar' 'version show x' \
		'dev set foo irq_cb_affinity vq 1' 'dev add name foo type block config hex:0'; do
		# shellcheck disable=SC2086 # words
		vduse $words
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = 'vduse: '* ]]
		[[ ${stderr_lines[1]} = 'Usage: vduse '* ]]
	done
}

@test "completion: keywords with and without a value, words of types" {
	[ "$("$VDUSE" --complete dev add name foo type block a)" = $'as\napi_version\nattach' ]
	[ "$("$VDUSE" --complete dev add attach a)" = $'as\napi_version' ]
	[ "$("$VDUSE" --complete dev add name foo vduse_features '')" = $'QUEUE_READY\nSUSPEND' ]
	[ "$("$VDUSE" --complete dev del foo '')" = detach ]
	[ "$("$VDUSE" --complete dev set foo irq_cb_affinity vq 0 3 '')" = '' ]
	[ -z "$("$VDUSE" --complete dev set foo irq_cb_affinity vq '')" ]
	[ -z "$("$VDUSE" --complete dev show '')" ]
	[ "$("$VDUSE" --complete d)" = $'dev\ndoctor' ]
}
