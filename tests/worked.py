#!/usr/bin/env python3
"""Applies the worked changes of CONTRIBUTING.md to a copy of the tree.

    worked.py TREE           all of them
    worked.py TREE NUMBER    all but this one, counted from 0; prints what that one would add
    worked.py --count

A change is "--- FILE", lines that begin with a blank, which the file already has in exactly one place,
and lines that begin with "+", which are new.
"""
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent


def changes():
    text = (SOURCE / "CONTRIBUTING.md").read_text()
    for block in re.findall(r"^```diff\n(.*?)^```", text, re.S | re.M):
        for change in re.split(r"^--- ", block, flags=re.M)[1:]:
            name, *lines = change.splitlines()
            yield name, lines


def apply(tree, name, lines):
    path = tree / name
    old = "".join(line[1:] + "\n" for line in lines if line[0] == " ")
    new = "".join(line[1:] + "\n" for line in lines)
    text = "\n" + path.read_text()
    if text.count("\n" + old) != 1:
        sys.exit(f"{name}: not in just one place:\n{old}")
    path.write_text(text.replace("\n" + old, "\n" + new)[1:])


every = list(changes())
if sys.argv[1] == "--count":
    print(len(every))
    sys.exit()
left_out = int(sys.argv[2]) if len(sys.argv) > 2 else -1
for number, (name, lines) in enumerate(every):
    if number == left_out:
        print(name, *(line for line in lines if line[0] == "+"), sep="\n")
    else:
        apply(pathlib.Path(sys.argv[1]), name, lines)
