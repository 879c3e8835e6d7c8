"""What holds for the repository as a whole: what may be committed, and that its parts agree."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BINARY = {".png", ".ico", ".icns", ".mo", ".zip", ".gz", ".xlsx", ".parley", ".ttf", ".otf"}
NOT_COMMITTED = {
    ".venv",
    ".git",
    "build",
    "dist",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}

# Written in pieces, or these lines would be their own first finding.
REGISTRY_HOSTS = (
    "pypi" + r"\.org",
    "python" + "hosted",
    "npm" + r"js\.",
    "files" + r"\.python",
    "/simple" + "/",
)
REGISTRY = re.compile(r"https?://[^\s\")]*(" + "|".join(REGISTRY_HOSTS) + ")")
MACHINE_FOLDERS = ("work", "root", r"home/\w+", r"Users/\w+")
MACHINE_PATH = re.compile(r"(?<![\w.:/>~*-])/(" + "|".join(MACHINE_FOLDERS) + r")/(?=\w)|[A-Z]:\\Users\\", re.ASCII)


def _committed() -> list[Path]:
    """Files under version control or about to be; in an unpacked archive without git, all but the ignored."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listing = subprocess.run(
            [git, "-c", f"safe.directory={ROOT.as_posix()}", "ls-files", "-z", "-co", "--exclude-standard"],
            cwd=ROOT, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        if listing.returncode == 0:
            paths = {ROOT / name for name in listing.stdout.split("\0") if name}
            return sorted(path for path in paths if path.is_file())
    return sorted(path for path in ROOT.rglob("*") if path.is_file() and not _is_ignored(path))


def _is_ignored(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part in NOT_COMMITTED or part.endswith(".egg-info") for part in parts)


COMMITTED = _committed()


def _findings(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in COMMITTED:
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


def test_no_registry_address() -> None:
    assert not _findings(REGISTRY)


def test_no_path_of_one_machine() -> None:
    assert not _findings(MACHINE_PATH)


def test_patterns_find_what_they_are_for() -> None:
    assert REGISTRY.search("see https://" + "pypi" + ".org/project/x")
    assert MACHINE_PATH.search("open('/" + "work/main/x')")
    assert MACHINE_PATH.search("/" + "home/kim/parley")
    assert not MACHINE_PATH.search("https://example.org/" + "work/x")


def test_no_lock_file_with_addresses() -> None:
    assert not {"uv.lock", "pylock.toml"} & {path.name for path in COMMITTED}


def test_line_ends_are_the_same_everywhere() -> None:
    """A clone on Windows would otherwise change the reference pack's files, and their hashes with them."""
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert not [path.name for path in COMMITTED if path.suffix not in BINARY and b"\r\n" in path.read_bytes()]


def test_every_locked_requirement_has_hashes() -> None:
    entries = re.split(r"\n(?=\w)", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    assert len(entries) > 20
    assert not [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


def test_packaging_is_not_a_package() -> None:
    """It would hide the library of that name, which pytest and PyInstaller import."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_top_level_is_what_the_readme_says() -> None:
    layout = (ROOT / "README.md").read_text(encoding="utf-8").split("## Layout")[1].split("```")[1]
    described = {line.split()[0].rstrip("/") for line in layout.strip().splitlines()}
    assert described == {path.relative_to(ROOT).parts[0] for path in COMMITTED}


def test_readme_names_commands_that_exist() -> None:
    commands = set(re.findall(r"dev\.py (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"run", "test"} <= commands
    listing = subprocess.run([sys.executable, ROOT / "dev.py", "help"], capture_output=True, text=True, check=True)
    assert commands <= {line.split()[0] for line in listing.stdout.splitlines() if line.startswith("  ")}


def test_readme_links_and_pictures_exist() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    missing = [name for name in targets if "://" not in name and not (ROOT / name).exists()]
    assert not missing


def test_ci_runs_the_readmes_test_command() -> None:
    assert "python3 dev.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert "\n    python3 dev.py test\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_an_old_python_can_read_dev_py() -> None:
    """It must get as far as the sentence that says which Python is needed."""
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, newer)]


def test_dev_py_and_project_want_the_same_python() -> None:
    constants = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse((ROOT / "dev.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("OLDEST", "NEWEST")
    }  # fmt: skip
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest, newest = constants["OLDEST"], constants["NEWEST"]
    assert project["requires-python"] == f">=3.{oldest[1]},<3.{newest[1] + 1}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_fits_the_schema(path: Path) -> None:
    done = _tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_are_safe() -> None:
    assert {path.name for path in WORKFLOWS} == {"ci.yml", "release.yml"}
    done = _tool("zizmor", "--offline", "--no-progress", *map(str, WORKFLOWS))
    assert done.returncode == 0, done.stdout + done.stderr


def _tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command-line tool of the environment that runs these tests."""
    program = shutil.which(name, path=str(Path(sys.executable).parent))
    assert program, f"{name} is missing from the environment"
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120)
