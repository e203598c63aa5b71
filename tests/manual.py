#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the manual pages, the README and the recipes against the tools.

    manual.py words BINARIES      synopses, arguments, options, keys: both ways
    manual.py run FILE [SECTION]  runs every example of a page, or of a section of a Markdown file
    manual.py run FILE SECTION NAME
                                  the same with devices whose names begin with NAME: in commands,
                                  between quotes, in JSON and in tables with tabs

Each fault is printed on a line; the exit status says whether there was one.

In an example "# " begins a command, which continues until its quotes and its here-document end. Its
output follows, standard output and standard error together. A line of output that ends in a
backslash continues on the next line. Comments right before the example say what it needs:

    Linux 6.13 and later          it does not work on older kernels, and is not run there
    before: COMMAND               is run before it, once
    beside: COMMAND               is run while the example runs, which is then interrupted
    here: 0000:01:00.0 is V:D     from here on this address means the PCI device V:D
"""
import itertools
import json
import os
import platform
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(os.environ.get("MANUAL_PAGES", ROOT / "man" / "man8"))

# These parts differ from run to run, or from machine to machine; all others must be as printed.
VARYING = [
    (r"Linux \d+\.\d+[^ ,\"]*", "Linux VERSION"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", "TIME"),
    (r"(process|pid|\"pid\":) ?\d+", r"\1 PID"),
    (r"(age|\"age\":) ?\d+", r"\1 AGE"),
    (r"vhost-vdpa-\d+", "vhost-vdpa-N"),
    (r"\beth\d+\b", "ethN"),
    # Without an IOMMU the kernel gives its nodes other names.
    (r"\b(noiommu-)?vfio\d+\b", "vfioN"),
    (r"/dev/vfio/(noiommu-)?\d+", "/dev/vfio/N"),
    (r"(iommu_group|\"iommu_group\":) ?\d+", r"\1 N"),
    (r"\bvirtio\d+\b", "virtioN"),
    (r"\bvd[a-z]\b", "vdX"),
    (r"\d+ commands, can", "N commands, can"),
    (r"\d+ kB", "SIZE kB"),
    (r"\d+ of \d+ free", "N of N free"),
]

wrong = []


def complain(place, text):
    wrong.append(f"{place}: {text}")


# The pages


def sections(page):
    """Returns the rendered text of each section, in lines that are not wrapped."""
    # Not as a pipe of a shell, which would ignore a failure of the first program.
    page = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=1000", page],
                          check=True, capture_output=True, text=True).stdout
    text = subprocess.run(["col", "-bx"], input=page, check=True, capture_output=True,
                          text=True).stdout
    found, name = {}, None
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z][A-Z0-9 -]*", line):
            name = line
        elif name and line.strip():
            found.setdefault(name, []).append(line.strip())
    return found


def words(line):
    """Returns the words of a usage, with each bracket as a word."""
    return re.sub(r" ?\.\.\.", " ...", re.sub(r"([][{}|])", r" \1 ", line)).split()


def plain(macros):
    """Returns the text of a line with macros."""
    macros = re.sub(r" Op (.*)$", r" [ \1 ]", macros)
    return re.sub(r" (Ns|No) ", "", re.sub(r"\b(Cm|Ar|Fl|Va|Oo|Oc|Op) ", "", macros)).strip()


def entries(page):
    """Returns the lists of the page by command: {command: {macro: {entry}}}."""
    found, commands = {}, []
    for line in page.read_text().splitlines():
        if line.startswith(".Ss "):
            commands = [name.strip() for name in line[4:].split(",")]
        elif line.startswith(".Sh "):
            commands = [page.stem]
        elif line.startswith(".It "):
            macro = line.split()[1]
            text = plain(line[4:])
            for command in commands:
                known = found.setdefault(command, {}).setdefault(macro, set())
                known |= set(text.split(" , ")) if macro == "Va" else {text}
    return found


def texts(page):
    """Returns the text after each entry of a command: {(command, entry): text}."""
    found, commands, entry = {}, [], None
    for line in page.read_text().splitlines():
        if line.startswith(".S"):
            commands, entry = [name.strip() for name in line[4:].split(",")], None
        elif line.startswith(".It "):
            entry = plain(line[4:])
        elif entry:
            for command in commands:
                found[command, entry] = found.get((command, entry), "") + f" {plain(line)}"
    return found


# The tools


def ask(tool, *arguments):
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout


def usages(tool):
    """Each command's usage: {command: words}."""
    text = ask(tool, "-d", "help").split("\n\n")[0].replace("Usage:", "      ")
    joined = re.sub(r"\n {8,}", " ", text)
    found = {}
    for line in joined.splitlines():
        all_words = words(line)
        leaf = list(itertools.takewhile(lambda word: re.fullmatch("[a-z]+", word), all_words))
        # Behind the command a keyword may follow, which the command's own help tells apart.
        while ask(tool, *leaf[1:], "-h") == ask(tool, *leaf[1:-1], "-h"):
            leaf.pop()
        found[" ".join(leaf)] = all_words
    return found


