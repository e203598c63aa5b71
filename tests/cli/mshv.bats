#!/usr/bin/env bats
# mshv without a driver: help, completion, wrong words, and answers that no driver here gives. The
# fake is loaded in front of ioctl alone: the node that is opened is any character device.

load helpers

MSHV=$build/bin/mshv

# Runs mshv with requests and their answers, as tests/fake/fake-ioctl.c wants them: mshv ANSWERS WORDS...
mshv()
{
	run --separate-stderr timeout 20 env LD_PRELOAD="${preload/fake.so/fake-ioctl.so}" FAKE_IOCTLS="$1" \
		"$MSHV" "${@:2}"
	echo "mshv ${*:2}"
	echo "status: $status"
	echo "stdout: $output"
	echo "stderr: $stderr"
	[[ $stderr != *WRONG* ]]
}

# What each driver says to the request that tells them apart.
probe=0x4004b800:4294967295
root="$probe:-25 0x4010b800:null:-14"
vtl=$probe:-95
version="$probe:-524 0x4010b800:null:-77"
early="$probe:-524 0x4010b800:null:-25"
unknown="$probe:-524 0x4010b800:null:-5"

# Prints the words of every command, a line each.
leaves()
{
	cat <<-END
		version show
		version request
		extension check
	END
}

@test "every command that the usage names is known here" {
	"$MSHV" -d help | sed -n '/^$/q; p' | grep -o 'mshv [a-z]*\( [a-z]*\)*' | wc -l |
		grep -qx "$(leaves | wc -l)"
}

@test "every command's help works offline, on stdout" {
	count=0
	while read -r leaf; do
		for form in "$leaf -h" "-h $leaf" "help $leaf"; do
			# shellcheck disable=SC2086 # words
			mshv '' $form
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
			[[ ${lines[0]} = "Usage: mshv $leaf"* ]]
		done
		count=$((count + 1))
	done < <(leaves)
	[ "$count" -eq 3 ]
}

@test "version request says that a version ends with the file, in its help and its output" {
	mshv '' version request -h
	[[ $output = *'ends with this command'* ]]
	mshv "$version 0x4004b800:0:0 0x4004b800:0:-77" version request dev /dev/null
	[ "$output" = '/dev/null version 0 taken true valid until the file is closed' ]
}

@test "without a driver: status 7, and the commands that help" {
	[ ! -e /dev/mshv ] || skip 'this machine has it'
	for words in 'version show' 'version request' 'extension check 1' 'version'; do
		# shellcheck disable=SC2086 # words
		mshv '' -j $words
		[ "$status" -eq 7 ]
		[ -z "$output" ]
		as_text
		[[ $stderr = 'mshv: there is no driver for the Microsoft hypervisor'*'hint: '*'mshv_root'* ]]
	done
}

@test "nodes that cannot be asked: none, a file, a directory, another device" {
	mshv '' version show dev "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 3 ]
	for path in "$BATS_TEST_TMPDIR" /etc/passwd; do
		mshv '' version show dev "$path"
		[ "$status" -eq 1 ]
		[[ $stderr = *'it is not a character device'* ]]
	done
	run --separate-stderr "$MSHV" version show dev /dev/null
	[ "$status" -eq 7 ]
	[[ $stderr = *"is it another device's node?" ]]
}

@test "wrong words: status 2, one line, and the usage of the command" {
	for words in nope 'version nope' 'version show x' 'version request x' 'version request 4294967296' \
		'version request 0 0' 'version request dev' 'version request 0x100000000' 'extension check' \
		'extension check nope' 'extension check 4294967296' 'extension check id_x' 'extension check 1 dev' \
		'extension nope' 'version request 0 dev a dev b' 'version request 1.5'; do
		# shellcheck disable=SC2086 # words
		mshv '' $words
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = 'mshv: '* ]]
		[[ ${stderr_lines[1]} = 'Usage: mshv '* ]]
	done
}

@test "numbers reach the kernel as they are, to the last" {
	for number in 0 1 2147483648 4294967295 0xfffffffe; do
		mshv "$version 0x4004b800:$((number)):-524" version request "$number" dev /dev/null
		[ "$status" -eq 7 ]
		mshv "$vtl 0x4004b800:$((number)):1" -jn extension check "$number" dev /dev/null
		jq -e ".extension | .extension == $((number)) and .available and .answer == 1" <<<"$output"
	done
}

@test "extensions by name and number, in and out" {
	id=0
	for name in core_api_stable register_page vtl_return_action dr6_shared id_4; do
		for word in "$name" "$id" "${name^^}" "id_$id"; do
			[[ $word != ID_4 ]] || continue
			mshv "$vtl 0x4004b800:$id:0" -j extension check "$word" dev /dev/null
			jq -e ".extension | .extension == \"$name\" and .available == false" <<<"$output"
		done
		id=$((id + 1))
	done
	[ "$id" -eq 5 ]
}

