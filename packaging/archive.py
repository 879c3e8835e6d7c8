"""Pack the built bundle in dist/ as Parley-VERSION-PLATFORM.zip or .tar.gz, its SHA-256 in a file beside it.

PARLEY_PLATFORM names the platform. Zip for Windows; elsewhere tar, which keeps links and executable bits.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DIST: Final = ROOT / "dist"


def archive() -> Path:
    """Pack the folder, or the .app on macOS."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    platform = os.environ.get("PARLEY_PLATFORM", sys.platform)
    stem = DIST / f"{project['name'].capitalize()}-{project['version']}-{platform}"
    kind = "zip" if sys.platform == "win32" else "gztar"
    folder = "Parley.app" if sys.platform == "darwin" else "Parley"
    return Path(shutil.make_archive(str(stem), kind, root_dir=DIST, base_dir=folder))


def main() -> int:
    path = archive()
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(path.name + ".sha256").write_text(f"{checksum}  {path.name}\n", encoding="ascii")
    print(f"{path.relative_to(ROOT)}  {checksum}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
