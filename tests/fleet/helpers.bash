# Hosts in virtual machines, which Ansible reaches by ssh over ports of this machine.
# shellcheck shell=bash disable=SC2154 # run's variables

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")
# Debian's Ansible runs with Debian's Python, which may not be the first one here.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
# shellcheck disable=SC2034 # the tests' own
hosts='a b c'

# A tree in which Ansible finds the collection, and a home without anybody's settings.
use_collection()
{
	# The kernels of the machines stay where they are.
	export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}
	export HOME=$BATS_FILE_TMPDIR/home PYTHONDONTWRITEBYTECODE=1
	export ANSIBLE_COLLECTIONS_PATH=$BATS_FILE_TMPDIR/ansible_collections ANSIBLE_NOCOLOR=1
	mkdir -p "$HOME" "$ANSIBLE_COLLECTIONS_PATH/vdpa_tools"
	collection=$ANSIBLE_COLLECTIONS_PATH/vdpa_tools/vdpa
	[ -e "$collection" ] || cp -rL "$checkout/contrib/ansible" "$collection"
	export collection
}

# Prints ports of this machine that nobody uses now.
free_ports()
{
	python3 - <<-'END'
		import socket
		sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
		print(*(s.getsockname()[1] for s in sockets))
	END
}

# One connection to each host, which Ansible and by_hand share.
write_settings()
{
	local port_a port_b port_c

	read -r port_a port_b port_c < <(free_ports)
	export FLEET_PORT_a=$port_a FLEET_PORT_b=$port_b FLEET_PORT_c=$port_c
	export FLEET_BINARY=$checkout/${TEST_BUILD:-build/static}/bin/vdpa
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/key"
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/host-key"
	cat >"$BATS_FILE_TMPDIR/ssh_config" <<-END
		Host *
		User root
		IdentityFile $BATS_FILE_TMPDIR/key
		IdentitiesOnly yes
		UserKnownHostsFile /dev/null
		StrictHostKeyChecking no
		LogLevel ERROR
		ControlMaster auto
		ControlPath $BATS_FILE_TMPDIR/%p
		ControlPersist 600
		ConnectTimeout 10
		ServerAliveInterval 10
	END
	cat >"$BATS_FILE_TMPDIR/ansible.cfg" <<-END
		[defaults]
		remote_tmp = /tmp/ansible
		[ssh_connection]
		pipelining = true
		ssh_args = -F $BATS_FILE_TMPDIR/ssh_config
		control_path = $BATS_FILE_TMPDIR/%%p
	END
	export ANSIBLE_CONFIG=$BATS_FILE_TMPDIR/ansible.cfg
}

# Prints the files, below DIRECTORY, of what Ansible's modules import from there.
imported_from()
{
	python3 - "$1" <<-'END' | sort -u
		import base64, encodings.cp437, importlib.util, runpy, sys, zipfile, zipimport
		import ansible.modules.command, ansible.modules.copy, ansible.modules.file
		import ansible.modules.stat, ansible.modules.systemd
		for module in list(sys.modules.values()):
		    for path in getattr(module, "__file__", None), getattr(module, "__cached__", None):
		        if path and path.startswith(sys.argv[1]):
		            print(path[len(sys.argv[1]):])
	END
}

# Packs Python for the machines: the standard library, and compiled what Ansible sends them as source
# each time. So a module takes them one second instead of four.
pack_python()
{
	local tree=$BATS_FILE_TMPDIR/python library directory

	library=$(python3 -c 'import os; print(os.path.dirname(os.__file__))')
	mkdir -p "$tree/${library#/usr/}/lib-dynload"
	cp -L /usr/bin/python3 "$tree/"
	# Some of it is there by another name than its file's.
	(cd /usr/lib/python3/dist-packages && find ansible/module_utils -name '*.py*' |
		cpio --quiet -pdm "$tree/${library#/usr/}")
	for directory in "$library" /usr/lib/python3/dist-packages; do
		imported_from "$directory/" >"$BATS_FILE_TMPDIR/imported"
		(cd "$directory" && cpio --quiet -pdmu "$tree/${library#/usr/}") <"$BATS_FILE_TMPDIR/imported"
	done
	# Found before that of Ansible's archive.
	echo 'import ansible' >"$tree/${library#/usr/}/sitecustomize.py"
	printf '%s\n' '#!/bin/sh' 'PYTHONHOME=/python exec /python/python3 "$@"' >"$tree/run"
	chmod +x "$tree/run"
	tar -C "$BATS_FILE_TMPDIR" -cf "$BATS_FILE_TMPDIR/python.tar" python
}

port_of()
{
	local name=FLEET_PORT_$1

	echo "${!name}"
}

# Runs a command on a host, past Ansible.
by_hand()
{
	ssh -F "$BATS_FILE_TMPDIR/ssh_config" -p "$(port_of "$1")" 127.0.0.1 "$2" 3>&-
}

# Two with Debian 12's kernel and its simulators, and one with Debian 13's, which has none.
start_host()
{
	local results=$BATS_FILE_TMPDIR/disk-$1 kernel=${1/b/a}

	mkdir -p "$results"
	cp "$BATS_FILE_TMPDIR"/{host-key,python.tar} "$results/"
	cp "$BATS_FILE_TMPDIR/key.pub" "$results/authorized_keys"
	FLEET_HOST=$1 RESULTS=$results VM_ENV='FLEET_HOST TEST_BUILD' "$checkout/tests/vm/run" -k "$kernel" \
		-s 1 -m 1024 -t 1800 -b "$checkout/tests/fleet/prepare" -q "-netdev user,id=net,restrict=on,\
hostfwd=tcp:127.0.0.1:$(port_of "$1")-:22 -device virtio-net-pci,netdev=net,romfile=" \
		-- "$checkout/tests/fleet/host" >"$BATS_FILE_TMPDIR/log-$1" 2>&1 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/pid-$1"
}

# As the loss of power does.
kill_host()
{
	kill "$(<"$BATS_FILE_TMPDIR/pid-$1")"
	while kill -0 "$(<"$BATS_FILE_TMPDIR/pid-$1")" 2>/dev/null; do
		sleep 0.1
	done
}

await_host()
{
	local try

	for ((try = 0; try < 100; try++)); do
		! by_hand "$1" true 2>/dev/null || return 0
		sleep 1
	done
	cat "$BATS_FILE_TMPDIR/log-$1"
	return 1
}

# Runs the playbook: $status and $output.
play()
{
	local start=$EPOCHREALTIME

	run ansible-playbook -i "$checkout/tests/fleet/inventory.yml" "$checkout/tests/fleet/site.yml" "$@"
	echo "$output"
	echo "ansible-playbook $*: status $status, $start to $EPOCHREALTIME"
}

# Prints how many tasks of a host were in a state by the play's last lines.
tasks()
{
	sed -n "s/^$1 .*[ ]$2=\([0-9]*\).*/\1/p" <<<"$output"
}
