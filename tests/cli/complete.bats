#!/usr/bin/env bats
# What the tools answer to a shell that asks what may come next; the shells themselves are tested on
# a real kernel.

load helpers

VDUSE=$build/bin/vduse
VFIO=$build/bin/vfio
MSHV=$build/bin/mshv

# A line for each candidate: what is offered behind these words, the last being typed.
words()
{
	vdpa_offline --complete "$@"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

described()
{
	vdpa_offline --complete=described "$@"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "options: all that there are, wherever a word begins with a dash" {
	for before in '' 'dev' 'dev add name' '-j dev show foo'; do
		# shellcheck disable=SC2086 # words
		words $before -
		for option in $output; do
			# Both forms of each stand in the help.
			"$VDPA" -d help | grep -qE -- "^ *(-., )?$option( |,|\\[)"
		done
		[ "${#lines[@]}" -eq "$(("$("$VDPA" -d help | grep -c '^  -., --')" * 2))" ]
	done
	words dev show --j
	[ "$output" = --json ]
	words -j
	[ "$output" = -j ]
	words --color=a
	[ "$output" = $'--color=auto\n--color=always' ]
	words -c=a
	[ "$output" = $'-c=auto\n-c=always' ]
	described -- --j
	[ -z "$output" ]
}

@test "options that are offered are taken" {
	count=0
	for option in $("$VDPA" --complete -) $("$VDPA" --complete --color=) $("$VDPA" --complete -c=); do
		[[ $option != -b && $option != --batch ]] || continue
		vdpa_offline "$option" help
		[ "$status" -eq 0 ]
		count=$((count + 1))
	done
	[ "$count" -gt 20 ]
}

@test "the value of an option is a file, and no command" {
	for line in -b --batch -jb; do
		described "$line" ''
		[ "${lines[0]}" = $'\tfiles' ]
		[[ ${lines[1]} = $'\twanted '* ]]
		[ "${#lines[@]}" -eq 2 ]
		words "$line" d
		[ -z "$output" ]
	done
	described --batch=x
	[ "${lines[0]}" = $'\tfiles' ]
	# A batch has its commands inside; another value is passed over.
	words -b file d
	[ -z "$output" ]
	words --color=auto -j dev sh
	[ "$output" = show ]
}

@test "commands have the first sentence of their help" {
	described dev d
	[ "$output" = $'del\tDeletes vDPA devices' ]
	described 'do'
	[[ $output = $'doctor\t'*[!.] ]]
}

@test "other names of commands, once they are begun" {
	words dev li
	[ "$output" = list ]
	words dev l
	[ "$output" = list ]
	words dev dele
	[ "$output" = delete ]
	words dev de
	[ "$output" = del ]
}

@test "behind help stand commands, and nothing behind those" {
	words help dev ad
	[ "$output" = add ]
	words dev help ad
	[ "$output" = add ]
	words help ''
	[[ $output != *help* && $output = *dev* ]]
	words help dev add ''
	[ -z "$output" ]
}

@test "lists of features: behind each comma, those that are not there yet" {
	words feature decode MAC,MT
	[ "$output" = MAC,MTU ]
	words feature decode MAC,MAC
	[ -z "$output" ]
	words feature decode MAC,MTU,-MA
	[ "$output" = MAC,MTU,-MAC ]
	words feature decode 0x20,bit_3,mrg
	[ "$output" = 0x20,bit_3,MRG_RXBUF ]
	described feature decode MAC,MT
	[[ ${lines[0]} = $'MAC,MTU\t'?* ]]
	[ "${lines[1]}" = $'\tmore' ]
	[[ ${lines[2]} = $'\twanted '* ]]
}

@test "lists that are offered are taken, of every type" {
	count=0
	for type in $("$VDPA" --complete feature list type ''); do
		read -r -d '' -a names < <("$VDPA" --complete feature decode '' type "$type" 2>/dev/null; "$VDPA" --complete dev add type "$type" device_features '') || true
		for name in "${names[@]: -3}"; do
			vdpa_offline feature decode "$name" type "$type"
			[ "$status" -eq 0 ]
			list=$("$VDPA" --complete dev add type "$type" device_features "$name,-$name")
			vdpa_offline feature decode "${list%%$'\n'*}" type "$type"
			[ "$status" -eq 0 ]
			count=$((count + 1))
		done
	done
	[ "$count" -gt 60 ]
}

@test "features of the management device that the line names" {
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=4 mgmt_max_vqs=3 supported=0x300001040
	END
	vdpa --complete dev add name foo mgmtdev m device_features ''
	[ "$output" = $'BLK_SIZE\nMQ\nVERSION_1\nACCESS_PLATFORM' ]
	vdpa --complete dev add name foo mgmtdev m type ''
	[ "$output" = block ]
	# Of which it creates several types.
	fake <<-END
		family
		expect MGMTDEV_GET mgmtdev=m
		reply MGMTDEV_NEW mgmtdev=m classes=6 mgmt_max_vqs=3 supported=0x100000020
	END
	vdpa --complete dev add name foo mgmtdev m type net device_features M
	[ "$output" = MAC ]
	# Where there is none, those of the type.
	fake <<<nofamily
	vdpa --complete dev add name foo mgmtdev m type block device_features BLK
	[ "$output" = BLK_SIZE ]
	[ -z "$stderr" ]
}

@test "names, with what they are; none that a terminal must not get, or would be an option" {
	fake <<-END
		family
		expect DEV_GET dump
		reply DEV_NEW name=pci:0000:00:04.0 $sim_dev
		reply DEV_NEW 'name=a b' $sim_dev
		reply DEV_NEW name=-j $sim_dev
		reply DEV_NEW 'name=x\\x1b[2J' $sim_dev
		reply DEV_NEW 'name=tab\\ty' $sim_dev
		done
	END
	vdpa --complete=described dev del ''
	[ "${lines[0]}" = $'pci:0000:00:04.0\tnet, of vdpasim_net' ]
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[2]} = $'\twanted '* ]]
	# One that is to be deleted already is not offered again.
	vdpa --complete dev del pci:0000:00:04.0 ''
	[[ $output != *pci* ]]
	vdpa --complete dev show -- -
	[ "$output" = -j ]
}

