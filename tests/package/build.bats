# The Makefile's decisions, in a copy of the tree whose compiler only writes down how it was called.
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")

setup()
{
	unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL MFLAGS SANITIZE LINK O SUITES
	tree=$BATS_TEST_TMPDIR/tree
	programs=$BATS_TEST_TMPDIR/programs
	mkdir "$tree" "$programs"
	(cd "$checkout" && git ls-files -z | xargs -0 cp --parents -t "$tree")
	echo 1.2 >"$tree/VERSION"
	cd "$tree" || return
	write_compiler
	PATH=$programs:$PATH
}

program()
{
	cat >"$programs/$1"
	chmod +x "$programs/$1"
}

# A compiler that finds static libraries as soon as they are "installed".
write_compiler()
{
	program cc <<-END
		#!/bin/bash
		words="\$*"
		for word; do
			[[ \$word != -print-file-name=* ]] || { echo "$programs/\${word#*=}"; exit; }
		done
		while [ "\$1" != -o ]; do shift; done
		echo "\$words" >"\$2"
	END
	program ar <<<$'#!/bin/sh\necho "$*" >"$2"'
	program pkg-config <<<'#!/bin/sh'
	program tests-packages <<<"#!/bin/sh
		touch $programs/libc.a $programs/libjson-c.a $programs/libbsd.a"
	export CC=cc
}

# Is what make check calls to run the suites: names the builds, if they are there.
write_check()
{
	cp "$programs/tests-packages" tests/packages
	cat >tests/check <<-'END'
		#!/bin/bash
		set -e
		ls "$TEST_BUILD"/{bin/vdpa,unit/test-num,recorded/vdpa} "$FAKE_BUILD"/{bin/vdpa,fake.so} >/dev/null
		echo "$TEST_BUILD $FAKE_BUILD $*"
	END
}

@test "make check tests what it builds, whatever was installed before" {
	write_check
	[ "$(make -s check SUITES='units cli')" = 'build/static build/dynamic units cli' ]
	rm -r build "$programs"/lib*.a
	[ "$(LINK='' O='' make -s check)" = 'build/static build/dynamic ' ]
}

@test "make check tests other builds, too" {
	write_check
	[ "$(make -s check SANITIZE=1)" = 'build/dynamic-sanitize build/dynamic-sanitize ' ]
	[ "$(make -s check O=build/mine)" = 'build/mine build/mine-dynamic ' ]
}

@test "make install installs what make built, and builds nothing" {
	"$programs/tests-packages"
	make -s LINK=dynamic CFLAGS='-O1 -D"HASH=#"' WERROR=-Werror
	run -0 make -s install DESTDIR="$PWD/root"
	[ -z "$output" ]
	cmp build/dynamic/bin/vdpa root/usr/local/sbin/vdpa
	grep -q -- '-O1 .* -pie ' root/usr/local/sbin/vdpa
	[ ! -e build/static ]
	# A second time, too; and after another make, of that.
	run -0 make V= install DESTDIR="$PWD/root"
	[ -z "$output" ]
	make -s
	make -s install DESTDIR="$PWD/root"
	cmp build/static/bin/vdpa root/usr/local/sbin/vdpa
	# Whoever asks for something else gets it.
	make -s LINK=dynamic install DESTDIR="$PWD/root"
	grep -q -- ' -pie ' root/usr/local/sbin/vdpa
}

@test "make -s prints nothing, make a line for each file, and V=1 the commands" {
	run -0 make -s
	[ -z "$output" ]
	touch lib/base/num.c
	run -0 make -s test-builds
	[ -z "$output" ]
	touch lib/base/num.c
	run -0 make
	[ "${lines[0]}" = '  CC     lib/base/num.c' ]
	touch lib/base/num.c
	run -0 make V=1
	[[ ${lines[0]} = 'cc -std=gnu17 '*' lib/base/num.c' ]]
}

@test "what is built is hardened, without warnings of its own where nothing is optimised" {
	"$programs/tests-packages"
	make -s build/static/lib/base/num.o build/static/bin/mshv
	grep -q -- '-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 ' build/static/lib/base/num.o
	grep -q -- '-Wl,-z,relro -Wl,-z,now' build/static/bin/mshv
	make -s build/static/lib/base/num.o CFLAGS='-O2 -O0'
	run ! grep FORTIFY build/static/lib/base/num.o
	make -s build/static/lib/base/num.o CFLAGS=-g
	run ! grep FORTIFY build/static/lib/base/num.o
	make -s build/static/lib/base/num.o CPPFLAGS=-D_FORTIFY_SOURCE=3
	[ "$(grep -o '[^ ]*FORTIFY[^ ]*' build/static/lib/base/num.o)" = -D_FORTIFY_SOURCE=3 ]
	make -s build/dynamic-sanitize/lib/base/num.o SANITIZE=1
	run ! grep FORTIFY build/dynamic-sanitize/lib/base/num.o
}

@test "a release packs the same release, and makes the package, without git" {
	program git <<<$'#!/bin/sh\nexit 99'
	program dpkg-buildpackage <<<$'#!/bin/sh\nhead -n 1 debian/changelog'
	cp "$programs/tests-packages" tests/packages
	make -s
	make -s dist
	[ "$(echo build/*.tar.gz)" = build/vdpa-tools-1.2.tar.gz ]
	tar -xzf build/vdpa-tools-1.2.tar.gz -C "$BATS_TEST_TMPDIR"
	make -s clean
	diff -r "$tree" "$BATS_TEST_TMPDIR/vdpa-tools-1.2"
	[[ $(make -s deb) = *'vdpa-tools (1.2-0local1) '* ]]
}

@test "a tree that is neither says so" {
	rm VERSION
	run make -s dist
	[ "$status" != 0 ]
	[[ $output = *'neither a git clone nor a release'* ]]
}

# The Debian version of the commit that is checked out.
debian_version()
{
	contrib/debian/version "$(make -s version)"
}

# The version must be later than the one before.
grows()
{
	local before=$version

	version=$(debian_version)
	echo "$before $version"
	dpkg --compare-versions "$version" gt "$before"
}

commit()
{
	git -c user.name=a -c user.email=a@b commit -q --allow-empty -m a "$@"
}

@test "versions grow: by commits, changes on top of them, pre-releases and releases" {
	local version=0

	rm VERSION
	git init -q
	git add Makefile
	commit
	grows
	echo >>Makefile
	grows
	commit -a
	grows
	seq 8 | while read -r _; do
		commit
	done
	grows
	git tag v0.1.0-rc1
	grows
	echo >>Makefile
	grows
	commit -a
	grows
	git tag v0.1.0-rc2
	grows
	git tag v0.1.0
	grows
	[ "$version" = 0.1.0 ]
	echo >>Makefile
	grows
	commit -a
	grows
	[[ $version =~ ^0\.1\.0\+1\.g[0-9a-f]{12}$ ]]
}
