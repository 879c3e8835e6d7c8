"""Ways to damage a file: as bytes, as text, as JSON, as what is packed inside it. Each is drawn from the dice given."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

Dice = random.Random
Mutation = Callable[[bytes, Dice], bytes]

NUMBERS = (
    b"0", b"-1", b"1e999999", b"-1e-999999", b"NaN", b"Infinity", b"99999999999999999999999999", b"0.1e400",
    b"1_000", b"0x10", b"2147483648", b"9223372036854775808", b"1" * 5000,
)  # fmt: skip
TEXTS = (
    "", " ", "\x00", "\ufeff", "\ud800", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "../../etc/passwd", "9999-12-31",
    "0000-00-00", "2025-02-30", "group:", "list:\x00", "A" * 70_000, "{0.__class__}", "%s%n", "한" * 3000, "\u202e",
    "group:no-such-group", "NA", "1.000,5", "1,000.5", "12,5", "８７０３", "1e5", "-0", "'", '"', "<!--", "&#0;",
)  # fmt: skip
MAX_TREE = 200_000


# As bytes


def _span(data: bytes, dice: Dice, longest: int = 2000) -> tuple[int, int]:
    start = dice.randrange(len(data) + 1)
    return start, min(len(data), start + dice.randrange(1, longest))


def flip(data: bytes, dice: Dice) -> bytes:
    spoilt = bytearray(data)
    for _bit in range(dice.choice((1, 1, 2, 8, 64))):
        if spoilt:
            spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
    return bytes(spoilt)


def overwrite(data: bytes, dice: Dice) -> bytes:
    start, end = _span(data, dice, 64)
    return data[:start] + dice.choice((b"\x00", b"\xff", b"\x80", b"\n", b'"', b"{")) * (end - start) + data[end:]


def cut(data: bytes, dice: Dice) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def cut_out(data: bytes, dice: Dice) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + data[end:]


def double(data: bytes, dice: Dice) -> bytes:
    start, end = _span(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 2, 500)) + data[end:]


def insert(data: bytes, dice: Dice) -> bytes:
    start, _end = _span(data, dice)
    return data[:start] + dice.randbytes(dice.randrange(1, 40)) + data[start:]


def exchange(data: bytes, dice: Dice) -> bytes:
    (a, b), (c, d) = sorted((_span(data, dice), _span(data, dice)))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:] if b <= c else data[c:d] + data


def nothing_left(data: bytes, dice: Dice) -> bytes:
    return dice.choice((b"", b"\x00" * len(data), b" " * 100_000, data[::-1], data + data))


BYTES: tuple[Mutation, ...] = (flip, flip, overwrite, cut, cut_out, double, insert, exchange, nothing_left)


def as_bytes(data: bytes, dice: Dice) -> bytes:
    return dice.choice(BYTES)(data, dice)


# As text

_NUMBER = re.compile(rb"-?\d+(\.\d+)?")
_ENDS = (b"\n", b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xe2\x80\xa8")


def other_number(data: bytes, dice: Dice) -> bytes:
    found = _any_match(_NUMBER, data, dice)
    return data if found is None else data[: found[0]] + dice.choice(NUMBERS) + data[found[1] :]


def other_encoding(data: bytes, dice: Dice) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        dice.choice(("utf-16", "utf-16-le", "utf-32", "cp949", "utf-8-sig", "cp1252", "utf-7")), "replace"
    )


def other_ends(data: bytes, dice: Dice) -> bytes:
    return data.replace(b"\n", dice.choice(_ENDS))


def other_cell(data: bytes, dice: Dice) -> bytes:
    """Another text between two separators."""
    found = _any_match(re.compile(rb"(?<=[,;\t\n\">])[^,;\t\n\"<>]*(?=[,;\t\n\"<])"), data, dice)
    if found is None:
        return data
    return data[: found[0]] + dice.choice(TEXTS).encode("utf-8", "surrogatepass") + data[found[1] :]


def other_separators(data: bytes, dice: Dice) -> bytes:
    start, end = _span(data, dice, 20_000)
    old, new = dice.sample((b",", b";", b"\t", b'"', b"|", b"'"), 2)
    return data[:start] + data[start:end].replace(old, new) + data[end:]


def long_line(data: bytes, dice: Dice) -> bytes:
    start, _end = _span(data, dice)
    return (
        data[:start] + dice.choice((b",", b'"', b"x", b"9", b"'", b"#")) * dice.choice((3000, 300_000)) + data[start:]
    )


TEXT: tuple[Mutation, ...] = (
    other_number, other_number, other_cell, other_cell, other_cell, other_encoding, other_ends, other_separators,
    long_line,
)  # fmt: skip


def as_text(data: bytes, dice: Dice) -> bytes:
    for _time in range(dice.choice((1, 1, 2, 4))):
        data = dice.choice(TEXT)(data, dice)
    return data


def _any_match(pattern: re.Pattern[bytes], data: bytes, dice: Dice) -> tuple[int, int] | None:
    """A match near a place drawn: looking through all of a large file would take too long."""
    start = dice.randrange(max(1, len(data)))
    found = pattern.search(data, start) or pattern.search(data)
    return found.span() if found else None


# As JSON


def as_json(data: bytes, dice: Dice) -> bytes:
    """Well-formed, mostly, and another document: values, names, kinds and depths are not what they were."""
    try:
        tree = json.loads(data)
        for _time in range(dice.choice((1, 1, 2, 5))):
            _change_node(tree, dice)
        return json.dumps(tree, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):  # no JSON, or by now nested too deeply to be written
        return as_bytes(data, dice)


def _change_node(tree: Any, dice: Dice) -> None:
    node = _any_branch(tree, dice)
    if isinstance(node, dict) and node:
        _change_member(node, dice.choice(list(node)), dice)
    elif isinstance(node, list) and node:
        _change_item(node, dice.randrange(len(node)), dice)


def _any_branch(tree: Any, dice: Dice) -> Any:
    """Some object or list of the document, deep ones as likely as shallow ones."""
    node = tree
    while isinstance(node, dict | list) and node:
        inner = [each for each in (node.values() if isinstance(node, dict) else node) if isinstance(each, dict | list)]
        if not inner or dice.random() < 0.25:
            return node
        node = dice.choice(inner)
    return node


def _change_member(node: dict[str, Any], name: str, dice: Dice) -> None:
    action = dice.randrange(6)
    if action == 0:
        del node[name]
    elif action == 1:
        node[dice.choice(TEXTS)] = node[name]
    elif action == 2:
        node[dice.choice(list(node))] = node[name]
    else:
        node[name] = _other_value(node[name], dice)


def _change_item(node: list[Any], place: int, dice: Dice) -> None:
    action = dice.randrange(6)
    if action == 0:
        del node[place]
    elif action == 1:
        node.insert(dice.randrange(len(node)), node[place])
    elif action == 2:
        node.extend([node[place]] * min(2000, MAX_TREE // (len(json.dumps(node[place])) + 1)))
    elif action == 3:
        node.reverse()
    else:
        node[place] = _other_value(node[place], dice)


def _other_value(old: Any, dice: Dice) -> Any:
    kinds: tuple[Callable[[], Any], ...] = (
        lambda: dice.choice(TEXTS),
        lambda: dice.choice(NUMBERS).decode(),
        lambda: dice.choice((None, True, False, [], {}, 0, -1, 1e308, 10**30, 10**4000, 0.1)),
        lambda: [old],
        lambda: {"en": old},
        lambda: _nested(dice.choice((5, 200, 900)), old),
        lambda: str(old)[::-1],
        lambda: str(old) + str(old),
    )
    return dice.choice(kinds)()


def _nested(depth: int, core: Any) -> Any:
    for _level in range(depth):
        core = [core]
    return core


def as_deep(data: bytes, dice: Dice) -> bytes:
    """Nested a hundred thousand times: what recurses falls."""
    depth = dice.choice((500, 5_000, 100_000))
    opening, closing = dice.choice(((b"[", b"]"), (b'{"a":', b"}")))
    found = _any_match(re.compile(rb": *(?=[\[{\"\d])"), data, dice)
    start = found[1] if found else len(data) // 2
    return data[:start] + opening * depth + b"1" + closing * dice.choice((depth, 0)) + data[start:]


# As what is packed inside


def in_gzip(inner: Mutation) -> Mutation:
    """The content damaged and packed again, so that it is reached."""

    def mutation(data: bytes, dice: Dice) -> bytes:
        return gzip.compress(inner(gzip.decompress(data), dice), 1)

    return mutation


@cache
def _zeros(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


def gzip_bomb(data: bytes, dice: Dice) -> bytes:
    """Some kilobytes that unpack to gigabytes."""
    return data + _zeros(20_000_000) * dice.choice((10, 100, 200))


def in_zip(inner: Mutation) -> Mutation:
    """One part of the package damaged, the package itself in order."""

    def mutation(data: bytes, dice: Dice) -> bytes:
        parts = _parts(data)
        name = dice.choice(list(parts))
        return _packed({**parts, name: inner(parts[name], dice)})

    return mutation


def package(data: bytes, dice: Dice) -> bytes:
    """The package itself: parts that are missing, twice there, elsewhere, far too many or far too large."""
    parts = _parts(data)
    name = dice.choice(list(parts))
    action = dice.randrange(7)
    if action == 0:
        del parts[name]
    elif action == 1:
        parts["../../" + name] = parts[name]
        parts["/etc/" + name] = parts.pop(name)
    elif action == 2:
        parts |= {f"xl/{number}.xml": b"<a/>" for number in range(dice.choice((2_000, 30_000)))}
    elif action == 3:
        parts[name] = parts[name][:-20] + b" " * dice.choice((10_000_000, 300_000_000)) + parts[name][-20:]
    elif action == 4:
        parts[name], parts[dice.choice(list(parts))] = parts[dice.choice(list(parts))], parts[name]
    elif action == 5:
        return _lying(data, dice)
    else:
        return _packed(parts, twice=name)
    return _packed(parts)


def _lying(data: bytes, dice: Dice) -> bytes:
    """Sizes, checksums, flags and methods in the lists of the package that are not true."""
    sign, width = dice.choice(((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)))
    places = [found.start() for found in re.finditer(re.escape(sign), data)]
    if not places:
        return data
    place = dice.choice(places) + 4 + dice.randrange(width - 4)
    return data[:place] + struct.pack("<I", dice.choice((0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF))) + data[place + 4 :]


@cache
def _parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _parts(data: bytes) -> dict[str, bytes]:
    return dict(_parts_of(data))


def _packed(parts: dict[str, bytes], twice: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
            if name == twice:
                info = zipfile.ZipInfo(name + "#")
                archive.writestr(info, content[::-1])
    # zipfile warns of two parts of one name, so the second gets its name afterwards.
    return held.getvalue().replace((twice + "#").encode(), twice.encode() + b"\x00") if twice else held.getvalue()


# As XML

_LAUGHS = b"".join(
    b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10 if level else b"ha" * 50) for level in range(9)
)
_XML_PLACES = re.compile(rb"<(?!\?|!)[A-Za-z]")


def as_xml(data: bytes, dice: Dice) -> bytes:
    """Entities, nesting, attributes without end, and numbers where places and counts stand."""
    return dice.choice((_entities, _deep_xml, _attributes, other_number, other_number, other_cell, _tags))(data, dice)


def _entities(data: bytes, dice: Dice) -> bytes:
    kinds = (
        b"<!DOCTYPE x [" + _LAUGHS + b"]>",
        b'<!DOCTYPE x [<!ENTITY a8 SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY a8 "x">]>',
        b"<!DOCTYPE x [<!ENTITY % p \"<!ENTITY a8 'x'>\">%p;]>",
    )
    found = _XML_PLACES.search(data)
    start = found.start() if found else 0
    body = data[start:]
    spot = _any_match(re.compile(rb">(?=[^<])"), body, dice)
    inside = body if spot is None else body[: spot[1]] + b"&a8;" + body[spot[1] :]
    return data[:start] + dice.choice(kinds) + inside


def _deep_xml(data: bytes, dice: Dice) -> bytes:
    depth = dice.choice((100, 5_000, 200_000))
    spot = _any_match(re.compile(rb">"), data, dice)
    start = spot[1] if spot else len(data)
    return data[:start] + b"<r>" * depth + dice.choice((b"</r>" * depth, b"")) + data[start:]


def _attributes(data: bytes, dice: Dice) -> bytes:
    spot = _any_match(_XML_PLACES, data, dice)
    start = spot[1] if spot else 0
    made = b"".join(b' a%d="%d"' % (n, n) for n in range(dice.choice((10, 20_000))))
    return data[:start] + dice.choice((made, b' x="' + b"y" * 5_000_000 + b'"')) + data[start:]


def _tags(data: bytes, dice: Dice) -> bytes:
    """An element without its end, or another name for one."""
    spot = _any_match(re.compile(rb"</?\w+"), data, dice)
    return (
        data if spot is None else data[: spot[0]] + dice.choice((b"", b"<c", b"</row", b"<v", b"<f")) + data[spot[1] :]
    )


def recompressed(data: bytes, dice: Dice) -> bytes:
    """A bare stream where a package is expected."""
    return dice.choice((zlib.compress(data), gzip.compress(data, 1), b"PK\x03\x04" + data))
