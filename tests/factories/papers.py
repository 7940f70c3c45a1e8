"""Documents made ready, for the tests that read their two files."""

import io
import re
from datetime import date
from decimal import Decimal

import docx
from pypdf import PdfReader

from communis.agreements.models import Choice, ChoiceForm, ExitCost
from communis.agreements.operations.leaving import Departure, give_notice
from communis.foundation import files
from communis.foundation.scope import current_pool
from communis.kit.formats import french
from factories.versions import CLERK, act, in_force, joined


def chosen(world, *offers, since=date(2025, 1, 1)):
    version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun", author="DSI")
    member = joined(world["sixt"], version, since)
    if offers:
        form = ChoiceForm(membership=member, stated_on=since, starts_on=since)
        form.save()
        for offer in offers:
            Choice(form=form, offer=offer, starts_on=since).save()
    return member


def spaced(text):
    """Return a text with plain spaces, its apostrophes and signs as documents have them."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", french(text)).strip()


def words_of(document):
    """The words of the DOCX, paragraph by paragraph."""
    made = docx.Document(io.BytesIO(files.read(current_pool(), document.docx)))
    return [spaced(one.text) for one in made.paragraphs if one.text]


def leaving(world, given_by="member", *, costs=True):
    """Sixt-sur-Aff gave notice, and its exit account is written."""
    member = chosen(world, "audit")
    vote = act(world["sixt"], date(2025, 2, 6), number="2025-04")
    departure = Departure(given_by, "bonne organisation des services", date(2025, 3, 10), sent_on=date(2025, 3, 6), act=vote)
    notice = give_notice(member, departure, by=CLERK)
    ExitCost.objects.unscoped().filter(notice=notice).delete()
    rows = (
        ("due", "Contribution de 2025", "1250.50"),
        ("contract_moved", "Lien fibre n° 12", "0"),
        ("penalty", "Pénalité", "80"),
    )
    for kind, label, amount in rows if costs else ():
        ExitCost(notice=notice, kind=kind, label=label, amount=Decimal(amount), until=date(2026, 3, 10)).save()
    member.refresh_from_db()
    return member, notice


def printed(document):
    reader = PdfReader(io.BytesIO(files.read(current_pool(), document.pdf)))
    assert b"pdfuaid" in reader.root_object["/Metadata"].get_data()
    return spaced(" ".join(page.extract_text() for page in reader.pages))


def cells_of(document):
    made = docx.Document(io.BytesIO(files.read(current_pool(), document.docx)))
    return [[spaced(cell.text) for cell in row.cells] for table in made.tables for row in table.rows]
