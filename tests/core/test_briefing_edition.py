"""For whom a workbook is and whose copy: said on every page; and what its checklist lets a delegate type."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from core import cli, i18n
from core.audience import Audience
from core.briefing import write_briefing
from core.casefile import default_case, save
from core.engine import evaluate
from core.errors import InputError
from core.reference.pack import Pack
from core.results import Results
from core.text import LocalText

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

FEW_LINES = "BH"  # a partner with little trade, where the goods do not matter
WORDS = {
    ("en", Audience.SHAREABLE): "Shareable",
    ("en", Audience.INTERNAL): "Internal",
    ("en", Audience.DELEGATION): "Delegation only",
    ("ko", Audience.SHAREABLE): "공유 가능",
    ("ko", Audience.INTERNAL): "대외비",
    ("ko", Audience.DELEGATION): "대표단 한정",
}


@pytest.fixture(scope="module")
def few_lines(pack: Pack) -> Results:
    return evaluate(replace(default_case(), partner=FEW_LINES), pack)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edition")


def zipped_texts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class TestClassification:
    """Who may see it, and whose copy it is: on the cover, on every page, and in what a file manager shows."""

    @pytest.mark.parametrize(("language", "audience"), WORDS)
    def test_every_edition(
        self, language: str, audience: Audience, few_lines: Results, pack: Pack, tmp_path: Path
    ) -> None:
        recipient = "=김 & Co"
        path = write_briefing(
            few_lines.case, few_lines, pack, tmp_path / "b.xlsx", language=language, audience=audience,
            recipient=recipient,
        )  # fmt: skip
        word = WORDS[language, audience]
        copy = f"Copy for {recipient}" if language == "en" else i18n_copy(recipient)
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            for line in (sheet.oddHeader.center.text, sheet.oddFooter.center.text):
                assert line.replace("&&", "&").split("\n") == [word, copy]
        cover = [cell.value for cell in book.worksheets[0]["B"]]
        assert cover[2] == word
        assert cover[4] == copy
        assert book.worksheets[0]["B5"].data_type == "s"
        assert book.properties.category == word
        assert book.properties.description == f"{word} · {copy}"

    def test_no_recipient_no_line(self, few_lines: Results, pack: Pack, tmp_path: Path) -> None:
        formulas = openpyxl.load_workbook(write_briefing(few_lines.case, few_lines, pack, tmp_path / "b.xlsx"))
        assert formulas.properties.description == "Internal"
        assert "Copy" not in str(formulas["Cover"]["B5"].value)

    @pytest.mark.parametrize("title", ["2025 talks", "&A &D &[Tab]", "x" * 300, "&" * 300, "a\nb"])
    def test_a_title_or_name_cannot_break_the_line(
        self, title: str, few_lines: Results, pack: Pack, tmp_path: Path
    ) -> None:
        """Headers hold 255 characters and their own codes: `&9` and a figure behind it would be one size."""
        case = replace(few_lines.case, title=LocalText(title))
        path = write_briefing(case, evaluate(case, pack), pack, tmp_path / "b.xlsx", recipient=title[:50])
        for name, xml in zipped_texts(path).items():
            header = re.search(r"<oddHeader>(.*?)</oddHeader>", xml, re.DOTALL)
            assert header or "worksheets/sheet" not in name or "_rels" in name
            if header:
                text = html.unescape(header[1])
                assert len(text) <= 255
                assert "Internal" in text
                plain = re.sub(r'&&|&[LCR]|&"[^"]*"|&9(?!\d)|&A', "", text)
                assert "&" not in plain

    @pytest.mark.parametrize("recipient", ["x" * 51, "김" * 60])
    def test_a_name_too_long_for_a_line_is_refused(
        self, recipient: str, few_lines: Results, pack: Pack, tmp_path: Path
    ) -> None:
        with pytest.raises(InputError):
            write_briefing(few_lines.case, few_lines, pack, tmp_path / "b.xlsx", recipient=recipient)
        assert list(tmp_path.iterdir()) == []

    def test_from_the_command_line(self, tmp_path: Path) -> None:
        save(replace(default_case(), partner=FEW_LINES), tmp_path / "c.parley")
        target = tmp_path / "b.xlsx"
        arguments = ["brief", str(tmp_path / "c.parley"), "-o", str(target), "--recipient", " Ms  Kim\n"]
        assert cli.main(arguments) == 0
        assert openpyxl.load_workbook(target).properties.description == "Internal · Copy for Ms Kim"


def i18n_copy(recipient: str) -> str:
    with i18n.in_language("ko"):
        return i18n._("Copy for {recipient}").format(recipient=recipient)


class TestChecklistInputs:
    @pytest.fixture(scope="class")
    @staticmethod
    def delegation(few_lines: Results, pack: Pack, folder: Path) -> Any:
        path = folder / "for the delegation.xlsx"
        return openpyxl.load_workbook(
            write_briefing(few_lines.case, few_lines, pack, path, audience=Audience.DELEGATION)
        )

    def test_what_may_be_typed(self, delegation: Any) -> None:
        sheet = delegation["Barrier checklist"]
        heads = {cell.value: cell.column_letter for cell in sheet[4] if cell.value}
        rules = {
            str(rule.sqref).rstrip("0123456789").split(":")[0][:1]: rule
            for rule in sheet.data_validations.dataValidation
        }
        assert rules[heads["State"]].formula1.count(",") == 8  # nine states
        assert rules[heads["Due"]].type == "date"
        for head in ("Owner", "Position", "Fall-back", "Red line"):
            assert rules[heads[head]].type == "textLength"
        for rule in rules.values():
            assert str(rule.sqref).split(":")[1].endswith(str(sheet.max_row))
        for head in ("State", "Owner", "Due", "Position", "Fall-back", "Red line"):
            cell = sheet[f"{heads[head]}5"]
            assert not cell.protection.locked
            assert cell.fill.fgColor.rgb == "FFFFF8DF"

    def test_sorting_takes_the_ids_along(self, delegation: Any) -> None:
        sheet = delegation["Barrier checklist"]
        ids = next(cell for cell in sheet[3] if str(cell.value).startswith("parley:"))
        assert sheet.auto_filter.ref.endswith(f"{ids.column_letter}{sheet.max_row}")
        assert sheet.column_dimensions[ids.column_letter].hidden
        assert sheet.row_dimensions[3].hidden

    def test_positions_stand_as_written(self, delegation: Any, few_lines: Results) -> None:
        """An example is marked in a column of its own: a mark within the text would come back as part of it."""
        sheet = delegation["Barrier checklist"]
        texts = {cell.value for row in sheet.iter_rows(min_row=5) for cell in row}
        assert {str(record.position) for record in few_lines.case.barriers} <= texts
        assert "illustrative" in texts
