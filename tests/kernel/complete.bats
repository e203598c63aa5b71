#!/usr/bin/env bats
# Completion in the shells that people use, on a terminal, as make install leaves it: what is on the
# line when Tab has been typed, by what the tool then gets.

load helpers
load vduse-helpers

# A name with all that a shell may take for something else.
strange='odd $HOME!`id`"\s'"'t"

# As make install does it, with empty files in the place of the tools.
install_completion()
{
	local tree=$BATS_FILE_TMPDIR/tree share=/usr/share tool

	for tool in vdpa vduse vfio mshv; do
		install -D /dev/null "$tree/$tool/$tool"
	done
	ln -s "$checkout"/{bash-completion,contrib,doc,man,schema} "$tree"
	(
		cd "$tree" || exit
		env DESTDIR="$BATS_FILE_TMPDIR" SBINDIR=/usr/sbin MANDIR=$share/man \
			SCHEMA_DIR=$share/schema BASH_COMPLETION_DIR=$share/bash-completion/completions \
			ZSH_COMPLETION_DIR=$share/zsh/site-functions \
			FISH_COMPLETION_DIR=$share/fish/vendor_completions.d \
			UNIT_DIR=/usr/lib/systemd/system UDEV_DIR=/usr/lib/udev DOC_DIR=$share/doc/vdpa-tools \
			PROMETHEUS_DIR=$share/prometheus \
			ANSIBLE_DIR=$share/vdpa-tools/ansible \
			"$checkout/contrib/install" install vdpa vduse vfio mshv
	)
}

setup_file()
{
	need_modules vdpa_sim_net vdpa_sim_blk vduse
	"$VDPA" dev add name pci:0000:00:04.0 mgmtdev vdpasim_net
	"$VDPA" dev add name pci:0000:00:05.0 mgmtdev vdpasim_net
	"$VDPA" dev add name 'blank:a b' mgmtdev vdpasim_blk
	"$VDPA" dev add name "$strange" mgmtdev vdpasim_blk
	"$VDUSE" dev add name served:1 type block
	bind_vp_vdpa

	install_completion
	home=$BATS_FILE_TMPDIR/home share=$BATS_FILE_TMPDIR/usr/share
	mkdir -p "$BATS_FILE_TMPDIR/bin" "$home/.config/fish"
	stand_in "$BATS_FILE_TMPDIR/bin/vdpa" "$VDPA"
	stand_in "$BATS_FILE_TMPDIR/bin/vfio" "${VDPA//vdpa/vfio}"
	# Where it is for root alone.
	stand_in /usr/local/sbin/vduse "$VDUSE"
	printf '%s\n' '#!/bin/sh' 'PATH=$PATH:/usr/local/sbin exec "$@"' >"$BATS_FILE_TMPDIR/bin/sudo"
	chmod +x "$BATS_FILE_TMPDIR/bin/sudo"
	printf '%s\n' '. /usr/share/bash-completion/bash_completion' "PS1='ready> '" >"$home/.bashrc"
	printf '%s\n' ". $share/bash-completion/completions/vdpa" \
		"PS1='ready> '" >"$home/bare"
	# Of what comes with zsh only what completion is made of: to look through all takes long.
	printf '%s\n' "directory=/usr/share/zsh/functions/Completion" \
		"fpath=('$share/zsh/site-functions' \$directory{,/Base,/Zsh})" \
		'autoload -Uz compinit && compinit -u -D' \
		'fpath+=($directory/Unix) && autoload -Uz _files _path_files _list_files' \
		'compdef _precommand sudo' \
		"PS1='ready> '" >"$home/.zshrc"
	printf '%s\n' 'set -g fish_greeting' 'function fish_prompt; echo "ready> "; end' \
		>"$home/.config/fish/config.fish"
	echo 'dev show' >"$home/commands of mine"
}

teardown_file()
{
	delete_devices
	delete_vduse_devices
}

# A program at this place that answers completion as the tool does, and otherwise notes its words.
stand_in()
{
	cat >"$1" <<-END
		#!/bin/sh
		case \$1 in --complete*) exec '$2' "\$@" ;; esac
		{ printf '%s' '${1##*/}'; printf ' <%s>' "\$@"; echo; } >>"\$RECORD"
	END
	chmod +x "$1"
}

