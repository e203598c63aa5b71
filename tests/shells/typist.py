#!/usr/bin/env python3
# Types into an interactive shell on a pseudo-terminal: typist.py RECORD SHELL [ARGUMENT...].
# RECORD is a file that grows by a line with every command that the shell runs. Does what stdin
# says, line by line:
#   run TEXT    types it and Enter, and waits until the command has run
#   type TEXT   types it only
#   see TEXT    waits until the terminal shows it, counted from where typing began
# TEXT may hold Python's escapes: \t is the Tab key. Fails at what does not come within a while.
import os
import pty
import re
import select
import sys
import time

# In seconds of a machine that may be emulated on a busy one.
PATIENCE = 120
# What moves the cursor, sets colours and titles.
SEQUENCE = re.compile(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()].|[=>78cDEHMNOZ])")


class Terminal:
    def __init__(self, argv):
        self.shown = b""
        pid, self.fd = pty.fork()
        if pid == 0:
            os.execvp(argv[0], argv)

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                self.shown += os.read(self.fd, 65536)
            except OSError:
                raise SystemExit("the shell has ended, with: " + self.text())

    def type(self, text):
        self.shown = b""
        os.write(self.fd, text.encode().decode("unicode_escape").encode())

    def text(self):
        return SEQUENCE.sub(b"", self.shown).decode(errors="replace").replace("\r", "")

    def wait(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise SystemExit(f"{what} did not come; the terminal shows: {self.text()!r}")
            self.read(0.02)


def lines(path):
    try:
        with open(path, "rb") as file:
            return file.read().count(b"\n")
    except FileNotFoundError:
        return 0


record = sys.argv[1]
terminal = Terminal(sys.argv[2:])
terminal.wait("the prompt", lambda: "ready>" in terminal.text())
for line in sys.stdin:
    verb, _, text = line.rstrip("\n").partition(" ")
    if verb == "run":
        before = lines(record)
        terminal.type(text + "\r")
        terminal.wait(line, lambda: lines(record) > before)
    elif verb == "type":
        terminal.type(text)
    elif verb == "see":
        terminal.wait(line, lambda: text in terminal.text())
    else:
        raise SystemExit(f"no such verb: {verb}")