@test "answers that none of the drivers gives: status 1, with the errno's name" {
	while read -r answer text; do
		mshv "$probe:$answer" version show dev /dev/null
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[[ $stderr = "mshv: ask /dev/null for its interface: the kernel answers $text, unlike all known drivers" ]]
	done <<-END
		0 0
		1 1
		-5 EIO (Input/output error)
		-14 EFAULT (Bad address)
		-777 errno 777, which has no name
	END
	mshv "$version 0x4004b800:0:-5" version request dev /dev/null
	[ "$status" -eq 1 ]
	[[ $stderr = *'the kernel answers EIO (Input/output error)' ]]
	mshv "$version 0x4004b800:0:3" version request dev /dev/null
	[ "$status" -eq 1 ]
	[[ $stderr = *'the kernel answers 3' ]]
	for answer in -5 -6 -16 -17 -19; do
		mshv "$vtl 0x4004b800:1:$answer" extension check 1 dev /dev/null
		[ "$status" -eq 1 ]
		mshv "$version 0x4004b800:0:$answer" version request dev /dev/null
		[ "$status" -eq 1 ]
	done
	mshv "$vtl 0x4004b800:1:-524" extension check 1 dev /dev/null
	[ "$status" -eq 7 ]
	[[ $stderr = *'the kernel does not know this extension (ENOTSUPP)' ]]
}

@test "an early driver takes requests without a version: extensions, but no versions" {
	for answer in -25 -14; do
		mshv "$probe:-524 0x4010b800:null:$answer" version show dev /dev/null
		[ "$output" = '/dev/null interface early version_request false extension_check true' ]
	done
	mshv "$early" version request dev /dev/null
	[ "$status" -eq 7 ]
	[[ $stderr = *"its interface 'early' is"*'hint: '*'extension check'* ]]
	mshv "$early 0x4004b800:1:1" -j extension check 1 dev /dev/null
	jq -e '.extension.available' <<<"$output"
}

@test "what cannot be told is unknown; a version that is taken twice is none" {
	mshv "$unknown" version show dev /dev/null
	[ "$output" = '/dev/null interface unknown version_request false extension_check false' ]
	mshv "$unknown" extension check 1 dev /dev/null
	[ "$status" -eq 7 ]
	mshv "$unknown 0x4004b800:0:0 0x4004b800:0:0" version request dev /dev/null
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr = *'answers 0 to a second request'*'hint: early drivers'* ]]
}

@test "a file that has a version already: said so" {
	mshv "$version 0x4004b800:0:-77" version request dev /dev/null
	[ "$status" -eq 1 ]
	[[ $stderr = *'has a version already (EBADFD)'* ]]
}

@test "what an interface lacks: status 7, and which one it has" {
	mshv "$root" version request dev /dev/null
	[ "$status" -eq 7 ]
	[[ $stderr = *"its interface 'root' is that of the root partition, which has neither versions nor extensions"* ]]
	mshv "$vtl" version request dev /dev/null
	[ "$status" -eq 7 ]
	[[ $stderr = *"'vtl'"*'hint: '*'extension check'* ]]
	mshv "$version" extension check 1 dev /dev/null
	[ "$status" -eq 7 ]
	[[ $stderr = *"'version_request'"*'hint: '*'version request'* ]]
}

@test "a node that others may not open: status 6" {
	touch "$BATS_TEST_TMPDIR/file"
	[ "$(id -u)" -eq 0 ] || skip 'only root can become somebody else'
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	mknod -m 600 "$BATS_TEST_TMPDIR/node" c 1 3 || skip 'no right to make nodes here'
	install -m 755 "$MSHV" "$BATS_TEST_TMPDIR/mshv"
	run --separate-stderr setpriv --reuid nobody --regid nogroup --clear-groups "$BATS_TEST_TMPDIR/mshv" \
		version show dev "$BATS_TEST_TMPDIR/node"
	rm "$BATS_TEST_TMPDIR/node"
	[ "$status" -eq 6 ]
	[[ $stderr = *'Permission denied'*'hint: run it as root'* ]]
}

@test "a batch goes from node to node" {
	mshv "$root $vtl 0x4004b800:1:1" -j -b - <<-END
		version show dev /dev/null
		extension check register_page dev /dev/null
	END
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	jq -e .version <<<"${lines[0]}"
	jq -e .extension.available <<<"${lines[1]}"
}

@test "completion: commands, keywords, names of extensions" {
	[ "$("$MSHV" --complete v)" = version ]
	[ "$("$MSHV" --complete version '')" = $'show\nrequest\nhelp' ]
	[ "$("$MSHV" --complete version request '')" = dev ]
	[ "$("$MSHV" --complete extension check r)" = register_page ]
	[ "$("$MSHV" --complete extension check 1 '')" = dev ]
}
