"""The dispatcher of the gates: a file added is a gate."""

from gates.__main__ import gates_in, listing, main


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
