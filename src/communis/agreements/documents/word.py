"""A document in the word processor’s format: from the pool’s own template, or from the default one, in a sandbox (DOC-22)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import docx
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.shared import Cm, RGBColor
from docx.table import Table
from docxtpl import DocxTemplate

from communis.agreements.documents.acts import COUNCIL
from communis.agreements.documents.layout import TABLES, filled
from communis.agreements.documents.sandbox import FAILURES, Sandbox, environment, samples
from communis.agreements.documents.values import Values
from communis.agreements.enums import DocumentKind
from communis.kit.formats import french
from communis.kit.refusals import Refusal

LARGEST = 20_000_000  # bytes of a template once unpacked
SIGNED = ("signataires", "signatures")
WIDTH = 16.6  # centimetres of a page between its margins
MARKS = "Les accolades s’écrivent {{ nom }}, et une liste : {%p for ligne in choix %} … {%p endfor %}."


def opened(data: bytes) -> DocxTemplate:
    """Return a template. Raises Refusal for what is not one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST or "word/document.xml" not in archive.namelist():
                raise Refusal("Ce fichier n’est pas un document DOCX, ou il est trop lourd : enregistrez le modèle en DOCX.")
        template = DocxTemplate(io.BytesIO(data))
        template.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise Refusal("Ce fichier n’est pas un document DOCX : enregistrez le modèle en DOCX, puis déposez-le.") from wrong
    return template


def placed_by(data: bytes) -> set[str]:
    """Return the variables that a template places. Raises Refusal when its marks do not read."""
    sandbox = environment()
    try:
        return set(opened(data).get_undeclared_template_variables(sandbox))
    except FAILURES as wrong:
        raise Refusal(f"Le modèle ne se lit pas : {sandbox.told(wrong)}. {MARKS}") from wrong


def tried(kind: str, data: bytes) -> None:
    """Fill a template on values that are all known, then on none. Raises Refusal with the words that fail."""
    placed = placed_by(data)
    for fields, strict in zip(samples(), (True, False), strict=True):
        values, sandbox = Values(kind, fields), environment(strict=strict)
        try:
            filling(data, filled(values, values.blanks(placed)), sandbox)
        except FAILURES as wrong:
            raise Refusal(f"Le modèle ne peut pas être rempli : {sandbox.told(wrong)}. Corrigez ces mots, puis déposez-le à "
                          f"nouveau. {MARKS}") from wrong  # fmt: skip


def word_document(values: Values, template: bytes, *, name: str = "") -> bytes:
    """Return a document made by a template from its values; what is blank is told in its place.

    Raises Refusal, with the name of the template, when it fails on these values.
    """
    sandbox = environment()
    try:
        return filling(template, filled(values, values.blanks(placed_by(template))), sandbox)
    except FAILURES as wrong:
        raise Refusal(
            f"Le modèle « {name or DocumentKind(values.kind).label} » ne peut pas être rempli : {sandbox.told(wrong)}. "
            "Corrigez-le et déposez-le à nouveau, ou revenez au modèle livré : Documents, puis Modèles."
        ) from wrong


def filling(data: bytes, said: dict[str, Any], sandbox: Sandbox) -> bytes:
    """Return a template filled with what is said, typeset."""
    made, out = opened(data), io.BytesIO()
    made.render({name: typeset(value) for name, value in said.items()}, jinja_env=sandbox, autoescape=True)
    made.save(out)
    return out.getvalue()


def typeset(value: Any) -> Any:
    """Give every text the spaces and apostrophes of French."""
    if isinstance(value, str):
        return french(value)
    if isinstance(value, dict):
        return {key: typeset(one) for key, one in value.items()}
    return [typeset(one) for one in value] if isinstance(value, list | tuple) else value


# ------------------------------------------------------------ the default templates


