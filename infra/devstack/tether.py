"""Becomes another program that dies with the process that started it; run as a script, not imported.

Arguments: signal number to die of, pid of the parent, user to become ("" stays), then the command.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def become(name: str) -> None:
    person = pwd.getpwnam(name)
    os.initgroups(name, person.pw_gid)
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)
    os.environ.update(HOME=person.pw_dir, USER=name, LOGNAME=name)


def main(last_signal: str, parent: str, user: str, *command: str) -> None:
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if user:
            become(user)  # first, because a change of user clears the death signal
        prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("the starter was gone before its program began")
    os.execvp(command[0], command)  # noqa: S606 - replacing this process is the purpose


if __name__ == "__main__":
    main(*sys.argv[1:])
