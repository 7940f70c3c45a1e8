"""The dispatcher of the gates: a file added is a gate."""

import tomllib

from gates.__main__ import gates_in, listing, main
from gates.claims import ROOT, TESTS, claims


def test_a_file_is_a_gate_and_its_docstring_says_what_it_proves(tmp_path):
    (tmp_path / "__init__.py").write_text('"""Gates."""')
    (tmp_path / "fuzz.py").write_text('"""Throw random bytes at the reader.\n\nMore."""\nraise SystemExit(3)\n')
    (tmp_path / "claims.py").write_text('"""Check the figures claimed."""\n')
    gates = gates_in(tmp_path)
    assert gates == {"claims": "Check the figures claimed.", "fuzz": "Throw random bytes at the reader."}
    assert listing(gates) == "claims       Check the figures claimed.\nfuzz         Throw random bytes at the reader."


def test_an_unknown_gate_is_refused(capsys):
    assert main(["nowhere"]) == 64
    assert capsys.readouterr().err.startswith("gates: no gate named 'nowhere'; the gates are: ")


def test_each_claimed_row_has_one_fault_whose_text_is_there_once():
    listed = tomllib.loads((TESTS / "faults.toml").read_text("utf-8"))["fault"]
    assert [one["rows"] for one in listed] == sorted(sorted(one["rows"]) for one in listed)
    assert sorted(row for one in listed for row in one["rows"]) == sorted(claims())
    times = {(*one["rows"], one["file"]): (ROOT / one["file"]).read_text("utf-8").count(one["find"]) for one in listed}
    assert {where: count for where, count in times.items() if count != 1} == {}
    assert [one["rows"] for one in listed if one["find"] == one["replace"]] == []
