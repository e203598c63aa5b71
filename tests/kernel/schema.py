"""Holds documents against their schemas: schema.py DIRECTORY [TOOL], with files NAME.N.json for schema/TOOL-NAME.json."""
import json
import pathlib
import sys

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent.parent.parent / "schema"
TOOL = (sys.argv[2:] or ["vdpa"])[0] + "-"
SEEN = set()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    name = path.name.split(".")[0]
    schema = json.loads((HERE / (TOOL + name + ".json")).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    # Every line is a document of its own, or all lines are one.
    text = path.read_text()
    for document in [text] if text.startswith("{\n") else text.splitlines():
        jsonschema.validate(json.loads(document), schema, cls=jsonschema.Draft202012Validator)
        SEEN.add(name)
MISSING = {path.stem[len(TOOL):] for path in HERE.glob(TOOL + "*.json")} - SEEN
if MISSING:
    sys.exit("no document was held against: %s" % ", ".join(sorted(MISSING)))
