#!/usr/bin/env bats
# The manual pages say what the tools say: every synopsis, argument, option and key, both ways.

load helpers

check_words()
{
	# Nothing of a machine that it runs on is asked for.
	run /usr/bin/python3 "$checkout/tests/manual.py" words "$build/bin"
	echo "$output"
}

# A copy of the pages, to be spoiled.
copy_pages()
{
	export MANUAL_PAGES=$BATS_TEST_TMPDIR
	cp "$checkout"/man/man8/*.8 "$MANUAL_PAGES"
}

@test "every synopsis, argument, option and key of the pages is the tools', and the other way round" {
	check_words
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^[1-9][0-9]+\ commands$ ]]
}

@test "what a page lacks is found" {
	copy_pages
	sed -i -e '/^\.It Cm mtu /d' -e '/^\.It Va capacity$/d' -e '/^\.Op Cm wait /d' \
		-e 's/, 0 to 32768$/, 0 to 65535/' "$MANUAL_PAGES/vdpa-dev.8"
	sed -i -e '/^\.It Fl p /d' -e 's/^\.Sh REPORTING BUGS/.Sh BUGS/' "$MANUAL_PAGES/vdpa.8"
	sed -i '/^\.Sh JSON/,/json \.$/d' "$MANUAL_PAGES/vfio-region.8"
	check_words
	[ "$status" -eq 1 ]
	[[ $output = *'vfio-region.8: there is no section JSON'* ]]
	[[ $output = *'schema vfio-flags.json is missing in the page'* ]]
	[[ $output = *'vdpa.8: there is no section REPORTING BUGS'* ]]
	[[ $output = *'argument mtu MTU is missing in the page'* ]]
	[[ $output = *'key capacity is missing in the page'* ]]
	[[ $output = *'vdpa stats show: the range of qidx N, 0 to 32768, is missing in the page'* ]]
	[[ $output = *'no page has the synopsis: vdpa dev add '* ]]
	[[ $output = *"option ('p', 'pretty') is missing in the page"* ]]
}

@test "what a page has too much is found" {
	copy_pages
	sed -i -e 's/^\.It Cm mtu /.It Cm mtv Ar N\n&/' -e 's/^\.It Va capacity$/&\n.It Va size/' \
		-e 's/^\.Sh DESCRIPTION/.Nm vdpa\n.Cm dev lose\n&/' "$MANUAL_PAGES/vdpa-dev.8"
	sed -i 's/^\.It Fl p /.It Fl q , Fl -quiet\n&/' "$MANUAL_PAGES/vdpa.8"
	check_words
	[ "$status" -eq 1 ]
	[[ $output = *"argument mtv N is not the tool's"* ]]
	[[ $output = *"key size is not the tool's"* ]]
	[[ $output = *'no command has the synopsis: vdpa dev lose'* ]]
	[[ $output = *"option ('q', 'quiet') is not the tool's"* ]]
}

@test "an example that does not print what the page says is found" {
	PATH=$build/bin:$PATH
	/usr/bin/python3 "$checkout/tests/manual.py" run "$checkout/man/man8/vdpa-feature.8"
	copy_pages
	sed -i 's/device advises MTU/device demands MTU/' "$MANUAL_PAGES/vdpa-feature.8"
	run /usr/bin/python3 "$checkout/tests/manual.py" run "$MANUAL_PAGES/vdpa-feature.8"
	[ "$status" -eq 1 ]
	[[ $output = *'device demands MTU'*'device advises MTU'* ]]
}

@test "a formatter that fails is not taken for one that has formatted" {
	local real

	real=$(command -v mandoc)
	printf '#!/bin/sh\n"%s" "$@"\nexit 3\n' "$real" >"$BATS_TEST_TMPDIR/mandoc"
	chmod +x "$BATS_TEST_TMPDIR/mandoc"
	PATH=$BATS_TEST_TMPDIR:$PATH
	check_words
	[ "$status" -ne 0 ]
	[[ $output = *"'mandoc'"*'non-zero exit status 3'* ]]
}

@test "the README is for a first minute, and has the numbers of the last measurement" {
	[ "$(wc -l <"$checkout/README.md")" -le 120 ]
	awk -f "$checkout/tests/bench/readme.awk" "$checkout"/{tests/bench/RESULTS.md,README.md} |
		diff "$checkout/README.md" -
	[ "$(sed -n '/<!-- bench -->/,/<!-- .bench -->/p' "$checkout/README.md" | grep -c 'vdpa.*|.*[0-9] |$')" -ge 5 ]
}

@test "what the Markdown files link to is there" {
	local file target count=0

	cd "$checkout"
	for file in README.md CONTRIBUTING.md doc/*.md contrib/ansible/README.md tests/README.md; do
		while read -r target; do
			[ -e "$checkout/$(dirname "$file")/$target" ] || { echo "$file: $target"; false; }
			count=$((count + 1))
		done < <(grep -o '](\([^)#:]*\))' "$checkout/$file" | sed 's/](\(.*\))/\1/')
	done
	[ "$count" -gt 10 ]
}
