#!/usr/bin/env bats
# Metrics on the way to a dashboard: the files that the service writes, a real node_exporter that
# reads them, and a real Prometheus with the alerts. PROMETHEUS is what tests/prometheus/fetch prints.

load helpers
load vduse-helpers

programs=${PROMETHEUS-}/usr/bin
directory=/var/lib/prometheus/node-exporter

setup()
{
	[ -n "${PROMETHEUS-}" ] || skip 'PROMETHEUS does not say where Prometheus is'
	! kernel_is_a || skip 'its simulator does not count, and all else is the same'
	# Those that take whatever has no driver come before the devices.
	need_modules virtio_net virtio_vdpa vdpa_sim_net vduse
	mkdir -p "$directory" /etc/vdpa/devices.d
}

teardown()
{
	[ -z "${started-}" ] || kill "${started[@]}"
	rm -rf "$directory" /etc/vdpa
	delete_vduse_devices
	delete_devices
	unload_modules
}

start()
{
	"$@" >"$BATS_TEST_TMPDIR/$(basename "$1").log" 2>&1 3>&- &
	started+=($!)
}

# What vdpa-metrics.service runs.
run_service()
{
	local words

	while read -r -a words; do
		"$checkout/${TEST_BUILD:-build/static}/bin/${words[0]##*/}" "${words[@]:1}"
	done < <(sed -n 's/^ExecStart=-\{0,1\}//p' "$checkout/contrib/systemd/vdpa-metrics.service")
}

# Devices of each kind, so that each family of metrics has samples.
make_devices()
{
	local interface

	printf '%s\n' 'dev add name more mgmtdev vdpasim_net' >/etc/vdpa/devices.d/10-host.conf
	"$VDUSE" dev add name lost type block attach driver none
	"$VDPA" dev add name 'a "b\c' mgmtdev vdpasim_net driver none
	"$VDPA" dev add name host mgmtdev vdpasim_net mac 02:00:00:00:00:01 driver virtio_vdpa wait 5
	interface=$(basename /sys/bus/vdpa/devices/host/virtio*/net/*)
	ip link set "$interface" up
	ping -c 2 -i 0.2 -W 1 -I "$interface" 192.0.2.1 >/dev/null 2>&1 || true
}

@test "promtool check metrics has nothing to say about what the tools print" {
	make_devices
	"$VDPA" metrics >"$BATS_TEST_TMPDIR/metrics"
	"$VDUSE" metrics >>"$BATS_TEST_TMPDIR/metrics"
	[ "$(grep -c '^# TYPE' "$BATS_TEST_TMPDIR/metrics")" -eq 17 ]
	run "$programs/promtool" check metrics <"$BATS_TEST_TMPDIR/metrics"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# As in production, but for the times: all is scraped each second, and alerts do not wait.
start_prometheus()
{
	local home=$BATS_TEST_TMPDIR

	sed 's/^\( *for:\) .*/\1 0s/' "$checkout/contrib/prometheus/vdpa-alerts.yml" >"$home/vdpa-alerts.yml"
	cat >"$home/prometheus.yml" <<-END
		global:
		  scrape_interval: 1s
		  evaluation_interval: 1s
		rule_files: [ $home/vdpa-alerts.yml ]
		scrape_configs:
		  - job_name: node
		    static_configs: [ targets: [ "127.0.0.1:9100" ] ]
	END
	start "$programs/prometheus-node-exporter" --collector.disable-defaults --collector.textfile \
		--web.listen-address=127.0.0.1:9100
	start "$programs/prometheus" --config.file="$home/prometheus.yml" --storage.tsdb.path="$home/tsdb" \
		--web.listen-address=127.0.0.1:9090
}

all_have_data()
{
	python3 "$checkout/tests/prometheus/query.py" "$checkout/contrib/prometheus/vdpa-dashboard.json" \
		127.0.0.1:9090 >"$BATS_TEST_TMPDIR/queries" 2>&1
}

answers()
{
	(exec 4<>/dev/tcp/127.0.0.1/9090) 2>/dev/null
}

# Prints what Prometheus answers to a query, as Grafana asks it.
ask()
{
	python3 -c 'import sys, urllib.parse, urllib.request
print(urllib.request.urlopen("http://127.0.0.1:9090/api/v1/query?" + urllib.parse.urlencode({"query": sys.argv[1]})).read().decode())' "$1"
}

@test "each query of the dashboard has data, and alerts are raised, with real node_exporter and Prometheus" {
	make_devices
	run_service
	start_prometheus
	wait_until answers
	# A rate takes two scrapes, an alert one more.
	sleep 3
	wait_until all_have_data
	cat "$BATS_TEST_TMPDIR/queries"
	grep -q '^[2-9][0-9] queries, 0 without data$' "$BATS_TEST_TMPDIR/queries"
	ask 'count by (alertname, device) (ALERTS{alertstate="firing"})' |
		jq -r '.data.result[].metric | "\(.alertname) \(.device)"' | sort >"$BATS_TEST_TMPDIR/alerts"
	diff "$BATS_TEST_TMPDIR/alerts" - <<-'END'
		VdpaDeviceWithoutDriver a "b\c
		VdpaDeviceWithoutDriver lost
		VdpaDevicesDiffer null
		VduseOrphanAttached lost
	END
	# A metric that is not there is found.
	sed 's/vdpa_device_mtu_bytes/vdpa_device_mtu/' "$checkout/contrib/prometheus/vdpa-dashboard.json" >"$BATS_TEST_TMPDIR/wrong.json"
	run python3 "$checkout/tests/prometheus/query.py" "$BATS_TEST_TMPDIR/wrong.json" 127.0.0.1:9090
	[ "$status" -eq 1 ]
	[[ ${lines[0]} = 'vdpa_device_mtu{'*': no data' ]]
}
