"""Prints the features that a device offers, read from the kernel without the tools."""
import socket
import struct
import sys

NLM_F_REQUEST, NLM_F_ACK = 1, 4
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
CONFIG_GET, DEV_NAME, FEATURES, FEATURES_6_1 = 6, 4, 20, 21


def request(sock, family, command, number, text):
    data = text.encode() + b"\0"
    size = 4 + len(data)
    attribute = struct.pack("HH", size, number) + data + b"\0" * (-size % 4)
    body = struct.pack("BBH", command, 1, 0) + attribute
    sock.send(struct.pack("IHHII", 16 + len(body), family, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + body)
    answer = sock.recv(65536)
    length, kind = struct.unpack_from("IH", answer)
    if kind == 2:
        sys.exit("error %d" % struct.unpack_from("i", answer, 16))
    attributes, at = {}, 20
    while at < length:
        size, number = struct.unpack_from("HH", answer, at)
        attributes[number & 0x3FFF] = answer[at + 4:at + size]
        at += (size + 3) & ~3
    sock.recv(65536)
    return attributes


SOCK = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
FAMILY = request(SOCK, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, "vdpa")
CONFIG = request(SOCK, struct.unpack("H", FAMILY[CTRL_ATTR_FAMILY_ID])[0], CONFIG_GET, DEV_NAME,
                 sys.argv[1])
print(hex(struct.unpack("Q", CONFIG.get(FEATURES) or CONFIG[FEATURES_6_1])[0]))
