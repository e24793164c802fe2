"""Runs several commands of one service in one process, as an operator would one by one: MODULE, then JSON on stdin."""

import contextlib
import io
import json
import os
import runpy
import shlex
import sys
import tempfile

module, commands = sys.argv[1], json.load(sys.stdin)
answers = []
for given in commands:
    words, said = shlex.split(given["words"]), io.StringIO()
    with tempfile.TemporaryFile("w+") as fed:
        fed.write(given["fed"])
        fed.seek(0)
        os.dup2(fed.fileno(), 0)
        sys.argv, code = [module, *words[1:]], 0
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                runpy.run_module(module, run_name="__main__", alter_sys=True)
            except SystemExit as end:
                code = end.code
    answers.append([given["words"], code, said.getvalue()])
json.dump(answers, sys.stdout)
