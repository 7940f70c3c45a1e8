"""Lives in Chromium: Nîmes amends and closes a brick, Grand Nancy replaces its convention, Crenans leaves blanks."""

from datetime import date

import pytest

from communis.agreements.choices import spans_of
from communis.agreements.founding import load_act
from communis.agreements.models import Agreement, Document, Membership, Version
from communis.agreements.operations.versions import approve, submit
from communis.catalog.models import Entry
from factories.agreements import act, active, agreement, asked
from factories.catalogue import loaded
from factories.versions import in_force
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def heading(page):
    return page.inner_text("h1").replace("\u00a0", " ")


def said(page):
    return [" ".join(text.replace("\u00a0", " ").split()) for text in page.locator("div.messages div.message").all_inner_texts()]


def words(page, where="main"):
    return " ".join(page.inner_text(where).replace("\u00a0", " ").replace("\u202f", " ").split())


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()


def rows(page, caption):
    found = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr")
    return [[" ".join(c.replace("\u00a0", " ").split()) for c in row.locator("th, td").all_inner_texts()] for row in found.all()]


# ------------------------------------------------------------ Nîmes


@pytest.mark.covers("CAT-14")
def test_3bis_without_3_is_refused_on_the_page_and_what_was_ticked_is_kept(world, visit):
    with first_pool():
        made = asked(world["sixt"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)), on=date(2024, 1, 8))
    office = visit(f"/adhesions/{made.pk}/choix/", world.accounts["office"])
    office.get_by_label("3BIS. Vidéo Surveillance Intelligente", exact=True).check()
    office.get_by_label("5. Bureautique", exact=True).check()
    office.get_by_label("Choix en vigueur à compter du").fill("01/07/2024")
    press(office, "Vérifier")
    assert "« 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection »" in words(office, "div.errors")
    kept = {name: office.get_by_label(name, exact=True).is_checked() for name in (
        "3BIS. Vidéo Surveillance Intelligente", "5. Bureautique", "3. Vidéoprotection",
    )}  # fmt: skip
    assert kept == {"3BIS. Vidéo Surveillance Intelligente": True, "5. Bureautique": True, "3. Vidéoprotection": False}
    assert office.get_by_label("Choix en vigueur à compter du").input_value() == "01/07/2024"
    office.get_by_label("3. Vidéoprotection", exact=True).check()
    press(office, "Vérifier")
    assert heading(office) == "Vérifiez avant d’enregistrer"
    press(office, "Enregistrer ces choix")
    assert said(office) == ["Fait. Les choix sont enregistrés."]


CHANGES_OF_6 = (  # as the note of Poulx lists them
    ("Clause modifiée", "article 4.2.2", "Cas spécifiques dans la répartition des charges : licence de niveau supérieur."),
    ("Brique ajoutée", "3BIS", "Vidéo Surveillance Intelligente, qui s’appuie sur la brique 3."),
    ("Brique supprimée", "9", "SI Urbanisme : ses coûts vont à la brique ADS."),
    ("Prérequis ajouté", "toutes les briques", "Hors Conseil et Assistance."),
    ("Répartition des ETP mise à jour", "annexe", "Charge de travail par brique technique."),
)


@pytest.mark.covers("MEM-11", "MEM-12", "DOC-12")
def test_nimes_writes_avenant_6_with_typed_changes_and_follows_who_adopts_it(world, visit, screens):
    with first_pool():
        before = in_force("nimes_metropole", world["host"], date(2020, 12, 14), short_name="DN", label="avenant n° 5")
        late, ready = (
            active(world[name], before.agreement, "internet", effect_on=date(2021, 1, 1)) for name in ("sixt", "allaire")
        )
    director = visit(before.get_absolute_url(), world.accounts["director"])
    director.goto(f"{director.url}avenant/")
    for label, typed in (("Numéro", "6"), ("Objet", "Nouvelle convention cadre"), ("Daté du", "04/04/2022")):
        director.get_by_label(label).first.fill(typed)
    press(director, "Préparer cet avenant")
    for kind, where, what in CHANGES_OF_6:
        press(director, "Ajouter un changement")
        director.get_by_label("Changement").select_option(label=kind[:1].lower() + kind[1:])
        director.get_by_label("Article ou brique").fill(where)
        director.get_by_label("Ce qui change").fill(what)
        press(director, "Ajouter un changement")
    assert [row[:3] for row in rows(director, "Changements de l’avenant")] == [list(one) for one in CHANGES_OF_6]
    with first_pool():
        made = Version.objects.unscoped().get(label="avenant n° 6")
        submit(made)
        approve(made, act=act(world["host"], on=date(2022, 4, 4)), starts_on=date(2022, 4, 4), knowingly=True)
        vote = act(world["allaire"], on=date(2022, 12, 6), number="2022-61")
    director.reload()
    taken = screens(director)
    press(director, "Préparer 2 projets")
    assert said(director) == ["Fait. 2 projets de délibération sont prêts."]
    assert [row[:4] for row in rows(director, "Projets de délibération des membres")] == [
        ["Allaire", "pas encore", "version 1, projet", "DOCX d’Allaire PDF d’Allaire"],
        ["Sixt-sur-Aff", "pas encore", "version 1, projet", "DOCX de Sixt-sur-Aff PDF de Sixt-sur-Aff"],
    ]  # fmt: skip
    assert taken.seen == ["/conventions/avenants/n/", "/conventions/avenants/n/projets/"]
    mayor = visit(f"/adhesions/{ready.pk}/", world.accounts["elected"])
    assert "Version avenant n° 6 pas encore adoptée" in words(mayor, "section[aria-labelledby=versions]")
    office = visit(f"/adhesions/{late.pk}/", world.accounts["office"])
    with office.expect_download() as downloading:
        office.locator("section[aria-labelledby=documents]").get_by_role("link", name="PDF").click()
    assert downloading.value.suggested_filename.endswith("sixt-sur-aff-avenant-n-6-v1.pdf")
    director.goto(director.url.partition("/conventions/")[0] + f"/adhesions/{ready.pk}/adopter/?version={made.pk}")
    director.get_by_label("Adoptée le").fill("06/12/2022")
    director.get_by_label("Par l’acte du membre (facultatif)").select_option(value=str(vote.pk))
    press(director, "Enregistrer l’adoption")
    assert [row[:4] for row in rows(director, "Qui a adopté cette version")] == [
        ["Sixt-sur-Aff", "avenant n° 5", "pas encore", "sans objet"],
        ["Allaire", "avenant n° 6", "6 déc. 2022", "enregistré"],
    ]  # fmt: skip


