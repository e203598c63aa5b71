# Where a test failed, kept for less than bats needs. bats notes the whole stack of calls before
# each command, in loops over arrays, which takes an eighth of a suite's time under emulation. Here
# it notes the stack as three strings, and takes them apart only when a test has failed. Sourced by
# the helpers of each folder.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2317 # bats reads these, and calls what stands here

# In place of bats' own, which is called before each command with the name of its file.
bats_debug_trap()
{
	[[ $1 != "$BATS_ROOT"/* && ! ${BATS_INTERRUPTED+yes}${BATS_TIMED_OUT+yes} ]] || return 0
	BATS_DEBUG_LASTLAST_STACK_TRACE=$BATS_DEBUG_LAST_STACK_TRACE
	BATS_DEBUG_LAST_LINENO="${BASH_LINENO[*]}"
	BATS_DEBUG_LAST_SOURCE="${BASH_SOURCE[*]}"
	BATS_DEBUG_LAST_STACK_TRACE="$BATS_DEBUG_LAST_LINENO|${FUNCNAME[*]}|$BATS_DEBUG_LAST_SOURCE"
}

# Fills the array of that name with a frame for each call, the innermost first: line, function, file.
bats_get_failure_stack_trace()
{
	local noted=$BATS_DEBUG_LASTLAST_STACK_TRACE i
	local -a lines functions files

	[ -z "${BATS_DEBUG_LAST_STACK_TRACE_IS_VALID-}" ] || noted=$BATS_DEBUG_LAST_STACK_TRACE
	IFS=' ' read -r -a lines <<<"${noted%%|*}"
	IFS=' ' read -r -a files <<<"${noted##*|}"
	noted=${noted#*|}
	IFS=' ' read -r -a functions <<<"${noted%%|*}"
	eval "$1=()"
	# The first of each is this function's caller: the trap itself.
	for ((i = 1; i < ${#functions[@]}; i++)); do
		eval "$1+=(\"\${lines[i - 1]} \${functions[i]} \${files[i]}\")"
		case ${functions[i]} in
		"${BATS_TEST_NAME-}" | setup | teardown | setup_file | teardown_file) break ;;
		esac
		[[ ${functions[i]} != source || ${files[i + 1]-} != *bats-exec-file ]] || break
	done
}
