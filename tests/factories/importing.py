"""What drives the pages of an import: a file is sent, its columns accepted, its faults read, its plan carried out."""

import csv
import io
import re
from datetime import date

from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from communis.directory.access import grants_of
from communis.directory.models import Account, Grant
from communis.foundation.models import Run
from communis.foundation.scope import pool_scope
from communis.kit.imports import Shelf, Work, applying
from communis.portal import tasks
from factories.pools import FIRST

NBSP = "\N{NO-BREAK SPACE}"


def somebody(client, role="director", pool=FIRST, email="jeanne@exemple.fr"):
    account = Account.objects.create_user(email, "x", name="Jeanne Martin")
    with pool_scope(pool):
        Grant(account=account, role=role, starts_on=date(2020, 1, 1)).save()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def text_of(response):
    """The words of a page, spaces made plain."""
    page = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace(NBSP, " ")).replace(" .", ".")


def send(client, content, name="organisations", file_name="liste.csv", **columns):
    """Send a file and accept the columns proposed; return the address of its preview."""
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = file_name
    sent = client.post(f"/importer/{name}/", {"file": file})
    assert sent.status_code == 302, text_of(sent)
    page = client.get(sent.url)
    chosen = dict(re.findall(r'<select name="(colonne_\w+)".*?<option value="(\d*)" selected>', page.content.decode(), re.DOTALL))
    mapped = client.post(sent.url, chosen | columns)
    assert mapped.status_code == 302, text_of(mapped)
    return carried_out(client, mapped.url, "apercu")


def carried_out(client, url, page):
    """Do what was handed over to a run, as its job would; return the page of the import that follows."""
    if not url.startswith("/travaux/"):
        return url
    run = int(url.split("/")[2])
    account = Account.objects.get(pk=client.session["_auth_user_id"])
    with pool_scope(FIRST):
        kind, key = Run.objects.unscoped().values_list("kind", "parameters__file").get(pk=run)
        _, step, name = kind.split(".")
        importable = tasks.BY_NAME[name]
        staged = Shelf(settings.COMMUNIS_STAGED, FIRST, account.pk, name).get(key, timezone.now())
        account.grants = grants_of(account, FIRST)[1]
        work = Work(user=account, today=date(2026, 11, 23), now=timezone.now())
        if step == "preview":
            applying.preview(importable, staged, work)
        else:
            applying.apply(importable, staged, work, pool=FIRST)
    return f"/importer/{name}/{key}/{page}/"


def plan_of(client, preview):
    return re.search(r'name="plan" value="(\w+)"', client.get(preview.replace("apercu", "verifier")).content.decode())[1]


def apply(client, preview, plan=None):
    """Press the last button of the import, and read the page that follows."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = client.post(preview.replace("apercu", "verifier"), {"plan": plan or plan_of(client, preview)})
        following = carried_out(client, done.url, "resultat") if done.status_code == 302 else ""
    return client.get(following, follow=True) if following else done


def errors(client, preview):
    """The faults of a file, as the file to take away tells them: line, column, value, reason."""
    response = client.get(preview.replace("apercu/", "erreurs.csv"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    _titles, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return [(int(line), letters, reason) for line, letters, _, _, reason, _ in rows]


def list_of(client, name, form="csv"):
    """The list as it is, in the columns of its import."""
    response = client.get(f"/importer/{name}/liste.{form}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)
