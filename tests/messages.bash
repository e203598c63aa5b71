# Converts the messages of the tools; sourced by the helpers of each folder.
# shellcheck shell=bash

# Converts the documents that -j prints to $stderr into the lines that are printed without it.
as_text()
{
	stderr=$(jq -r '(.error // .warning) |
		"\(.tool): \(if .file then "\(.file):\(.line): " else "" end)\(.message)",
		(select(.hint) | "hint: \(.hint)")' <<<"$stderr")
	# shellcheck disable=SC2034 # for the tests
	mapfile -t stderr_lines <<<"$stderr"
}
