"""The imports that are too long for a page: their preview, and the act itself, each a run that can be followed and stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from communis.foundation.jobs import KINDS, Work, run_kind
from communis.kit.formats import counted
from communis.kit.imports import Importable, Shelf, Staged, applying
from communis.kit.imports import Work as ImportWork
from communis.kit.imports.examining import CHANGED, CREATED, REFUSED
from communis.kit.imports.pages import APPLY, PREVIEW
from communis.kit.refusals import Refusal
from communis.kit.sheets import Unreadable
from communis.portal.importables import IMPORTABLES

GONE = "Le fichier n’est plus là : il a été importé, abandonné, ou envoyé il y a plus d’un jour. Envoyez-le à nouveau."
_TITLES = {PREVIEW: "aperçu", APPLY: "enregistrement"}
BY_NAME = {importable.name: importable for importable in IMPORTABLES}


def kind_of(importable: Importable, step: str) -> str:
    return f"import.{step}.{importable.name}"


def address_of(kind: str, parameters: dict[str, Any], *, done: bool) -> tuple[str, str]:
    """Return the words and the address of what follows a run: for an import, its preview or its list; else what its kind says."""
    begins, _, rest = kind.partition(".")
    step, _, name = rest.partition(".")
    if begins != "import" or name not in BY_NAME:
        return KINDS[kind].following(parameters) if done and kind in KINDS else ("", "")
    if step == APPLY and done:
        return BY_NAME[name].see, BY_NAME[name].list_url
    return "Voir l’aperçu" if done or step == APPLY else "Revoir les colonnes", reverse(
        f"import-{name}-{'preview' if done or step == APPLY else 'columns'}", args=[parameters["file"]]
    )


def staged_of(importable: Importable, work: Work) -> Staged:
    """Find the file of whoever asked."""
    shelf = Shelf(Path(settings.COMMUNIS_STAGED), work.run.pool_id, work.account.pk, importable.name)
    staged = shelf.get(str(work.parameters["file"]), timezone.now())
    if staged is None or "result" in staged.about():
        raise Refusal(GONE)
    return staged


def asked_by(work: Work) -> ImportWork:
    return ImportWork(user=work.account, today=timezone.localdate(), now=timezone.now())


def previewing(importable: Importable) -> Callable[[Work], str]:
    def body(work: Work) -> str:
        """Keep what each line of a file would do."""
        with work.scope():
            staged = staged_of(importable, work)
            applying.preview(importable, staged, asked_by(work), progress=work.report)
        counts = staged.about()["counts"]
        total, refused = counted(sum(counts.values()), "ligne"), counts[REFUSED]
        return f"{total}, {counted(refused, 'refusée')}." if refused else f"{total}, aucune faute."

    return body


def doing(importable: Importable) -> Callable[[Work], str]:
    def body(work: Work) -> str:
        """Do what the preview says, all or nothing; what is kept says that the run is done."""
        with work.scope():
            staged = staged_of(importable, work)
            done = applying.apply(importable, staged, asked_by(work), pool=work.run.pool_id, progress=work.report)
            told = f"{counted(done[CREATED] + done[CHANGED], 'ligne enregistrée', 'lignes enregistrées')}."
            work.finish(told, timezone.now())
        return told

    return body


for _one in IMPORTABLES:
    for _step, _body in ((PREVIEW, previewing(_one)), (APPLY, doing(_one))):
        run_kind(kind_of(_one, _step), title=f"{_one.title} : {_TITLES[_step]}", may=_one.may, told=(Refusal, Unreadable))(_body)
