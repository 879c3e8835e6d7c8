"""The budgets of the core: rates over time, one change, a case file, the pack."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import edits  # noqa: E402  the project is found only after the line above
from core.case import Case, RateForm  # noqa: E402
from core.casefile import default_case, load, save  # noqa: E402
from core.engine import average, average_on, evaluate, horizon_of  # noqa: E402
from core.portfolio import Basis, build_basis  # noqa: E402
from core.reference.pack import Pack, load_pack  # noqa: E402
from core.reference.partners import Partner  # noqa: E402
from core.rivals.averages import alike, averages  # noqa: E402
from core.rivals.rate_book import RateBook  # noqa: E402
from core.scenario import Plan  # noqa: E402
from core.tariff.duty import charges  # noqa: E402

Measurement = Callable[[], float]
Register = Callable[..., Callable[[Measurement], Measurement]]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Bench:
    """The default case with everything loaded, as a running program has it."""

    def __init__(self) -> None:
        self.pack: Pack = load_pack()
        self.case: Case = default_case()
        self.basis: Basis = build_basis(self.case, self.pack)
        self.plans = [Plan(self.basis.base, scenario.changes) for scenario in self.case.scenarios]
        first, last = horizon_of(self.case, self.pack)
        self.days = sorted(set().union(*(plan.days() for plan in self.plans)) & _days(first, last))
        self.terms = [[self._terms(plan, day) for day in self.days] for plan in self.plans]
        self.results = evaluate(self.case, self.pack)
        self.folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
        self.number = 0

    def _terms(self, plan: Plan, day: date) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Share, rate and kind of each duty: all that the bare arithmetic is given."""
        duties = charges(plan, self.basis.goods, day).duties
        return [(duty.share, duty.charge.rate, duty.charge.is_total) for duty in duties if duty.share.any()]

    def engine(self) -> float:
        """Every scenario on every day, nothing of it worked out before."""
        self.basis.goods.kept.clear()
        self.basis.averages.clear()
        return seconds(
            lambda: [average_on(self.case, self.basis, plan, day) for plan in self.plans for day in self.days]
        )

    def bare(self) -> float:
        """The same sums with the terms already at hand."""
        return seconds(lambda: [self._bare_average(terms) for plan in self.terms for terms in plan])

    def _bare_average(self, terms: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float:
        goods, use = self.basis.goods, self.basis.portfolio.utilisation
        claimed, unclaimed = goods.preferential_rate.copy(), goods.mfn_rate.copy()
        for share, rate, total in terms:
            claimed += share * np.where(total, np.maximum(0.0, rate - goods.preferential_rate), rate)
            unclaimed += share * np.where(total, np.maximum(0.0, rate - goods.mfn_rate), rate)
        return average(use * claimed + (1 - use) * unclaimed, self.basis.portfolio.value)

    def one_change(self) -> float:
        """A rate typed into a cell, to all numbers of all scenarios."""
        self.number += 1
        rate = Decimal(self.number % 50) / 100
        case = edits.set_cell_rate(self.case, "C", "reciprocal", rate, RateForm.ADDED, self.case.as_of)
        return seconds(lambda: evaluate(case, self.pack, previous=self.results))

    def save_case(self) -> float:
        return seconds(lambda: save(self.case, self.folder / "bench.parley"))

    def open_case(self) -> float:
        save(self.case, self.folder / "bench.parley")
        return seconds(lambda: load(self.folder / "bench.parley"))


class AllPartners:
    """Every flow of every partner on one day, under all the law that the pack knows."""

    def __init__(self) -> None:
        pack = load_pack()
        self.book = RateBook(msgspec.structs.replace(default_case(), known_to=date(2026, 12, 31)), pack)
        self.on = date(2025, 9, 20)
        averages(self.book, self.on)  # trade, laws and column 1 of all partners, as a running program has them
        self.groups = [self._terms(members) for members in alike(self.book, self.on, None)]

    def _terms(self, members: list[Partner]) -> tuple[np.ndarray, ...]:
        """What the bare arithmetic is given: lines, column 1, use, and each duty's share and rate."""
        book, rows = self.book, np.concatenate([self.book.flow_rows(partner) for partner in members])
        columns = [book.own_column1(partner, self.on) for partner in members]
        used = np.concatenate([column.use.share for column in columns])
        preferential = np.concatenate([column.line1.preferential for column in columns])
        day = book.day(members[0], (), self.on)
        duties = [(duty.share, duty.charge.rate, duty.charge.is_total) for duty in day.duties if duty.share.any()]
        return rows, book.flow_places[rows], used, preferential, duties

    def engine(self) -> float:
        """A day on which nothing was worked out before."""
        self.book._kept.clear()
        self.book.goods.kept.clear()
        return seconds(lambda: averages(self.book, self.on))

    def bare(self) -> float:
        return seconds(self._bare)

    def _bare(self) -> np.ndarray:
        flows, mfn_rate = self.book.pack.trade.flows, self.book.goods.mfn_rate
        found = np.empty(len(flows.value))
        for rows, lines, used, preferential, duties in self.groups:
            mfn = mfn_rate[lines]
            claimed, unclaimed = preferential.copy(), mfn.copy()
            for share, rate, total in duties:
                part, level, is_total = share[lines], rate[lines], total[lines]
                claimed += part * np.where(is_total, np.maximum(0.0, level - preferential), level)
                unclaimed += part * np.where(is_total, np.maximum(0.0, level - mfn), level)
            found[rows] = used * claimed + (1 - used) * unclaimed
        return np.bincount(flows.partner_index, np.nan_to_num(found) * flows.value)


def _days(first: date, last: date) -> set[date]:
    return {date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)}


FIRST_NUMBERS = """
import time
start = time.perf_counter()
from core.casefile import default_case
from core.engine import evaluate
from core.reference.pack import load_pack
evaluate(default_case(), load_pack())
print(time.perf_counter() - start)
"""


def first_numbers() -> float:
    """In a fresh process, from the first import of the core to the results of the default case."""
    command = [sys.executable, "-c", FIRST_NUMBERS]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True)
    return float(done.stdout)


def add(register: Register) -> None:
    """Put the budgets of the core into the table; the default case is loaded when one is first measured."""
    made: list[Bench] = []

    def bench() -> Bench:
        if not made:
            made.append(Bench())
        return made[0]

    register(
        "rates-over-time",
        "all lines x 4 scenarios x every day: 3x numpy",
        limit=3.0,
        reference=lambda: bench().bare(),
    )(lambda: bench().engine())
    partners: list[AllPartners] = []

    def all_partners() -> AllPartners:
        if not partners:
            partners.append(AllPartners())
        return partners[0]

    register(
        "all-partners",
        "all partners, all lines, one date: 12x numpy with the duties at hand",
        limit=12.0,
        reference=lambda: all_partners().bare(),
    )(lambda: all_partners().engine())
    register("first-numbers", "first numbers after the core starts: 1.0 s", limit=1.0)(first_numbers)
    register("one-change", "one change to every number: 100 ms", limit=0.1)(lambda: bench().one_change())
    register("open-case", "opening a case: 100 ms", limit=0.1)(lambda: bench().open_case())
    register("save-case", "saving a case: 100 ms", limit=0.1)(lambda: bench().save_case())