def test_brick_9_is_closed_to_ads_once_every_member_touched_was_shown(world, visit, screens):
    edition = loaded("nimes_metropole", "Avenant n° 6, avant sa fermeture", shown=False)
    with first_pool():
        of = agreement("nimes_metropole", starts_on=date(2020, 12, 14))
        active(world["sixt"], of, "urbanisme", effect_on=date(2021, 1, 1))
        brick = Entry.objects.unscoped().get(edition=edition, offer="urbanisme")
        brick.ends_on, brick.closed_into = None, ""
        brick.save()
    director = visit(brick.get_absolute_url(), world.accounts["director"])
    taken = screens(director)
    press(director, "Fermer cette offre")
    director.get_by_label("Dernier jour de la brique").fill("03/04/2022")
    director.get_by_label("Ses coûts vont à").select_option(value="ads")
    press(director, "Voir les membres touchés")
    assert "1 membre touché : Sixt-sur-Aff" in words(director)
    press(director, "Fermer l’offre")
    assert "Fermeture. Proposée jusqu’au 3 avril 2022 ; ses coûts vont à ADS" in words(director).replace(
        "Fermeture ", "Fermeture. "
    )
    assert taken.seen == ["/catalogues/fiches/n/", "/catalogues/fiches/n/fermer/", "/catalogues/fiches/n/"]


# ------------------------------------------------------------ Grand Nancy


@pytest.mark.covers("MEM-17", "MEM-18")
def test_grand_nancy_prolongs_by_an_avenant_then_all_its_adherents_pass_to_the_successor(world, visit, screens):
    with first_pool():
        former = in_force("grand_nancy", world["host"], date(2017, 7, 13), name="Mutualisation 2017", short_name="DSIT 2017",
                          label="2017")  # fmt: skip
        after = in_force("grand_nancy", world["host"], date(2024, 1, 1), name="Mutualisation 2024", short_name="DSIT 2024",
                         label="2024")  # fmt: skip
        first, second = (
            active(world[name], former.agreement, "dsit", effect_on=date(2018, 1, 1)) for name in ("sixt", "allaire")
        )
        assert (first.ends_on, second.ends_on) == (date(2022, 12, 31), date(2022, 12, 31))
    director = visit(f"{former.get_absolute_url()}avenant/", world.accounts["director"])
    director.get_by_label("Numéro").fill("1")
    director.get_by_label("Objet").fill("Prolongation")
    director.get_by_label("Prolonge la convention jusqu’au (facultatif)").fill("31/12/2023")
    director.get_by_label("Daté du (facultatif)").fill("20/09/2022")
    press(director, "Préparer cet avenant")
    assert "Un avenant qui prolonge la convention dit son motif" in words(director, "div.errors")
    director.get_by_label("Motif (facultatif)").fill("clore la refacturation annuelle et laisser délibérer")
    press(director, "Préparer cet avenant")
    assert "Prolonge la convention jusqu’au 31 décembre 2023." in words(director)
    with first_pool():
        made = Version.objects.unscoped().get(label="avenant n° 1")
        submit(made)
        approve(made, act=act(world["host"], on=date(2022, 9, 20)), starts_on=date(2022, 9, 20), knowingly=True)
        votes = [act(world[name], on=date(2022, 11, 7), number="22-7", authorizes="tous les actes afférents")
                 for name in ("sixt", "allaire")]  # fmt: skip
    for membership, vote in zip((first, second), votes, strict=True):
        director.goto(director.url.partition("/conventions/")[0] + f"/adhesions/{membership.pk}/adopter/?version={made.pk}")
        director.get_by_label("Adoptée le").fill("07/11/2022")
        director.get_by_label("Par l’acte du membre (facultatif)").select_option(value=str(vote.pk))
        press(director, "Enregistrer l’adoption")
    with first_pool():
        assert [m.ends_on for m in Membership.objects.unscoped()] == [date(2023, 12, 31)] * 2
        act(world["sixt"], on=date(2023, 9, 25), number="5", agreement=after.agreement)
    replace_by_2024(director, former.agreement, after.agreement, world, screens)
    with first_pool():
        moved = {str(m.organization): (m.effect_on, m.ends_on) for m in Membership.objects.unscoped()
                 .filter(agreement=after.agreement).select_related("organization")}  # fmt: skip
        gone = {(m.ends_on, m.end_cause) for m in Membership.objects.unscoped().filter(agreement=former.agreement)}
        held = [(s.first, s.last) for s in spans_of() if s.organization == world["sixt"].pk]
    assert moved == dict.fromkeys(("Allaire", "Sixt-sur-Aff"), (date(2024, 1, 1), date(2028, 12, 31)))
    assert gone == {(date(2023, 12, 31), "replaced")}
    assert held == [(date(2018, 1, 1), date(2028, 12, 31))]  # one holding: the joining day counts once
    office = visit(f"/adhesions/{first.pk}/", world.accounts["office"])
    assert "Prolongation, 7 novembre 2022" in words(office, "section[aria-labelledby=etapes]")
    assert office.get_by_role("link", name="l’adhésion du 1er janvier 2024").count() == 1


