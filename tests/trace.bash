# Records where a test fails, at less cost than bats does. Before each command bats saves the whole
# stack of calls, in loops over arrays, which takes an eighth of a suite's time under emulation. These
# functions save the stack as three strings, and split them only after a test has failed. Sourced by the
# helpers of each folder.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2317 # bats reads these variables, and calls these functions

# Replaces the function of bats that is called before each command with the name of its file.
bats_debug_trap()
{
	[[ $1 != "$BATS_ROOT"/* && ! ${BATS_INTERRUPTED+yes}${BATS_TIMED_OUT+yes} ]] || return 0
	BATS_DEBUG_LASTLAST_STACK_TRACE=$BATS_DEBUG_LAST_STACK_TRACE
	BATS_DEBUG_LAST_LINENO="${BASH_LINENO[*]}"
	BATS_DEBUG_LAST_SOURCE="${BASH_SOURCE[*]}"
	BATS_DEBUG_LAST_STACK_TRACE="$BATS_DEBUG_LAST_LINENO|${FUNCNAME[*]}|$BATS_DEBUG_LAST_SOURCE"
}

# Fills the array named $1 with a frame for each call, the innermost first: line, function, file.
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
	# The first frame is the trap itself.
	for ((i = 1; i < ${#functions[@]}; i++)); do
		eval "$1+=(\"\${lines[i - 1]} \${functions[i]} \${files[i]}\")"
		case ${functions[i]} in
		"${BATS_TEST_NAME-}" | setup | teardown | setup_file | teardown_file) break ;;
		esac
		[[ ${functions[i]} != source || ${files[i + 1]-} != *bats-exec-file ]] || break
	done
}
