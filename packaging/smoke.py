"""Run the built bundle as a stranger would: no network, no screen, a folder with a Korean name and a space.

Only running shows whether a bundle is whole: a library left out builds without an error and fails at import.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 120  # an exception in a Qt slot does not end the process: this does


def built_folder() -> Path:
    """What PyInstaller left for this system."""
    return ROOT / "dist" / ("Parley.app" if sys.platform == "darwin" else "Parley")


def programs(folder: Path) -> tuple[Path, Path]:
    """The windowed program and the one that answers on the console."""
    if sys.platform == "win32":
        return folder / "Parley.exe", folder / "parley-cli.exe"
    program = folder / "Contents" / "MacOS" / "Parley" if sys.platform == "darwin" else folder / "Parley"
    return program, program


def without_network() -> list[str]:
    """A prefix that starts a program in an empty network, where the system can do that."""
    unshare = shutil.which("unshare")
    prefix = [unshare, "-rn"] if unshare else []
    if prefix and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
        return prefix
    return []


def run(words: list[str | Path], folder: Path) -> str:
    """Standard output of a program that must end well and in time."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=SECONDS)
    if done.returncode:
        sys.exit(f"The bundle failed at: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> int:
    source, prefix = built_folder(), without_network()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch, "협상 자료")
        folder.mkdir()
        window, console = programs(shutil.copytree(source, folder / source.name, symlinks=True))
        print(run([*prefix, console, "reference"], folder))
        for language in ("en", "ko"):
            briefing = folder / f"briefing-{language}.xlsx"
            print(run([*prefix, console, "brief", "-o", briefing, "--lang", language], folder))
            if not briefing.is_file():
                sys.exit(f"The bundle wrote no briefing ({language}).")
        run([*prefix, window, "--measure-first-paint"], folder)
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file() and not path.is_symlink())
    cut = "with the network cut" if prefix else "with the network as it is"
    print(f"The bundle works {cut}: {source.relative_to(ROOT)}, {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
