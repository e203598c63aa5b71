# Prints the README with the numbers of its table of speeds as they are in the results:
# awk -f readme.awk RESULTS.md README.md
# The README chooses rows of the first table of the results, whose first four columns it has.

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