# Types stdin into the shell, see typist.py: $output is what tools were called.
types_into()
{
	local record=$BATS_TEST_TMPDIR/record home=$BATS_FILE_TMPDIR/home

	(
		cd "$home" || exit
		env -i HOME="$home" TERM=xterm RECORD="$record" PATH="$BATS_FILE_TMPDIR/bin:/usr/bin:/bin" \
			XDG_DATA_DIRS="$BATS_FILE_TMPDIR/usr/share${bare-:/usr/share}" \
			timeout 600 "$checkout/tests/shells/typist.py" "$record" "$@"
	)
	output=$(sed "s|<$home/|<HOME/|" "$record")
	echo "$output"
}

# What is the same everywhere: the keys, and what they come to.
keys()
{
	cat <<-'END'
		run vdpa de\tsh\tpci:0000:00:04\t
		run vdpa -j dev show pci\t5.\t
		run vdpa dev show blank\t
		run vdpa dev del blank:a\\ b pci\t4\t
		run vdpa mgmtdev show pci/0\t
		run vdpa dev add name x mgmtdev vdpasim_n\tdriver vho\t
		run vdpa dev add name x mgmtdev vdpasim_net device_features MAC,VERS\t
		run vdpa dev add name x mgmtdev vdpasim_net device_features MAC,MTU,-MA\t
		run vdpa feature decode type blo\t
		run vdpa --js\tdev sh\t
		run vdpa --color=al\tdoc\t
		run vdpa -b comm\t
		run sudo vduse dev show ser\t
		run sudo vduse dev add config comm\ttype n\t
		run vfio feature show 0:1.0 token f\tcomm\t
	END
}

calls()
{
	cat <<-END
		vdpa <dev> <show> <pci:0000:00:04.0>
		vdpa <-j> <dev> <show> <pci:0000:00:05.0>
		vdpa <dev> <show> <blank:a b>
		vdpa <dev> <del> <blank:a b> <pci:0000:00:04.0>
		vdpa <mgmtdev> <show> <pci/$(bind_vp_vdpa)>
		vdpa <dev> <add> <name> <x> <mgmtdev> <vdpasim_net> <driver> <vhost_vdpa>
		vdpa <dev> <add> <name> <x> <mgmtdev> <vdpasim_net> <device_features> <MAC,VERSION_1>
		vdpa <dev> <add> <name> <x> <mgmtdev> <vdpasim_net> <device_features> <MAC,MTU,-MAC>
		vdpa <feature> <decode> <type> <block>
		vdpa <--json> <dev> <show>
		vdpa <--color=always> <doctor>
		vdpa <-b> <commands of mine>
		vduse <dev> <show> <served:1>
		vduse <dev> <add> <config> <commands of mine> <type> <net>
		vfio <feature> <show> <0:1.0> <token> <file:commands of mine>
	END
}

quoted='run vdpa dev show "blank\t
run vdpa dev show odd\t
run vdpa dev show "odd\t
run vdpa dev show '"'odd\\t
run vdpa -b ~/comm\\t"
quoted_call="vdpa <dev> <show> <blank:a b>
vdpa <dev> <show> <$strange>
vdpa <dev> <show> <$strange>
vdpa <dev> <show> <$strange>
vdpa <-b> <HOME/commands of mine>"

@test "bash, with its package of completions: names with colons and blanks, lists, files" {
	types_into bash -i <<-END
		$(keys)
		$quoted
		run vdpa dev show pci\\\\:0000:00:04\\t
		run vdpa dev show pci:0000:00:04.0 >comm\\t
		type vdpa dev set x \\t\\t
		see driver
	END
	shown='vdpa <dev> <show> <pci:0000:00:04.0>'
	[ "$output" = "$(printf '%s\n' "$(calls)" "$quoted_call" "$shown" "$shown")" ]
}

@test "bash without that package" {
	bare='' types_into bash --rcfile bare -i <<<"$(keys | grep -v 'show blank\|sudo\|vfio')"
	[ "$output" = "$(calls | grep -v 'show> <blank\|vduse\|vfio')" ]
}

@test "zsh: the same, with descriptions, and features in any case" {
	# Ctrl-U takes a line away.
	types_into zsh -i <<-END
		$(keys)
		$quoted
		run vdpa feature decode mac,mt\\t
		type vdpa dev set x \\t\\t
		see -- driver to bind it to
		type \\x15vdpa dev del pci\\t\\t
		see net, of vdpasim_net
	END
	[ "$output" = "$(calls)"$'\n'"$quoted_call"$'\nvdpa <feature> <decode> <mac,MTU>' ]
}

@test "fish: the same, with descriptions" {
	types_into fish -i <<-END
		$(keys)
		$quoted
		type vdpa dev set x \\t\\t
		see (driver to bind it to
	END
	[ "$output" = "$(calls)"$'\n'"$quoted_call" ]
}