def replace_by_2024(director, former, after, world, screens):
    """See who passes and who stays before anything is written; let the last one vote; pass them all."""
    director.goto(director.url.partition("/conventions/")[0] + former.get_absolute_url())
    taken = screens(director)
    press(director, "Remplacer")
    director.get_by_label("Remplacée par").select_option(label="Mutualisation 2024")
    director.get_by_label("À compter du").fill("01/01/2024")
    press(director, "Voir qui passe")
    assert heading(director) == "Vérifiez avant d’enregistrer"
    assert [row[:2] for row in rows(director, "Adhésions qui passent à la nouvelle convention")] == [
        ["Sixt-sur-Aff", "du 1er janvier 2024 au 31 décembre 2028"]
    ]
    assert rows(director, "Adhésions qui ne passent pas") == [
        ["Allaire", "n’a pas délibéré sur la nouvelle convention ; son adhésion finit le 31 décembre 2023"]
    ]
    with first_pool():
        assert Agreement.objects.unscoped().get(pk=former.pk).successor_id is None
        assert not Membership.objects.unscoped().filter(agreement=after).exists()
        act(world["allaire"], on=date(2023, 11, 14), number="44", agreement=after)
    press(director, "Remplacer, et faire passer 1 adhésion")
    assert "Allaire : la liste de ceux qui passent s’est allongée. Relisez-la, puis confirmez." in words(director, "div.errors")
    press(director, "Voir qui passe")
    press(director, "Remplacer, et faire passer 2 adhésions")
    assert said(director) == ["Fait. 2 adhésions sont passées à « Mutualisation 2024 »."]
    assert taken.seen == ["/conventions/n/", "/conventions/n/remplacer/", "/conventions/n/"]


def test_only_those_who_keep_conventions_replace_one(world):
    with first_pool():
        made = agreement("grand_nancy")
    seen = {}
    for who in ("director", "technician", "office", "elected"):
        world.sign_in(who)
        seen[who] = world.get(f"{made.get_absolute_url()}remplacer/").status
    assert seen == {"director": 200, "technician": 404, "office": 404, "elected": 404}


# ------------------------------------------------------------ Crenans


@pytest.mark.covers("DOC-05", "DOC-22")
def test_crenans_shows_its_blank_choices_its_missing_number_and_an_empty_list_before_issue(world, visit):
    with first_pool():
        of = agreement("sidec", starts_on=date(2023, 11, 25))
        made = asked(world["sixt"], of, on=date(2024, 1, 8))
        vote = load_act("sidec", world["sixt"], of)
    office = visit(f"/adhesions/{made.pk}/", world.accounts["office"])
    assert "Formulaire des choix" in words(office, "section[aria-labelledby=manque]")
    assert "Les choix sont laissés en blanc" in words(office, "section[aria-labelledby=choix]")
    press(office, "Préparer un autre document")
    office.get_by_label("Document").select_option(label="convention")
    press(office, "Préparer ce document")
    assert "Choix des prestations" in words(office, "section[aria-labelledby=blancs]")
    press(office, "Émettre le document")
    assert "mentions sont à compléter" in words(office)
    with first_pool():
        assert Document.objects.unscoped().get().status == "draft"
    office.goto(office.url.partition("/documents/")[0] + vote.get_absolute_url())
    text = words(office, "body")
    assert "au sein de ses services et (besoins précis), ..." in text
    assert "Le numéro au registre manque." in text
    assert "Laissé en blanc dans l’acte : besoins précis ; services choisis." in text
