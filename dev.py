"""Set up, run, test and package Parley: one file, standard library only, for Linux, macOS and Windows.

    python3 dev.py run [CASE.parley]   start Parley; without a display, write the briefing of the case instead
    python3 dev.py test [-k NAME ...]  run the whole test suite, or what pytest's arguments select
    python3 dev.py help                the other commands

The first call makes everything it needs in `.venv`; later calls start at once. This file avoids f-strings and
newer syntax, so that an old Python can still read it and say which one is needed.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 13)  # what the pinned PySide6 release supports; pyproject.toml says the same


def _version_complaint() -> str:
    names = ["python{}.{}".format(3, minor) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = next((name for name in names if shutil.which(name)), None)
    typed = " ".join(sys.argv[1:])
    advice = "Type: {} dev.py {}".format(found, typed) if found else "Please install one of these."
    return "Parley needs Python 3.{} to 3.{}; this is Python {}.{}. {}".format(
        OLDEST[1], NEWEST[1], sys.version_info[0], sys.version_info[1], advice
    )


if not OLDEST <= tuple(sys.version_info[:2]) <= NEWEST:
    sys.exit(_version_complaint())

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
STAMP = VENV / "parley-setup.json"  # written last: an environment without it is half-made
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
PARLEY = BIN / ("parley.exe" if WINDOWS else "parley")

# Debian and Ubuntu: what Qt needs to be imported, what a real window needs, what the tests need besides.
QT_PACKAGES = ("libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0")
WINDOW_PACKAGES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxkbcommon-x11-0",
)
TEST_PACKAGES = ("xvfb", "xauth", "libreoffice-calc", "poppler-utils", "fonts-noto-cjk", "strace")
PACKAGES = {
    "brief": QT_PACKAGES,
    "window": QT_PACKAGES + WINDOW_PACKAGES,
    "test": QT_PACKAGES + WINDOW_PACKAGES + TEST_PACKAGES,
    "bundle": QT_PACKAGES + WINDOW_PACKAGES + ("binutils",),
    "tools": (),
}


# --- what the machine must have -----------------------------------------------------------------------------


def say(text: str) -> None:
    """A line of progress, at once, on the error stream: results alone go to standard output."""
    print("dev.py: " + text, file=sys.stderr, flush=True)


def is_debian() -> bool:
    return os.path.exists("/etc/debian_version") and shutil.which("dpkg-query") is not None


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def missing_packages(names: "tuple[str, ...]") -> "list[str]":
    """Those of these Debian packages that are not installed, under their own or a provided name."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}, ${Provides}\n"]
    listing = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    present = set()
    for line in listing.splitlines():
        status, _, provided = line.partition("\t")
        if status == "installed":
            # `Provides` may carry a version: "libglib2.0-0 (= 2.80.0)".
            present.update(name.split("(")[0].strip() for name in provided.split(","))
    return [name for name in names if name not in present]


def install_packages(names: "list[str]") -> bool:
    """Install Debian packages if we may, else print the line to type; True once all are there."""
    line = "apt-get update && apt-get install -y --no-install-recommends " + " ".join(names)
    if not is_root():
        say("these system packages are missing; please type:\n\n    sudo sh -c '{}'\n".format(line))
        return False
    say("installing system packages: " + " ".join(names))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    # On the error stream, so that standard output stays the command's own.
    done = subprocess.run(["sh", "-c", line], env=environment, stdout=sys.stderr).returncode == 0
    if not done:
        say("that failed; once the network is there, please type:\n\n    {}\n".format(line))
    return done


def provide_packages(purpose: str) -> bool:
    """See to the system packages of this purpose; True if nothing is left to do."""
    if not is_debian():
        return True
    missing = missing_packages(PACKAGES[purpose])
    return not missing or install_packages(missing)


def provide_venv_module() -> None:
    """Debian ships `venv` apart from Python itself."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if not (is_debian() and install_packages([package])):
        sys.exit("Parley cannot make its environment: this Python lacks the module 'ensurepip'.")


# --- the environment in .venv -------------------------------------------------------------------------------


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wanted_stamp() -> "dict[str, str]":
    """What an environment that fits this source tree was made from."""
    return {
        "root": str(ROOT),  # scripts in .venv hold absolute paths: a moved folder needs a new one
        "python": "{}.{}".format(*sys.version_info[:2]),
        "lock": digest(LOCK),
        "project": digest(PROJECT),
    }


def read_stamp() -> "dict[str, object]":
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # A dangling link is left behind when the Python under the environment was removed.
    return stamp if isinstance(stamp, dict) and PYTHON.exists() else {}


def clean_environment() -> "dict[str, str]":
    """Our environment for child processes, without the settings that would lead Python or pip elsewhere."""
    drop = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    kept = {name: value for name, value in os.environ.items() if name not in drop}
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return kept


def step(*command: object) -> None:
    """One step of the set-up; ends the program with the step's name if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=str(ROOT), env=clean_environment(), stdout=sys.stderr)
    if done.returncode:
        sys.exit("Set-up stopped at: {}\nWhen the cause is mended, start again.".format(" ".join(words)))


