# Checks a text against Prometheus' text format, version 0.0.4, more strictly than its readers do: each
# family must have HELP and TYPE, in this order, before its samples; no sample may appear twice; names of
# counters end in _total, and no others do. Prints each fault, and fails if there is one.

function complain(text)
{
	print FILENAME ":" FNR ": " text ": " $0
	wrong = 1
}

BEGIN {
	metric = "[a-z_][a-z0-9_]*"
	value = "([^\"\\\\]|\\\\[\\\\\"n])*"
	label = metric "=\"" value "\""
	sample = "^" metric "(\\{" label "(," label ")*\\})? [0-9]+$"
}

/^# HELP / {
	if ($3 !~ "^" metric "$" || NF < 4)
		complain("no name, or no help")
	if (seen[$3]++)
		complain("a family in two pieces")
	helped = $3
	next
}

/^# TYPE / {
	if ($3 != helped || NF != 4 || ($4 != "counter" && $4 != "gauge"))
		complain("not the type of the family before")
	if (($4 == "counter") != ($3 ~ /_total$/) || $3 ~ /_(count|sum|bucket)$/)
		complain("a name that does not say its type")
	family = $3
	families++
	next
}

{
	if ($0 !~ sample)
		complain("no sample")
	name = $0
	sub(/[{ ].*/, "", name)
	if (name != family)
		complain("a sample outside of its family")
	series = $0
	sub(/ [0-9]+$/, "", series)
	if (twice[series]++)
		complain("the same sample again")
	samples++
}

END {
	if (!families || !samples) {
		print "no families, or no samples"
		wrong = 1
	}
	exit wrong
}
