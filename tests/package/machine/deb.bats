# The Debian package beside iproute2, whose vdpa it takes the place of. For a virtual machine, since
# packages are really installed and removed; the package has been built before.
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../../..")
manuals=/usr/share/man/man8

# Makes an iproute2 of the installed one's files, in which vdpa says this VERSION and lies in FOLDER.
make_iproute2()
{
	local version=$1 folder=$2 tree=$BATS_FILE_TMPDIR/tree file

	rm -rf "$tree"
	mkdir -p "$tree/DEBIAN" "$tree$folder"
	dpkg -L iproute2 | grep -e '/vdpa' -e /bin/ip$ | while read -r file; do
		[ ! -e "$file" ] || install -D "$file" "$tree$file"
	done
	rm -f "$tree/sbin/vdpa"
	printf '#!/bin/sh\necho iproute2 %s\n' "$version" >"$tree$folder/vdpa"
	chmod +x "$tree$folder/vdpa"
	printf '%s\n' 'Package: iproute2' "Version: $version" 'Architecture: all' 'Maintainer: a test' \
		'Description: files of iproute2' >"$tree/DEBIAN/control"
	dpkg-deb -Znone -b "$tree" "$BATS_FILE_TMPDIR/iproute2-$version.deb"
}

setup_file()
{
	make_iproute2 90 /sbin
	make_iproute2 91 /sbin
	make_iproute2 92 /usr/sbin
}

setup()
{
	package=$(echo "$checkout"/build/deb/vdpa-tools_*.deb)
	install_iproute2 90
	# As an operator's, without what the machine's tests put before it.
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

teardown()
{
	dpkg -P vdpa-tools || true
}

install_iproute2()
{
	dpkg --force-depends --force-downgrade -i "$BATS_FILE_TMPDIR/iproute2-$1.deb"
}

is_ours()
{
	hash -r
	[[ $(vdpa -V) = 'vdpa utility, vdpa-tools '* ]] && [ "$(vdpa.iproute2)" = "iproute2 $1" ]
}

# Nothing remains of the package, and vdpa is iproute2's of this version.
is_iproute2() {
	hash -r
	[ "$(vdpa)" = "iproute2 $1" ]
	[ -z "$(dpkg-divert --list '*vdpa*')" ]
	[ -z "$(find /usr/sbin /usr/share/man /usr/share/doc -name 'vduse*' -o -name '*vdpa*.iproute2*' \
		-o -name vdpa-tools)" ]
	[ -z "$(dpkg -V iproute2)" ]
}

@test "vdpa is the package's, and iproute2's has another name until the package is removed" {
	is_iproute2 90
	dpkg -i "$package"
	is_ours 90
	[ "$(dpkg -S /usr/sbin/vduse)" = 'vdpa-tools: /usr/sbin/vduse' ]
	vduse -V
	dpkg -r vdpa-tools
	is_iproute2 90
}

@test "the manual is the package's, and iproute2's has another name" {
	[ -e "$checkout/man/man8/vdpa.8" ] || skip 'there is no manual yet'
	[ -e "$manuals/vdpa.8.gz" ] || skip 'this machine has no manual of iproute2'
	cp "$manuals/vdpa.8.gz" "$BATS_TEST_TMPDIR"
	dpkg -i "$package"
	cmp "$manuals/vdpa.iproute2.8.gz" "$BATS_TEST_TMPDIR/vdpa.8.gz"
	zcat "$manuals/vdpa.8.gz" | cmp - "$checkout/man/man8/vdpa.8"
	dpkg -r vdpa-tools
	cmp "$manuals/vdpa.8.gz" "$BATS_TEST_TMPDIR/vdpa.8.gz"
}

@test "each file that both have is put aside, and no other" {
	local both

	[ -e "$checkout/man/man8/vdpa.8" ] || skip 'there is no manual yet'
	both=$(comm -12 <(dpkg -L iproute2 | sed 's|^/sbin|/usr&|' | sort) \
		<(dpkg-deb -c "$package" | awk '$1 !~ /^d/ { sub(/^\./, "", $6); print $6 }' | sort))
	dpkg -i "$package"
	diff <(echo "$both") <(dpkg-divert --list '*vdpa*' | awk '$3 !~ "^/sbin" { print $3 }' | sort)
}

@test "purging leaves nothing" {
	dpkg -i "$package"
	dpkg -P vdpa-tools
	is_iproute2 90
	run ! dpkg -s vdpa-tools
}

@test "installing it again changes nothing" {
	dpkg -i "$package"
	dpkg -i "$package"
	is_ours 90
}

@test "an iproute2 that is upgraded meanwhile has its new vdpa back in the end" {
	dpkg -i "$package"
	install_iproute2 91
	is_ours 91
	dpkg -r vdpa-tools
	is_iproute2 91
}

@test "so has one that moved its files, as later releases have" {
	dpkg -i "$package"
	install_iproute2 92
	is_ours 92
	dpkg -i "$package"
	is_ours 92
	dpkg -r vdpa-tools
	is_iproute2 92
	dpkg -i "$package"
	is_ours 92
}

@test "iproute2 may come and go meanwhile" {
	dpkg -r --force-depends iproute2
	dpkg -i "$package"
	[[ $(vdpa -V) = 'vdpa utility, vdpa-tools '* ]]
	install_iproute2 91
	is_ours 91
	dpkg -r --force-depends iproute2
	[[ $(vdpa -V) = 'vdpa utility, vdpa-tools '* ]]
	dpkg -r vdpa-tools
	[ -z "$(dpkg-divert --list '*vdpa*')" ]
	[ -z "$(find /usr/sbin -name 'vdpa*')" ]
}

@test "where it cannot be installed, iproute2's stays" {
	local tree=$BATS_TEST_TMPDIR/tree

	mkdir -p "$tree/DEBIAN" "$tree/usr/sbin"
	touch "$tree/usr/sbin/vduse"
	printf '%s\n' 'Package: in-the-way' 'Version: 1' 'Architecture: all' 'Maintainer: a test' \
		'Description: has a file of the same name' >"$tree/DEBIAN/control"
	dpkg-deb -Znone -b "$tree" "$tree.deb"
	dpkg -i "$tree.deb"
	run ! dpkg -i "$package"
	dpkg -r in-the-way
	is_iproute2 90
}
