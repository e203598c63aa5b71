"""Holds the testbed's driver vfio_pci_alias against what is known of VFIO's ALIAS_REGION: vfio-alias.py ADDRESS

The device at the PCI ADDRESS is QEMU's "edu", with a BAR 0 and no other, and bound to that driver.
"""
import ctypes
import errno
import fcntl
import mmap
import os
import struct
import sys

GET_INFO, GET_REGION_INFO, FEATURE, BIND_IOMMUFD = 0x3B6B, 0x3B6C, 0x3B75, 0x3B76
ALIAS, GET, SET, PROBE = 11, 0x10000, 0x20000, 0x40000
WRITE_COMBINE, IS_ALIAS, MMAP = 0x20, 0x10, 4
BARS, CONFIG, FIRST = 6, 7, 9
EDU_ID, EDU_LIVENESS = 0x010000ED, 1  # word at 0; word that reads back inverted
HERE = "/sys/bus/pci/devices/%s/vfio-dev" % sys.argv[1]


def call(fd, number, data):
    """Makes a request and returns the bytes that the kernel left, or the errno."""
    data = bytearray(data)
    try:
        fcntl.ioctl(fd, number, data)
    except OSError as error:
        return error.errno
    return bytes(data)


class Device:
    def __enter__(self):
        self.fd = os.open("/dev/vfio/devices/" + os.listdir(HERE)[0], os.O_RDWR)
        self.iommu = os.open("/dev/iommu", os.O_RDWR)
        assert isinstance(call(self.fd, BIND_IOMMUFD, struct.pack("IIiI", 16, 0, self.iommu, 0)), bytes)
        return self

    def __exit__(self, *_):
        os.close(self.fd)
        os.close(self.iommu)

    def regions(self):
        return struct.unpack("5I", call(self.fd, GET_INFO, struct.pack("5I", 20, 0, 0, 0, 0)))[2]

    def region(self, index):
        """Returns flags, size and offset, or the errno."""
        answer = call(self.fd, GET_REGION_INFO, struct.pack("4I2Q", 32, 0, index, 0, 0, 0))
        if isinstance(answer, int):
            return answer
        _, flags, _, _, size, offset = struct.unpack("4I2Q", answer)
        return flags, size, offset

    def alias(self, operation, index=0, flags=0, argsz=32):
        """Returns the payload's flags and alias_index, or the errno."""
        answer = call(self.fd, FEATURE, struct.pack("6IQ", argsz, operation | ALIAS, flags, index, 0, 0, 0))
        if isinstance(answer, int):
            return answer
        fields = struct.unpack("6IQ", answer)
        return fields[2], fields[4]

    def map(self, index):
        return mmap.mmap(self.fd, 4096, offset=index << 40)


def expect(got, wanted, what):
    if got != wanted:
        sys.exit("%s: %s instead of %s" % (what, got, wanted))


def check_probes(device):
    expect(device.alias(PROBE), (WRITE_COMBINE, 0), "probe")
    expect(device.alias(PROBE | SET), (WRITE_COMBINE, 0), "probe set")
    # A probe makes nothing, and is not about the flags that stand there.
    expect(device.alias(PROBE | SET, flags=0xFF), (WRITE_COMBINE, 0), "probe with flags")
    expect(device.alias(PROBE, argsz=8), (WRITE_COMBINE, 0), "probe that tells of no payload")
    for operation in GET, PROBE | GET, PROBE | GET | SET, GET | SET, 0:
        expect(device.alias(operation), errno.EINVAL, "operation 0x%x" % operation)
    for index in (1, BARS, CONFIG, FIRST, 0xFFFFFFFF):
        expect(device.alias(PROBE | SET, index=index), errno.EINVAL, "probe of region %u" % index)
    expect(device.regions(), FIRST, "regions after probes")


def check_bare_header(device):
    """The payload is read whatever the caller says of its size: here there is none to be read."""
    area = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(area))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ioctl.argtypes = ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p
    assert libc.mprotect(ctypes.c_void_p(start + mmap.PAGESIZE), mmap.PAGESIZE, 0) == 0
    area[mmap.PAGESIZE - 8:mmap.PAGESIZE] = struct.pack("II", 8, PROBE | ALIAS)
    assert libc.ioctl(device.fd, FEATURE, start + mmap.PAGESIZE - 8) == -1
    expect(ctypes.get_errno(), errno.EFAULT, "bare header")


def check_aliases(device):
    size = device.region(0)[1]
    expect(device.alias(SET, flags=0x40), errno.EINVAL, "unknown flag")
    expect(device.alias(SET, argsz=31), errno.EINVAL, "short payload")
    expect(device.alias(SET, index=CONFIG), errno.EINVAL, "alias of a region that cannot be mapped")
    expect(device.alias(SET, flags=WRITE_COMBINE), (WRITE_COMBINE, FIRST), "alias")
    expect(device.alias(SET, flags=0), (0, FIRST + 1), "alias with other flags")
    expect(device.alias(SET, flags=WRITE_COMBINE), (WRITE_COMBINE, FIRST), "the same again")
    expect(device.alias(SET, index=FIRST), errno.EINVAL, "alias of an alias")
    expect(device.regions(), FIRST + 2, "regions")
    expect(device.region(FIRST), (MMAP | IS_ALIAS | WRITE_COMBINE, size, FIRST << 40), "alias's region")
    expect(device.region(FIRST + 1), (MMAP | IS_ALIAS, size, FIRST + 1 << 40), "second alias's region")
    expect(device.region(FIRST + 2), errno.EINVAL, "region behind the last")


def check_mappings(device):
    words = [ctypes.c_uint32.from_buffer(device.map(index)) for index in (0, FIRST, FIRST + 1)]
    expect([word.value for word in words], 3 * [EDU_ID], "what is read through each")
    live = [ctypes.c_uint32.from_buffer(device.map(index), 4 * EDU_LIVENESS) for index in (0, FIRST, FIRST + 1)]
    for number, word in enumerate(live):
        word.value = 0x1234 + number
        expect([other.value for other in live], 3 * [~(0x1234 + number) & 0xFFFFFFFF], "what was written")
    for operation in (lambda: os.pread(device.fd, 4, FIRST << 40), lambda: device.map(FIRST + 2)):
        try:
            operation()
        except OSError as error:
            expect(error.errno, errno.EINVAL, "read of an alias, mapping of what is none")
        else:
            sys.exit("an alias can be read, or what is none mapped")


with Device() as opened:
    expect(opened.regions(), FIRST, "regions")
    check_probes(opened)
    check_bare_header(opened)
    expect(opened.region(FIRST), errno.EINVAL, "region before there is an alias")
    check_aliases(opened)
    check_mappings(opened)
    # The rest is the core's: low power is there, DMA_BUF is not.
    expect(isinstance(call(opened.fd, FEATURE, struct.pack("II", 8, PROBE | SET | 3)), bytes), True, "low power")
    expect(call(opened.fd, FEATURE, struct.pack("II", 8, PROBE | 200)), errno.ENOTTY, "unknown feature")
with Device() as opened:
    expect(opened.regions(), FIRST, "regions of a device that is opened anew")
    expect(opened.region(FIRST), errno.EINVAL, "alias of a device that was closed")