def default_template(kind: str) -> bytes:
    """Return the template that a pool starts from: it downloads it, edits it in its word processor, and gives it back."""
    made = sheet()
    made.core_properties.language = "fr-FR"
    made.core_properties.title = str(DocumentKind(kind).label)
    made.add_paragraph("{{ organisation }}")
    made.add_heading("{{ titre }}", 1)
    if kind in COUNCIL:
        vote(made, ending=kind == DocumentKind.TERMINATION)
    elif kind == DocumentKind.CONVENTION:
        agreement(made)
    elif kind == DocumentKind.COMMITMENT:
        made.add_paragraph("{{ lieu }}")
        each(made, "ligne", "lettre", "{{ ligne }}")
        table(made, "choix")
        signatures(made)
    elif kind == DocumentKind.AMENDMENT:
        made.add_paragraph("Convention « {{ convention }} »")
        made.add_heading("Ce que l’avenant change", 2)
        table(made, "changements")
        made.add_heading("Texte consolidé", 2)
        whole_text(made)
        signatures(made)
    elif kind == DocumentKind.MEMO:
        made.add_paragraph("Convention « {{ convention }} ». Rapporteur : {{ rapporteur }}")
        each(made, "ligne", "expose", "{{ ligne }}")
        table(made, "changements")
    elif kind in SENT:
        SENT[kind](made)
    else:
        made.add_paragraph("Agent : {{ agent }}. Convention « {{ convention }} », effet le {{ effet }}.")
        table(made, "effets")
        made.add_heading("Avis des instances", 2)
        table(made, "avis")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet() -> Word:
    """Return a blank A4 page, black on white."""
    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm((21 - WIDTH) / 2)
    page.top_margin = page.bottom_margin = Cm(2.2)
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        made.styles[name].font.color.rgb = RGBColor(0, 0, 0)
    return made


def each(made: Word, name: str, rows: str, text: str) -> None:
    """Add a paragraph for each row of a list."""
    made.add_paragraph(f"{{%p for {name} in {rows} %}}")
    made.add_paragraph(text)
    made.add_paragraph("{%p endfor %}")


