"""`parley reference`: what is loaded, from when, and its totals."""

from __future__ import annotations

import argparse
import json

from core.casefile import default_case
from core.reference.pack import load_pack
from core.reference.report import reference_data, reference_report


def run(options: argparse.Namespace) -> int:
    """Print the report; the totals are those of the asked partner, else of the example case's."""
    pack = load_pack()
    partner = options.partner.upper() or default_case().partner
    if options.json:
        print(json.dumps(reference_data(pack, partner), ensure_ascii=False, indent=1))
    else:
        print("\n".join(reference_report(pack, partner)))
    return 0
