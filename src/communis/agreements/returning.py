"""The return of an agent at the exit of a member: the opinions it wants, and the clock of three months (MEM-29, MEM-30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from communis.agreements.enums import CommitteeKind, StaffMove
from communis.agreements.models import CommitteeOpinion, StaffFile
from communis.directory.enums import PostStatus
from communis.kit.formats import short_date
from communis.tariff.calendar import months_later

LENT_ARTICLE, TRANSFER_ARTICLE = "art. 2.4.1", "art. 2.4.2"
CLOCK_MONTHS = 3  # from the restitution: without a convention by then, the prefect decides (L. 5211-4-1, IV bis, CGCT)


@dataclass(frozen=True, slots=True)
class Return:
    """Where the return of an agent stands on a day: what is missing, until when it may be agreed, whether the prefect decides."""

    state: str
    missing: tuple[str, ...]
    agreed_by: date | None = None
    prefect_decides: bool = False
    article: str = ""


def return_of(file: StaffFile, opinions: Sequence[CommitteeOpinion], today: date) -> Return | None:
    """Return where the return stands; None while the agent stays in the department."""
    if file.ends_on is None:
        return None
    missing = tuple(wanted_of(file, [o for o in opinions if o.at_exit]))
    if file.move == StaffMove.LENT:
        where = file.destination or "à affecter dans la collectivité"
        return Return(f"Retour dans sa collectivité le {short_date(file.ends_on)} : {where}.", missing, article=LENT_ARTICLE)
    agreed_by = months_later(file.ends_on, CLOCK_MONTHS)
    if file.destination and not missing:
        return Return(f"Réparti par convention : {file.destination}.", (), agreed_by, article=TRANSFER_ARTICLE)
    if today > agreed_by:
        said = f"Les trois mois sont écoulés depuis le {short_date(agreed_by)} sans accord : arrêté préfectoral."
        return Return(said, missing, agreed_by, prefect_decides=True, article=TRANSFER_ARTICLE)
    said = f"À répartir par convention entre les collectivités, au plus tard le {short_date(agreed_by)}."
    return Return(said, missing, agreed_by, article=TRANSFER_ARTICLE)


def wanted_of(file: StaffFile, opinions: Sequence[CommitteeOpinion]) -> list[str]:
    """Return what the return still lacks: the destination, the opinions of the committees that are competent."""
    given = {o.committee for o in opinions}
    own = CommitteeKind.CAP if file.status == PostStatus.TENURED else CommitteeKind.CCP
    wanted = [own] if file.move == StaffMove.LENT else [CommitteeKind.CST, own]
    missing = [f"avis : {CommitteeKind(kind).label}" for kind in wanted if kind not in given]
    return [] if not missing and file.destination else [*([] if file.destination else ["affectation au retour"]), *missing]
