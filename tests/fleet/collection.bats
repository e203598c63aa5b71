#!/usr/bin/env bats
# The Ansible collection, as far as it needs no host: its documentation, what checks say about it, what
# its modules hand to vdpa and make of the answer, and how it is packed.

bats_require_minimum_version 1.5.0
load helpers

setup_file()
{
	use_collection
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	name=ansible_collections.vdpa_tools.vdpa.plugins.modules
	# Stands in the place of vdpa: keeps its words and its standard input, and prints what is in the
	# files "answer" and "errors", or of a command's words.
	cat >vdpa <<-'END'
		#!/bin/bash
		cd "$(dirname "$0")"
		printf '%s\n' "$*" >>words
		[[ $* != *apply* ]] || cat >list
		cat "answer-${*: -2:1}" 2>/dev/null || cat answer
		cat errors >&2
		exit "$(<status)"
	END
	chmod +x vdpa
	touch errors
	echo '{"apply": {"changed": false, "check": false, "dev": {}}}' >answer
	echo 0 >status
}

# Runs a module with arguments, in JSON, as Ansible does: $status, and $output, its document.
module()
{
	local name=$1 arguments=$2

	run --separate-stderr env PYTHONPATH="$BATS_FILE_TMPDIR" python3 -m \
		"ansible_collections.vdpa_tools.vdpa.plugins.modules.$name" <<-END
		{"ANSIBLE_MODULE_ARGS": $(jq -c --arg program "$PWD/vdpa" '. + {program: $program}' <<<"$arguments")}
	END
	echo "$name $arguments: status $status, $output, $stderr"
}

# Holds the module's document against an expression.
holds()
{
	jq -e "$1" <<<"$output" >/dev/null
}

@test "ansible-doc prints both modules and the role, and complains about nothing" {
	for page in 'module vdpa_devices' 'module vdpa_info' 'role vdpa_host'; do
		run --separate-stderr ansible-doc -t "${page% *}" "vdpa_tools.vdpa.${page#* }"
		[ "$status" = 0 ]
		[ -z "$stderr" ]
		[[ ${output,,} = *"${page#* }"* ]]
	done
}

@test "each option is documented as it is, and a device has the keys of the file's schema" {
	ansible-doc -j vdpa_tools.vdpa.vdpa_devices >doc
	PYTHONPATH=$BATS_FILE_TMPDIR python3 - >spec <<-END
		import json
		from $name import vdpa_devices
		print(json.dumps(vdpa_devices.OPTIONS))
	END
	simple='map_values({type, required: (.required // false), default: (.default // null), elements})'
	diff <(jq -S ".[].doc.options | $simple" doc) <(jq -S "$simple" spec)
	diff <(jq -S ".[].doc.options.devices.suboptions | $simple" doc) <(jq -S ".devices.options | $simple" spec)
	diff <(jq '.devices.options | keys - ["name"]' spec) \
		<(jq '.properties.save.properties.dev.additionalProperties.properties | keys' "$checkout/schema/vdpa-save.json")
}

@test "ansible-lint has nothing to say in its strictest profile" {
	cd "$collection"
	run ansible-lint --offline --nocolor -q --profile production
	echo "$output"
	[ "$status:$output" = 0: ]
	cp -r "$collection" "$BATS_TEST_TMPDIR/faulty"
	cd "$BATS_TEST_TMPDIR/faulty"
	sed -i 's/ansible.builtin.systemd/systemd/' roles/vdpa_host/tasks/main.yml
	run ansible-lint --offline --nocolor -q --profile production
	[[ $output = *fqcn* ]]
}

