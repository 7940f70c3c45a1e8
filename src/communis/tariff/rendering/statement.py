"""The page of one member: what is due, line by line, and why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from communis.tariff.calendar import Period, long_date
from communis.tariff.interpreter.values import AMOUNT
from communis.tariff.rendering.content import Content, Row
from communis.tariff.rendering.french import NOT_A_BILL, due_text, from_to, marks_of, money, sentence
from communis.tariff.rendering.marks import choice_flags
from communis.tariff.rendering.markup import NOTHING, Markup, element, french, joined, name, text
from communis.tariff.rendering.notes import note
from communis.tariff.tables.records import Chosen

COLUMNS = 4


def body(content: Content) -> Markup:
    """Return what the page shows: the sum due first, then lines, then explanations."""
    work = element(
        "div",
        _header(content),
        _due(content) if not content.blocked else _stopped(content),
        _alerts(content),
        _references(content),
        _lines(content),
        _absent(content),
        _footer(content),
        class_="work",
    )
    return element("main", work, _notes(content), class_="page")


def _header(content: Content) -> Markup:
    book = content.result.book.header
    kind = f", {content.member.kind}" if content.member.kind else ""
    return element(
        "header",
        element("p", french(f"{book.title}, {book.host}" if book.host else book.title), class_="crumb"),
        element("h1", french(f"Décompte {content.year}"), " ", joined(state(content), " ")),
        element("p", name(content.member.name), text(kind), class_="lead"),
        *[element("p", element("em", french(sentence(mark))), class_="mark") for mark in content.marks if mark != NOT_A_BILL],
    )


def state(content: Content) -> list[Markup]:
    """Return the state of a statement, in words: never issued here, at most ready to be."""
    badges = []
    if content.blocked:
        badges.append(("Ne peut pas être émis", "refused"))
    if content.simulated:
        badges.append((sentence(NOT_A_BILL).rstrip("."), "draft"))
    if not badges:
        badges.append(("À émettre" if content.due else "Rien à émettre", "draft"))
    return [element("span", french(words), class_=f"badge {tone}") for words, tone in badges]


# ---------------------------------------------------------------- the sum due


def _due(content: Content) -> Markup:
    due = content.due or Fraction(0)
    label = ("Serait à régler" if content.simulated else "À régler") if due >= 0 else "En faveur du membre"
    figure = element(
        "div",
        element("h2", french(label if content.owes else f"Exercice {content.year}"), class_="label"),
        element("p", french(money(due) if content.owes else "Rien à régler"), class_="figure"),
        element("p", french(_when(content)), class_="aside"),
    )
    return element("section", figure, _parts(content), class_="due")


def _when(content: Content) -> str:
    """Say when the sum falls due: once, or as each line says."""
    dues = {row.line.due for row in content.rows if row.counted and row.line.due}
    if not content.owes:
        return "Aucun montant n’est à la charge de ce membre."
    if not dues:
        return "La convention ne fixe pas d’échéance."
    if len(dues) == 1:
        return sentence(f"échéance {due_text(next(iter(dues)))}")
    days = [period for due in dues for period in due]
    whole = Period(min(day.first for day in days), max(day.last for day in days))
    return sentence(f"échéances {from_to(whole)}, dites à chaque ligne")


def _parts(content: Content) -> Markup:
    """Return what makes the sum: its natures, else its budget sections, then tax and rounding."""
    groups = {
        title: sum((row.counted for row in rows if row.counted is not None), Fraction(0))
        for title, rows in content.groups.items()
        if any(row.counted is not None for row in rows)
    }
    parts = [(money(amount), title) for title, amount in groups.items() if amount or len(groups) == 1]
    if len(groups) == 1:
        parts = [(money(amount), f"en {section}") for section, amount in content.sections.items()]
    if content.total is not None and content.total != content.counted:
        parts.append((money(content.total - content.counted), "arrondi du total"))
    if content.tax:
        parts.append((money(content.tax), f"taxe, {content.tax_words}"))
    if not parts:
        return NOTHING
    rows = [element("li", element("span", french(amount), class_="result"), " ", french(title)) for amount, title in parts]
    return element("div", element("p", element("strong", "Cette somme réunit")), element("ul", *rows, class_="parts"))


def _stopped(content: Content) -> Markup:
    """Return why nothing can be issued: each refused line with its reason, its article and the way out."""
    items = [element("li", *_obstacle(row)) for row in content.refusals]
    count = "Une ligne attend" if len(items) == 1 else f"{len(items)} lignes attendent"
    return element(
        "section",
        element("h2", french("Ne peut pas être émis"), class_="verdict"),
        element("p", french(f"{count} un fait ou une décision :")),
        element("ul", *items, class_="obstacles"),
        class_="stopped",
    )


def _obstacle(row: Row) -> Iterator[Markup]:
    assert row.refused is not None
    yield element("p", element("a", element("strong", french(row.label)), href=f"#e{row.number}"), text(f", {row.articles}"))
    for reason in row.refused.reasons:
        yield element("p", french(sentence(reason)))
    for remedy in row.refused.remedies:
        yield element("p", french(remedy), class_="aside")


def _alerts(content: Content) -> Markup:
    if not content.warnings:
        return NOTHING
    alerts = []
    for warning in content.warnings:
        rule = content.result.book.refusals[warning.subject]
        label = f"{rule.label}{chr(0xA0)}: " if rule.label else ""
        alerts.append(element("li", element("strong", french(label)), french(sentence(warning.said))))
    return element("section", element("h2", "Alertes", class_="label"), element("ul", *alerts), class_="alerts")


# ---------------------------------------------------------------- the references


def _references(content: Content) -> Markup:
    header, member = content.result.book.header, content.member
    since = f" du {long_date(header.first)}" if header.first else ""
    period = content.result.model.calendar.period(content.result.year)
    held = [_offer(content, chosen) for chosen in content.held]
    entries: list[tuple[str, Markup]] = [
        ("Convention", french(header.title)),
        ("Version", french(f"{header.version}{since}")),
        ("Gestionnaire", name(header.host)),
        ("Base légale", french(" ; ".join(header.legal_grounds))),
        ("Exercice", french(f"{content.year}, {from_to(period)}")),
        ("Membre", joined((name(member.name), text(f", SIREN {_siren(member.siren)}" if member.siren else "")))),
        ("Offre tenue" if len(held) == 1 else "Offres tenues", joined(held)),
    ]
    pairs = [element("div", element("dt", label), element("dd", words)) for label, words in entries if words and label]
    return element("section", element("h2", "Références"), element("dl", *pairs), class_="references")


def _siren(siren: str) -> str:
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:]))


def _offer(content: Content, chosen: Chosen) -> Markup:
    label = content.result.book.offers[chosen.offer].label or chosen.offer
    said = f"{label}, depuis le {long_date(chosen.first)}" if chosen.last is None else (
        f"{label}, {from_to(Period(chosen.first, chosen.last))}"
    )  # fmt: skip
    act = f" ({chosen.act})" if chosen.act else ""
    marks = [element("em", french(mark)) for mark in marks_of(choice_flags(chosen))]
    return element("p", french(said + act), *[piece for mark in marks for piece in (element("br"), mark)])


# ---------------------------------------------------------------- the lines


def _lines(content: Content) -> Markup:
    if not content.rows:
        words = "Aucun montant ni refus pour cet exercice : seules les offres de la simulation ou les alertes sont dites ici."
        return element("section", element("h2", "Lignes"), element("p", french(words)))
    quantities = any(row.quantity for row in content.rows)
    head = [element("th", "Prestation", scope="col"), element("th", "Article", scope="col")]
    if quantities:
        head.append(element("th", french("Quantité"), scope="col", class_="number"))
    head.append(element("th", "Montant", scope="col", class_="number"))
    groups = [_group(title, rows, len(head)) for title, rows in content.groups.items()]
    table = element(
        "table",
        element("caption", french(_caption(content))),
        element("thead", element("tr", *head)),
        *groups,
        element("tfoot", *_totals(content, len(head))),
        class_="lines" if quantities else "lines narrow",
    )
    return element("section", element("h2", "Lignes"), table)


def _caption(content: Content) -> str:
    taxed = "avant taxe" if content.tax else "sans taxe ajoutée"
    unit = f", en euros, {taxed}" if content.owes else ""
    return f"Montants de l’exercice {content.year}{unit} ; chacun mène à son explication."


def _group(title: str, rows: list[Row], columns: int) -> Markup:
    head = element("tr", element("th", french(title), scope="rowgroup", colspan=columns), class_="group")
    return element("tbody", head, *[_row(row, columns == COLUMNS) for row in rows])


def _row(row: Row, quantities: bool) -> Markup:
    said = row.details if row.refused is not None else (" ".join(filter(None, row.details)),)
    details = [element("p", french(sentence(words)), class_="detail") for words in said if words]
    details += [element("p", element("em", french(mark)), class_="detail") for mark in row.marks]
    cells = [
        element("th", element("p", french(row.label)), *details, scope="row"),
        element("td", text(row.articles), class_="article"),
    ]
    if quantities:
        unseen = element("span", french("sans quantité"), class_="unseen")
        cells.append(element("td", french(row.quantity) if row.quantity else unseen, class_="number quantity"))
    shown = element(
        "a",
        french(row.shown),
        element("span", f", explication {row.number}", class_="unseen"),
        element("span", f" {row.number}", class_="ref", aria_hidden="true"),
        href=f"#e{row.number}",
        class_="amount" if row.line.outcome == AMOUNT else "amount word",
    )
    cells.append(element("td", shown, class_="number"))
    return element("tr", *cells, id=f"m{row.number}", class_="row")


def _totals(content: Content, columns: int) -> Iterator[Markup]:
    """Yield the total before tax, the tax, and what is due, or why there is none."""
    if content.total is None:
        yield _total("Total", "ne peut pas être établi", columns, "Une ligne au moins n’a pas de montant.")
        return
    marks = [sentence(mark) for mark in content.marks]
    if not content.owes:
        yield _total("Total", "rien à régler", columns, *marks, grand=True)
        return
    sections = " ; ".join(f"en {section} {money(amount)}" for section, amount in content.sections.items() if amount)
    rounded = "" if content.total == content.counted else f" Somme des lignes : {money(content.counted)}, arrondie."
    said = sentence(sections) + rounded
    yield _total("Total avant taxe", money(content.total), columns, said)
    taxed = (money(content.tax), content.tax_words) if content.tax else (content.tax_words, "")
    yield _total("Taxe", taxed[0], columns, taxed[1])
    label = "Serait à régler" if content.simulated else "À régler"
    yield _total(label, money(content.total + content.tax), columns, *marks, grand=True)


def _total(label: str, shown: str, columns: int, *said: str, grand: bool = False) -> Markup:
    details = [element("p", french(words), class_="detail") for words in said if words]
    cells = (
        element("th", element("p", french(label)), *details, scope="row", colspan=columns - 1),
        element("td", french(shown), class_="number"),
    )
    return element("tr", *cells, class_="grand" if grand else "total")


def _absent(content: Content) -> Markup:
    if not content.absent:
        return NOTHING
    head = element("tr", *[element("th", french(words), scope="col") for words in ("Prestation", "Article", "Cause")])
    rows = [
        element(
            "tr",
            element("th", french(line.label), scope="row"),
            element("td", text(line.articles), class_="article"),
            element("td", french(line.cause), class_="cause"),
        )
        for line in content.absent
    ]
    caption = french(f"Lignes de la convention qui ne donnent aucun montant à ce membre en {content.year}, et pourquoi.")
    table = element("table", element("caption", caption), element("thead", head), element("tbody", *rows), class_="absent")
    return element("section", element("h2", "Sans objet"), table)


def _footer(content: Content) -> Markup:
    print_ = content.result.convention.fingerprint
    words = f"Calculé par communis d’après le texte de la convention, empreinte SHA-256 {print_[:16]}…"
    marks = [element("p", element("em", french(sentence(mark)))) for mark in content.marks]
    return element("footer", element("p", french(words)), *marks)


def _notes(content: Content) -> Markup:
    if not content.rows:
        return NOTHING
    return element("section", element("h2", "Explications"), *map(note, content.rows), class_="notes", aria_label="Explications")
