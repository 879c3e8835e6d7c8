"""dev.py: what it decides. What it installs is shown by every run of the suite on a fresh machine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import dev

FITS = {"root": "here", "python": "3.11", "lock": "a", "project": "b"}


class Machine:
    """A .venv in a temporary folder, and the steps that dev.py would have taken."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[str] = []
        self.python = folder / "python"
        self.parley = folder / "parley"
        self.stamp = folder / "stamp.json"
        monkeypatch.setattr(dev, "PYTHON", self.python)
        monkeypatch.setattr(dev, "PARLEY", self.parley)
        monkeypatch.setattr(dev, "STAMP", self.stamp)
        monkeypatch.setattr(dev, "wanted_stamp", lambda: dict(FITS))
        monkeypatch.setattr(dev, "make_environment", lambda: self.steps.append("environment"))
        monkeypatch.setattr(dev, "install_project", lambda: self.steps.append("project"))
        monkeypatch.setattr(dev, "provide_packages", self._provide)
        self.allowed = True

    def _provide(self, purpose: str) -> bool:
        self.steps.append(f"packages for {purpose}")
        return self.allowed

    def is_set_up(self, **stamp: object) -> None:
        self.python.touch()
        self.parley.touch()
        self.stamp.write_text(json.dumps(FITS | {"system": ["test"]} | stamp), encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_fresh_machine_gets_everything_once(machine: Machine) -> None:
    dev.prepare("test")
    assert machine.steps == ["packages for test", "environment", "project"]
    machine.python.touch()
    machine.parley.touch()
    dev.prepare("test")
    assert len(machine.steps) == 3


def test_environment_without_stamp_is_half_made(machine: Machine) -> None:
    machine.is_set_up()
    machine.stamp.unlink()
    dev.prepare("test")
    assert "environment" in machine.steps


@pytest.mark.parametrize("damage", ["", "{", "[]", '"text"'])
def test_unreadable_stamp_is_no_stamp(machine: Machine, damage: str) -> None:
    machine.is_set_up()
    machine.stamp.write_text(damage, encoding="utf-8")
    dev.prepare("test")
    assert "environment" in machine.steps


@pytest.mark.parametrize("change", [{"root": "moved"}, {"python": "3.12"}, {"lock": "new"}])
def test_other_folder_python_or_lock_means_a_new_environment(machine: Machine, change: dict[str, Any]) -> None:
    machine.is_set_up(**change)
    dev.prepare("test")
    assert machine.steps == ["environment", "project"]


def test_changed_project_needs_no_download(machine: Machine) -> None:
    machine.is_set_up(project="older")
    dev.prepare("test")
    assert machine.steps == ["project"]


def test_removed_python_or_script_is_noticed(machine: Machine) -> None:
    machine.is_set_up()
    machine.parley.unlink()
    dev.prepare("test")
    assert machine.steps == ["project"]
    machine.python.unlink()
    dev.prepare("test")
    assert "environment" in machine.steps


def test_packages_that_could_not_be_installed_are_asked_for_again(machine: Machine) -> None:
    machine.is_set_up(system=[])
    machine.allowed = False
    dev.prepare("window")
    dev.prepare("window")
    assert machine.steps == ["packages for window"] * 2


def test_missing_packages_knows_provided_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ubuntu 24.04 calls libglib2.0-0 otherwise, and says so in Provides; a removed package is not there."""
    listing = (
        "installed\tlibglib2.0-0t64, libglib2.0-0 (= 2.80.0), libglib2.0-0-x\n"
        "installed\tlibgl1, \n"
        "config-files\txvfb, \n"
    )
    done = subprocess.CompletedProcess([], 0, stdout=listing)
    monkeypatch.setattr(dev.subprocess, "run", lambda *_words, **_options: done)
    assert dev.missing_packages(("libglib2.0-0", "libgl1", "xvfb", "xauth")) == ["xvfb", "xauth"]


def test_without_root_the_line_to_type_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "is_root", lambda: False)
    assert not dev.install_packages(["libgl1", "xauth"])
    shown = capsys.readouterr().err
    assert "sudo sh -c 'apt-get update && apt-get install" in shown
    assert "libgl1 xauth" in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["brief", "-o", "parley-briefing.xlsx"]),
        (["talks.parley"], ["brief", "talks.parley", "-o", "parley-briefing.xlsx"]),
        (["talks.parley", "-o", "x.xlsx"], ["brief", "talks.parley", "-o", "x.xlsx"]),
        (["--lang", "ko"], ["brief", "--lang", "ko", "-o", "parley-briefing.xlsx"]),
    ],
)
def test_briefing_instead_of_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert dev.briefing_arguments(arguments) == expected


def test_a_briefing_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone may have typed rates into the one from this morning."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parley-briefing.xlsx").touch()
    (tmp_path / "parley-briefing-2.xlsx").touch()
    assert dev.free_name("parley-briefing", ".xlsx").name == "parley-briefing-3.xlsx"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ""}, False),
    ],
)
def test_display(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: bool) -> None:
    monkeypatch.setattr(dev.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert dev.has_display() is expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["duty", "8703.23.01"], ["duty", "8703.23.01"]),
        (["talks.parley", "-o", "x.xlsx"], ["brief", "talks.parley", "-o", "x.xlsx"]),
    ],
)
def test_run_without_display(monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: list[str]) -> None:
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.setattr(dev, "prepare", lambda purpose: None)
    monkeypatch.setattr(dev, "call", lambda *words: calls.append(words) or 0)
    assert dev.run(arguments) == 0
    assert calls == [(dev.PARLEY, *expected)]
