"""What every test stands on: no screen, no settings of the user, English until a test says otherwise."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import i18n
from core.reference.pack import Pack, load_pack
from tests.office import LibreOffice, find_soffice

# A test can neither read nor change the settings of the person who runs it.
_PRIVATE_FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "home/roaming",
    "LOCALAPPDATA": "home/local",
    "XDG_CONFIG_HOME": "home/config",
    "XDG_DATA_HOME": "home/data",
    "XDG_STATE_HOME": "home/state",
    "XDG_CACHE_HOME": "home/cache",
    "XDG_RUNTIME_DIR": "run",
}
_private = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before anything imports Qt, which reads these variables only once."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = tempfile.TemporaryDirectory(prefix="parley-test-", ignore_cleanup_errors=True)
    config.stash[_private] = folder
    for name, path in _PRIVATE_FOLDERS.items():
        private = Path(folder.name, path)
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ[name] = str(private)


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(_private, None)
    if folder is not None:
        folder.cleanup()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language is global to the program; no test inherits it from another."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The pack that Parley comes with, loaded once."""
    return load_pack()


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice that recalculates what it opens. Where it is missing, CI fails and a laptop skips."""
    soffice = find_soffice()
    if soffice is None:
        missing = "LibreOffice is missing: no workbook was recalculated (on Debian: libreoffice-calc)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return LibreOffice(soffice, tmp_path_factory.mktemp("libreoffice"))
