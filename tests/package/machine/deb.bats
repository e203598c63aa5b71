# The Debian package beside iproute2, whose vdpa it takes the place of. For a virtual machine, since
# packages are really installed and removed; the package has been built before.
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../../..")
manuals=/usr/share/man/man8

# Builds a package of the files in $tree.
build_package()
{
	local name=$1 version=$2

	mkdir -p "$tree/DEBIAN"
	printf '%s\n' "Package: $name" "Version: $version" 'Architecture: all' \
		'Maintainer: a test' 'Description: files for a test' >"$tree/DEBIAN/control"
	dpkg-deb -Znone -b "$tree" "$BATS_FILE_TMPDIR/$name-$version.deb"
}

# An iproute2 of this VERSION with its vdpa in this FOLDER, each of whose files tells the version.
make_iproute2()
{
	local version=$1 folder=$2 tree=$BATS_FILE_TMPDIR/tree-$1 page

	mkdir -p "$tree$folder" "$tree$manuals"
	printf '#!/bin/sh\necho iproute2 %s\n' "$version" >"$tree$folder/vdpa"
	chmod +x "$tree$folder/vdpa"
	for page in vdpa vdpa-dev vdpa-mgmtdev; do
		gzip <<<"iproute2 $version" >"$tree$manuals/$page.8.gz"
	done
	build_package iproute2 "$version"
}

# What dpkg knows of is little, so that it is quick.
make_database()
{
	local database=$BATS_FILE_TMPDIR/dpkg

	mkdir -p "$database"/{info,updates,triggers}
	dpkg-query -s dpkg libc6 libmnl0 libjson-c5 libbsd0 libmd0 >"$database/status"
	cp /var/lib/dpkg/info/format "$database/info/"
	cp /var/lib/dpkg/info/{dpkg,libc6,libmnl0,libjson-c5,libbsd0,libmd0}{,:*}.list "$database/info/" ||
		true
}

setup_file()
{
	make_iproute2 90 /sbin
	make_iproute2 91 /sbin
	make_iproute2 92 /usr/sbin
	make_database
}

setup()
{
	package=$(echo "$checkout"/build/deb/vdpa-tools_*.deb)
	# As an operator's, without what the machine's tests put before it.
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	rm -rf /var/lib/dpkg /usr/sbin/v{dpa,duse}* "$manuals"/v{dpa,duse}* /usr/share/doc/vdpa-tools
	cp -r "$BATS_FILE_TMPDIR/dpkg" /var/lib/dpkg
	install_iproute2 90
}

install_iproute2()
{
	dpkg -i "$BATS_FILE_TMPDIR/iproute2-$1.deb"
}

# Whether vdpa and its manual are ours, and iproute2's of this version are put aside; its binary
# bears this NAME.
is_ours()
{
	local version=$1 name=${2:-vdpa.iproute2}

	hash -r
	[[ $(vdpa -V) = 'vdpa utility, vdpa-tools '* ]]
	[ "$("$name")" = "iproute2 $version" ]
	[ "$(zcat "$manuals/vdpa-dev.iproute2.8.gz")" = "iproute2 $version" ]
	if [ -d "$checkout/man/man8" ]; then
		zcat "$manuals/vdpa-dev.8.gz" | cmp - "$checkout/man/man8/vdpa-dev.8"
	fi
}

# What of our package's files there is, but for those that iproute2 has as well.
leftovers()
{
	local file

	dpkg-deb -c "$package" | awk '$1 !~ /^d/ { print substr($6, 2) }' |
		grep -v -x -e /usr/sbin/vdpa -e "$manuals/vdpa\(-dev\|-mgmtdev\)\?.8.gz" |
		while read -r file; do
			[ ! -e "$file" ] || echo "$file"
		done
}

# What there is of both packages' files, by name.
files()
{
	find /usr/sbin "$manuals" /usr/share/doc/vdpa-tools -name 'v*d[pu]*' 2>/dev/null | sort
}

# Whether vdpa is iproute2's of this version, and nothing is left of ours.
is_iproute2()
{
	local version=$1 page

	hash -r
	[ "$(vdpa)" = "iproute2 $version" ]
	for page in vdpa vdpa-dev vdpa-mgmtdev; do
		[ "$(zcat "$manuals/$page.8.gz")" = "iproute2 $version" ]
	done
	[ "$(files | wc -l)" = 4 ]
	[ -z "$(leftovers)" ]
	[ -z "$(dpkg-divert --list '*vdpa*')" ]
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

@test "an iproute2 that is installed again, or upgraded, has its vdpa back in the end" {
	dpkg -i "$package"
	install_iproute2 90
	is_ours 90
	install_iproute2 91
	is_ours 91
	dpkg -r vdpa-tools
	is_iproute2 91
}

@test "so has one that moves its files, as in later releases" {
	dpkg -i "$package"
	install_iproute2 92
	is_ours 92 vdpa.iproute2-usr
	dpkg -i "$package"
	is_ours 92 vdpa.iproute2-usr
	dpkg -r vdpa-tools
	is_iproute2 92
}

@test "so has one that moved them before" {
	install_iproute2 92
	dpkg -i "$package"
	is_ours 92 vdpa.iproute2-usr
	install_iproute2 92
	is_ours 92 vdpa.iproute2-usr
	dpkg -r vdpa-tools
	is_iproute2 92
}

@test "iproute2 may come and go meanwhile" {
	dpkg -r iproute2
	dpkg -i "$package"
	[[ $(vdpa -V) = 'vdpa utility, vdpa-tools '* ]]
	install_iproute2 91
	is_ours 91
	dpkg -r iproute2
	[[ $(vdpa -V) = 'vdpa utility, vdpa-tools '* ]]
	dpkg -r vdpa-tools
	[ -z "$(dpkg-divert --list '*vdpa*')" ]
	[ -z "$(files)" ]
}

@test "where it cannot be installed, iproute2's stays" {
	local tree=$BATS_TEST_TMPDIR/tree

	mkdir -p "$tree/usr/sbin"
	touch "$tree/usr/sbin/vduse"
	build_package in-the-way 1
	dpkg -i "$BATS_FILE_TMPDIR/in-the-way-1.deb"
	run ! dpkg -i "$package"
	dpkg -r in-the-way
	is_iproute2 90
}

@test "a stranger installs it, completes by Tab, gives a device to the host, counts, and removes all" {
	export HOME=$BATS_TEST_TMPDIR RECORD=$BATS_TEST_TMPDIR/record TERM=xterm
	printf '%s\n' '. /usr/share/bash-completion/bash_completion' "PS1='ready> '" >"$HOME/.bashrc"
	modprobe vdpa_sim_net
	modprobe virtio_vdpa
	modprobe virtio_net
	dpkg -i "$package"
	timeout 300 "$checkout/tests/shells/typist.py" "$RECORD" bash -i <<-'END'
		run vdpa de\tad\tname foo mg\tvdpasim_n\tdri\tvirt\twait 5; echo added $? >>$RECORD
		run vdpa -jd dev show fo\t | jq -r .dev.foo.driver >>$RECORD
		run vdpa -j stats show fo\t | jq '.stats.foo.queues[0].counters.rx_packets' >>$RECORD
		run vdpa dev del fo\t; echo deleted $? >>$RECORD
	END
	cat "$RECORD"
	[ "$(<"$RECORD")" = $'added 0\nvirtio_vdpa\n0\ndeleted 0' ]
	[ "$(vdpa -j dev show)" = '{"dev":{}}' ]
	modprobe -r virtio_vdpa
	modprobe -r vdpa_sim_net
	dpkg -r vdpa-tools
	is_iproute2 90
}
