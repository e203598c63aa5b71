"""Creates or destroys a VDUSE block device that nobody serves: vduse.py create NAME [SIZE [QUEUES]] | destroy NAME

With SIZE its one queue gets that size, as whoever serves a device does first; QUEUES may be 0.
"""
import fcntl
import os
import struct
import sys

SET_API_VERSION, CREATE_DEV, DESTROY_DEV, VQ_SETUP = 0x40088101, 0x41508102, 0x41008103, 0x40208114
# A device in user space always goes through the translation of addresses.
BLOCK, PAGE = 2, 4096
FEATURES = 1 << 32 | 1 << 33  # VERSION_1, ACCESS_PLATFORM


def control(number, argument):
    node = os.open("/dev/vduse/control", os.O_RDWR)
    fcntl.ioctl(node, SET_API_VERSION, struct.pack("Q", 0))
    fcntl.ioctl(node, number, argument)
    os.close(node)


def create(name, size=0, queues=1):
    config = struct.pack("Q", 2048).ljust(60, b"\0")
    control(CREATE_DEV, struct.pack("256sIIQII52xI", name.encode(), 0, BLOCK, FEATURES, int(queues), PAGE,
                                    len(config)) + config)
    if int(size):
        node = os.open("/dev/vduse/" + name, os.O_RDWR)
        fcntl.ioctl(node, VQ_SETUP, struct.pack("IH26x", 0, int(size)))
        os.close(node)


def destroy(name):
    control(DESTROY_DEV, name.encode().ljust(256, b"\0"))


{"create": create, "destroy": destroy}[sys.argv[1]](*sys.argv[2:])
