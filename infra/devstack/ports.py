"""Free TCP ports on the loopback interface."""

import random
import socket

# Below the ports that Linux lends to outgoing connections, so that none is taken between choosing and binding.
CHOICE = range(15_000, 32_000)


def free_port() -> int:
    """Random, so that two clones that start at once hardly ever choose the same one."""
    while True:
        port = random.choice(CHOICE)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