# Those of its tests that download nothing.
@test "ansible-test finds nothing" {
	mkdir -p ansible_collections/vdpa_tools
	cp -rL "$checkout/contrib/ansible" ansible_collections/vdpa_tools/vdpa
	cd ansible_collections/vdpa_tools/vdpa
	skipped=(ansible-doc import pep8 pylint runtime-metadata validate-modules yamllint)
	run ansible-test sanity --python 3.11 --color no "${skipped[@]/#/--skip-test=}"
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -c '^Running sanity test' <<<"$output")" -ge 20 ]
	echo 'print({}.iteritems())' >>plugins/modules/vdpa_info.py
	run ansible-test sanity --python 3.11 --color no --test no-dict-iteritems
	[ "$status" != 0 ]
	cd "$collection"
	# Modules import after their documentation.
	run pycodestyle --max-line-length 100 --ignore E402,W503,W504 plugins
	echo "$output"
	[ "$status" = 0 ]
}

@test "the list is handed to vdpa as its document, with the words that were asked for" {
	module vdpa_devices '{"devices": [
		{"name": "a b", "mgmtdev": "m", "mtu": "9000", "max_vqp": 4, "mode": 432, "device_features": ["MAC", "MTU"]},
		{"name": "c", "mgmtdev": "pci/0000:65:00.2", "mode": "0600", "mac": "02:00:00:00:00:01"}], "absent": ["old"]}'
	[ "$status" = 0 ]
	[ "$(<words)" = '-j apply -' ]
	diff <(jq -S . list) <(jq -S . <<<'{"save": {"version": 1, "dev": {
		"a b": {"mgmtdev": "m", "mtu": 9000, "max_vqp": "4", "mode": "0660", "device_features": ["MAC", "MTU"]},
		"c": {"mgmtdev": "pci/0000:65:00.2", "mode": "0600", "mac": "02:00:00:00:00:01"}}, "absent": ["old"]}}')
	holds ".document == $(<list)"
	module vdpa_devices '{"prune": true, "replace": true, "each": true, "wait": 5}'
	module vdpa_devices '{"prune": true, "each": true, "_ansible_check_mode": true}'
	[ "$(tail -n +2 words)" = $'-j -f apply - prune replace wait 5\n-j apply - check prune' ]
}

@test "a name that is in the list twice is so in the document, which vdpa refuses" {
	module vdpa_devices '{"devices": [{"name": "a", "mgmtdev": "m"}, {"name": "a", "mgmtdev": "n"}]}'
	[ "$(grep -o '"a":' list | wc -l)" = 2 ]
	run "$checkout/${TEST_BUILD:-build/static}/bin/vdpa" apply - check <list
	[ "$status" = 2 ]
	[[ $output = *'duplicate key "a"'* ]]
}

@test "what vdpa did is the result: changed, each device, the difference, who waits" {
	cat >answer <<-'END'
		{"apply": {"changed": true, "check": false, "dev": {
			"new": {"action": "add", "done": true},
			"same": {"action": "same", "done": false},
			"old": {"action": "delete", "done": true},
			"set": {"action": "set", "done": true, "before": {"mtu": "1400"}, "after": {"mtu": "1500"}, "differs": ["mtu"]},
			"later": {"action": "pending", "done": false, "reason": "there is no card", "hint": "buy one"}}}}
	END
	echo '{"warning": {"message": "be careful", "hint": "look"}}' >errors
	module vdpa_devices '{"devices": [{"name": "new", "mgmtdev": "m", "mtu": 1500}]}'
	[ "$status" = 0 ]
	holds ".changed and .devices == $(jq .apply.dev answer)"
	holds '.pending == {"later": "there is no card (hint: buy one)"}'
	holds '.diff.before == {"old": "exists", "set": {"mtu": "1400"}}'
	holds '.diff.after == {"new": {"mgmtdev": "m", "mtu": 1500}, "set": {"mtu": "1500"}}'
	holds '.warnings == ["be careful (hint: look)"]'
	# In a check, differences are no failure.
	echo 8 >status
	module vdpa_devices '{"_ansible_check_mode": true}'
	[ "$status" = 0 ]
	holds .changed
}

