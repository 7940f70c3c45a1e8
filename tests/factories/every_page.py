"""Every page: where each route is read in a demonstration, what must be done before, what would hinder its reader."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.urls import URLResolver, get_resolver

from communis.portal.importables import IMPORTABLES

AXE = (Path(__file__).parents[1] / "data" / "axe-core" / "axe.min.js").read_text("utf-8")
AXE_RUN = """async () => {
  const told = async (where) => (await axe.run(where, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']}))
    .violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} ${node.target} ${node.failureSummary}`));
  for (const one of document.querySelectorAll('main details:not([data-menu])')) one.open = true;
  const found = await told(document);
  for (const menu of document.querySelectorAll('main [data-menu]')) {
    menu.open = true;  // each alone: what it covers meanwhile is covered for everyone
    found.push(...await told(menu.querySelector('.menu-body')));
    menu.open = false;
  }
  return found; }"""
WEIGHED = """() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
  .map((one) => [one.name, one.encodedBodySize])"""
EMPTY_CELLS = """() => [...document.querySelectorAll('tbody tr:not(.total) td')]
  .filter((cell) => !cell.textContent.trim() && !cell.querySelector('input, img, svg'))
  .map((cell) => `empty cell: ${cell.closest('tr').textContent.trim().replace(/\\s+/g, ' ').slice(0, 80)}`)"""
REFUSED_BY_POLICY = """window.refused = [];
document.addEventListener('securitypolicyviolation', (event) => window.refused.push(event.violatedDirective));"""
HEAVIEST = 200_000  # bytes of a page with its fonts, as they travel
WIDTHS, THEMES = (1360, 900, 390), ("light", "dark")
WAYS = [(width, theme) for width in WIDTHS for theme in THEMES]
PASSWORD = "convention-2026-demo"
DIRECTOR, MAYOR, TECHNICIAN, LEADER, NOBODY = "direction", "maire", "technique", "pole", ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a route is read, and by whom; a name between braces is found by `prepare`."""

    path: str
    who: str = DIRECTOR


FIRST_DAY = date(2000, 1, 1)
MANY = "\n".join(
    f"Allaire;postes de travail;{rank};{FIRST_DAY + timedelta(days=rank):%d/%m/%Y};inventaire" for rank in range(2001)
)
IMPORTED = {  # what is imported to its end, then what waits to be checked
    "organisations": ("Nom;Type;Code Insee", "Peillac;commune;56154", "Renac bis;commune;"),
    "faits": ("Organisation;Fait;Valeur;Date;Source", MANY, "Allaire;licences;12;01/01/2026;inventaire"),
    "populations": ("Code Insee;Population municipale;Population totale", "35013;3690;3750", "35328;2290;2330"),
}
PLACES = {
    "home": Place("/"), "home, member": Place("/", MAYOR), "home, technician": Place("/", TECHNICIAN),
    "search": Place("/recherche/?q=bains"), "accessibility": Place("/accessibilite/", NOBODY), "glossary": Place("/glossaire/"),
    "accessibility-of-pool": Place("/accessibilite/service/"),
    "choose-pool": Place("/services/"), "runs": Place("/travaux/"), "run": Place("{run}"),
    "imports": Place("/importer/"), **{f"import-{one.name}": Place(f"/importer/{one.name}/") for one in IMPORTABLES},
    **{f"import-{what}-{step}": Place(f"{{{what} {step}}}")
       for what in IMPORTED for step in ("columns", "preview", "check", "result")},
    "account_login": Place("/compte/connexion/", NOBODY), "account_logout": Place("/compte/deconnexion/"),
    "account_inactive": Place("/compte/ferme/", NOBODY), "no-access": Place("/compte/sans-acces/", NOBODY),
    "account_reset_password": Place("/compte/mot-de-passe/oublie/", NOBODY),
    "account_reset_password_done": Place("/compte/mot-de-passe/envoye/", NOBODY),
    "account_reset_password_from_key": Place("{reset}", NOBODY),
    "account_reset_password_from_key_done": Place("/compte/mot-de-passe/choisi/", NOBODY),
    "accept-invitation": Place("{invitation}", NOBODY),
    "my-account": Place("/compte/"), "notifications": Place("/compte/notifications/"),
    "my-mails": Place("/compte/courriels/", LEADER),
    "change-address": Place("/compte/adresse/"), "confirm-address": Place("{address}", NOBODY),
    "my-mail": Place("{my mail}", LEADER), "account_change_password": Place("/compte/mot-de-passe/"),
    "account_reauthenticate": Place("/compte/confirmer/"), "mfa_reauthenticate": Place("/compte/confirmer/code/", TECHNICIAN),
    "mfa_index": Place("/compte/second-facteur/", TECHNICIAN), "second-factor": Place("/compte/second-facteur/requis/"),
    "mfa_activate_totp": Place("/compte/second-facteur/application/"),
    "mfa_deactivate_totp": Place("/compte/second-facteur/application/retirer/", TECHNICIAN),
    "mfa_view_recovery_codes": Place("/compte/second-facteur/codes/", TECHNICIAN),
    "mfa_generate_recovery_codes": Place("/compte/second-facteur/codes/autres/", TECHNICIAN),
    "mfa_list_webauthn": Place("/compte/second-facteur/cles/", TECHNICIAN),
    "mfa_add_webauthn": Place("/compte/second-facteur/cles/ajouter/"),
    "mfa_edit_webauthn": Place("{key}nom/", TECHNICIAN), "mfa_remove_webauthn": Place("{key}retirer/", TECHNICIAN),
    "access": Place("/acces/"), "invite": Place("/acces/inviter/"), "end-rights": Place("/acces/fin/?chosen=2"),
    "mails": Place("/courriels/"), "mail": Place("{mail}"), "api": Place("/api/"),
    "memberships": Place("/adhesions/"), "membership-request": Place("/adhesions/demander/"), "intakes": Place("/admissions/"),
    "territory": Place("/territoire/"), "commune": Place("/territoire/35219/"),
    "offers": Place("/organisations/{sixt}/offres/"), "offers, explained": Place("/organisations/{sixt}/offres/{note}"),
    "offers-of-commune": Place("/territoire/35219/offres/"), "site": Place("{site page}"),
    "coverage": Place("/prestations/"), "coverage-state": Place("{coverage}"), "coverage-history": Place("{coverage history}"),
    "editions": Place("/catalogues/"), "edition": Place("{edition}"), "composition": Place("{edition}choix/"),
    "edition-copy": Place("{edition}copier/"), "entry": Place("{entry}"), "entry-close": Place("{entry}fermer/"),
    "entry-carry": Place("{closed}reporter/"),
    "comparison": Place("{comparison}"), "my-catalogue": Place("/mon-catalogue/", MAYOR),
    "member-prerequisites": Place("/organisations/{sixt}/prerequis/"),
    "prerequisite-check": Place("/organisations/{sixt}/prerequis/constater/"),
    "organizations": Place("/organisations/"), "organization": Place("/organisations/{host}/"),
    "organization, member": Place("/organisations/{sixt}/", MAYOR),
    "conventions": Place("/conventions/"), "convention-begin": Place("/conventions/commencer/"),
    "convention": Place("{convention}"), "convention-succeed": Place("{convention}remplacer/"),
    "convention-renew": Place("{convention}reconductions/"), "amendment-votes": Place("{amendment}projets/"),
    "convention-price": Place("{convention}prix/"), "version": Place("{draft}"), "version, submitted": Place("{version}"),
    "version-state": Place("{version}etat/"), "version-next": Place("{draft}suivante/"),
    "version-amend": Place("{version}avenant/"),
    "version-tariff": Place("{draft}tarif/"), "version-compare": Place("{draft}comparer/"),
    "version-adoptions": Place("{version}adoptions/"), "article-add": Place("{draft}articles/ajouter/"),
    "article-change": Place("{article}"), "article-remove": Place("{article removed}"), "amendment": Place("{amendment}"),
    "documents": Place("/documents/"), "document": Place("{document}"), "document-templates": Place("/documents/modeles/"),
    "amendment-document": Place("{amendment}documents/"), "staff-file-document": Place("{staff file}documents/"),
    "staff-files": Place("/agents/"), "staff-file": Place("{staff file}"),
    "reorganize": Place("/organisations/reorganiser/"), "role-add": Place("/organisations/{sixt}/roles/ajouter/"),
    "fact-add": Place("/organisations/{sixt}/faits/saisir/"), "people": Place("/personnes/"),
    "person": Place("/personnes/{mayor}/"),
    "person-change": Place("/personnes/{mayor}/modifier/"), "person-erase": Place("/personnes/{mayor}/effacer/"),
    "role-end": Place("{role}"), "missing": Place("/interlocuteurs/"), "renewal": Place("/mandats/renouvellement/"),
    "designations": Place("/mandats/a-designer/?le=29/03/2026"), "signature": Place("/signatures/"), "facts": Place("/faits/"),
    "fact": Place("{fact}"), "fact-correct": Place("{fact}corriger/"), "fact-withdraw": Place("{fact}retirer/"),
    "department": Place("/service/"), "post": Place("{post}"),
    "post-split": Place("{post}temps/"), "work-tables": Place("/service/etp/"),
    "work-table-drop": Place("/service/etp/retirer/?exercice=2026"), "table-annex": Place("{draft}etp/"),
    "suppliers": Place("/fournisseurs/"),
    "supplier": Place("{supplier}"), "partners": Place("/partenaires/"),
    "settings": Place("/reglages/"),
    "acts": Place("/actes/"), "act": Place("{act}"), "act-add": Place("/actes/saisir/"), "act-change": Place("{act}modifier/"),
    "act-vote": Place("{project}vote/"), "act-transmit": Place("{act}transmission/"), "act-state": Place("{act}etat/"),
    "act-forget": Place("{act}noms/"), "act-metadata": Place("{act}metadonnees/"), "act-attach": Place("{act}joindre/"),
    "acts-publication": Place("/actes/publication/?organisation={sixt}&annee=2023"), "file-remove": Place("{file}retirer/"),
    "file-readings": Place("/fichiers/lectures/"),
    "appearance": Place("/reglages/apparence/"), "tokens": Place("/jetons/"), "token-make": Place("/jetons/creer/"),
    "tokens-of-all": Place("/jetons/service/"), "token-revoke": Place("{token}"),
    "record-add": Place("/fiches/organisations/ajouter/"), "record-add-to": Place("/fiches/sites/ajouter/{sixt}/"),
    "record-change": Place("/fiches/organisations/{sixt}/modifier/"), "record-remove": Place("{site}retirer/"),
    "record-history": Place("/historique/organisations/{sixt}/"),
}  # fmt: skip
NO_PAGE = {
    **{f"membership{what}": "looked at in tests/agreements/test_lives.py, with a membership" for what in (
        "", "-choose", "-step", "-sign", "-effect", "-drop", "-wishes", "-express", "-notice",
    )},
    "notice-withdraw": "looked at in tests/agreements/test_lives.py, with a notice",
    "step-remove": "looked at in tests/agreements/test_lives.py, with a step",
    **{f"intake{what}": "looked at in tests/agreements/test_lives.py, with a list" for what in ("", "-ask", "-admit")},
    "memberships-calendar": "a file for diaries",
    **dict.fromkeys(("health", "health-in-french", "ready", "ready-in-french"), "a word for a machine"),
    "account_set_password": "for an account without a password: told in test_accounts_address",
    "cancel-run": "asked of a run that goes on, which ends when it will", "organization-host": "posted only",
    "mfa_authenticate": "opens between a password and its code: told in test_accounts_second_factor",
    "mfa_login_webauthn": "answers a script", "mfa_reauthenticate_webauthn": "opens with a key of this very browser",
    "mfa_download_recovery_codes": "a file", "end-other-sessions": "posted only", "resend-invitation": "posted only",
    "withdraw-invitation": "posted only", "commune-enroll": "posted only", "department-example": "posted only",
    "record-restore": "posted only", "convention-reviews": "posted only", "version-submit": "posted only",
    "work-table-prepare": "posted only", "work-table-restore": "posted only", "table-release": "posted only",
    "calendar-subscription": "a file for diaries",
    "article-move": "posted only", "document-docx": "a file", "document-pdf": "a file", "document-template": "a file",
    "membership-document": "the same page as for an amendment",
    "document-template-withdraw": "the page that removes a file, for a template: told in agreements/test_document_templates",
    "adopt": "asked of a membership: told in agreements/test_versions_pages",
    "appearance-sheet": "styles", "appearance-logo": "a picture",
    "edition-pdf": "a file",
    "file": "a file",
    **{f"{what}-attach": "the page that attaches a file to an act, for another record"
       for what in ("membership", "version", "piece", "staff-file", "letter", "notice", "agreement", "amendment",
                    "dispute")},
    **{f"import-{one.name}-{step}": "a file, or posted only" for one in IMPORTABLES for step in ("example", "errors")},
    **{f"import-{one.name}-list": "a file" for one in IMPORTABLES if one.rows is not None},
    **{f"import-{one.name}-{step}": "the page of all imports, looked at with another list"
       for one in IMPORTABLES if one.name not in IMPORTED for step in ("columns", "preview", "check", "result")},
}  # fmt: skip
MAIN = ("home, member", "territory", "offers, explained", "organization", "people")


def routes() -> Iterator[str]:
    """Yield the name of each route, those of the API apart: they answer programs."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            where = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, where)
            elif not where.startswith("api/v1/"):
                yield one.name

    yield from walk(get_resolver(), "")


def code_of(secret: str, at: float) -> str:
    """Return the code that an application shows for a secret (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), int(at // 30).to_bytes(8, "big"), hashlib.sha1)
    number = int.from_bytes(digest[digest[-1] & 15 :][:4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Visitor:
    """Somebody in Chromium: a context an account, a width and a theme; what pages do wrong is kept as it happens."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.states = {"": None}
        self.wrong = []

    def signed_in(self, who):
        """Return the cookies of an account, signed in once by the page."""
        if who not in self.states:
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.address}/compte/connexion/")
            page.fill("[name=login]", who if "@" in who else f"{who}@demo.communis.example")
            page.fill("[name=password]", PASSWORD)
            page.click("form.form button[type=submit]")
            page.wait_for_url(f"{self.address}/")
            self.states[who] = context.storage_state()
            context.close()
        return self.states[who]

    def page(self, who="", width=1360, theme="light", **options):
        context = self.browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900},
            color_scheme=theme,
            storage_state=self.signed_in(who),
            **options,
        )
        context.add_init_script(REFUSED_BY_POLICY)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: self.wrong.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("request", lambda asked: self.wrong.append(f"foreign: {asked.url}") if not self.is_own(asked.url) else None)
        return page

    def is_own(self, url):
        return url.startswith((self.address, "data:"))


def hindrances(visitor, page, path):
    """Open a page; return all that would hinder its reader, in words."""
    visitor.wrong.clear()
    answer = page.goto(visitor.address + path)
    if "/compte/confirmer/?next=" in page.url:  # what touches the account wants a password given in the last five minutes
        page.fill("form.form input[type=password]", PASSWORD)
        page.click("form.form button[type=submit]")
        page.wait_for_url(visitor.address + path)
    if answer.status != 200:
        return [f"answers {answer.status}"]
    if page.url.removeprefix(visitor.address).partition("?")[0] != path.partition("?")[0]:
        return [f"leads to {page.url.removeprefix(visitor.address)}"]
    page.evaluate("document.fonts.ready")
    page.evaluate(AXE)
    found = page.evaluate(AXE_RUN)
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    weight = sum(size for _, size in page.evaluate(WEIGHED))
    found += [f"scrolls sideways by {sideways}"] if sideways > 0 else []
    found += page.evaluate(EMPTY_CELLS)  # « sans objet », « aucune »: an absent value is said (« la marge annotée »)
    found += [f"weighs {weight}"] if weight > HEAVIEST else []
    found += [f"refused by the policy of contents: {rule}" for rule in page.evaluate("window.refused")]
    return found + visitor.wrong


def prepare(visitor, folder):
    """Make in a demonstration what some pages show; return the addresses found, by the names that `PLACES` uses."""
    found = {}
    page = visitor.page(DIRECTOR)

    def linked(path, pattern):
        page.goto(visitor.address + path)
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.getAttribute('href'))")
        return next(match for href in hrefs if (match := re.search(pattern, href)))

    found["host"] = linked("/organisations/?q=redon+agglo", r"/organisations/(\d+)/")[1]
    found["sixt"] = linked("/organisations/?q=sixt", r"/organisations/(\d+)/")[1]
    found["mayor"] = linked("/personnes/?q=corbel", r"/personnes/(\d+)/")[1]
    found["fact"] = linked(f"/organisations/{found['sixt']}/", r"/faits/\d+/")[0]
    found["role"] = linked(f"/organisations/{found['sixt']}/", r"/roles/\d+/terminer/")[0]
    found["site"] = linked(f"/organisations/{found['sixt']}/", r"/fiches/sites/\d+/")[0]
    found["note"] = linked(f"/organisations/{found['sixt']}/offres/", r"\?note=[^#]*-2025")[0]
    found["post"] = linked("/service/", r"/service/postes/\d+/")[0]
    found["site page"] = linked(f"/organisations/{found['sixt']}/", r"/sites/\d+/")[0]
    found["coverage"] = linked("/prestations/", r"/prestations/[^/]+/sites/")[0]
    page.goto(visitor.address + found["coverage"])
    page.fill("[name=source]", "annexe 2")
    page.click("form.form button[type=submit]")
    found["coverage history"] = linked(found["coverage"], r"/prestations/historique/\d+/")[0]
    found["supplier"] = linked("/fournisseurs/", r"/fournisseurs/\d+/")[0]
    page.goto(f"{visitor.address}/jetons/creer/")
    page.get_by_label("Nom").fill("tableau de bord")
    page.get_by_label("Faits et types de faits").check()
    page.get_by_role("button", name="Créer ce jeton").click()
    found["token"] = linked("/jetons/", r"/jetons/\d+/revoquer/")[0]
    prepare_conventions(visitor, page, found, linked)
    prepare_catalogue(visitor, page, found, linked)
    prepare_acts(visitor, page, found, linked)
    prepare_letters(visitor, page, folder, found, linked)
    prepare_imports(visitor, page, found)
    page.context.close()
    prepare_second_factor(visitor, found)
    return found


def prepare_conventions(visitor, page, found, linked):
    """A convention begun, submitted, amended in one article; the file of an agent."""
    page.goto(f"{visitor.address}/conventions/commencer/")
    page.get_by_label("À partir de").select_option("redon")
    page.get_by_label("Nom de la convention").fill("Convention essayée")
    page.get_by_label("Nom court").fill("essai")
    page.get_by_role("button", name="Commencer cette convention").click()
    page.wait_for_url(re.compile(r"/conventions/versions/\d+/"))
    found["version"] = page.url.removeprefix(visitor.address)
    page.get_by_role("button", name="Soumettre à l’assemblée").click()
    page.goto(f"{visitor.address}{found['version']}avenant/")
    page.get_by_label("Numéro").fill("1")
    page.get_by_label("Objet").fill("Clause de durée")
    page.get_by_role("button", name="Préparer cet avenant").click()
    page.wait_for_url(re.compile(r"/conventions/avenants/\d+/"))
    found["amendment"] = page.url.removeprefix(visitor.address)
    found["draft"] = linked(found["amendment"], r"/conventions/versions/\d+/")[0]
    found["article"] = linked(found["draft"], r"/conventions/articles/\d+/modifier/")[0]
    found["article removed"] = found["article"].replace("modifier", "retirer")
    page.goto(visitor.address + found["article"])
    page.get_by_label("Texte").fill("La convention dure trois ans.")
    page.click("form.form button[type=submit]")
    found["convention"] = linked(found["version"], r"/conventions/\d+/")[0]
    page.goto(f"{visitor.address}/fiches/dossiers-d-agents/ajouter/")
    page.get_by_label("Agent").fill("Ada Riou")
    page.get_by_label("Organisation", exact=True).select_option(index=1)
    page.get_by_label("Convention").select_option(label="Convention essayée")
    page.get_by_label("Statut").select_option(index=1)
    page.get_by_label("Régime").select_option(index=1)
    page.get_by_label("Fonctions", exact=True).fill("support")
    page.get_by_label("Depuis le").fill("01/01/2024")
    page.click("form.form button[type=submit]")
    found["staff file"] = linked("/agents/", r"/agents/\d+/")[0]
    page.goto(f"{visitor.address}{found['amendment']}documents/")
    page.get_by_role("button", name="Préparer ce document").click()
    page.wait_for_url(re.compile(r"/documents/\d+/"))
    found["document"] = page.url.removeprefix(visitor.address)


def prepare_catalogue(visitor, page, found, linked):
    """A catalogue with an offer, a tool, a prerequisite and hours, and its copy to compare it with."""
    page.goto(f"{visitor.address}/fiches/catalogues/ajouter/")
    page.fill("[name=name]", "Catalogue essayé")
    page.click("form.form button[type=submit]")
    page.wait_for_url(re.compile(r"/catalogues/\d+/$"))
    found["edition"] = page.url.removeprefix(visitor.address)
    added(visitor, page, "horaires-du-catalogue", found["edition"], opens_at="9:00", closes_at="12:00")
    added(visitor, page, "fiches-du-catalogue", found["edition"], label="Accompagnement", description="De quoi essayer.")
    found["entry"] = linked(found["edition"], r"/catalogues/fiches/\d+/")[0]
    page.goto(f"{visitor.address}/fiches/fiches-du-catalogue/{found['entry'].split('/')[-2]}/modifier/")
    page.select_option("[name=offer]", index=1)
    page.click("form.form button[type=submit]")
    added(visitor, page, "outils", found["entry"], name="Outil")
    added(visitor, page, "prerequis", found["entry"], key="reseau", wording="Un accès au réseau.")
    page.goto(f"{visitor.address}{found['edition']}copier/")
    page.fill("[name=name]", "Catalogue suivant")
    page.click("form.form button[type=submit]")
    page.wait_for_url(re.compile(r"/catalogues/\d+/$"))
    copied = page.url.removeprefix(visitor.address)
    one, other = (where.split("/")[-2] for where in (found["edition"], copied))
    found["comparison"] = f"/catalogues/comparer/?avant={one}&apres={other}"
    prepare_closing(visitor, page, found, linked, copied)


def prepare_closing(visitor, page, found, linked, edition):
    """A brick of another edition closed, its costs gone to a second one."""
    found["closed"] = linked(edition, r"/catalogues/fiches/\d+/")[0]
    added(visitor, page, "fiches-du-catalogue", edition, label="Reprise", description="Ce qui reprend les coûts.")
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.getAttribute('href'))")
    entries = sorted({match[0] for href in hrefs if (match := re.search(r"/catalogues/fiches/\d+/", href))} - {found["closed"]})
    page.goto(f"{visitor.address}/fiches/fiches-du-catalogue/{entries[0].split('/')[-2]}/modifier/")
    page.select_option("[name=offer]", index=2)
    page.click("form.form button[type=submit]")
    page.wait_for_url(f"{visitor.address}{edition}")
    page.goto(f"{visitor.address}{found['closed']}fermer/")
    page.get_by_label("Dernier jour de la brique").fill("31/12/2026")
    page.select_option("[name=into]", index=1)
    page.click("form.form button[type=submit]")
    page.click("[name=fait]")
    page.wait_for_url(f"{visitor.address}{found['closed']}")


def added(visitor, page, kind, holder, **typed):
    """Add a row of a kind to what holds it."""
    page.goto(f"{visitor.address}/fiches/{kind}/ajouter/{holder.split('/')[-2]}/")
    for name, value in typed.items():
        page.fill(f"form.form [name={name}]", value)
    for one in page.locator("form.form select[required]").all():
        if not one.input_value():
            one.select_option(index=1)
    page.click("form.form button[type=submit]")
    page.wait_for_url(f"{visitor.address}{holder}")


def prepare_acts(visitor, page, found, linked):
    """An act with its names, its vote and a file; and another that is not voted."""
    typed = {"subject": "Adhésion au service commun", "number": "2026-12", "session_on": "10/03/2026", "in_office": "15",
             "present": "12", "proxies": "2", "votes_for": "14",
             "names": "Mme Adèle Abgrall\nM. Loïc Aubrac > Mme Adèle Abgrall",
             "convened_on": "08/03/2026", "opinions": "Commission ; 01/03/2026 ; favorable",
             "decisions": "APPROUVE la convention"}  # fmt: skip
    for name, given in (("project", {"subject": "Avenant", "state": "projet"}), ("act", typed)):
        page.goto(f"{visitor.address}/actes/saisir/")
        page.select_option("[name=organization]", label="Sixt-sur-Aff")
        for field, value in given.items():
            if field == "state":
                page.select_option("[name=state]", label=value)
            else:
                page.fill(f"[name={field}]", value)
        page.click("form.form button.button-primary")
        page.wait_for_url(re.compile(r"/actes/\d+/"))
        found[name] = page.url.removeprefix(visitor.address)
    page.goto(f"{visitor.address}{found['act']}joindre/")
    page.set_input_files("[name=file]", files=[{"name": "acte.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}])
    page.click("form.form button.button-primary")
    page.wait_for_url(f"**{found['act']}")
    found["file"] = linked(found["act"], r"/fichiers/\d+/")[0]


def prepare_letters(visitor, page, folder, found, linked):
    """An invitation, a forgotten password, a new address: each has its letter, and its link."""
    page.goto(f"{visitor.address}/acces/inviter/")
    page.get_by_label("Adresse e-mail").fill("ada.riou@demo.communis.example")
    page.get_by_label("Prénom et nom").fill("Ada Riou")
    page.get_by_label("Droit").select_option(label="agent du service")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    alone = visitor.page(NOBODY)
    alone.goto(f"{visitor.address}/compte/mot-de-passe/oublie/")
    alone.fill("form.form input[type=email], form.form input[name=email]", f"{LEADER}@demo.communis.example")
    alone.click("form.form button[type=submit]")
    alone.context.close()
    changing = visitor.page(MAYOR)
    changing.goto(f"{visitor.address}/compte/adresse/")
    changing.fill("form.form input[type=email]", "jeanne.corbel@demo.communis.example")
    changing.click("form.form button[type=submit]")
    changing.context.close()
    limit = time.monotonic() + 30
    links = {}
    while len(links) < 3 and time.monotonic() < limit:
        text = (
            " ".join(one.read_text("utf-8") for one in Path(folder).glob("courriels/*.eml"))
            .replace("=\n", "")
            .replace("=3D", "=")
        )
        links = {match[1]: match[0] for match in re.finditer(r"/compte/(invitation|mot-de-passe|adresse)/[\w/:-]+", text)}
        time.sleep(0.2)
    found["invitation"], found["reset"], found["address"] = links["invitation"], links["mot-de-passe"], links["adresse"]
    found["mail"] = linked("/courriels/", r"/courriels/\d+/")[0]
    mine = visitor.page(LEADER)
    mine.goto(f"{visitor.address}/compte/courriels/")
    found["my mail"] = mine.locator("main a[href^='/compte/courriels/']").first.get_attribute("href")
    mine.context.close()


def prepare_imports(visitor, page, found):
    """An import of each kind done, one of them large enough to be a run; and another, as far as its check."""
    for what, (head, done, waiting) in IMPORTED.items():
        for rows in (done, waiting):
            found[f"{what} columns"] = started(visitor, page, what, f"{head}\n{rows}\n")
            found[f"{what} preview"] = found[f"{what} columns"].replace("colonnes", "apercu")
            found[f"{what} check"] = found[f"{what} columns"].replace("colonnes", "verifier")
            if rows == done:
                page.get_by_role("link", name="Vérifier et enregistrer").click()
                page.get_by_role("button", name="Enregistrer l’import").click()
                found[f"{what} result"] = found[f"{what} columns"].replace("colonnes", "resultat")
                page.wait_for_url(re.compile("/(resultat|travaux)/"))
                if "/travaux/" in page.url:
                    found["run"] = re.search(r"/travaux/\d+/", page.url)[0]
                    page.wait_for_selector("text=terminé", timeout=120_000)


def started(visitor, page, what, text):
    """Send a file to an import, match its columns, see what it would do; return the address of its columns."""
    page.goto(f"{visitor.address}/importer/{what}/")
    page.set_input_files("main input[type=file]", {"name": f"{what}.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Choisir les colonnes").click()
    page.wait_for_url(re.compile("/colonnes/"))  # its boxes are all there once it is loaded
    where = page.url.removeprefix(visitor.address)
    for box in page.locator("main .group:has(legend:has-text('Pour tout le fichier')) input[type=text]").all():
        box.fill("2026")
    page.get_by_role("button", name="Voir ce que l’import ferait").click()
    page.wait_for_url(re.compile("/(apercu|travaux)/"))
    if "/travaux/" in page.url:  # a large file is examined by a run
        page.wait_for_selector("text=terminé", timeout=120_000)
        page.goto(visitor.address + where.replace("colonnes", "apercu"))
    return where


def prepare_second_factor(visitor, found):
    """An application of codes and a passkey, for the technician."""
    page = visitor.page(TECHNICIAN)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{visitor.address}/compte/second-facteur/application/")
    secret = page.inner_text(".key").replace(" ", "")
    page.fill("form.form input[name=code]", code_of(secret, time.time()))
    page.click("form.form button.button-primary")
    page.wait_for_url("**/codes/")
    page.goto(f"{visitor.address}/compte/second-facteur/cles/ajouter/")
    page.fill("#id_name", "Téléphone")
    page.click("text=Ajouter cette clé")
    page.wait_for_url(lambda url: "ajouter" not in url)
    page.goto(f"{visitor.address}/compte/second-facteur/cles/")
    found["key"] = page.locator("main a[href*='/cles/'][href$='/nom/']").first.get_attribute("href").removesuffix("nom/")
    visitor.states[TECHNICIAN] = page.context.storage_state()
    page.context.close()
