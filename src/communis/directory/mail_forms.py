"""The form of preferences: how often one wants each kind of e-mail that is optional."""

from __future__ import annotations

from typing import Any

from django import forms

from communis.directory.access import rights_of
from communis.directory.enums import GrantRole
from communis.directory.letters import FOR_DIRECTORS
from communis.foundation.mail import DIGEST, KINDS, Kind, choose_pace, pace_of
from communis.foundation.outbox import Pace


class PreferencesForm(forms.Form):
    """One choice a kind that may reach the person; the kinds that always leave at once are listed beside."""

    def __init__(self, account: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        directs = any(role == GrantRole.DIRECTOR for _, role in rights_of(account))
        self.kinds = [kind for kind in KINDS.values() if kind.optional and (directs or kind not in FOR_DIRECTORS)]
        for kind in self.kinds:
            self.fields[kind.code] = forms.ChoiceField(
                label=kind.label[0].upper() + kind.label[1:], help_text=kind.help, choices=[*Pace.choices],
                initial=pace_of(account, kind), widget=forms.RadioSelect,
            )  # fmt: skip

    @property
    def always(self) -> list[Kind]:
        return [kind for kind in KINDS.values() if not kind.optional and kind is not DIGEST]

    def save(self) -> None:
        for kind in self.kinds:
            choose_pace(self.account, kind.code, self.cleaned_data[kind.code])
