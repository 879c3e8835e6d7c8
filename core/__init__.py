"""Parley's calculation core: reference pack, duty engine, case, exposure, briefing. Never imports Qt or gui."""
