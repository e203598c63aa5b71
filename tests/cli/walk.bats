#!/usr/bin/env bats
# Walks over all commands that the usage names; these need no change when there are more.

load helpers

# Prints the usage line of every command, each on one line, without "vdpa".
leaves()
{
	"$VDPA" -d help | sed -n '/^$/q; p' | sed 's/^Usage: /       /' |
		awk '/^       vdpa / { if (line) print line; line = $0; next } { line = line " " $0 } END { print line }' |
		sed 's/^ *vdpa //; s/  */ /g'
}

# The words of a usage line that name the command: all before the first argument.
command_words()
{
	local word words=()

	for word in $1; do
		[[ $word =~ ^[a-z]+$ ]] || break
		words+=("$word")
		# An argument's keyword has a placeholder behind it; commands are at most three words.
		is_command "${words[@]}" || { unset 'words[-1]'; break; }
	done
	echo "${words[@]}"
}

is_command()
{
	"$VDPA" help "$@" >/dev/null 2>&1
}

# A value for each placeholder that the usage may hold.
value_of()
{
	case ${1%...} in
	MAC) echo 02:00:00:00:00:01 ;;
	MTU) echo 1500 ;;
	N) echo 1 ;;
	TYPE) echo net ;;
	FEATURES | MASK) echo MAC ;;
	*) echo foo ;;
	esac
}

# Prints the required arguments of a usage line, with values.
required()
{
	local word depth=0 out=()

	for word in $1; do
		case $word in
		'[') depth=$((depth + 1)) ;;
		']') depth=$((depth - 1)) ;;
		*) ((depth)) || if [[ $word =~ ^[A-Z.]+$ ]]; then out+=("$(value_of "$word")"); else out+=("$word"); fi ;;
		esac
	done
	echo "${out[@]}"
}

@test "every command's help works offline, on stdout" {
	count=0
	while read -r line; do
		leaf=$(command_words "$line")
		inside="${leaf% *} help ${leaf##* }"
		# A command that is an object of its own has nothing above it.
		[[ $leaf = *' '* ]] || inside="$leaf help"
		for form in "$leaf -h" "$leaf --help" "-h $leaf" "help $leaf" "$inside"; do
			# shellcheck disable=SC2086 # words
			vdpa_offline $form
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
			[[ ${lines[0]} = "Usage: vdpa $leaf"* ]]
			[ "${#lines[@]}" -ge 2 ]
		done
		count=$((count + 1))
	done < <(leaves)
	[ "$count" -ge 6 ]
}

@test "every object's help works offline, and so does that of nothing" {
	for words in '' help -h dev\ help mgmtdev\ help monitor\ help; do
		# shellcheck disable=SC2086 # words
		vdpa_offline $words
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output = 'Usage: vdpa '* ]]
	done
	for word in $("$VDPA" --complete ''); do
		vdpa_offline "$word" -h
		[ "$status" -eq 0 ]
	done
}

# Arguments of "dev add" that are no setting of the device. This list may only shrink.
no_settings='type driver owner group mode wait ensure'

# Adds a device with these words; $sent is what created it, without the header of netlink.
add_and_look()
{
	{
		echo family maxattr=64
		# These are held against the management device first.
		if [[ $* = *max_vqp* || $* = *device_features* ]]; then
			echo 'expect MGMTDEV_GET mgmtdev=m'
			echo 'reply MGMTDEV_NEW mgmtdev=m classes=2 mgmt_max_vqs=3 supported=0'
		fi
		printf '%s\n' 'expect any' ack
		if [[ $* = *device_features* ]]; then
			printf '%s\n' 'expect CONFIG_GET name=foo' 'reply CONFIG_GET name=foo id=1 features=0x20'
		fi
	} | fake
	vdpa dev add name foo mgmtdev m "$@"
	[ "$status" -eq 0 ]
	sent=$(sed -nE 's/^send .{32}(03.*)/\1/p' "$BATS_TEST_TMPDIR/log")
	[ -n "$sent" ]
}

