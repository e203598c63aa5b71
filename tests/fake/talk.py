#!/usr/bin/env python3
"""Translates a conversation with the netlink family "vdpa" into a script for the fake.

    family [id=N] [ops=N,N...] [maxattr=N]   the look-up of the family and its answer
    nofamily                     the same for a kernel without it
    expect COMMAND [dump] ATTRIBUTE=VALUE...
    expect any
    sendfail ERRNO
    reply COMMAND ATTRIBUTE=VALUE... [@intr] [@type=N] [@seq=N] [@cut=N] [@length=N]
    ack [ERRNO [MESSAGE]]
    done [ERRNO] [@intr]
    recvfail ERRNO
    raw HEX
    many COUNT COMMAND ATTRIBUTE=VALUE...   COUNT replies, % being their number, 50 in a datagram

A line that begins with "+" continues the datagram of the line before it. If there are several
requests, each has one answer, in order. A VALUE may hold the escapes of Python strings. Attributes
without a name here are NUMBER:TYPE=VALUE, where TYPE is u8, u16, u32, u64, str (with its NUL) or
hex.
"""
import errno
import shlex
import struct
import sys

COMMANDS = {"MGMTDEV_NEW": 1, "MGMTDEV_GET": 2, "DEV_NEW": 3, "DEV_DEL": 4, "DEV_GET": 5,
            "CONFIG_GET": 6, "VSTATS_GET": 7, "ATTR_SET": 8}
ANSWERED = ("MGMTDEV_GET", "DEV_GET", "CONFIG_GET", "VSTATS_GET")
ATTRIBUTES = {"bus": "1:str", "mgmtdev": "2:str", "classes": "3:u64", "name": "4:str", "id": "5:u32",
              "vendor_id": "6:u32", "max_vqs": "7:u32", "max_vq_size": "8:u16", "min_vq_size": "9:u16",
              "mac": "10:mac", "status": "11:u16", "max_vqp": "12:u16", "mtu": "13:u16",
              "negotiated": "14:u64", "mgmt_max_vqs": "15:u32", "supported": "16:u64",
              "qidx": "17:u32", "counter": "18:str", "value": "19:u64", "features": "20:u64",
              "u64_21": "21:u64"}
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}
REQUEST, MULTI, ACK, DUMP_INTR, DUMP, CAPPED, ACK_TLVS = 1, 2, 4, 0x10, 0x300, 0x100, 0x200
ERROR, DONE, CTRL, OPEN = 2, 3, 16, 0xFFFFFFFF
FAMILY = 32


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def attribute(number, payload):
    return padded(struct.pack("HH", 4 + len(payload), number) + payload)


def value(kind, text):
    if kind in FORMATS:
        return struct.pack(FORMATS[kind], int(text, 0))
    if kind == "mac":
        return bytes.fromhex(text.replace(":", ""))
    if kind == "hex":
        return bytes.fromhex(text)
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1") + b"\0"


def attributes(words):
    data = b""
    for word in words:
        name, text = word.split("=", 1)
        number, kind = ATTRIBUTES.get(name, name).split(":")
        data += attribute(int(number), value(kind, text))
    return data


def message(kind, flags, sequence, body, length=None):
    return padded(struct.pack("IHHII", length or 16 + len(body), kind, flags, sequence, 0) + body)


def generic(command, words):
    return struct.pack("BBH", COMMANDS[command], 1, 0) + attributes(words)


def split_marks(words):
    marks = dict((word[1:] + "=").split("=")[:2] for word in words if word.startswith("@"))
    return [word for word in words if not word.startswith("@")], marks


def reply(words):
    words, marks = split_marks(words)
    flags = MULTI | (DUMP_INTR if "intr" in marks else 0)
    data = message(int(marks.get("type", FAMILY)), flags, int(marks.get("seq", OPEN)),
                   generic(words[0], words[1:]), int(marks.get("length", 0)))
    return data[:int(marks.get("cut", len(data)))]


def code(words):
    if not words:
        return 0
    return int(words[0]) if words[0].lstrip("-").isdigit() else getattr(errno, words[0])


def ack(words):
    flags, more = CAPPED, b""
    if len(words) > 1:
        flags |= ACK_TLVS
        more = attribute(1, value("str", words[1]))
    return message(ERROR, flags, OPEN, struct.pack("I", -code(words) & 0xFFFFFFFF) + b"\0" * 16 + more)


def done(words):
    words, marks = split_marks(words)
    return message(DONE, MULTI | (DUMP_INTR if "intr" in marks else 0), OPEN,
                   struct.pack("I", -code(words) & 0xFFFFFFFF))


def lookup():
    return message(CTRL, REQUEST, 0, struct.pack("BBH", 3, 1, 0) + attribute(2, b"vdpa\0"))


def family(words):
    options = dict(word.split("=") for word in words)
    ops = b"".join(attribute(index + 1, attribute(1, struct.pack("I", int(op))))
                   for index, op in enumerate(options.get("ops", "2,3,4,5,6,7,8").split(",")))
    body = (struct.pack("BBH", 1, 2, 0) + attribute(2, b"vdpa\0")
            + attribute(1, struct.pack("H", int(options.get("id", FAMILY))))
            + attribute(5, struct.pack("I", int(options.get("maxattr", 37)))) + attribute(6, ops))
    return message(CTRL, 0, OPEN, body)


def expect(words):
    if words[0] == "any":
        return "*"
    dump = "dump" in words[1:2]
    flags = REQUEST | (DUMP if dump else 0 if words[0] in ANSWERED else ACK)
    return message(FAMILY, flags, 0, generic(words[0], words[1 + dump:])).hex()


def many(words):
    for first in range(0, int(words[0]), 50):
        yield b"".join(reply([words[1]] + [word.replace("%", str(number)) for word in words[2:]])
                       for number in range(first, min(first + 50, int(words[0]))))


def lines():
    for line in sys.stdin:
        words = shlex.split(line, comments=True)
        if words:
            yield words


def main():
    out = []
    answers = {"reply": reply, "ack": ack, "done": done, "raw": lambda words: bytes.fromhex(words[0])}
    for word, *words in lines():
        if word == "+" and words[0] == "expect":
            out[-1] += expect(words[1:])
        elif word == "+":
            out[-1] += answers[words[0]](words[1:]).hex()
        elif word == "family":
            out += ["send " + lookup().hex(), "recv " + family(words).hex()]
        elif word == "nofamily":
            out += ["send " + lookup().hex(), "recv " + ack(["ENOENT"]).hex()]
        elif word == "expect":
            out.append("send " + expect(words))
        elif word in ("sendfail", "recvfail"):
            out.append("%s %d" % (word, code(words)))
        elif word == "many":
            out += ["recv " + datagram.hex() for datagram in many(words)]
        else:
            out.append("recv " + answers[word](words).hex())
    print("\n".join(out))


main()