def arguments(tool, leaf):
    """The left column of a command's arguments."""
    text = ask(tool, *leaf.split()[1:], "-h")
    rows = re.search(r"\nArguments:\n((?:  .*\n)*)", text)
    return {re.split(r"  +", row.strip())[0] for row in rows[1].splitlines()} if rows else set()


def ranges(tool, leaf):
    """The numbers that arguments take, as the tool says when there is too large a one."""
    rows = [row.split() for row in arguments(tool, leaf)]
    positional = len([row for row in rows if row[0].isupper()])
    for row in rows:
        # Behind its keyword, or in each of the places that it may have.
        for place in range(positional + 1 if row[0].isupper() else 1):
            before = ["x"] * (place if row[0].isupper() else positional)
            keyword = [] if row[0].isupper() else row[:1]
            # The empty word is what nothing takes: "dev wait" would wait for a device of that name.
            # Where it is taken for a file that is to be written, that goes with the directory.
            with tempfile.TemporaryDirectory() as directory:
                said = subprocess.run([tool, *leaf.split()[1:], *before, *keyword, str(10 ** 30), ""],
                                      capture_output=True, text=True, check=False,
                                      cwd=directory).stderr
            found = re.search(rf": ({row[0].lower()}) must be .*?(\d+) to (\d+)", said)
            if found:
                yield " ".join(row), found[2], found[3]
                break


def options(tool):
    """Each option's letter and long name."""
    return set(re.findall(r"^  -(\S), --(\w+)", ask(tool, "-d", "help"), re.M))