@test "every setting of dev add changes what is sent" {
	count=0 usage=$("$VDPA" help dev add | tr -s ' \n' ' ')
	add_and_look
	plain=$sent
	for word in $("$VDPA" --complete dev add name foo mgmtdev m ''); do
		[[ " $no_settings " != *" $word "* ]] || continue
		[[ $usage = *" [ $word "* ]]
		meta=${usage#*" [ $word "}
		add_and_look "$word" "$(value_of "${meta%% *}")"
		[[ $sent = "$plain"?* ]]
		count=$((count + 1))
	done
	[ "$count" -ge 4 ]
	for word in $no_settings; do
		[[ $usage = *" [ $word "* ]]
	done
}

@test "too many words: status 2, nothing sent" {
	count=0
	while read -r line; do
		# One that takes any number of words has no too many.
		[[ $line != *...* ]] || continue
		# shellcheck disable=SC2046 # words
		vdpa_offline $(required "$line") stray1 stray2 stray3
		assert_usage
		count=$((count + 1))
	done < <(leaves)
	[ "$count" -gt 0 ]
}

@test "too few words: each required one left out, each keyword without its value" {
	count=0
	while read -r line; do
		read -r -a words <<<"$(required "$line")"
		read -r -a names <<<"$(command_words "$line")"
		for ((n = ${#names[@]}; n < ${#words[@]}; n++)); do
			vdpa_offline "${words[@]:0:n}"
			assert_usage
			count=$((count + 1))
		done
		while read -r _ keyword _; do
			vdpa_offline "${words[@]}" "$keyword"
			assert_usage
			count=$((count + 1))
		done < <(grep -o '\[ [a-z_]* [A-Z]* \]' <<<"$line")
	done < <(leaves)
	[ "$count" -ge 10 ]
}

@test "what completion offers behind a command, its usage names" {
	count=0
	while read -r line; do
		read -r -a words <<<"$(required "$line")"
		for word in $("$VDPA" --complete "${words[@]}" '' </dev/null 2>/dev/null); do
			[[ " $line " = *" $word "* ]] || [[ $line = *...* ]]
			count=$((count + 1))
		done
	done < <(leaves)
	[ "$count" -gt 5 ]
}

@test "values that completion offers are taken" {
	count=0
	for word in $("$VDPA" --complete feature decode ''); do
		vdpa_offline feature decode "$word"
		[ "$status" -eq 0 ]
		count=$((count + 1))
	done
	for word in $("$VDPA" --complete feature list type ''); do
		vdpa_offline feature list type "$word"
		[ "$status" -eq 0 ]
		count=$((count + 1))
	done
	[ "$count" -gt 80 ]
}

@test "completion: words, keywords that are left, values, options" {
	[ "$("$VDPA" --complete dev add name foo m)" = $'mgmtdev\nmac\nmtu\nmax_vqp\nmode' ]
	[ "$("$VDPA" --complete dev add name foo mac 02:00:00:00:00:01 m)" = $'mgmtdev\nmtu\nmax_vqp\nmode' ]
	[ "$("$VDPA" --complete m)" = $'mgmtdev\nmonitor\nmetrics' ]
	[[ $("$VDPA" --complete dev '') = $'show\nadd\ndel\n'*help ]]
	[ "$("$VDPA" --complete dev add type bl)" = block ]
	[ "$("$VDPA" --complete --j)" = --json ]
	[ "$("$VDPA" --complete -j dev sh)" = show ]
	[ -z "$("$VDPA" --complete nope '')" ]
	[ -z "$("$VDPA" --complete dev add name '')" ]
	[ "$("$VDPA" --complete dev wait foo '')" = $'driver\ngone\ntimeout' ]
	[ "$("$VDPA" --complete dev wait foo driver v)" = $'vhost_vdpa\nvirtio_vdpa' ]
}

@test "completion asks the kernel for names" {
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=foo $sim_dev
		reply DEV_NEW name=bar:1 $sim_dev
		done
	END
	vdpa --complete dev del foo b
	[ "$output" = bar:1 ]
	vdpa --complete dev wait f
	[ "$output" = foo ]
	fake <<<nofamily
	vdpa --complete dev del ''
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
}
