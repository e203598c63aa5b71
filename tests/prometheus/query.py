#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends each query of a Grafana dashboard to Prometheus.

    query.py DASHBOARD ADDRESS

Prints the queries that fail or return no data, then how many there were; the exit status says
whether all had data. What a query falls back on, "or vector(0)", does not count as data.
"""
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

# What Grafana puts in the place of its variables when all is chosen.
VARIABLES = {"$__rate_interval": "1m", "$instance": ".*", "$device": ".*"}


def walk(node):
    """All objects below a node."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from walk(item)


def queries(dashboard):
    """The queries of panels and annotations, and those that fill the variables' lists."""
    for node in walk(dashboard):
        if "expr" in node:
            yield node["expr"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series, label = re.fullmatch(r"label_values\((.*), (\w+)\)",
                                         variable["query"]["query"]).groups()
            yield f'count by ({label}) ({series}) and count by ({label}) ({{{label}!=""}})'


def ask(address, query):
    for variable, value in VARIABLES.items():
        query = query.replace(variable, value)
    if "$" in query:
        return "a variable that is not known here"
    url = f"http://{address}/api/v1/query?" + urllib.parse.urlencode({"query": query})
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return None if json.load(answer)["data"]["result"] else "no data"
    except urllib.error.HTTPError as error:
        return json.load(error)["error"]


path, address = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    found = [query.removesuffix(" or vector(0)") for query in queries(json.load(file))]
wrong = 0
for query in found:
    answer = ask(address, query)
    if answer:
        print(f"{query}: {answer}")
        wrong += 1
print(f"{len(found)} queries, {wrong} without data")
sys.exit(wrong > 0 or not found)
