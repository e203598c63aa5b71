#!/usr/bin/env bats
# What Prometheus and Grafana are given: alert rules, and a dashboard. A real Prometheus has them in
# tests/kernel/prometheus.bats.
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")

setup_file()
{
	PROMETHEUS=$("$BATS_TEST_DIRNAME/../prometheus/fetch")
	export PROMETHEUS
}

setup()
{
	cd "$checkout" || return
	promtool=$PROMETHEUS/usr/bin/promtool
	rules=contrib/prometheus/vdpa-alerts.yml
	dashboard=contrib/prometheus/vdpa-dashboard.json
}

@test "promtool takes the rules, and each alert is raised when it must be, and only then" {
	run "$promtool" check rules --lint-fatal "$rules"
	echo "$output"
	[ "$status" -eq 0 ]
	run "$promtool" test rules tests/prometheus/alerts-test.yml
	echo "$output"
	[ "$status" -eq 0 ]
	# Each alert is in the tests and in the recipes.
	sed -n 's/^ *- alert: //p' "$rules" | sort >"$BATS_TEST_TMPDIR/alerts"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/alerts")" -ge 9 ]
	diff "$BATS_TEST_TMPDIR/alerts" <(sed -n 's/^ *- alertname: //p' tests/prometheus/alerts-test.yml | sort -u)
	diff "$BATS_TEST_TMPDIR/alerts" <(sed -n 's/^| `\(V[A-Za-z]*\)` .*/\1/p' doc/recipes.md | sort)
}

@test "the tests of the rules find what is wrong in them" {
	local tree=$BATS_TEST_TMPDIR/tree change

	mkdir -p "$tree/contrib/prometheus" "$tree/tests/prometheus"
	cp tests/prometheus/alerts-test.yml "$tree/tests/prometheus/"
	for change in 's/for: 10m/for: 30m/' 's/for: 2m/for: 0m/' 's/for: 15m/for: 5m/' 's/ and on .*//' \
		's/on (instance, job, device)/on (device)/' 's/{action!="drift"}//' 's/queue_errors/queue_drops/' \
		's/state="orphan",attached="true"/state="unknown",attached="true"/' 's/attached="false"/attached="true"/' \
		's/> 300/> 60/' 's/file=~"[^"]*"/file=~".*"/' 's/vdpa_up == 0/vdpa_up == 1/' 's/readable == 0/readable == 1/' \
		's/driver=""/driver!=""/' 's/severity: critical/severity: info/'; do
		sed "$change" "$rules" >"$tree/$rules"
		run ! cmp -s "$rules" "$tree/$rules"
		run "$promtool" test rules "$tree/tests/prometheus/alerts-test.yml"
		echo "$change: $status"
		[ "$status" -ne 0 ]
	done
}

# The names of metrics in a text. Those that are no metrics of ours do not begin so.
metrics_in()
{
	grep -ohE '\bvdpa_[a-z_]+' "$@" | grep -v -E '^vdpa_(tools|dashboard|alerts)$' | sort -u
}

@test "rules and dashboard name metrics that there are, and the dashboard shows all of them" {
	sed -n 's/^\.\(It \)\{0,1\}Sy \(vdpa_[a-z_]*\).*/\2/p' man/man8/vdpa-metrics.8 man/man8/vduse.8 | sort -u >"$BATS_TEST_TMPDIR/known"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/known")" -eq 17 ]
	jq -r '.. | .expr? // empty' "$dashboard" >"$BATS_TEST_TMPDIR/queries"
	diff "$BATS_TEST_TMPDIR/known" <(metrics_in "$BATS_TEST_TMPDIR/queries")
	sed -n 's/^ *expr: //p' "$rules" >"$BATS_TEST_TMPDIR/expressions"
	[ -z "$(metrics_in "$BATS_TEST_TMPDIR/expressions" | comm -13 "$BATS_TEST_TMPDIR/known" -)" ]
}

@test "the panels of the dashboard have titles and places of their own, and ask by its variables" {
	jq -e '
		def cells: .gridPos as $at | range($at.x; $at.x + $at.w) as $x | range($at.y; $at.y + $at.h) | [$x, .];
		(.panels | length) >= 15
		and ([.panels[].id] | unique | length) == (.panels | length)
		and ([.panels[].title] | unique | length) == (.panels | length)
		and all(.panels[]; .description != "" and .gridPos.x + .gridPos.w <= 24)
		and ([.panels[] | cells] | length) == ([.panels[] | cells] | unique | length)
		and all(.. | .datasource? // empty | objects; .uid == "${datasource}")
		and all(.panels[].targets[].expr; contains("instance=~\"$instance\""))
		' "$dashboard"
}

@test "promtool finds a name in metrics that says another type than it has" {
	printf '%s\n' '# HELP vdpa_up x' '# TYPE vdpa_up gauge' 'vdpa_up 1' >"$BATS_TEST_TMPDIR/good"
	run "$promtool" check metrics <"$BATS_TEST_TMPDIR/good"
	[ "$status" -eq 0 ]
	run "$promtool" check metrics < <(sed 's/_up/_count/' "$BATS_TEST_TMPDIR/good")
	[ "$status" -ne 0 ]
}

@test "the service that writes the metrics has few rights" {
	run systemd-analyze security --offline=true --threshold=25 contrib/systemd/vdpa-metrics.service
	echo "$output"
	[ "$status" -eq 0 ]
}
