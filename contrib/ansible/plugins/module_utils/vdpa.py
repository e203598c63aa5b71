# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the program vdpa, and reads the documents that it prints."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

# "make install" of the sources installs the program here, and iproute2 has another one of its name.
FIRST = ["/usr/local/sbin"]


def messages(text):
    """Returns the errors and the warnings that were on standard error."""
    found = {"error": [], "warning": []}
    for line in text.splitlines():
        try:
            (kind, said), = json.loads(line).items()
            message = said["message"]
        except (AttributeError, KeyError, TypeError, ValueError):
            kind, message, said = "error", line, {}
        if said.get("hint"):
            message += " (hint: %s)" % said["hint"]
        found.get(kind, []).append(message)
    return found["error"], found["warning"]


class Answer(object):
    """What a command printed."""

    def __init__(self, module, arguments, data=None):
        program = module.params.get("program") or module.get_bin_path("vdpa", True, FIRST)
        self.command = [program, "-j"] + arguments
        self.status, output, errors = module.run_command(self.command, data=data)
        self.errors, self.warnings = messages(errors)
        try:
            self.document = json.loads(output)
        except ValueError:
            self.document = None

    def why(self):
        """Returns what the command said about its failure, in one text."""
        return "; ".join(self.errors) or "%s ended with status %d" % (
            " ".join(self.command), self.status)