def schema_keys(value):
    """The keys that a document has, those of its parts included."""
    if isinstance(value, list):
        return set().union(*map(schema_keys, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    keys = set(value["properties"]) if isinstance(value.get("properties"), dict) else set()
    parts = [part for name, part in value.items() if name != "properties"]
    parts += list(value["properties"].values()) if keys else []
    return keys.union(*map(schema_keys, parts))


def undescribed(value):
    """The keys of a document of which its schema does not say what they are."""
    if isinstance(value, list):
        return set().union(*map(undescribed, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    keys = value.get("properties")
    found = {key for key, what in keys.items() if isinstance(what, dict) and
             not what.keys() & {"description", "$ref"}} if isinstance(keys, dict) else set()
    return found.union(*(undescribed(part) for name, part in value.items() if name != "examples"))


def schema_words(value):
    """Returns the words that a document may have as values."""
    if isinstance(value, dict):
        found = {word for word in value.get("enum", []) if isinstance(word, str)}
        return found.union(*map(schema_words, value.values()))
    return set().union(*map(schema_words, value)) if isinstance(value, list) else set()


def schemas(tool):
    """What the documents of some commands have: [(commands, keys, words that are values)]."""
    for path in sorted((ROOT / "schema").glob(f"{tool}-*.json")):
        schema = json.loads(path.read_text())
        for key in sorted(undescribed(schema)):
            complain(path.name, f"key {key} is not described")
        leaves = re.findall(rf"{tool} -\w+ ([a-z ]+)", schema["title"])
        keys = schema_keys(schema)
        # The document's own key, which is the object's.
        if len(schema.get("properties", {})) == 1:
            keys -= set(schema["properties"]) - schema_keys(list(schema["properties"].values()))
        yield [f"{tool} {leaf.strip()}" for leaf in leaves], keys, schema_words(schema)


# Both against each other


def compare(place, what, tools, pages):
    for entry in sorted(tools - pages):
        complain(place, f"{what} {entry} is missing in the page")
    for entry in sorted(pages - tools):
        complain(place, f"{what} {entry} is not the tool's")


def check_tool(binary):
    tool = binary.name
    own = PAGES / f"{tool}.8"
    pages = [own, *sorted(PAGES.glob(f"{tool}-*.8"))]
    known, seen, listed, said = usages(binary), {}, {}, {}
    for page in pages:
        listed.update(entries(page))
        said.update(texts(page))
        for line in sections(page)["SYNOPSIS"]:
            line_words = words(line)
            # Of the tool itself, in general.
            if not re.fullmatch("[a-z]+", line_words[1]):
                continue
            leaf = next((leaf for leaf, usage in known.items() if usage == line_words), None)
            if not leaf:
                complain(page.name, f"no command has the synopsis: {line}")
            elif leaf in seen:
                complain(page.name, f"{leaf} stands in {seen[leaf]} as well")
            seen[leaf] = page.name
    for leaf, usage in known.items():
        if leaf not in seen:
            complain(tool, f"no page has the synopsis: {' '.join(usage)}")
        lists = listed.get(leaf, {})
        compare(leaf, "argument", arguments(binary, leaf),
                lists.get("Cm", set()) | lists.get("Ar", set()))
        for argument, first, last in ranges(binary, leaf):
            text = said.get((leaf, argument), "")
            # Or what it is narrowed to.
            if not re.search(rf"\b{first} (to|or) {last}\b|power of two|number of one of", text):
                complain(leaf, f"the range of {argument}, {first} to {last}, is missing in the page")
    for named, keys, values in schemas(tool):
        # An object alone stands for all of its commands.
        leaves = [leaf for leaf in known for name in named if f"{leaf} ".startswith(f"{name} ")]
        if not leaves:
            complain(tool, f"the schema of {', '.join(named)} is of no command")
            continue
        page = PAGES / seen.get(leaves[0], own.name)
        for value in sorted(values - set(re.findall(r"\w+", page.read_text()))):
            complain(leaves[0], f"value {value} is missing in the page")
        described = set().union(*(listed.get(leaf, {}).get("Va", set()) for leaf in leaves))
        compare(leaves[0], "key", keys, described)
    letters = {tuple(re.findall(r"[\w]+", entry)[:2])
               for entry in listed.get(tool, {}).get("Fl", set())}
    compare(tool, "option", options(binary), letters)
    return len(known)


def check_sections():
    """What a reader looks for in every page, and a page for every schema."""
    described = set()
    for page in PAGES.glob("*.8"):
        found = sections(page)
        for name in ("FILES", "EXIT STATUS", "JSON", "EXAMPLES", "SEE ALSO"):
            if not found.get(name):
                complain(page.name, f"there is no section {name}")
        described.update(re.findall(r"(?<!\w)(?<!-)[a-z-]+\.json", " ".join(found.get("JSON", []))))
    compare("JSON", "schema", {path.name for path in (ROOT / "schema").glob("*.json")}, described)
    for name in ("SURVIVING A REBOOT", "DIFFERENCES FROM IPROUTE2", "REPORTING BUGS"):
        if not sections(PAGES / "vdpa.8").get(name):
            complain("vdpa.8", f"there is no section {name}")


def check_words(binaries):
    tools = [Path(binaries) / page.stem for page in PAGES.glob("*.8") if "-" not in page.stem]
    count = sum(check_tool(tool) for tool in tools)
    for page in PAGES.glob("*.8"):
        for name in re.findall(r"^\.Xr (\S+) 8", page.read_text(), re.M):
            if name.split("-")[0] in [tool.name for tool in tools] and \
                    not (PAGES / f"{name}.8").exists():
                complain(page.name, f"there is no page {name}")
    check_sections()
    print(f"{count} commands")
    if not count:
        complain("pages", "no command was looked at")


# Examples


def page_blocks(path):
    """The literal blocks of EXAMPLES, with the comment that stands before each."""
    text = path.read_text().split("\n.Sh EXAMPLES\n")[1].split("\n.Sh ")[0]
    for comment, block in re.findall(r"((?:^\.\\\"[^\n]*\n)*)^\.Bd -literal\n(.*?)^\.Ed$", text,
                                     re.M | re.S):
        yield comment, re.sub(r"^\\&", "", block, flags=re.M).replace("\\e", "\\")


def markdown_blocks(path, section):
    text = re.split(rf"^#+ {re.escape(section)}\n", path.read_text(), flags=re.M)[1]
    text = re.split(r"^#+ [A-Z]", text, flags=re.M)[0]
    for comment, block in re.findall(r"((?:^<!--[^\n]*-->\n)*)^```\n(.*?)^```$", text, re.M | re.S):
        yield comment, block


def is_whole(command):
    if not re.search(r"['\"]|<<", command):
        return True
    run = subprocess.run(["bash", "-n", "-c", command], capture_output=True, check=False)
    return not run.stderr


def split(block):
    """The commands of a block, each with its output: [(command, output)]."""
    lines, found = block.splitlines(), []
    while lines:
        line = lines.pop(0)
        if not line.startswith("# "):
            found[-1][1].append(line)
            continue
        command = line[2:]
        while lines and (command.endswith(("\\", "|")) or not is_whole(command)):
            command += "\n" + lines.pop(0)
        found.append((command, []))
    return [(command, "\n".join(output)) for command, output in found]


def alike(text):
    """What must be the same: without what varies, without folding and alignment."""
    text = re.sub(r"\\\n\s*", "", text)
    for pattern, stands in VARYING:
        text = re.sub(pattern, stands, text)
    return [re.sub(r"(?<=\S)\s+", " ", line).rstrip() for line in text.strip("\n").split("\n")]


def kernel():
    return [int(number) for number in re.findall(r"\d+", platform.release())[:2]]


def holds_here(comment):
    later = re.search(r"Linux (\d+)\.(\d+) and later", comment)
    return not later or kernel() >= [int(later[1]), int(later[2])]


def run_command(command):
    return subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, check=False).stdout


def run_beside(command, beside, lines):
    """Runs @command, and @beside when it had time to begin; interrupts it when it said all."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(["bash", "-c", command], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        time.sleep(1.5)
        run_command(beside)
        for _ in range(100):
            output.seek(0)
            if output.read().count("\n") >= lines:
                break
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
        output.seek(0)
        return output.read()


def run_one(place, command, expected, beside):
    if beside:
        said = run_beside(command, beside, len(alike(expected)))
    else:
        said = run_command(command)
    if alike(said) != alike(expected):
        complain(place, f"# {command}\n--- the page\n{expected}\n--- the tool\n{said}")
    return 1


def address_here(comment):
    """What stands for a PCI address of the page on this machine, by vendor and device."""
    found = re.search(r"here: (\S+) is (\w+):(\w+)", comment)
    if not found:
        return None
    for path in Path("/sys/bus/pci/devices").iterdir():
        numbers = [int((path / name).read_text(), 16) for name in ("vendor", "device")]
        if numbers == [int(found[2], 16), int(found[3], 16)]:
            return found[1], path.name
    sys.exit(f"there is no device {found[2]}:{found[3]}")


DEVICE = r"(?:net|disk)\d"


def rename_command(command, before):
    """The command with other names of devices, behind --, which ends the options."""
    command = re.sub(rf"\b(vdpa(?: -\w+)? (?:dev|features|stats) \w+) (?=(?:name )?{DEVICE}\b)",
                     r"\1 -- ", command)
    return re.sub(rf"\b{DEVICE}\b", lambda found: shlex.quote(before + found[0]), command)


def rename_output(output, command, before):
    """What stands below it then, as the command prints it."""
    def rename(found):
        name = before + found[2]
        if found[1] == '"':
            return json.dumps(name)
        if found[1] == "'":
            return "'" + name.replace("'", "'\\''") + "'"
        return name.replace("\\", "\\\\") if "@tsv" in command else name
    return re.sub(rf"(['\"]?)\b({DEVICE})\b\1", rename, output)


def check_examples(path, section, before):
    blocks = markdown_blocks(path, section) if section else page_blocks(path)
    count, addresses = 0, ("-", "-")
    for comment, block in blocks:
        setup = re.findall(r"before: (.*?)(?: -->)?$", comment, re.M)
        beside = re.search(r"beside: (.*?)(?: -->)?$", comment, re.M)
        if not holds_here(comment):
            continue
        addresses = address_here(comment) or addresses
        for command in setup:
            subprocess.run(["bash", "-c", command.replace(*addresses)], check=True)
        block = block.replace(*addresses)
        for command, expected in split(block):
            changed = beside and beside[1]
            if before is not None:
                expected = rename_output(expected, command, before)
                command = rename_command(command, before)
                changed = changed and rename_command(changed, before)
            count += run_one(path.name, command, expected, changed)
    print(f"{count} examples")
    if not count:
        complain(path.name, "no example was run")


os.environ["LC_ALL"] = "C.UTF-8"
if sys.argv[1] == "words":
    check_words(sys.argv[2])
else:
    check_examples(Path(sys.argv[2]), *(sys.argv[3:] + [None, None])[:2])
print("\n".join(wrong))
sys.exit(bool(wrong))
