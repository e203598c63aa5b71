"""Serves a VDUSE device as little as possible, answering each message with success: vduse-answer.py NAME."""
import os
import struct
import sys

MESSAGE = 152
node = os.open("/dev/vduse/" + sys.argv[1], os.O_RDWR)
while True:
    request = os.read(node, MESSAGE)
    os.write(node, struct.pack("II144x", struct.unpack_from("II", request)[1], 0))
