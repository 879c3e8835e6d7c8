"""Maltreat Parley: kill it while it works, feed it damaged files.

    python3 dev.py torture [--runs 300] [--seed 1] [--inputs 10000] [--share kill|mutate]

A run is one life of Parley that ends in a kill; the damaged files come after them. Each is drawn from the seed, so
that a failure can be had again; what failed is kept in the folder torture-failures. Ends with 1 if anything did.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["QT_QPA_PLATFORM"] = "offscreen"
_home = tempfile.TemporaryDirectory(prefix="parley-torture-home-")  # nobody's settings are read or written
os.environ.update(dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), _home.name))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a life is a fork: no threads before it

RUNS, INPUTS = 300, 10_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py torture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", choices=("kill", "mutate"), help="only this half")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="damaged files")
    parser.add_argument("--limit", type=float, default=1.0, help="seconds of work that a kill may take")
    parser.add_argument("--folder", type=Path, help="disk for the kills; a memory disk if there is one")
    parser.add_argument("--failures", type=Path, default=Path("torture-failures"), help="folder for what failed")
    options = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        print("torture: this system cannot fork processes; run it on Linux or macOS", file=sys.stderr)
        return 2
    failed = False
    if options.share != "mutate":
        failed |= _kill(options, options.seed)
    if options.share != "kill":
        failed |= _mutate(options, options.seed)
    return int(failed)


def _kill(options: argparse.Namespace, seed: int) -> bool:
    from kill import torture

    from core.reference.pack import load_pack

    tally = torture(options.runs, seed, load_pack(), options.failures / f"kill-{seed}", options.limit, options.folder)
    return _told(seed, list(tally.lines()), tally.failures)


def _mutate(options: argparse.Namespace, seed: int) -> bool:
    from mutate import torture

    tally = torture(options.inputs, seed, options.failures / f"mutate-{seed}")
    return _told(seed, list(tally.lines()), tally.failures)


def _told(seed: int, lines: list[str], failures: list[str]) -> bool:
    for line in (*lines, *failures):
        print(f"seed {seed} {line}", flush=True)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
