"""TCP ports on the loopback interface that no other clone takes between their choice and their use."""

import random
import socket

# Below the ports that Linux lends to outgoing connections.
CHOICE = range(15_000, 32_000)
_held: list[socket.socket] = []


def free_port() -> int:
    """The port stays bound until this process ends, which only servers that set SO_REUSEADDR (all of ours) may share."""
    while True:
        held, port = socket.socket(), random.choice(CHOICE)  # noqa: S311 - no secret
        try:
            held.bind(("127.0.0.1", port))
        except OSError:
            held.close()
            continue
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _held.append(held)
        return port
