"""Workbooks made to harm whoever opens them, and the small honest one they are made from."""

import io
import struct
import zipfile

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
ZEROS = b"0" * 1_000_000


def workbook(rows=(("nom", "SIREN"), ("Aubépine", "213500010")), **sheets):
    """Return the bytes of a workbook: one sheet « Feuille », then those named."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, lines in {"Feuille": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for rank, line in enumerate(lines):
                sheet.write_row(rank, 0, line)
    return made.getvalue()


def with_parts(**changes):
    """Return the honest workbook with some parts replaced: a text, or a function of the former bytes. `sheet` is its sheet."""
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    parts = {name: source.read(name) for name in source.namelist()}
    for name, change in changes.items():
        place = {"sheet": SHEET, "strings": "xl/sharedStrings.xml", "book": "xl/workbook.xml"}.get(name, name)
        parts[place] = change(parts[place]) if callable(change) else change
    return packed(parts)


def packed(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return made.getvalue()


def rows_of_xml(rows):
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


def lying_bomb():
    """A part that unpacks to 300 MB while the directory says 10 bytes."""
    content = bytearray(with_parts(**{"xl/bombe.xml": ZEROS * 300}))
    told = struct.pack("<I", 300 * len(ZEROS))
    while (at := content.find(told)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    return bytes(content)


def overlap_bomb():
    """A directory whose thousand entries are all the same packed megabyte."""
    content = packed({"xl/workbook.xml": ZEROS})
    end = content.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", content[end + 16 : end + 20])[0]
    entry = content[start:end]
    directory = b"".join(entry.replace(b"xl/workbook.xml", b"xl/%07d.xml" % rank) for rank in range(1_000))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(directory), start, 0)
    return content[:start] + directory + tail


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + rank, b"&%c;" % (97 + rank) * 10) for rank in range(9))
    + b']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&j;</t></si></sst>'
)
STOLEN = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&f;</t></si></sst>'
)
FAR_CELLS = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MILLION_COLUMNS = b'<row r="1"><c r="A1"><v>1</v></c><c r="BDWGN1"><v>1</v></c></row>'
HIDDEN_FAR = b'<row r="1"><c r="A1"><v>1</v></c><c r="&#88;FD1"><v>1</v></c></row>'
UNPLACED = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"

# name: (bytes, how the refusal begins)
HOSTILE = {
    "zip bomb": lambda: with_parts(**{"xl/bombe.xml": ZEROS * 300}),
    "zip bomb under the cap": lambda: with_parts(**{"xl/bombe.xml": ZEROS * 90}),
    "bomb whose directory lies": lying_bomb,
    "overlap bomb": overlap_bomb,
    "65 535 entries": lambda: packed({f"xl/{rank}.xml": b"" for rank in range(65_535)}),
    "billion laughs": lambda: with_parts(strings=LAUGHS),
    "external entity": lambda: with_parts(strings=STOLEN),
    "entity in UTF-16": lambda: with_parts(strings=LAUGHS.decode().encode("utf-16")),
    "cells at the two ends": lambda: with_parts(sheet=rows_of_xml(FAR_CELLS)),
    "a million columns": lambda: with_parts(sheet=rows_of_xml(MILLION_COLUMNS)),
    "a far cell written with an entity": lambda: with_parts(sheet=rows_of_xml(HIDDEN_FAR)),
    "300 cells without a place": lambda: with_parts(sheet=rows_of_xml(UNPLACED)),
    "a count of strings that would take 96 GB": lambda: with_parts(
        strings=lambda part: part.replace(b'uniqueCount="4"', b'uniqueCount="4294967295"')
    ),
    "nested archive": lambda: packed({"dedans.zip": packed({"a": ZEROS})}),
    "names that climb": lambda: packed({"../../etc/cron.d/x": b"x", "xl/a.xml": b"<a/>"}),
    "cut": lambda: workbook()[:-300],
    "not what it says": lambda: b"PK\x03\x04" + b"A" * 500,
}
