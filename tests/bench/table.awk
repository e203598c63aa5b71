# Converts the samples of tests/bench/inside into tables in Markdown, with the goals beside them.

# By how much the time of its own may grow beyond the devices' number: what a median wavers.
BEGIN { WAVER = 1.2 }

$1 == "#" {
	key = $2
	sub(/^# [^ ]+ /, "")
	fact[key] = $0
	next
}

{
	rounds[$1] = $2
	time[$1, "ours"] = $3; memory[$1, "ours"] = $4
	time[$1, "iproute2"] = $5; memory[$1, "iproute2"] = $6
	time[$1, "floor"] = $7; memory[$1, "floor"] = $8
}

function verdict(met)
{
	return met ? "met" : "**missed**"
}

# A ratio and its goal, if it has one.
function against(ratio, goal)
{
	return sprintf(goal ? "%.2f (goal %.2f)" : "%.2f", ratio, goal)
}

function speed(key, title, goal_iproute2, goal_floor,    of_iproute2, of_floor, met)
{
	of_iproute2 = time[key, "iproute2"] ? time[key, "ours"] / time[key, "iproute2"] : 0
	of_floor = time[key, "ours"] / time[key, "floor"]
	met = (!goal_iproute2 || of_iproute2 <= goal_iproute2) &&
		(!goal_floor || of_floor <= goal_floor)
	printf "| %s | %.2f | %s | %.2f | %s | %s | %s |\n", title,
		time[key, "ours"] / 1000,
		of_iproute2 ? sprintf("%.2f", time[key, "iproute2"] / 1000) : "cannot",
		time[key, "floor"] / 1000,
		of_iproute2 ? against(of_iproute2, goal_iproute2) : "", against(of_floor, goal_floor),
		goal_iproute2 || goal_floor ? verdict(met) : ""
}

function size(key, title,    more)
{
	more = memory[key, "ours"] - memory[key, "iproute2"]
	printf "| %s | %d | %d | %+d (goal +4096) | %s |\n", title, memory[key, "ours"],
		memory[key, "iproute2"], more, verdict(more <= 4096)
}

function growth(few, many, title,    own_few, own_many)
{
	own_few = time[few, "ours"] - time[few, "floor"]
	own_many = time[many, "ours"] - time[many, "floor"]
	if (own_few < 1)
		own_few = 1
	printf "| %s: time beyond the floor, ms | %.2f | %.2f | %.1f (goal %.1f) | %s |\n", title,
		own_few / 1000, own_many / 1000, own_many / own_few, 10 * WAVER,
		verdict(own_many <= 10 * WAVER * own_few)
	printf "| %s: peak memory, KiB | %d | %d | %.1f (goal 10.0) | %s |\n", title,
		memory[few, "ours"], memory[many, "ours"],
		memory[many, "ours"] / memory[few, "ours"],
		verdict(memory[many, "ours"] <= 10 * memory[few, "ours"])
}

# From 1,000 to 10,000 devices.
function bytes(key)
{
	return (memory[key "_many", "ours"] - memory[key, "ours"]) * 1024 / 9000
}

function each(title, number, goal)
{
	printf "| %s | %.1f (goal %d) | %s |\n", title, number, goal, verdict(number + 0 <= goal)
}

END {
	print "Measured by `make bench` in a virtual machine: Linux " fact["kernel"] ", " \
		fact["accelerator"] ", all programs in memory."
	print ""
	print "* ours: `" fact["ours"] "`, as `make` builds it"
	print "* iproute2: `" fact["iproute2"] "`, as the distribution ships it"
	print "* floor: the same requests from a bare static program that formats nothing"
	print ""
	print "Medians of " rounds["version"] " runs, of " rounds["text_many"] \
		" with 10,000 devices; in each round every program runs once."
	print ""
	print "| time in ms | ours | iproute2 | floor | of iproute2 | of the floor | |"
	print "| --- | --: | --: | --: | --: | --: | --- |"
	speed("version", "`vdpa -V`")
	speed("complete", "`vdpa --complete dev del`, 10 devices, of the floor of `-V`", 0, 2)
	speed("add", "`vdpa dev add`")
	speed("show", "`vdpa dev show NAME`, one of 1,000", 0.35, 1.3)
	speed("text", "`vdpa dev show`, 1,000 devices", 0, 1.7)
	speed("json", "`vdpa -j dev show`, 1,000 devices", 0, 2.5)
	speed("details", "`vdpa -d dev show`, 1,000 devices, of the floor without details")
	speed("config", "`vdpa dev config show`, 1,000 devices", 0, 2)
	speed("stats", "`vdpa stats show`, 1,000 devices of 3 queues", 0, 1.2)
	speed("batch_add", "`vdpa -b`, 1,000 `dev add`", 0, 1.3)
	speed("batch_del", "`vdpa -b`, 1,000 `dev del`", 0, 1.3)
	speed("apply_add", "`vdpa apply`, 1,000 devices to add, of the same batch", 0, 1.15)
	speed("apply", "`vdpa apply`, nothing to do for 1,000, of `dev config show`", 0, 1.3)
	speed("metrics", "`vdpa metrics`, 1,000 devices of 3 queues, of `stats show`", 0, 1.2)
	speed("text_many", "`vdpa dev show`, 10,000 devices")
	speed("json_many", "`vdpa -j dev show`, 10,000 devices")
	speed("config_many", "`vdpa dev config show`, 10,000 devices")
	speed("vduse_version", "`vduse version show`", 0, 1.3)
	speed("vduse_add", "`vduse dev add`", 0, 1.3)
	speed("vduse_del", "`vduse dev del`", 0, 1.3)
	speed("vduse_batch_add", "`vduse -b`, 1,000 `dev add`", 0, 1.5)
	speed("vduse_batch_del", "`vduse -b`, 1,000 `dev del`", 0, 1.5)
	print ""
	print "| peak memory in KiB | ours | iproute2 | more than iproute2 | |"
	print "| --- | --: | --: | --: | --- |"
	size("show", "`vdpa dev show NAME`, one of 1,000")
	size("text", "`vdpa dev show`, 1,000 devices")
	size("json", "`vdpa -j dev show`, 1,000 devices")
	size("text_many", "`vdpa dev show`, 10,000 devices")
	size("json_many", "`vdpa -j dev show`, 10,000 devices")
	print ""
	print "The kernel's own time for a list grows faster than the list, so growth is that of"
	print "the time beyond the floor; " WAVER " times tenfold is as much as medians waver."
	print ""
	print "| ours, growth | 1,000 devices | 10,000 devices | times | |"
	print "| --- | --: | --: | --: | --- |"
	growth("text", "text_many", "`vdpa dev show`")
	growth("json", "json_many", "`vdpa -j dev show`")
	growth("config", "config_many", "`vdpa dev config show`")
	print ""
	print "| ours, for each device more | | |"
	print "| --- | --: | --- |"
	each("bytes of memory, `vdpa dev show`", bytes("text"), 400)
	each("bytes of memory, `vdpa dev config show`", bytes("config"), 400)
	each("bytes of memory, `vdpa -d dev show`", bytes("details"), 400)
	each("bytes of memory, `vdpa apply`", bytes("apply"), 600)
	each("system calls beside netlink's, `vdpa -d dev show`", fact["calls_unbound"], 6)
	each("the same, bound to vhost_vdpa", fact["calls_vhost_vdpa"], 6)
	each("system calls, `vduse dev show`", fact["calls_vduse"], 8)
	each("the same, on the vdpa bus without a driver", fact["calls_vduse_attached"], 9)
}
