"""LibreOffice without a window: recalculates workbooks and turns them into pages."""

from __future__ import annotations

import shutil
import subprocess
from itertools import count
from pathlib import Path

# LibreOffice trusts values stored by other programs and would show a stale one: 0 is "always recalculate".
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_SECONDS = 180


def find_soffice() -> str | None:
    """The program, from the search path or from where its installers put it."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((place for place in _USUAL_PLACES if Path(place).is_file()), None)


class LibreOffice:
    """One private profile, used by one conversion after another."""

    def __init__(self, soffice: str, folder: Path) -> None:
        self._soffice = soffice
        self._folder = folder
        self._profile = folder / "profile"
        self._jobs = count(1)
        user = self._profile / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")

    def recalculate(self, workbook: Path) -> Path:
        """A copy of the workbook in which every formula was computed anew; the original stays as it is."""
        return self.convert(workbook, "xlsx")

    def convert(self, document: Path, suffix: str) -> Path:
        """The document in another format ("pdf", "xlsx", "csv"), in a folder of its own."""
        target = self._folder / f"job-{next(self._jobs)}"
        target.mkdir()
        command = [
            self._soffice,
            f"-env:UserInstallation={self._profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            suffix,
            "--outdir",
            str(target),
            str(document),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
        result = target / f"{document.stem}.{suffix}"
        # soffice ends with 0 even when it could not load the file.
        assert result.is_file(), f"no {suffix} of {document.name}: {done.stdout}{done.stderr}"
        return result