@test "a device that failed or is refused fails the task, with what was done besides" {
	cat >answer <<-'END'
		{"apply": {"changed": true, "check": false, "dev": {
			"new": {"action": "add", "done": true},
			"bad": {"action": "refused", "done": false, "error": "it is in use", "hint": "stop vm1"}}}}
	END
	for status in 5 8; do
		echo "$status" >status
		module vdpa_devices '{"devices": [{"name": "bad", "mgmtdev": "m"}]}'
		[ "$status" = 1 ]
		holds '.failed and .changed and .devices.new.done'
		holds ".msg == \"'bad': it is in use (hint: stop vm1)\""
		holds .document
	done
}

@test "a list that vdpa does not understand fails the task, without a document for the next boot" {
	: >answer
	echo 2 >status
	echo '{"error": {"message": "apply: \"mtu\" must be a number", "hint": "look"}}' >errors
	module vdpa_devices '{}'
	[ "$status" = 1 ]
	holds '.msg == "apply: \"mtu\" must be a number (hint: look)" and .rc == 2 and has("document") == false'
	# Another program, such as iproute2's.
	echo 'Object "apply" is unknown.' >errors
	module vdpa_devices '{}'
	[ "$status" = 1 ]
	holds '.msg == "Object \"apply\" is unknown."'
	: >errors
	module vdpa_devices '{}'
	holds '.msg | endswith("/vdpa -j apply - ended with status 2")'
}

@test "vdpa_info returns what show knows, and says what is missing" {
	echo '{"mgmtdev": {"m": {}}}' >answer-mgmtdev
	echo '{"dev": {"a": {}}}' >answer-dev
	echo '{"features": {"a": {}}}' >answer-features
	echo '{"error": {"message": "it cannot be described"}}' >errors
	echo 1 >status
	module vdpa_info '{}'
	[ "$status" = 0 ]
	holds '.changed == false and .mgmtdevs == {"m": {}} and .devices == {"a": {}} and .features == {"a": {}}'
	holds '.warnings | index("it cannot be described")'
	[ "$(<words)" = $'-j mgmtdev show\n-j -d dev show\n-j features show' ]
	: >answer-mgmtdev
	module vdpa_info '{}'
	[ "$status" = 1 ]
	holds '.msg == "it cannot be described"'
}

@test "make ansible packs all of it, and ansible-galaxy installs that" {
	cp -rL "$checkout/contrib/ansible" expected
	make -s -C "$checkout" ansible >/dev/null
	tar -xzf "$checkout"/build/vdpa_tools-vdpa-1.0.0.tar.gz --one-top-level=packed
	rm packed/{MANIFEST,FILES}.json expected/galaxy.yml
	diff -r expected packed
	ANSIBLE_COLLECTIONS_PATH=$PWD/installed run ansible-galaxy collection install "$checkout"/build/vdpa_tools-vdpa-1.0.0.tar.gz
	[ "$status" = 0 ]
	[ -f installed/ansible_collections/vdpa_tools/vdpa/plugins/modules/vdpa_devices.py ]
}

# Writes the first blocks of YAML in a page into the given files.
yaml_blocks()
{
	local page=$1

	shift
	awk -v names="$*" '
		BEGIN { split(names, name) }
		/^```/ { inside = /yaml/; count += inside; next }
		inside && count in name { print >name[count] }' "$page"
}

understood()
{
	run --separate-stderr ansible-playbook -i inventory.yml "$1" --syntax-check
	echo "$output$stderr"
	[ "$status:$stderr" = 0: ]
}

# Prints the names of a host's devices.
devices_of()
{
	ansible-inventory -i inventory.yml --host "$1" | jq -c '[.vdpa_host_devices[].name]'
}

@test "the examples of the README and of doc/fleet.md are understood" {
	yaml_blocks "$checkout/contrib/ansible/README.md" inventory.yml site.yml
	understood site.yml
	[ "$(devices_of host1.example.org)" = '["vm1","host"]' ]
	[ "$(devices_of host3.example.org)" = '["disk0"]' ]
	yaml_blocks "$checkout/doc/fleet.md" inventory.yml site.yml steps.yml
	understood site.yml
	understood steps.yml
	[ "$(devices_of host2.example.org)" = '["vm1"]' ]
}
