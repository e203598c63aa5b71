# The testbed itself: a test that does not end by itself is ended and named, and the others run.
bats_require_minimum_version 1.5.0

checkout=$(realpath "$BATS_TEST_DIRNAME/../..")

# Runs the tests that come from stdin, where they begin with other words than bats looks for here.
tests()
{
	sed 's/^a test /@test /' >"$BATS_TEST_TMPDIR/tests.bats"
	run env LC_ALL=C.UTF-8 BATS_TEST_TIMEOUT=8 TESTS_BATS_GRACE=60 \
		"$checkout/tests/bats" "$BATS_TEST_TMPDIR/tests.bats" 3>&-
	echo "$output"
}

@test "a test that sleeps for ever is ended and named, with its children, and the others run" {
	tests <<-'END'
		teardown() { touch "$BATS_RUN_TMPDIR/torn-down"; }
		a test "sleeps for ever, 'über' all" { sleep infinity || true; echo went on; false; }
		a test "after it" { [ -e "$BATS_RUN_TMPDIR/torn-down" ]; }
		a test "grandchild holds a pipe" { x=$(bash -c 'trap "" TERM; sleep infinity & wait'); }
		a test "orphan holds a pipe" { x=$(setsid -f sleep infinity); }
		a test "leaves one behind" { sleep infinity & }
	END
	[ "$status" -eq 1 ]
	[[ $output = *"# no end after 8 s: sleeps for ever, 'über' all"$'\n#'*' sleep infinity'$'\n'* ]]
	[[ $output = *"not ok 1 sleeps for ever, 'über' all in "*ms$'\n'* ]]
	[[ $output = *'ok 2 after it in '* ]]
	[[ $output = *'not ok 3 grandchild holds a pipe in '*'not ok 4 orphan holds a pipe in '* ]]
	[[ $output = *'ok 5 leaves one behind in '*'not ok - processes that a test left behind'*' sleep infinity' ]]
}

@test "so is what hangs before the tests of a file" {
	tests <<-'END'
		setup_file() { sleep infinity; }
		a test "never" { :; }
	END
	[ "$status" -eq 1 ]
	[[ $output = *'# no end after 8 s: what the tests of a file share'*'not ok 1 setup_file failed'* ]]
}
