"""The command without its figures, and with a fault in one replication: `python faulty.py FAULT WORDS…`.

`sound` is none; `raise` raises in replication 33, `exit` ends the process there, `once` ends it there the first time
only (a file in the current directory remembers).
"""

import os
import sys
from pathlib import Path

from experiments import compare, work
from experiments.cli.app import main

REPLICATION = 33
FAULT = sys.argv.pop(1)
whole = work.run_once


def run_once(built, seed, replication, as_usual=False):
    if replication == REPLICATION and FAULT != "sound":
        if FAULT == "raise":
            raise RuntimeError("a run that breaks")
        mark = Path("died")
        if FAULT == "exit" or not mark.exists():
            mark.touch()
            os._exit(9)
    yield from whole(built, seed, replication, as_usual)


work.run_once = run_once
compare.draw_figures = lambda comparison: None
main()
