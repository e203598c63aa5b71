# Prints the README with its table of speeds updated from the results:
# awk -f readme.awk RESULTS.md README.md
# The table has some rows of the first table of the results, with the first four columns.

BEGIN {
	FS = "|"
}

FNR == NR {
	if (NF > 5 && !($2 in numbers))
		numbers[$2] = $3 "|" $4 "|" $5 "|"
	next
}

/<!-- bench -->/ {
	inside = 1
}

/<!-- \/bench -->/ {
	inside = 0
}

inside && $2 in numbers {
	print "|" $2 "|" numbers[$2]
	next
}

{
	print
}
