"""The pages of an import. Each step is an address that can be left and found again; nothing is done before the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from communis.kit.downloads import FORMS, table_file
from communis.kit.formats import number
from communis.kit.imports import applying
from communis.kit.imports.declared import Importable, Work
from communis.kit.imports.examining import CHANGED, CREATED, REFUSED, SAME, Outcome, titles_of
from communis.kit.imports.forms import ColumnsForm, SendForm, first_sheet, sheets_of
from communis.kit.imports.staging import Shelf, Staged
from communis.kit.imports.tables import OutcomeTable, tabs_of
from communis.kit.refusals import Refusal
from communis.kit.sheets import Book, Unreadable, opened

PAGE = 50
PREVIEW, APPLY = "preview", "apply"  # what is handed over to a job
_ERROR_TITLES = ["Ligne", "Colonne", "Titre", "Valeur", "Ce qui ne va pas", "Que faire"]

Asked = TypeVar("Asked", bound=HttpRequest)
Later = Callable[[Asked, Importable, Staged, str], HttpResponse]


class ImportPages(Generic[Asked]):
    """The pages of the import of one list.

    `owner(request)` says whose files they are: the pool and the account. `later`, when it is given, has the preview of a large
    file or the act itself carried out by a job, and answers where its progress is seen; the job calls `preview` or `apply` of
    `communis.kit.imports.applying` with a `progress`.
    """

    def __init__(
        self, importable: Importable, *, owner: Callable[[Asked], tuple[int, int]], later: Later[Asked] | None = None
    ) -> None:
        self.importable, self.owner, self.later = importable, owner, later

    def routes(self, route: Callable[..., Any]) -> list[Any]:
        """Return the addresses of the steps, each behind the predicate of the list."""
        name, may = self.importable.name, self.importable.may
        base, step = f"importer/{name}/", f"importer/{name}/<slug:key>/"
        return [
            route(base, self.send, f"import-{name}", may=may),
            route(f"{base}modele.<slug:form>", self.example, f"import-{name}-example", may=may),
            *([route(f"{base}liste.<slug:form>", self.list, f"import-{name}-list", may=may)] if self.importable.rows else []),
            route(f"{step}colonnes/", self.columns, f"import-{name}-columns", may=may),
            route(f"{step}apercu/", self.preview, f"import-{name}-preview", may=may),
            route(f"{step}erreurs.<slug:form>", self.errors, f"import-{name}-errors", may=may),
            route(f"{step}verifier/", self.check, f"import-{name}-check", may=may),
            route(f"{step}resultat/", self.result, f"import-{name}-result", may=may),
        ]

    # ------------------------------------------------------------ the steps

    def send(self, request: Asked) -> HttpResponse:
        """Step 1: send a file, or paste a table."""
        form = SendForm(request.POST or None, request.FILES or None, importable=self.importable)
        if request.method == "POST" and form.is_valid():
            staged = self.shelf(request).put(form.source, form.name, timezone.now())
            return self.to("columns", staged)
        return self.page(request, "send", 1, form=form, status=422 if form.errors else 200)

    def columns(self, request: Asked, key: str) -> HttpResponse:
        """Step 2: say which column is which, and what holds for the whole file."""
        staged = self.staged(request, key)
        book = opened(staged.file, self.importable.limits)
        sheet = self.sheet_of(request, staged, book)
        data = request.POST if request.method == "POST" else None
        context: dict[str, Any] = {"staged": staged, "book": book, "sheet": sheet, "sheets": sheets_of(book)}
        try:
            titles = titles_of(book, sheet, self.importable.columns)
        except Unreadable as why:
            return self.page(request, "columns", 2, problem=str(why), status=422, **context)
        about = staged.about()
        former = about.get("places") if about.get("sheet") == sheet else None
        form = ColumnsForm(data, importable=self.importable, titles=titles, chosen=former)
        given = {name: request.POST.getlist(name) for name in request.POST if name.startswith("choix-")}
        options = applying.options_of(self.importable, given if data is not None else about.get("options"))
        if data is not None and form.is_valid() and (options is None or options.is_valid()):
            staged.tell(sheet=sheet, places=form.places, options=given)
            try:
                if self.later is not None and book.length(sheet) > self.importable.large:
                    return self.later(request, self.importable, staged, PREVIEW)
                applying.preview(self.importable, staged, self.work(request))
            except (Unreadable, Refusal) as why:
                return self.page(request, "columns", 2, problem=str(why), titles=titles, form=form, options=options, status=422,
                                 **context)  # fmt: skip
            return self.to("preview", staged)
        wrong = bool(data is not None and (form.errors or (options is not None and options.errors)))
        return self.page(request, "columns", 2, titles=titles, samples=samples_of(titles), form=form, options=options,
                         status=422 if wrong else 200, **context)  # fmt: skip

    def preview(self, request: Asked, key: str) -> HttpResponse:
        """Step 3: read what each line would do, and every fault."""
        staged = self.staged(request, key)
        if not staged.has_plan():
            return self.to("columns", staged)
        if request.method == "POST":
            staged.forget()
            messages.success(request, "L’import est abandonné : rien n’a été enregistré, le fichier est effacé.")
            return redirect(self.importable.list_url or reverse(f"import-{self.importable.name}"))
        about = staged.about()
        only = request.GET.get("montrer", "")
        shown = Paginator(Chosen(staged, about, only), PAGE).get_page(request.GET.get("page"))
        table = OutcomeTable(map(Outcome.of, shown.object_list), moved=set(about["moved"]))
        counts = about["counts"]
        return self.page(
            request, "preview", 3, staged=staged, about=about, table=table, shown=shown, views=tabs_of(about, only),
            told=self.told(counts), refused=counts[REFUSED], nothing=not (counts[CREATED] or counts[CHANGED] or counts[REFUSED]),
        )  # fmt: skip

    def check(self, request: Asked, key: str) -> HttpResponse:
        """Step 4: check what will be done, then do it, all or nothing."""
        staged = self.staged(request, key)
        if not staged.has_plan():
            return self.to("columns", staged)
        about = staged.about()
        if about["counts"][REFUSED] or not (about["counts"][CREATED] or about["counts"][CHANGED]):
            return self.to("preview", staged)
        if request.method == "POST":
            return self.applied(request, staged, about)
        return self.page(
            request, "check", 4, staged=staged, about=about, facts=self.facts(staged, about), told=self.told(about["counts"])
        )

    def applied(self, request: Asked, staged: Staged, about: dict[str, Any]) -> HttpResponse:
        if request.POST.get("plan") != about["digest"]:
            messages.warning(
                request, "L’aperçu a été refait entre-temps, dans une autre fenêtre : relisez-le avant d’enregistrer."
            )
            return self.to("preview", staged)
        if self.later is not None and sum(about["counts"].values()) > self.importable.large:
            return self.later(request, self.importable, staged, APPLY)
        pool, _ = self.owner(request)
        try:
            applying.apply(self.importable, staged, self.work(request), pool=pool)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return self.to("preview", staged)
        return self.to("result", staged)

    def result(self, request: Asked, key: str) -> HttpResponse:
        """Say what was done, and how it is seen or undone."""
        staged = self.shelf(request).get(key, timezone.now())
        about = staged.about() if staged else {}
        if "result" not in about:
            raise Http404
        done = about["result"]
        return self.page(
            request, "result", 0, about=about, told=self.told(done, done=True), done=done, done_at=parse_datetime(done["at"])
        )

    # ------------------------------------------------------------ files to take away

    def example(self, request: Asked, form: str) -> HttpResponseBase:
        """Give a file with the titles expected and one line as an example."""
        titles = [column.label for column in self.importable.columns]
        return table_file(form, f"modele-{self.importable.name}", self.importable.plural, titles,
                    [[column.example for column in self.importable.columns]], as_text=True)  # fmt: skip

    def list(self, request: Asked, form: str) -> HttpResponseBase:
        """Give the list as it is, in the columns that an import reads; a list that is kept elsewhere has no such address."""
        assert self.importable.rows is not None, self.importable.name
        titles = [column.label for column in self.importable.columns]
        rows = self.importable.rows(self.work(request))
        return table_file(form, self.importable.name, self.importable.plural, titles, rows)

    def errors(self, request: Asked, key: str, form: str) -> HttpResponseBase:
        """Give every fault, one a line."""
        staged = self.staged(request, key)
        if not staged.has_plan():
            raise Http404
        outcomes = (Outcome.of(line) for line in staged.plan(REFUSED))
        rows = ([p.line, p.letters, p.label, p.value, p.reason, p.remedy] for outcome in outcomes for p in outcome.problems)
        return table_file(form, f"erreurs-{self.importable.name}", "Erreurs", _ERROR_TITLES, rows)

    # ------------------------------------------------------------ what the pages share

    def shelf(self, request: Asked) -> Shelf:
        pool, account = self.owner(request)
        return Shelf(Path(settings.COMMUNIS_STAGED), pool, account, self.importable.name)

    def staged(self, request: Asked, key: str) -> Staged:
        """Find a file still under way; another’s, an old one and one already imported are not found."""
        staged = self.shelf(request).get(key, timezone.now())
        if staged is None or "result" in staged.about():
            raise Http404
        return staged

    def sheet_of(self, request: Asked, staged: Staged, book: Book) -> str:
        asked = request.GET.get("feuille", staged.about().get("sheet", ""))
        return asked if asked and asked in book.sheets else first_sheet(book)

    def work(self, request: Asked) -> Work:
        return Work(user=request.user, today=timezone.localdate(), now=timezone.now())

    def to(self, step: str, staged: Staged) -> HttpResponse:
        return redirect(f"import-{self.importable.name}-{step}", key=staged.key)

    def urls(self, staged: Staged | None) -> dict[str, str]:
        name = self.importable.name
        found = {"start": reverse(f"import-{name}")}
        for form in FORMS:
            found[f"example_{form}"] = reverse(f"import-{name}-example", args=[form])
            if self.importable.rows is not None:
                found[f"list_{form}"] = reverse(f"import-{name}-list", args=[form])
        if staged is not None:
            for step in ("columns", "preview", "check"):
                found[step] = reverse(f"import-{name}-{step}", args=[staged.key])
            for form in FORMS:
                found[f"errors_{form}"] = reverse(f"import-{name}-errors", args=[staged.key, form])
        return found

    def page(self, request: Asked, step: str, number: int, *, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"importable": self.importable, "urls": self.urls(context.get("staged")), "step": number}
        return render(request, f"kit/import_{step}.html", context, status=status)

    def facts(self, staged: Staged, about: dict[str, Any]) -> Sequence[tuple[str, Any]]:
        """Return what is checked before the act: the file, what was chosen, what it does."""
        form = applying.options_of(self.importable, about.get("options"))
        chosen = [(str(field.label), words_of(field)) for field in form] if form is not None else []
        file = f"{about['file_name']}, feuille {about['sheet']}" if about["sheet"] else about["file_name"]
        return [("Fichier", file), ("Lignes", sum(about["counts"].values())), *chosen]

    def told(self, counts: dict[str, int], *, done: bool = False) -> Sequence[str]:
        """Say what a plan does, or did, in short sentences."""
        return [
            sentence
            for state, verb in (
                (CREATED, self.importable.makes),
                (CHANGED, self.importable.amends),
                (SAME, "laissé"),
                (REFUSED, "refusé"),
            )
            if (sentence := self.counted(counts.get(state, 0), state, verb, done))
        ]

    def counted(self, count: int, state: str, participle: str, done: bool) -> str:
        if not count:
            return ""
        of_lines = state in (SAME, REFUSED)
        feminine = of_lines or self.importable.feminine
        noun = (
            ("ligne" if count < 2 else "lignes") if of_lines else (self.importable.one if count < 2 else self.importable.plural)
        )
        agreed = participle + ("e" if feminine else "") + ("s" if count > 1 else "")
        verb = ("a été" if count < 2 else "ont été") if done else ("sera" if count < 2 else "seront")
        if state == REFUSED:
            verb = "est" if count < 2 else "sont"
        end = (" telle quelle" if count < 2 else " telles quelles") if state == SAME else ""
        return f"{number(count)} {noun} {verb} {agreed}{end}"


def words_of(field: Any) -> str:
    """Return what was answered to a question, in words."""
    value = field.value()
    choices = dict(getattr(field.field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(one, one)) for one in values if one not in (None, "")) or "non renseigné"


def samples_of(titles: Any) -> list[tuple[str, str]]:
    """Return each column of the file with a few of its values."""
    return [(label, " · ".join(titles.sample(rank)) or "vide dans les premières lignes") for rank, label in titles.letters()]


class Chosen:
    """The lines of a plan to show: counted beforehand, and those of a page read alone."""

    def __init__(self, staged: Staged, about: dict[str, Any], only: str) -> None:
        self.staged, counts, moved = staged, about["counts"], frozenset(about["moved"])
        self.keep: Callable[[str], bool] = lambda line: True
        self.count = sum(counts.values())
        if only == "remarques":
            self.keep, self.count = (lambda line: bool(Outcome.of(line).remark)), about["remarked"]
        elif only == "deplacees":
            self.keep, self.count = (lambda line: Outcome.of(line).line in moved), len(moved)
        elif only in counts:
            self.keep, self.count = (lambda line: line[0] == only), counts[only]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[str]:
        return iter(self[: self.count])

    @overload
    def __getitem__(self, part: int) -> str: ...

    @overload
    def __getitem__(self, part: slice) -> list[str]: ...

    def __getitem__(self, part: int | slice) -> str | list[str]:
        if isinstance(part, slice):
            return self.staged.part_of_plan(part.start or 0, part.stop, self.keep)
        return self.staged.part_of_plan(part, part + 1, self.keep)[0]