@test "drivers and types: offered with a meaning, and taken" {
	count=0
	for keyword in driver type; do
		described dev show "$keyword" ''
		while IFS=$'\t' read -r word meaning; do
			[ -n "$meaning" ]
			fake <<<nofamily
			vdpa dev show "$keyword" "$word"
			[ "$status" -ne 2 ]
			count=$((count + 1))
		done < <("$VDPA" --complete=described dev show "$keyword" '' | grep -v $'^\t')
	done
	[ "$count" -gt 20 ]
	words dev set foo driver v
	[ "$output" = $'vhost_vdpa\nvirtio_vdpa' ]
}

@test "files where a file is meant" {
	run --separate-stderr "$VDUSE" --complete=described dev add config ''
	[ "${lines[0]}" = $'\tfiles' ]
	# What lies behind devices is offered by name; a path, when it is begun.
	described dev find ''
	[[ $output != *files* ]]
	described dev find /dev/v
	[ "${lines[0]}" = $'\tfiles' ]
	words dev find /dev/v
	[ -z "$output" ]
	for words in 'version show' 'version request 0' 'extension check 1'; do
		# shellcheck disable=SC2086 # words
		run -0 "$MSHV" --complete=described $words dev ''
		[ "${lines[0]}" = $'\tfiles' ]
	done
	run -0 "$VFIO" --complete=described dev show /sys/bus
	[ "${lines[0]}" = $'\tfiles' ]
}

@test "file: where a file may be given instead of a value, with no blank behind it" {
	for typed in '' f file; do
		run -0 "$VFIO" --complete=described feature show x token "$typed"
		[ "${lines[0]}" = $'file:\ta file that holds the token' ]
		[ "${lines[1]}" = $'\tmore' ]
	done
	for typed in file: file:/etc; do
		run -0 "$VFIO" --complete=described feature set x pci_vf_token "$typed"
		[ "${lines[0]}" = $'\tfiles' ]
		[[ ${lines[1]} = $'\twanted '* ]]
	done
	# Where it is one of several, a blank may follow the others.
	run -0 "$VFIO" --complete=described feature set x pci_vf_token ''
	[[ $output != *$'\tmore'* ]]
	[ "$("$VFIO" --complete feature set x pci_vf_token r)" = random ]
}

@test "vfio: features that can be got or set, with a meaning, and the values that each takes" {
	[ "$("$VFIO" --complete feature get x '' | tr '\n' ' ')" = \
		'migration mig_device_state mig_data_size zpci_error ' ]
	for feature in $("$VFIO" --complete feature set x ''); do
		"$VFIO" --complete=described feature set x "$feature" | grep -q "^$feature"$'\t.'
		# Keywords may stand in the value's place.
		values=$("$VFIO" --complete feature set x "$feature" '' |
			grep -vx 'show\|token\|iommufd\|container\|hold\|file:\|random') || true
		for value in ${values:-none}; do
			[ "$value" != none ] || value=
			[ "$feature" != pci_vf_token ] || value=6ba7b810-9dad-11d1-80b4-00c04fd430c8
			run "$VFIO" feature set 0000:ff:1f.7 "$feature" ${value:+"$value"}
			[ "$status" -ne 2 ]
		done
	done
	[ "$("$VFIO" --complete feature set x bus_master '' | head -n 2)" = $'clear\nset' ]
	[ "$("$VFIO" --complete feature set x mig_device_state ru)" = $'running\nrunning_p2p' ]
}

@test "of what excludes each other, one is offered" {
	run -0 "$VFIO" --complete feature show x iommufd ''
	[ "$output" = $'token\nhold' ]
	words dev set foo mac 02:00:00:00:00:01 ''
	[ -z "$output" ]
}

@test "vduse: types that VDUSE takes, features of the type and of VDUSE, words of a value" {
	[ "$("$VDUSE" --complete dev add type '')" = $'net\nblock\nfs' ]
	[ "$("$VDUSE" --complete dev add type block features BLK)" = BLK_SIZE ]
	[ "$("$VDUSE" --complete dev add vduse_features QUEUE_READY,S)" = QUEUE_READY,SUSPEND ]
	[ "$("$VDUSE" --complete dev set foo irq_cb_affinity '')" = vq ]
	[[ $("$VDUSE" --complete=described dev set foo irq_cb_affinity vq 0 '') = $'\twanted CPUs'* ]]
}

@test "what makes no sense gives nothing, and no message" {
	for line in 'nope ' '-x dev ' 'dev add nonsense ' 'd- ' '--batch= x' 'monitor '; do
		read -r -a typed <<<"$line"
		words "${typed[@]}" ''
		[ -z "$output" ]
	done
	vdpa_offline --complete
	[[ $output = mgmtdev* ]]
}
