# Installing, packing and the Debian package, as far as nothing of this machine changes.
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")

setup()
{
	# What the make that started the tests was told is not for those that they start.
	unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL MFLAGS SANITIZE LINK O
	cd "$checkout" || return
	root=$BATS_TEST_TMPDIR/root
}

# The files below the root, by name.
installed()
{
	(cd "$root" && find . ! -type d | sort)
}

# The tools by the folders that have a main program.
tools()
{
	local main

	for main in */main.c */cmd/main.c; do
		echo "${main%%/*}"
	done
}

@test "install puts what there is below DESTDIR and PREFIX, and uninstall takes all of it away" {
	local tool page

	make -s install DESTDIR="$root" PREFIX=/usr
	for tool in $(tools); do
		"$root/usr/sbin/$tool" -V
	done
	for page in man/man8/*.8; do
		[ ! -e "$page" ] || cmp "$page" "$root/usr/share/man/man8/${page##*/}"
	done
	diff -r schema "$root/usr/share/vdpa-tools/schema"
	cmp doc/recipes.md "$root/usr/share/doc/vdpa-tools/recipes.md"
	diff -r contrib/prometheus "$root/usr/share/vdpa-tools/prometheus"
	cmp contrib/systemd/vdpa-metrics.timer "$root/usr/lib/systemd/system/vdpa-metrics.timer"
	cmp contrib/systemd/vdpa-metrics.service "$root/usr/lib/systemd/system/vdpa-metrics.service"
	cmp doc/fleet.md "$root/usr/share/doc/vdpa-tools/fleet.md"
	diff -r --exclude COPYING contrib/ansible "$root/usr/share/vdpa-tools/ansible"
	[ -z "$(find "$root" -type f ! -perm -o+r)" ]
	make -s uninstall DESTDIR="$root" PREFIX=/usr
	[ -z "$(installed)" ]
	[ ! -e "$root/usr/share/vdpa-tools" ]
	[ ! -e "$root/usr/share/doc/vdpa-tools" ]
}

@test "install goes to /usr/local/sbin by itself, and to other folders as told" {
	make -s install DESTDIR="$root"
	[ -x "$root/usr/local/sbin/vdpa" ]
	make -s install DESTDIR="$root" PREFIX=/opt SBINDIR=/opt/bin
	[ -x "$root/opt/bin/vdpa" ]
	# Units run the programs that were installed with them.
	[ "$(grep -c '^ExecStart=-\{0,1\}/opt/bin/vd' "$root/opt/lib/systemd/system/vdpa-metrics.service")" = 2 ]
	run ! grep -r 'Exec.*=.*/usr' "$root/opt/lib/systemd/system"
}

@test "install goes below a folder whose name has blanks and quotes" {
	local odd="$BATS_TEST_TMPDIR/it's \"the root\""

	make -s install DESTDIR="$root"
	make -s install DESTDIR="$odd"
	diff -r "$root" "$odd"
	make -s uninstall DESTDIR="$odd"
	[ -z "$(find "$odd" ! -type d)" ]
}

@test "install that fails says so, and leaves what there was" {
	mkdir -p "$root/usr/local/share/vdpa-tools/schema/vdpa-dev.json" "$root/usr/local/sbin"
	echo old >"$root/usr/local/sbin/vdpa"
	run make -s install DESTDIR="$root"
	[ "$status" != 0 ]
	[[ $output = *'vdpa-dev.json is a directory'* ]]
	[ "$(installed)" = ./usr/local/sbin/vdpa ]
	[ "$(<"$root/usr/local/sbin/vdpa")" = old ]
}

@test "what dist packs is what git tracks, and builds without git, of the same version" {
	local tarball tree version tool

	tarball=$(make V= dist | awk '$1 == "DIST" { print $2 }')
	tar -xzf "$tarball" -C "$BATS_TEST_TMPDIR"
	tree=$BATS_TEST_TMPDIR/$(basename "$tarball" .tar.gz)
	version=$(<"$tree/VERSION")
	diff <(git ls-files --cached) <(cd "$tree" && find . ! -type d ! -name VERSION -printf '%P\n' | sort)

	printf '#!/bin/sh\nexit 99\n' >"$BATS_TEST_TMPDIR/git"
	chmod +x "$BATS_TEST_TMPDIR/git"
	cd "$tree"
	PATH=$BATS_TEST_TMPDIR:$PATH make -s -j "$(nproc)" LINK=dynamic >/dev/null
	[ "$(vdpa/vdpa --version)" = "vdpa utility, vdpa-tools $version" ]
	# The folder of the sources does not show in what is built.
	make -s -C "$checkout" binaries LINK=dynamic
	for tool in $(tools); do
		cmp "build/dynamic/bin/$tool" "$checkout/build/dynamic/bin/$tool"
	done

	# Of another version, one object is compiled anew.
	echo 9.9 >VERSION
	run make V= LINK=dynamic
	[ "$(grep -c ' CC ' <<<"$output")" = 1 ]
	[ "$(vdpa/vdpa --version)" = 'vdpa utility, vdpa-tools 9.9' ]
	run -0 make V= LINK=dynamic
	[ -z "$output" ]
}

