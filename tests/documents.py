"""Checks all JSON that tests recorded against the schemas: documents.py DIRECTORY [PATTERN...].

The directory has files TOOL.ANYTHING with documents. There must be a document for each schema whose
name matches a pattern. The output is that of a test.

The keys of a document decide its schema. Scripts rely on the keys in the schemas, and later versions
may add keys, so the schemas allow more. Here tools and schemas are of one version, so a key that the
schema does not have is a mistake.
"""
import collections
import fnmatch
import json
import pathlib
import sys

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent.parent / "schema"


# The documents that all tools have; those of standard error have a line of their own.
COMMON = {"error": "error", "warning": "error", "version": "version"}


def is_closed(node):
    """Returns whether a schema refuses keys that it does not list."""
    if isinstance(node, list):
        return any(map(is_closed, node))
    if not isinstance(node, dict):
        return False
    return False in (node.get("additionalProperties"), node.get("unevaluatedProperties")) \
        or any(map(is_closed, node.values()))


def close(node):
    """Changes a schema so that objects have only the keys that it lists."""
    if isinstance(node, list):
        for item in node:
            close(item)
    if not isinstance(node, dict):
        return
    if "properties" in node and "type" in node:
        node.setdefault("additionalProperties", False)
    for value in node.values():
        close(value)


def load():
    schemas = {}
    for path in HERE.glob("*.json"):
        schema = json.loads(path.read_text())
        # The version rises when a key goes or changes its meaning.
        assert schema["$id"] == f"urn:vdpa-tools:{path.stem}:1" and schema["title"], path
        assert not is_closed(schema), f"{path} allows no further keys"
        for example in schema["examples"]:
            jsonschema.Draft202012Validator(schema).validate(example)
        close(schema)
        jsonschema.Draft202012Validator.check_schema(schema)
        schemas[path.stem] = jsonschema.Draft202012Validator(schema)
        for example in schema["examples"]:
            schemas[path.stem].validate(example)
    return schemas


def documents(text):
    """One after the other, on lines of their own or over several."""
    decoder = json.JSONDecoder()
    at = 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        yield document


def each_line(text):
    """Of standard error, where every line is a document of its own; names may hold what else Python
    takes for the end of a line."""
    return map(json.loads, filter(None, text.split("\n")))


def schema_of(tool, document):
    """The schema whose only key is the document's, or that of documents without such a key."""
    key = next(iter(document), "")
    # What was done to a device stands under the same key as what the device is.
    if (tool, key) == ("vdpa", "dev") and any("action" in row for row in document[key].values()):
        return "vdpa-dev-add"
    if key in COMMON and (key != "version" or "release" in document[key]):
        return COMMON[key]
    for name in (f"{tool}-{key}", f"{tool}-{key.replace('_', '-')}"):
        if len(document) == 1 and (HERE / f"{name}.json").exists():
            return name
    return f"{tool}-monitor"


def main():
    schemas = load()
    seen = collections.Counter()
    wrong = 0
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        tool = path.name.split(".")[0]
        try:
            text = path.read_text(errors="surrogateescape")
            for document in each_line(text) if path.suffix == ".stderr" else documents(text):
                name = schema_of(tool, document)
                if path.suffix == ".stderr" and name != "error":
                    raise ValueError(f"a document on standard error: {document}")
                seen[name] += 1
                schemas[name].validate(document)
        except (KeyError, ValueError, jsonschema.ValidationError) as error:
            wrong += 1
            print(f"# {path.name}: {str(error)[:400]}")
    for name, count in sorted(seen.items()):
        print(f"# {name}: {count} documents")
    for name in sorted(schemas):
        if any(fnmatch.fnmatch(name, like) for like in sys.argv[2:]) and not seen[name]:
            wrong += 1
            print(f"# {name}: no document")
    bad = wrong > 0 or not seen
    print("not ok" if bad else "ok", "- every document that a test got obeys its schema\n1..1")
    sys.exit(bad)


main()
