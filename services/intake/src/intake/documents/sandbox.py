"""What the reading process gives up before it sees a file of a stranger; nothing of it comes back.

From then on it may compute, use memory within its limit, read its questions and write its answers. It opens no file, no
connection and no process, and reaches no other process: a list of system calls says what is left to it (seccomp), which
needs no right, no library and no other container; docs/decisions/ says why.
"""

import ctypes
import os
import platform
import resource

ADDRESS_SPACE = 400 * 2**20  # bytes: the interpreter, PDFium and the largest picture allowed
NOBODY = 65534
# Numbers are those of the kernel's tables. Without a place here: open, socket, connect, clone, execve, kill, ptrace.
_NAMES = (
    "read", "write", "close", "fstat", "lseek", "mmap", "mprotect", "munmap", "brk", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "mremap", "madvise", "getpid", "gettid", "exit", "exit_group", "futex", "sched_yield", "getrusage",
    "setitimer", "clock_gettime", "clock_nanosleep", "getrandom", "sigaltstack", "restart_syscall",
)  # fmt: skip
_NUMBERS = {
    "x86_64": (0xC000003E, (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 25, 28, 39, 186, 60, 231, 202, 24, 98, 38, 228, 230, 318, 131, 219)),
    "aarch64": (0xC00000B7, (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 216, 233, 172, 178, 93, 94, 98, 124, 165, 103, 113, 115, 278, 132, 128)),
}  # fmt: skip
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # refuse: the call answers EPERM
_SET_DUMPABLE, _SET_SECCOMP, _SET_NO_NEW_PRIVILEGES, _FILTER = 4, 22, 38, 2
_NUMBER_AT, _MACHINE_AT = 0, 4  # in the kernel's description of a call


class Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(Instruction)))


def hide_process() -> None:
    """No other process of the same account reads this one's memory and environment, or attaches to it."""
    _control(_SET_DUMPABLE, 0)


def enter_sandbox() -> None:
    """Raises OSError where the kernel knows no such filter: nothing is read there."""
    _limit()
    if os.getuid() == 0:  # in a container nobody is; on a plain machine the child shall not be either
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    hide_process()
    _control(_SET_NO_NEW_PRIVILEGES, 1)
    instructions = (Instruction * len(_filter()))(*_filter())
    program = Program(len(instructions), instructions)
    _control(_SET_SECCOMP, _FILTER, ctypes.byref(program))


def _limit() -> None:
    limits = {
        resource.RLIMIT_AS: ADDRESS_SPACE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _filter() -> list[Instruction]:
    """Ends a process of another machine's calls, allows those of the list, refuses every other one."""
    machine, numbers = _NUMBERS[platform.machine()]
    made = [
        Instruction(_LOAD, 0, 0, _MACHINE_AT),
        Instruction(_IF_EQUAL, 1, 0, machine),
        Instruction(_RETURN, 0, 0, _KILL),
    ]
    made.append(Instruction(_LOAD, 0, 0, _NUMBER_AT))
    for number in numbers:
        made += [Instruction(_IF_EQUAL, 0, 1, number), Instruction(_RETURN, 0, 0, _ALLOW)]
    return [*made, Instruction(_RETURN, 0, 0, _REFUSE)]


def _control(option: int, value: int, more: object = 0) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, ctypes.c_ulong(value), more, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
