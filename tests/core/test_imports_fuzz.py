"""Damaged tables: always a plan or a ParleyError, and a case that comes of it can be opened again."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ParleyError
from core.imports.plan import Plan
from core.imports.reading import read
from core.reference.pack import Pack
from tests.import_mutations import mutations, samples, try_one

SHARE = 300


def test_the_samples_themselves_are_read(pack: Pack) -> None:
    """Mutations of files that nobody can read would test nothing."""
    for name, data in samples():
        plans = [outcome for outcome in try_one(name, data, pack) if isinstance(outcome, Plan)]
        assert any(plan.changes for plan in plans), name


def test_mutations_are_the_same_each_time() -> None:
    assert list(mutations(3, 20)) == list(mutations(3, 20))
    assert list(mutations(3, 20)) != list(mutations(4, 20))


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_end_in_words_or_in_a_plan(seed: int, pack: Pack) -> None:
    for name, data in mutations(seed, SHARE // 3):
        outcomes = try_one(name, data, pack)
        assert outcomes, name
        assert all(isinstance(outcome, Plan | ParleyError) for outcome in outcomes), name


@given(
    st.text(alphabet="01,.;\t|\"'=-\n\r\x00한%관세 \ufeff", max_size=120), st.sampled_from(("utf-8", "utf-16", "cp949"))
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_table_or_refused(text: str, encoding: str) -> None:
    with suppress(ParleyError):
        read(text.encode(encoding, errors="replace"), "t.csv")


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_part_of_a_workbook_may_say_anything(data: st.DataObject) -> None:
    """In the XML itself, where no checksum of the package catches it."""
    name, whole = data.draw(st.sampled_from([each for each in samples() if each[0].endswith(".xlsx")]))
    with zipfile.ZipFile(io.BytesIO(whole)) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    part = data.draw(st.sampled_from(sorted(part for part in parts if "docProps" not in part)))
    start = data.draw(st.integers(0, len(parts[part])))
    length = data.draw(st.integers(0, 20))
    odd = data.draw(st.sampled_from((b"", b"<", b'"', b"&x;", b"<!DOCTYPE x>", b"-1", b"9" * 30, b"ZZZ9")))
    parts[part] = parts[part][:start] + odd + parts[part][start + length :]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        for each, content in parts.items():
            book.writestr(each, content)
    with suppress(ParleyError):
        read(held.getvalue(), name)
