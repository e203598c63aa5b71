/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which calls can be made to fail, and how: section 2 of the manual. */
#include "calls.h"

#include "torture.h"

#include <errno.h>
#include <sys/syscall.h>

#define PATH_ERRORS EACCES, ELOOP, ENOENT, ENOMEM, ENOTDIR
#define NEW_ERRORS  PATH_ERRORS, EDQUOT, EEXIST, ENOSPC, EPERM, EROFS

/*
 * Left out: errors that only a fault of the program's own explains (EBADF, EFAULT, EINVAL of its
 * arguments), and EINTR where no signal interrupts, as in the calls of an ordinary file. Where the
 * events of devices are lost (recvfrom with ENOBUFS), devices without a driver get one on purpose.
 */
const struct call calls[] = {
	/* Of the fake kernel's netlink, VDUSE, VFIO and mshv */
	{ "netlink socket",
	  -CALL_SOCKET,
	  { EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT, EACCES, EAFNOSUPPORT } },
	{ "netlink send",
	  -CALL_SEND,
	  { EACCES, ECONNREFUSED, EINTR, ENOBUFS, ENOMEM, EPERM, EPIPE, EMSGSIZE } },
	{ "netlink receive", -CALL_RECEIVE, { ENOBUFS, ENOMEM, EINTR, ECONNREFUSED } },
	{ "ioctl of a node", -CALL_IOCTL, { ENOTTY, EINTR, ENOMEM, ENODEV, EPERM, EBUSY, EIO } },
	/* Files */
	{ "openat",
	  SYS_openat,
	  { PATH_ERRORS, EMFILE, ENFILE, EBUSY, ENODEV, ENXIO, EPERM, EROFS, ENOSPC } },
	{ "read", SYS_read, { EIO, ENOMEM, ENODEV } },
	{ "pread64", SYS_pread64, { EIO, ENOMEM } },
	{ "write", SYS_write, { ENOSPC, EIO, EDQUOT, EFBIG, EPERM, EPIPE, EACCES, ENODEV, EBUSY } },
	{ "pwrite64", SYS_pwrite64, { EIO, EPERM, ENOSPC } },
	{ "writev", SYS_writev, { ENOSPC, EIO, EPIPE } },
	{ "lseek", SYS_lseek, { ESPIPE } },
	{ "dup2", SYS_dup2, { EMFILE, EBUSY } },
	{ "newfstatat", SYS_newfstatat, { PATH_ERRORS } },
	{ "fstat", SYS_fstat, { ENOMEM, EIO } },
	{ "statx", SYS_statx, { PATH_ERRORS } },
	{ "statfs", SYS_statfs, { PATH_ERRORS, EIO, ENOSYS } },
	{ "access", SYS_access, { PATH_ERRORS, EROFS, EIO } },
	{ "faccessat", SYS_faccessat, { PATH_ERRORS, EIO } },
	{ "faccessat2", SYS_faccessat2, { PATH_ERRORS, EIO, ENOSYS } },
	{ "readlink", SYS_readlink, { PATH_ERRORS, EIO } },
	{ "readlinkat", SYS_readlinkat, { PATH_ERRORS, EIO } },
	{ "getdents64", SYS_getdents64, { ENOENT, ENOMEM, EIO } },
	{ "getcwd", SYS_getcwd, { EACCES, ENOENT, ENOMEM } },
	{ "rename", SYS_rename, { NEW_ERRORS, EBUSY, EXDEV, EISDIR } },
	{ "unlink", SYS_unlink, { PATH_ERRORS, EBUSY, EIO, EPERM, EROFS } },
	{ "mkdir", SYS_mkdir, { NEW_ERRORS } },
	{ "symlink", SYS_symlink, { NEW_ERRORS } },
	{ "chmod", SYS_chmod, { PATH_ERRORS, EIO, EPERM, EROFS } },
	{ "fchmod", SYS_fchmod, { EIO, EPERM, EROFS } },
	{ "chown", SYS_chown, { PATH_ERRORS, EIO, EPERM, EROFS } },
	{ "fsync", SYS_fsync, { EIO, ENOSPC, EDQUOT, EROFS } },
	{ "flock", SYS_flock, { ENOLCK, EWOULDBLOCK } },
	/* Processes, signals, memory */
	{ "clone", SYS_clone, { EAGAIN, ENOMEM, ENOSPC, EPERM } },
	{ "clone3", SYS_clone3, { EAGAIN, ENOMEM, ENOSPC, EPERM } },
	{ "wait4", SYS_wait4, { ECHILD } },
	{ "pidfd_open", SYS_pidfd_open, { EMFILE, ENFILE, ENODEV, ENOMEM, ENOSYS } },
	{ "signalfd4", SYS_signalfd4, { EMFILE, ENFILE, ENODEV, ENOMEM } },
	{ "eventfd2", SYS_eventfd2, { EMFILE, ENFILE, ENODEV, ENOMEM } },
	{ "poll", SYS_poll, { EINTR, ENOMEM } },
	{ "mmap", SYS_mmap, { ENOMEM, EAGAIN } },
	{ "mprotect", SYS_mprotect, { ENOMEM } },
	{ "kcmp", SYS_kcmp, { EPERM, ENOSYS } },
	/* Sockets */
	{ "socket", SYS_socket, { EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT, EACCES } },
	{ "bind", SYS_bind, { ENOMEM, EPERM, EADDRINUSE } },
	{ "setsockopt", SYS_setsockopt, { EPERM, ENOPROTOOPT } },
	{ "recvfrom", SYS_recvfrom, { ENOMEM, EINTR } },
	{ "sendto", SYS_sendto, { EACCES, ENOBUFS, ENOMEM, EPERM } },
	{ "recvmsg", SYS_recvmsg, { ENOBUFS, ENOMEM, EINTR } },
	{ "sendmsg", SYS_sendmsg, { EACCES, ENOBUFS, ENOMEM, EPERM } },
	{ "ioctl", SYS_ioctl, { ENOTTY, ENOMEM, ENODEV, EPERM, EBUSY } },
	{ "unshare", SYS_unshare, { EPERM, ENOMEM } },
	{ "setns", SYS_setns, { EPERM, ENOMEM } },
};

const unsigned int call_count = sizeof(calls) / sizeof(calls[0]);
_Static_assert(sizeof(calls) / sizeof(calls[0]) <= CALLS_MAX, "room for a counter of each");