def make_environment() -> None:
    """A new .venv with the locked dependencies, each checked against its hash."""
    if Path(sys.prefix).resolve() == VENV:
        sys.exit("The environment must be made anew: please start dev.py with a Python outside .venv.")
    provide_venv_module()
    if VENV.exists():
        say("removing an environment that does not fit or was left half-made")
        shutil.rmtree(str(VENV))
    say("making the environment in .venv (once)")
    step(sys.executable, "-m", "venv", VENV)
    step(PYTHON, "-m", "pip", "install", "-qq", "--require-hashes", "--only-binary", ":all:", "-r", LOCK)
    # Where PYTHONDONTWRITEBYTECODE is set, uncompiled packages would cost more than a second at every start.
    # The result does not count: some packages ship templates that only look like Python.
    python("-m", "compileall", "-qq", "-j", "0", VENV / ("Lib" if WINDOWS else "lib"), "core", "gui")


def install_project() -> None:
    """Parley itself, editable: `--require-hashes` refuses local folders, hence a step of its own."""
    say("installing Parley into .venv")
    options = ("-qq", "--no-deps", "--no-build-isolation", "--no-index")
    step(PYTHON, "-m", "pip", "install", *options, "-e", ROOT)


def prepare(purpose: str) -> None:
    """Everything this purpose needs; reads one small file and returns when it is all there."""
    wanted, found = wanted_stamp(), read_stamp()
    ready = found.get("system")
    served = list(ready) if isinstance(ready, list) else []
    if found == dict(wanted, system=served) and purpose in served and PARLEY.exists():
        return
    if purpose not in served and provide_packages(purpose):
        served.append(purpose)
    if any(found.get(key) != wanted[key] for key in ("root", "python", "lock")):
        make_environment()
        found = {}
    if found.get("project") != wanted["project"] or not PARLEY.exists():
        install_project()
    STAMP.write_text(json.dumps(dict(wanted, system=served), indent=1), encoding="utf-8")


# --- commands -----------------------------------------------------------------------------------------------


def call(*command: object, cwd: "Path | None" = None) -> int:
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, cwd=str(cwd) if cwd else None, env=clean_environment()).returncode
    except KeyboardInterrupt:
        return 130


def python(*arguments: object) -> int:
    return call(PYTHON, *arguments, cwd=ROOT)


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def free_name(stem: str, suffix: str) -> Path:
    """A name in the current folder that is not taken: a briefing someone worked on is never overwritten."""
    path, count = Path(stem + suffix), 1
    while path.exists():
        count += 1
        path = Path("{}-{}{}".format(stem, count, suffix))
    return path


def briefing_arguments(arguments: "list[str]") -> "list[str]":
    """`parley brief` for the case and options given, with a file to write unless one is named."""
    named = any(word in ("-o", "--output") or word.startswith("--output=") for word in arguments)
    output = [] if named else ["-o", str(free_name("parley-briefing", ".xlsx"))]
    return ["brief", *arguments, *output]


def run(arguments: "list[str]") -> int:
    """Start Parley; without a display, write the case's briefing and print the headline numbers."""
    if has_display():
        prepare("window")
        return call(PARLEY, *arguments)
    prepare("brief")
    is_command = bool(arguments) and not arguments[0].startswith("-") and not arguments[0].lower().endswith(".parley")
    if is_command:
        return call(PARLEY, *arguments)
    say("no display here: writing the briefing instead of opening the window")
    return call(PARLEY, *briefing_arguments(arguments))


def test(arguments: "list[str]") -> int:
    """Run the test suite; further arguments go to pytest."""
    prepare("test")
    return python("-m", "pytest", *arguments)


def lint(arguments: "list[str]") -> int:
    """Check style (ruff), formatting (ruff format) and types (mypy, strict on core)."""
    prepare("tools")
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy", "core"))
    return max([python("-m", *check) for check in checks])


def bench(arguments: "list[str]") -> int:
    """Measure the time budgets, each against a reference in the same run."""
    prepare("window")
    return python("packaging/bench.py", *arguments)


def torture(arguments: "list[str]") -> int:
    """Kill Parley N times while it works and feed it damaged files; --runs N --seed S [--share kill|mutate]."""
    prepare("window")
    return python("packaging/torture", *arguments)


def bundle(arguments: "list[str]") -> int:
    """Build the program as one folder in dist/, then run it with the network cut."""
    prepare("bundle")
    build = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *arguments, "build.spec")
    return python(*build) or python("packaging/smoke.py")


def catalogue(arguments: "list[str]") -> int:
    """Bring the Korean catalogue in step with the sources and compile it."""
    prepare("tools")
    return python("packaging/catalogue.py", *arguments)


def reference(arguments: "list[str]") -> int:
    """Rebuild the reference pack from its source data."""
    prepare("tools")
    return python("-m", "core.reference.build", "packaging/reference", "resources/reference", *arguments)


def show_help(arguments: "list[str]") -> int:
    """Show the commands."""
    print("Usage: python3 dev.py COMMAND [ARGUMENTS]   (on Windows: py dev.py COMMAND)\n")
    for name, command in COMMANDS.items():
        print("  {:<10} {}".format(name, (command.__doc__ or "").splitlines()[0]))
    return 0


COMMANDS = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "torture": torture,
    "bundle": bundle,
    "catalogue": catalogue,
    "reference": reference,
    "help": show_help,
}


def main(arguments: "list[str]") -> int:
    name = arguments[0] if arguments else "help"
    command = COMMANDS.get("help" if name in ("-h", "--help") else name)
    if command is None:
        show_help([])
        sys.exit("dev.py: there is no command '{}'.".format(name))
    return command(arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
