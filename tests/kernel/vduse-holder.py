"""Serves a VDUSE device so that it is not seen: vduse-holder.py NODE leader | files | ring

leader: a thread has it open whose process ended its first one; files: a thread with a table of files of its own;
ring: io_uring has it open, and no table of files does. A device that is busy is left alone.
"""
import ctypes
import os
import struct
import sys
import threading
import time

EXIT, IO_URING_SETUP, IO_URING_REGISTER = 60, 425, 427
REGISTER_FILES, CLONE_FILES = 2, 0x400
libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def hold():
    os.open(sys.argv[1], os.O_RDWR)
    print("open", flush=True)
    time.sleep(600)


def hold_alone():
    check(libc.unshare(CLONE_FILES))
    hold()


def ring():
    parameters = ctypes.create_string_buffer(120)
    queue = check(libc.syscall(IO_URING_SETUP, 1, parameters))
    node = os.open(sys.argv[1], os.O_RDWR)
    files = ctypes.create_string_buffer(struct.pack("i", node))
    check(libc.syscall(IO_URING_REGISTER, queue, REGISTER_FILES, files, 1))
    os.close(node)
    print("open", flush=True)
    time.sleep(600)


if sys.argv[2] == "ring":
    ring()
elif sys.argv[2] == "files":
    thread = threading.Thread(target=hold_alone)
    thread.start()
    thread.join()
else:
    threading.Thread(target=hold).start()
    libc.syscall(EXIT, 0)
