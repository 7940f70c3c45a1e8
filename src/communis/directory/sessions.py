"""The sessions of an account: which are open, and how they end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def told_browser(agent: str) -> str:
    """Say in words from which browser a session was opened, as far as it tells."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "Navigateur inconnu")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} sur {system}" if system else browser


def open_sessions(account: Any, now: datetime) -> list[UserSession]:
    """Return the sessions of an account that are still open, the latest first; reading ends none."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return list(UserSession.objects.filter(user_id=account.pk, session_key__in=alive).order_by("-created_at"))


@transaction.atomic
def end_sessions(account: Any, *, but: str | None = None) -> int:
    """End the sessions of an account, save one; return how many were open."""
    ended = UserSession.objects.filter(user_id=account.pk).exclude(session_key=but or "")
    count, _ = Session.objects.filter(session_key__in=ended.values("session_key")).delete()
    ended.delete()
    return count


@transaction.atomic
def forget_ended_sessions(now: datetime) -> None:
    """Remove what is kept of sessions that are over."""
    Session.objects.filter(expire_date__lte=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def renew_key(request: HttpRequest, **_: Any) -> None:
    """Give the session another key when what it may do grows: one that was stolen before is worth nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def after_another_password(request: HttpRequest, user: Any, **_: Any) -> None:
    """End the other sessions when the password changes: their cookie is refused already, nothing is left of them."""
    own = request.session.session_key if request.user.pk == user.pk else None
    end_sessions(user, but=own)
