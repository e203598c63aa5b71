"""Stays in a request to a device until its file is unmounted: stuck-request.py NODE NUMBER FILE

The argument of the request lies in a file of FUSE, mounted on FILE, from which no read is ever answered. A driver that
holds a lock while it fetches the argument holds it all the time. Says "stuck" once it is. "umount -f FILE" ends it.
"""
import ctypes
import os
import struct
import sys
import threading

INIT, GETATTR, OPEN, READ = 26, 3, 14, 15
SIZE = 4096
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.ioctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p]

attributes = struct.pack("QII", 3600, 0, 0) + struct.pack("6Q10I", 1, SIZE, 8, 0, 0, 0, 0, 0, 0, 0o100600, 1, 0, 0, 0, SIZE, 0)
ANSWERS = {
    # FUSE_ASYNC_READ: whoever waits for a read can be killed.
    INIT: struct.pack("IIIIHHIIHHI28x", 7, 31, SIZE, 1, 12, 9, SIZE, 1, 0, 0, 0),
    GETATTR: attributes,
    OPEN: struct.pack("QII", 0, 0, 0),
}


def serve(fuse):
    while True:
        request = os.read(fuse, 1 << 17)
        opcode, unique = struct.unpack_from("=4xIQ", request)
        if opcode == READ:
            print("stuck", flush=True)
            continue
        answer = ANSWERS.get(opcode)
        # ENOSYS
        header = struct.pack("=IiQ", 16 + len(answer or b""), 0 if answer else -38, unique)
        os.write(fuse, header + (answer or b""))


node, number, path = sys.argv[1:]
fuse = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={fuse},rootmode=100000,user_id=0,group_id=0"
if libc.mount(b"stuck", path.encode(), b"fuse", 0, options.encode()):
    raise OSError(ctypes.get_errno(), "mount")
threading.Thread(target=serve, args=(fuse,), daemon=True).start()
# The kernel learns the file's size.
os.stat(path)
memory = libc.mmap(None, SIZE, 1, 2, os.open(path, os.O_RDONLY), 0)
libc.ioctl(os.open(node, os.O_RDWR), int(number, 0), memory)
