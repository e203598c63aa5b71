#!/usr/bin/env python3
"""Checks the tables of the sources against each other, against schema/ and the manual pages.

Each fact is in one row, but a new option or attribute needs rows in several tables, and the compiler
does not notice if one was forgotten. Nothing is built; this takes about a second. Prints what is
missing, and the number of rows. Arguments are names of tools; the default is all.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ("vdpa", "vduse", "vfio", "mshv")

# These lists may only shrink: an entry that is no longer needed is reported, too.
# Arguments of "dev add" that are not settings of the device.
NO_SETTING = {
    "vdpa": {"name", "mgmtdev", "type", "driver", "owner", "group", "mode", "wait",
             "ensure"},
    "vduse": {"name", "type", "features", "api_version", "vduse_features", "config",
              "attach", "driver"},
}
# Presence bits that are not shown themselves, but decide about something else.
NOT_SHOWN = {"CONFIG_HAS_AMBIGUOUS_21", "QUEUE_STATS_HAS_NEGOTIATED", "QUEUE_STATS_HAS_MAX_VQP"}
# Keys that are not printed: the parts of the field are printed instead.
NO_KEY = {("vdpa", "vstats_fields", "counters")}
# The documents of tables with another name.
DOCUMENT = {
    "vdpa": {"stage": "features", "dev_features": "features", "queue": "stats", "dev_stats": "stats",
             "event": "monitor", "dev_added": "dev-add"},
    "vduse": {"queue": "dev"},
    "vfio": {"features": "feature", "value": "feature", "area": "region", "region_flags": "flags"},
}

wrong, seen, used = [], 0, set()


def complain(text):
    wrong.append(text)


def excepted(entry, entries):
    """Returns whether ENTRY is one of the exceptions."""
    used.add(entry)
    return entry in entries


def preprocessed(path):
    """Returns the text of a file with its macros expanded, since they paste names together."""
    command = [os.environ.get("CC", "gcc"), "-E", "-P", "-std=gnu17", "-D_GNU_SOURCE", "-iquote",
               "include", "-iquote", ".", path.relative_to(TREE)]
    return subprocess.run(command, cwd=TREE, check=True, stdout=subprocess.PIPE, text=True).stdout


def table(text, name):
    """Returns the text between the braces of the table NAME."""
    found = re.search(r"\b%s\[\] = \{(.*?)\n?\};" % name, text, re.S)
    return found.group(1) if found else None


def presence_bits(tool):
    """Yields the name and the number of each presence bit."""
    for header in sorted((TREE / tool).rglob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        for body in re.findall(r"enum \w+_present \{(.*?)\}", text, re.S):
            number = 0
            for item in filter(None, (item.strip() for item in body.split(","))):
                name, _, value = item.partition("=")
                number = int(value.replace("HAS_ALWAYS", "0").split("+")[-1], 0) if value else number + 1
                yield name.strip(), number


def check_bits(tool, view):
    global seen
    # These two files only read presence bits.
    sources = [path for path in sorted((TREE / tool).rglob("*.c"))
               if path.name not in ("view.c", "settings.c")]
    setters = ""
    for path in sources:
        text = path.read_text()
        setters += preprocessed(path) if re.search(r"_(HAS|IS)_##", text) else text
    setters = re.sub(r"enum \w+_present \{.*?\}", "", setters, flags=re.S)
    view = re.sub(r"enum \w+_present \{.*?\}", "", view, flags=re.S)
    for name, number in presence_bits(tool):
        seen += 1
        if number > 31:
            complain(f"{tool}: {name} is bit {number}, and a presence word has 32")
        if not re.search(r"\b%s\b" % name, setters):
            complain(f"{tool}: {name} is set by no decoder, nor anywhere else")
        if not re.search(r"\b%s\b" % name, view) and not excepted(name, NOT_SHOWN):
            complain(f"{tool}: {name} is shown by no row of {tool}/view.c")


def properties(node):
    """Returns all keys that a schema describes."""
    if isinstance(node, list):
        return set().union(*map(properties, node))
    if not isinstance(node, dict):
        return set()
    return set(node.get("properties", ())).union(*map(properties, node.values()))


def check_keys(tool, view, pages):
    global seen
    for name in re.findall(r"\bstruct out_field (\w+)\[\] = \{", view):
        stem = name.removesuffix("_fields")
        document = DOCUMENT.get(tool, {}).get(stem, stem)
        schema = TREE / "schema" / f"{tool}-{document}.json"
        if not schema.exists():
            complain(f"{tool}: {name} has no {schema.relative_to(TREE)}")
            continue
        described = properties(json.loads(schema.read_text()))
        for key in re.findall(r'\.key = \(?"(\w+)"', table(view, name)):
            seen += 1
            if excepted((tool, name, key), NO_KEY):
                continue
            if key not in described:
                complain(f"{tool}: key {key} of {name} is not in {schema.relative_to(TREE)}")
            # The key of the document itself is the name of the command.
            if key != document and not re.search(r"^\.(It|Va)\b.*\b%s\b" % key, pages, re.M):
                complain(f"{tool}: key {key} of {name} is in no page of man/man8/{tool}*.8")


def check_settings(tool):
    global seen
    page = (TREE / f"man/man8/{tool}-dev.8").read_text()
    synopsis = page[:page.index(".Sh DESCRIPTION")]
    words = re.findall(r'\.name = "(\w+)"', table(preprocessed(TREE / tool / "cmd/cmd-dev.c"),
                                                  "add_arguments"))
    settings = re.findall(r'\.word = "(\w+)"', table(preprocessed(TREE / tool / "model/settings.c"),
                                                     "settings"))
    seen += len(words) + len(settings)
    if not words or not settings:
        complain(f"{tool}: no arguments of dev add, or no settings, were found")
    for word in words:
        if word not in settings and not excepted(word, NO_SETTING[tool]):
            complain(f"{tool}: the argument {word} of dev add has no row in settings[] of "
                     f"{tool}/model/settings.c, so nothing sends it")
        if not re.search(r"^\.It Cm(| .* ,) %s\b" % word, page, re.M):
            complain(f"{tool}: the argument {word} of dev add is not in man/man8/{tool}-dev.8")
        if not re.search(r"\bCm [\w ]*\b%s\b" % word, synopsis):
            complain(f"{tool}: the argument {word} of dev add is not in the synopsis of "
                     f"man/man8/{tool}-dev.8")
    for word in settings:
        if word not in words:
            complain(f"{tool}: the setting {word} has no argument in add_arguments[] of "
                     f"{tool}/cmd/cmd-dev.c, so nobody can give it")


tools = sys.argv[1:] or TOOLS
for tool in tools:
    pages = "".join(page.read_text() for page in sorted((TREE / "man/man8").glob(f"{tool}*.8")))
    view = preprocessed(TREE / tool / "view.c")
    check_bits(tool, view)
    check_keys(tool, view, pages)
    if tool in NO_SETTING:
        check_settings(tool)
for entry in set.union(NOT_SHOWN, NO_KEY, *NO_SETTING.values()) - used if tools == TOOLS else ():
    complain(f"{entry} is an exception of tests/tables.py that nothing needs")
print("\n".join(wrong + [f"tables: {seen} rows, {len(wrong)} wrong"]))
sys.exit(bool(wrong) or seen < 20 * len(tools))
