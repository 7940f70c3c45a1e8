"""The command `communis` run in this process, and the schemas of what it writes for other programs."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from importlib import resources
from typing import NamedTuple

from jsonschema import Draft202012Validator

from communis.cli import main

SCHEMAS = resources.files("communis.tariff") / "schemas"


class Run(NamedTuple):
    """What a run of the command leaves: its exit status, its output and what it says of its errors."""

    status: int
    out: str
    err: str

    @property
    def lines(self):
        """The lines of the output, no-break spaces made plain."""
        return plain_spaces(self.out).splitlines()

    @property
    def json(self):
        return json.loads(self.out)


def communis(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return Run(status, out.getvalue(), err.getvalue())


def tarif(*arguments):
    return communis("tarif", *arguments)


def plain_spaces(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def faults_of(value, schema):
    """Return where a value does not follow one of the schemas shipped, and why."""
    contents = json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(contents, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]
