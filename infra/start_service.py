"""Starts the one service that an image holds, whatever its name: an image needs no shell to find it."""

import runpy
import sys
from pathlib import Path

module = next(entry.name for entry in Path("/opt/cpt/service").iterdir() if (entry / "__main__.py").exists())
sys.argv[0] = module
runpy.run_module(module, run_name="__main__", alter_sys=True)
