#!/usr/bin/env bats
# The last of all: what the tests before it got as JSON.

load ../kernel/helpers

@test "every document that any test got obeys its schema, and has no key that it does not know" {
	/usr/bin/python3 "$BATS_TEST_DIRNAME/../kernel/recorded.py" "$RECORD" 10
}