@test "the Debian package is built, and lintian has nothing to say" {
	local -a known=()

	make -s deb >"$BATS_TEST_TMPDIR/log" 2>&1 || { cat "$BATS_TEST_TMPDIR/log"; false; }
	[ -d man/man8 ] || known=(--suppress-tags no-manual-page)
	run --separate-stderr lintian --allow-root --fail-on error,warning "${known[@]}" build/deb/*.changes
	echo "$output"
	[ "$status" = 0 ]
	[ -z "$output" ]
}

# Prints what a program lacks of the hardening that each has: relocations and the stack cannot be
# written to or executed. A loader's part is only in those that need one.
missing_hardening()
{
	local headers dynamic

	headers=$(readelf -lW "$1")
	[[ $headers = *GNU_RELRO* ]] || echo "$1: RELRO"
	[[ $headers =~ GNU_STACK[^$'\n']*' RW ' ]] || echo "$1: a stack that is not executed"
	[[ $headers = *INTERP* ]] || return 0
	dynamic=$(readelf -hdW "$1")
	[[ $dynamic = *BIND_NOW* ]] || echo "$1: binding at the start"
	[[ $dynamic = *DYN* ]] || echo "$1: PIE"
	missing_checks "$1" <<<"$(nm -D "$1")"
}

# The same of the compiler's checks; the symbols come from the standard input, since a static file
# has the C library's, too.
missing_checks()
{
	local symbols

	symbols=$(cat)
	[[ $symbols = *__stack_chk_fail* ]] || echo "$1: a protector of the stack"
	[[ $symbols = *__snprintf_chk* ]] || echo "$1: FORTIFY_SOURCE"
}

@test "what is shipped is hardened, by install and in the package alike" {
	local tool

	make -s install DESTDIR="$root/static" LINK=static PREFIX=/usr
	dpkg-deb -x build/deb/vdpa-tools_*.deb "$root/deb"
	for tool in $(tools); do
		missing_hardening "$root/static/usr/sbin/$tool"
		missing_hardening "$root/deb/usr/sbin/$tool"
		missing_checks "$tool" <<<"$(nm build/static/libtools.a "build/static/$tool"/*.o)"
	done >"$BATS_TEST_TMPDIR/missing"
	cat "$BATS_TEST_TMPDIR/missing"
	[ ! -s "$BATS_TEST_TMPDIR/missing" ]
	# And something that is not is found.
	echo 'int main(void) { return 0; }' | gcc -x c -fno-pie -no-pie -Wl,-z,norelro -o "$root/soft" -
	[ "$(missing_hardening "$root/soft" | wc -l)" = 5 ]
}

@test "the Debian package has all that install installs" {
	mkdir "$root"
	# Debian has its own folder for what zsh gets from packages, and compresses manuals.
	make -s install LINK=dynamic DESTDIR="$root" PREFIX=/usr
	diff <(installed | sed -e 's/\.8$/&.gz/' -e '\|/doc/|s/\.md$/&.gz/' -e 's|zsh/site-functions|zsh/vendor-completions|') \
		<(dpkg-deb -c build/deb/vdpa-tools_*.deb | awk '$1 !~ /^d/ { print $6 }' |
			grep -v -E '/usr/share/(doc/.*/(README|copyright|changelog)|lintian/)' | sort)
}

@test "what the package and iproute2 both have is put aside, and nothing else" {
	local ours theirs aside

	[ -d man/man8 ] || skip 'there is no manual yet'
	ours=$(dpkg-deb -c build/deb/vdpa-tools_*.deb | awk '{ sub(/^\./, "", $6); print $6 }')
	theirs=$(dpkg -L iproute2 | grep /vdpa | sed 's|^/sbin|/usr&|')
	aside=$(dpkg-deb -I build/deb/vdpa-tools_*.deb preinst | sed -n "s/^files='\(.*\)'/\1/p")
	diff <(comm -12 <(sort <<<"$ours") <(sort <<<"$theirs")) \
		<(tr ' ' '\n' <<<"$aside" | sed 's|^/sbin|/usr&|' | sort -u)
}
