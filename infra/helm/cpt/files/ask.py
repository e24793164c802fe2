"""Asks every address for its readiness, for a minute at most, and says what it answered: 1 if one stays unwell."""

import sys
import time
import urllib.request

DEADLINE = time.monotonic() + 60


def ask(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 the chart gives the addresses
            return str(answer.status)
    except OSError as error:
        return str(getattr(error, "code", error))


ill = False
for wanted in sys.argv[1:]:
    while (said := ask(wanted)) != "200" and time.monotonic() < DEADLINE:
        time.sleep(1)
    print(wanted, said)
    ill |= said != "200"
sys.exit(ill)
