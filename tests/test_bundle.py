"""build.spec with stand-ins for PyInstaller's names: its branches for three systems, and its paths."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "build.spec"


class Recorder:
    """Stands for Analysis, PYZ, EXE, COLLECT and BUNDLE: keeps what it was called with."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.arguments = arguments
        self.options = options
        self.scripts: list[Any] = []
        self.pure: list[Any] = []
        self.binaries = [
            ("PySide6/Qt/plugins/platforms/libqxcb.so", "", "BINARY"),
            ("PySide6/Qt/plugins/platforms/libqeglfs.so", "", "BINARY"),
            ("PySide6\\plugins\\platforms\\qwindows.dll", "", "BINARY"),
            ("PySide6/Qt/plugins/platforms/libqminimalegl.so", "", "BINARY"),
        ]
        self.datas = [
            ("PySide6/Qt/translations/qtbase_ko.qm", "", "DATA"),
            ("PySide6/Qt/translations/qtbase_fi.qm", "", "DATA"),
            ("resources/locale/ko/LC_MESSAGES/parley.mo", "", "DATA"),
        ]


def _execute(monkeypatch: pytest.MonkeyPatch, platform: str) -> dict[str, list[Recorder]]:
    """Run the spec as on this system; what each of PyInstaller's names was called with."""
    calls: dict[str, list[Recorder]] = {name: [] for name in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")}

    def recording(name: str) -> Any:
        def record(*arguments: Any, **options: Any) -> Recorder:
            calls[name].append(Recorder(*arguments, **options))
            return calls[name][-1]

        return record

    monkeypatch.setattr(sys, "platform", platform)
    names: dict[str, Any] = {name: recording(name) for name in calls}
    exec(compile(SPEC.read_text(encoding="utf-8"), str(SPEC), "exec"), names | {"SPECPATH": str(ROOT)})
    return calls


@pytest.fixture(params=["linux", "win32", "darwin"])
def calls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Recorder]]:
    return _execute(monkeypatch, request.param)


def test_every_path_exists(calls: dict[str, list[Recorder]]) -> None:
    (analysis,) = calls["Analysis"]
    paths = [*analysis.arguments[0], *analysis.options["pathex"]]
    paths += [source for source, _target in analysis.options["datas"]]
    paths += [program.options["icon"] for program in calls["EXE"] if program.options["icon"]]
    assert not [path for path in paths if not Path(path).exists()]


def test_resources_lie_where_core_looks_for_them(calls: dict[str, list[Recorder]]) -> None:
    """core.locations reads sys._MEIPASS/resources in a bundle."""
    assert (str(ROOT / "resources"), "resources") in calls["Analysis"][0].options["datas"]


def test_one_folder_without_compression(calls: dict[str, list[Recorder]]) -> None:
    assert all(program.options["exclude_binaries"] for program in calls["EXE"])
    assert all(call.options["upx"] is False for call in calls["EXE"] + calls["COLLECT"])
    assert len(calls["COLLECT"]) == 1


def test_only_what_is_shown_is_shipped(calls: dict[str, list[Recorder]]) -> None:
    analysis = calls["Analysis"][0]
    shipped = [Path(name.replace("\\", "/")).name for name, _path, _kind in analysis.binaries + analysis.datas]
    assert shipped == ["libqxcb.so", "qwindows.dll", "qtbase_ko.qm", "parley.mo"]


def test_windows_has_a_console_program_beside_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    programs = _execute(monkeypatch, "win32")["EXE"]
    assert {program.options["name"]: program.options["console"] for program in programs} == {
        "Parley": False,
        "parley-cli": True,
    }


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_only_macos_makes_an_app(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    assert not _execute(monkeypatch, platform)["BUNDLE"]


def test_macos_opens_cases_with_parley(monkeypatch: pytest.MonkeyPatch) -> None:
    (app,) = _execute(monkeypatch, "darwin")["BUNDLE"]
    info = plistlib.loads(plistlib.dumps(app.options["info_plist"]))
    exported = {entry["UTTypeIdentifier"]: entry for entry in info["UTExportedTypeDeclarations"]}
    (kind,) = info["CFBundleDocumentTypes"][0]["LSItemContentTypes"]
    assert exported[kind]["UTTypeTagSpecification"]["public.filename-extension"] == ["parley"]
    assert info["LSMinimumSystemVersion"] == "12.0"


def test_file_names_in_resources_are_ascii() -> None:
    """Archives and installers of other systems garble the rest."""
    assert not [path.name for path in (ROOT / "resources").rglob("*") if not path.name.isascii()]
