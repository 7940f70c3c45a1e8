"""The pages of the gallery, written as pages of the product are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from communis.kit import tables
from communis.kit.fields import AmountField, CountField, FrenchDateField, PercentField
from communis.kit.parts import Fact, Link, Tab
from communis.kit.templatetags.kit import amount, second
from kit.gallery import content


def _note(request: HttpRequest) -> object:
    return content.NOTES.get(request.GET.get("note", ""))


class StatementTable(tables.Table):
    group_by = "nature"
    looks = "table-fold"
    caption = "Lignes du décompte 2025"

    name = tables.TextColumn(verbose_name="Prestation", second="reason", orderable=False, footer="Total, en fonctionnement")
    article = tables.TextColumn(verbose_name="Article", orderable=False)
    quantity = tables.TextColumn(verbose_name="Quantité", attrs=tables.RIGHT, default=tables.absent(), orderable=False)
    former = tables.AmountColumn(
        verbose_name="2024",
        note=lambda line: line.former_note,
        about=lambda line: f"{line.name}, 2024",
        orderable=False,
        footer="5 511,50 €",
    )
    now = tables.AmountColumn(
        verbose_name="2025",
        note=lambda line: line.note,
        about=lambda line: f"{line.name}, 2025",
        orderable=False,
        footer="6 492,50 €",
    )


def _line(nature: str, name: str, article: str, quantity: str, now: str | None, **more: str) -> SimpleNamespace:
    former = more.get("former")
    return SimpleNamespace(
        nature=nature,
        name=name,
        reason=more.get("reason", ""),
        article=format_html('<a href="/convention/">{}</a>', article),
        quantity=quantity,
        former=Decimal(former) if former else None,
        now=Decimal(now) if now else None,
        note=more.get("note", ""),
        former_note=more.get("former_note", ""),
    )


LINES = (
    _line(
        "Contribution",
        "Socle complet, contribution annuelle",
        "art. 7.1",
        "2 355 hab.",
        "5532.50",
        former="5511.50",
        note="socle-2025",
        former_note="socle-2024",
    ),
    _line("Contribution", "Groupements d’achats", "art. 4.2", "", None, reason="Compris dans le socle complet"),
    _line(
        "Prestations ponctuelles de niveau 1",
        "Cahier des charges de téléphonie, part commune",
        "art. 3.2",
        "1 jour",
        "0.00",
        reason="Pris sur les 117 jours partagés, lettre n° 2025-09",
        note="jours",
    ),
    _line(
        "Prestations ponctuelles de niveau 1",
        "Cahier des charges de téléphonie, au-delà",
        "art. 7.1.1",
        "3 demi-journées",
        "600",
        reason="Les 117 jours étaient épuisés le 6 octobre 2025",
        note="demi-journees",
    ),
    _line(
        "Achats sur mandat",
        "Licences bureautiques, 3 sur 10",
        "art. 2.3.4",
        "3 licences",
        "360",
        reason="Facture F-25-1187, acquittée le 18 novembre 2025",
        note="licences",
    ),
)


PIECES = (
    ("Décompte 2025", "PDF, 2 pages", date(2026, 2, 2)),
    ("Lettre de mission n° 2025-09, signée", "PDF, 3 pages", date(2025, 9, 15)),
    ("Facture acquittée F-25-1187", "PDF, 1 page", date(2025, 11, 18)),
)


def statement(request: HttpRequest) -> HttpResponse:
    facts = [
        (
            "Convention",
            mark_safe('<a href="/convention/">version 2</a>, adoptée par délibération n° 2023-48 du 14 novembre 2023'),
        ),
        ("Émis", "le 2 février 2026, ne change plus"),
        ("Imputation", "62876, remboursement au GFP de rattachement"),
    ]
    years = [
        ("Prévision 2026", "Population de 2 372 habitants, socle complet seul", Decimal("5558")),
        ("Décompte 2024", "Soldé le 27 février 2025", Decimal("5511.50")),
    ]
    return render(
        request,
        "gallery/statement.html",
        {
            "rail": content.rail_of_a_member("Maëlle Corbineau", "Secrétaire générale de mairie"),
            "table": StatementTable(LINES),
            "note": _note(request),
            "causes": content.CAUSES,
            "due": Decimal("6492.50"),
            "page_facts": facts,
            "years": years,
            "pieces": PIECES,
            "history_url": "/historique/",
        },
    )


class MemberTable(tables.Table):
    caption = "Adhésions et demandes"
    looks = "table-list table-named table-fold"

    choice_of_row = tables.ChoiceColumn(about=lambda member: member.name)
    name = tables.TextColumn(verbose_name="Membre", second="kind")
    people = tables.CountColumn(verbose_name="Habitants")
    choice = tables.TextColumn(verbose_name="Choix")
    state = tables.BadgeColumn(verbose_name="État", tones=content.STATES)
    version = tables.TextColumn(verbose_name="Version")
    renewal = tables.DayColumn(verbose_name="Reconduction", default=tables.absent("après signature"))
    notice = tables.DayColumn(verbose_name="Dernier jour de préavis", second="within", order_by=("rank",))
    missing = tables.TextColumn(verbose_name="Pièces manquantes")

    class Meta:
        order_by = "notice"
        order_by_field = "tri"


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Commune, acte ou personne", widget=forms.TextInput({"type": "search"}))
    choice = django_filters.MultipleChoiceFilter(
        label="Choix",
        choices=[("complet", "Socle complet"), ("achats", "Groupements d’achats"), ("audit", "Audit")],
        widget=forms.CheckboxSelectMultiple,
    )
    state = django_filters.MultipleChoiceFilter(
        label="État", choices=[("active", "Active"), ("preavis", "En préavis")], widget=forms.CheckboxSelectMultiple
    )


def members(request: HttpRequest) -> HttpResponse:
    table = MemberTable(content.MEMBERS)
    table.request = request
    number = request.GET.get("page", "1")
    table.paginate(page=int(number) if number.isdigit() else 1, per_page=15)
    form = MemberFilter.get_filters()
    form = type("Filters", (forms.Form,), {name: given.field for name, given in form.items()})(request.GET or None, prefix=None)
    return render(
        request,
        "gallery/members.html",
        {
            "table": table,
            "filter": SimpleNamespace(form=form),
            "territory": content.TERRITORY,
            "views": content.VIEWS,
            "bulk": True,
        },
    )


def campaign(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "gallery/campaign.html",
        {
            "rail": content.rail_of_the_host("Soizic Guéhenneuc", "Finances du service commun"),
            "note": content.VARIATION,
            "amount": Decimal("515"),
            "page_facts": [("Exercice", "2025, clos"), ("Règle", Link("version 2", "/convention/"))],
        },
    )


def mayor(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "gallery/mayor.html",
        {
            "rail": content.rail_of_a_member("Bertrand Quémeneur", "Maire", "Bertrand Quémeneur, maire"),
            "due": Decimal("6492.50"),
            "notes": [content.CONTRIBUTION, content.HALF_DAYS],
            "lines": [
                ("Contribution annuelle", "", Decimal("5532.50"), "socle-2025"),
                ("3 demi-journées de conseil", "Cahier des charges de téléphonie", Decimal("600"), "demi-journees"),
                ("3 licences bureautiques", "Achetées en notre nom, sans frais", Decimal("360"), ""),
            ],
            "change": content.FORMER.lines,
            "result": content.FORMER.result,
            "coming": [
                (date(2026, 3, 4), "Règlement du titre n° 2026-147"),
                (date(2026, 4, 30), "Vote du budget primitif : prévoir 5 558,00 €"),
                (date(2026, 12, 31), "Dernier jour de préavis pour sortir le 1er janvier 2028"),
                (date(2027, 1, 1), "Reconduction pour un an, sans démarche"),
            ],
        },
    )


class DueColumn(tables.TextColumn):
    def render(self, value: str, record: SimpleNamespace, table: tables.Table) -> str:
        return format_html(
            "{}{}",
            amount({"request": table.request}, value, f"ticket-{record.number}", about=record.title),
            second(record.left, "late" if record.group == "En retard" else "plain"),
        )


class QueueTable(tables.Table):
    group_by = "group"
    group_counts = True
    row_header = "title"
    looks = "table-named"
    caption = "Ma file"

    due = DueColumn(verbose_name="Échéance", orderable=False)
    title = tables.TextColumn(verbose_name="Ticket", second="about", orderable=False)
    member = tables.TextColumn(verbose_name="Membre", orderable=False)
    priority = tables.TextColumn(verbose_name="Priorité", orderable=False)
    state = tables.BadgeColumn(verbose_name="État", tones=content.STATES, last=True, orderable=False)

    def is_chosen(self, record: SimpleNamespace) -> bool:
        return record.number == 43


def queue(request: HttpRequest) -> HttpResponse:
    rows = [
        SimpleNamespace(
            group=group,
            due=due,
            left=left,
            number=number,
            title=title,
            about=f"n° 26-00{number}, {about}",
            member=member,
            priority=priority,
            state=state,
        )
        for group, due, left, number, title, about, member, priority, state in content.TICKETS
    ]
    views = [
        Tab("Ma file", "/tickets/", 9, True),
        Tab("Pôle infrastructure", "?vue=pole", 21),
        Tab("Sans technicien", "?vue=sans", 4),
    ]
    return render(
        request,
        "gallery/queue.html",
        {
            "rail": content.rail_of_the_host("Nolwenn Kerdraon", "Technicienne infrastructure"),
            "table": QueueTable(rows),
            "views": views,
            "note": _note(request),
        },
    )


class CostForm(forms.Form):
    label = forms.CharField(label="Intitulé de la dépense", max_length=80)
    amount = AmountField(
        label="Montant payé", help_text="Hors taxe, tel qu’il est au compte administratif.", most=Decimal("10000000")
    )
    paid_on = FrenchDateField(label="Payé le", last=date(2025, 12, 31))
    share = PercentField(label="Part du service commun", required=False, most=100)
    posts = CountField(label="Nombre de postes", required=False)
    nature = forms.ChoiceField(label="Nature", choices=[("", "Choisir"), ("f", "Fonctionnement"), ("i", "Investissement")])
    key = forms.ChoiceField(
        label="Clé de répartition", choices=[("p", "Population"), ("t", "Postes de travail")], widget=forms.RadioSelect
    )
    proof = forms.CharField(label="Justification", required=False, widget=forms.Textarea({"rows": 3}))
    sure = forms.BooleanField(label="J’ai vérifié la pièce jointe")


def form(request: HttpRequest) -> HttpResponse:
    cost = CostForm(request.POST or None)
    return render(
        request,
        "gallery/form.html",
        {"form": cost, "submit": "Enregistrer la dépense", "cancel": "/"},
        status=422 if cost.errors else 200,
    )


class SignInForm(forms.Form):
    email = forms.EmailField(label="Adresse électronique", widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput({"autocomplete": "current-password"}))


def sign_in(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/sign_in.html", {"form": SignInForm()})


def gallery(request: HttpRequest) -> HttpResponse:
    page = Paginator(range(23), 5).get_page(2)
    wrong = CostForm(
        {"label": "Serveurs", "amount": "1.234,50", "paid_on": "31/02/2025", "sure": "", "key": "p"}, auto_id="wrong_%s"
    )
    return render(
        request,
        "gallery/gallery.html",
        {
            "territory": content.TERRITORY,
            "views": content.VIEWS,
            "notes": list(content.NOTES.values())[:4],
            "page": page,
            "form": CostForm(),
            "wrong": wrong,
            "causes": content.CAUSES,
            "due": Decimal("6492.50"),
            "table": MemberTable(content.MEMBERS[:4]),
            "statement": StatementTable(LINES),
            "none": MemberTable([]),
            "facts": [content.HABITANTS, Fact("choix", "socle complet")],
            "amounts": {"owed": Decimal("5532.50"), "more": Decimal("600"), "less": Decimal("-9")},
            "absent": None,
            "days": [(date(2026, 3, 4), "Règlement du titre")],
            "obstacles": [
                Link("1 problème, ligne 43", "#problem"),
                Link("2 exemples non reproduits", "#example"),
                Link("Délibération à joindre"),
            ],
            "definitions": [
                ("Convention", Link("version 2", "/convention/")),
                ("Émis", date(2026, 2, 2)),
                ("Montant", Decimal("6492.50")),
                ("Terme", None),
            ],
        },
    )


def nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/nothing.html", {"table": MemberTable([])})


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a bug")