def table(made: Word, rows: str) -> None:
    """Add a table with a row of headers and a row for each of a list."""
    head, names = TABLES[rows].head, TABLES[rows].columns
    drawn = made.add_table(rows=4, cols=len(head), style="Table Grid")
    drawn.autofit = False
    shares = TABLES[rows].shares or (1,) * len(head)
    for column, share in zip(drawn.columns, shares, strict=True):
        column.width = Cm(WIDTH * share / sum(shares))  # the grid, that LibreOffice reads; Word reads the cells
        for cell in column.cells:
            cell.width = column.width
    for cell, text in zip(drawn.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    drawn.rows[1].cells[0].text = f"{{%tr for ligne in {rows} %}}"
    for cell, name in zip(drawn.rows[2].cells, names, strict=True):
        cell.text = f"{{{{ ligne.{name} }}}}" if name else ""
    drawn.rows[3].cells[0].text = "{%tr endfor %}"
    for row in drawn.rows:  # a row stays on one page
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if rows in SIGNED:
        signing(drawn)
    made.add_paragraph("")


def signing(drawn: Table) -> None:
    """Leave room to sign, and keep on one page the places where all sign."""
    drawn.rows[2].height = Cm(1.6)
    for cell in (cell for row in drawn.rows for cell in row.cells):
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def vote(made: Word, *, ending: bool) -> None:
    """The draft of an act: what it rests on, the exposé, its matter, what is decided, the vote, who signs, how to contest it."""
    made.add_paragraph("Convention « {{ convention }} », version {{ version }}. Gestionnaire : {{ gestionnaire }}")
    made.add_paragraph("Séance du {{ seance }}. Rapporteur : {{ rapporteur }}")
    each(made, "ligne", "fondements", "Vu {{ ligne }},")
    made.add_heading("Exposé", 2)
    each(made, "ligne", "expose", "{{ ligne }}")
    if ending:
        made.add_paragraph("Dernier jour : {{ effet }}")
        titled(made, "fins")
        titled(made, "compte", "Total : {{ total }}")
    else:
        made.add_paragraph("Date d’effet : {{ effet }}")
        titled(made, "choix")
        titled(made, "couts", "Total : {{ total }}")
        each(made, "ligne", "hypotheses", "{{ ligne }}")
    made.add_heading("L’assemblée, après en avoir délibéré", 2)
    each(made, "ligne", "decisions", "{{ ligne }}")
    for name in ("vote", "signataires"):
        titled(made, name)
    made.add_heading("Voies de recours", 2)
    each(made, "ligne", "recours", "{{ ligne }}")


def titled(made: Word, rows: str, after: str = "") -> None:
    """Add the table of a list with its title, and what follows it; nothing where the list has nothing to say."""
    made.add_paragraph(f"{{%p if {rows} %}}")
    made.add_heading(TABLES[rows].title, 2)
    table(made, rows)
    if after:
        made.add_paragraph(after)
    made.add_paragraph("{%p endif %}")


def agreement(made: Word) -> None:
    """A convention to sign: its history, the parties, its articles, the form of article 8, two blocks to sign."""
    made.add_heading("Historique du document", 2)
    table(made, "historique")
    made.add_heading("Entre", 2)
    each(made, "ligne", "parties", "{{ ligne }}")
    made.add_paragraph("il est convenu ce qui suit.")
    whole_text(made)
    made.add_heading("Formulaire de choix", 2)
    table(made, "choix")
    made.add_paragraph("Date d’effet : {{ effet }}")
    titled(made, "signatures")


def whole_text(made: Word) -> None:
    """The preamble, the articles, then what is annexed: the clause on personal data with its measures, the tables of the ETP."""
    made.add_paragraph("{%p if preambule %}")
    made.add_heading("Préambule", 3)
    each(made, "ligne", "preambule", "{{ ligne }}")
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("{%p for article in articles %}")
    made.add_heading("{% if article.numero %}{{ article.numero }} {% endif %}{{ article.titre }}", 3)
    made.add_paragraph("{{ article.texte }}")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p for partie in donnees %}")
    made.add_heading("{{ partie.titre }}", 3)
    made.add_paragraph("{{ partie.texte }}")
    made.add_paragraph("{%p endfor %}")
    titled(made, "etp")


def signatures(made: Word) -> None:
    each(made, "ligne", "signataires", "Pour {{ ligne.partie }}{% if ligne.nom %}, {{ ligne.nom }}{% endif %} (signature) :")


def letter(made: Word, *, contracts: bool = False) -> None:
    """A registered letter: who writes to whom, what about, its words, one signature."""
    made.add_paragraph("{{ expediteur }}")
    made.add_paragraph("À l’attention de {{ destinataire }}")
    made.add_paragraph("{{ lieu }}")
    made.add_paragraph("Objet : {{ objet }}")
    each(made, "ligne", "lettre", "{{ ligne }}")
    if contracts:
        table(made, "contrats")
    signatures(made)


def account(made: Word) -> None:
    """The exit account: what it rests on, a line a sum, the total, both signatures."""
    made.add_paragraph("{{ gestionnaire }}, convention « {{ convention }} »")
    each(made, "ligne", "expose", "{{ ligne }}")
    table(made, "compte")
    made.add_paragraph("Total : {{ total }}")
    signatures(made)


def handing_over(made: Word) -> None:
    """The act of transfer of goods."""
    made.add_paragraph("{{ gestionnaire }} et {{ organisation }}, effet le {{ effet }}")
    each(made, "ligne", "expose", "{{ ligne }}")
    table(made, "biens")
    signatures(made)


SENT: dict[str, Callable[[Word], None]] = {
    DocumentKind.NOTICE_LETTER: letter, DocumentKind.EXIT_ACCOUNT: account,
    DocumentKind.DENUNCIATION: partial(letter, contracts=True), DocumentKind.TRANSFER: handing_over,
}  # fmt: skip
