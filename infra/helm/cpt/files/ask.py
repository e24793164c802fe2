"""Asks every address for its readiness and says what it answered: 1 if one is not well."""

import sys
import urllib.request

ill = False
for address in sys.argv[1:]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 the chart gives the addresses
            print(address, answer.status, answer.read().decode())
    except OSError as error:
        ill = True
        print(address, getattr(error, "code", type(error).__name__))
sys.exit(ill)
