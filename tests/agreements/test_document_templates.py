"""The templates of a pool: what fails in one is refused when it is deposited, and never breaks the page of a document."""

import io

import docx
import pytest

from communis.agreements.documents.word import default_template
from communis.agreements.enums import DocumentKind
from communis.agreements.models import Document, DocumentTemplate
from communis.agreements.operations.documents import add_template, withdraw_template
from communis.foundation import files
from communis.foundation.scope import current_pool
from communis.kit.refusals import Refusal
from factories.papers import chosen
from factories.versions import CLERK
from factories.world import first_pool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.COMMUNIS_FILES = tmp_path / "files"


def template(*words, header=""):
    made = docx.Document()
    for one in words:
        made.add_paragraph(one)
    made.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def refused(*words, **options):
    with pytest.raises(Refusal) as found:
        add_template("change", "le nôtre.docx", template(*words, **options), by=CLERK)
    return str(found.value).partition(". ")[0]


@pytest.mark.parametrize("kind", DocumentKind)
def test_each_template_that_ships_is_accepted_when_it_is_deposited_as_it_is(pool, kind):
    shipped = default_template(kind)
    made = add_template(kind, "modèle livré.docx", shipped, by=CLERK)
    assert [(row.kind, row.name) for row in DocumentTemplate.objects.unscoped().in_use()] == [(kind, "modèle livré.docx")]
    assert files.read(made.pool_id, made.digest) == shipped


@pytest.mark.covers("DOC-22")
@pytest.mark.parametrize(("words", "told"), [
    ("{{ 1/0 }}", "« {{ 1/0 }} », ce calcul ne se fait pas sur les valeurs du document"),
    ("Total {{ choix + 1 }}", "« {{ choix + 1 }} », ce calcul ne se fait pas sur les valeurs du document"),
    ("{{ convention.inconnue.x }}", "« {{ convention.inconnue.x }} », ce nom n’existe pas"),
    ("{{ convention.inconnue }}", "« {{ convention.inconnue }} », ce nom n’existe pas"),
    ("{{ titre.__class__.__mro__ }}", "« {{ titre.__class__.__mro__ }} », un modèle n’a pas le droit de le faire"),
    ("{{ 9 ** 9 ** 9 }}", "« {{ 9 ** 9 ** 9 }} », un modèle n’a pas le droit de le faire"),
])  # fmt: skip
def test_a_template_that_fails_is_refused_when_it_is_deposited_with_the_words_at_fault(pool, words, told):
    assert refused("{{ organisation }}", words) == f"Le modèle ne peut pas être rempli : {told}"
    assert refused("{{ organisation }}", header=words) == f"Le modèle ne peut pas être rempli : {told}"
    assert DocumentTemplate.objects.unscoped().count() == 0


def test_marks_that_do_not_read_are_told_in_french(pool):
    assert refused("{{ titre }}", "{{ titre") == "Le modèle ne se lit pas : ses accolades ne se lisent pas"
    assert refused("{{ titre }}", "{% for %}") == "Le modèle ne se lit pas : « {% for %} », ses accolades ne se lisent pas"


@pytest.mark.covers("DOC-22")
def test_a_template_that_fails_on_a_document_is_named_on_the_page_that_makes_it(world):
    with first_pool():
        member = chosen(world, "socle_complet")
        data = template("{{ 1 / (choix | length - 2) }} {{ 1 // 0 if organisation == 'Sixt-sur-Aff' }}")
        digest = files.keep(current_pool(), data).digest  # deposited before templates were tried
        DocumentTemplate(kind="adhesion", name="le nôtre.docx", digest=digest, size=len(data), added_by="Ada Riou",
                         added_at=CLERK.at).save()  # fmt: skip
    world.sign_in("office")
    page = world.fill(f"/adhesions/{member.pk}/documents/", kind="adhesion")
    assert (page.status, page.errors) == (422, [
        "Le modèle « le nôtre.docx » ne peut pas être rempli : « {{ 1 / (choix | length - 2) }} {{ 1 // 0 if organisation == "
        "'Sixt-sur-Aff' }} », ce calcul ne se fait pas sur les valeurs du document. Corrigez-le et déposez-le à nouveau, ou "
        "revenez au modèle livré : Documents, puis Modèles."
    ])  # fmt: skip
    with first_pool():
        assert Document.objects.unscoped().count() == 0


@pytest.mark.covers("DOC-22")
def test_a_pool_goes_back_to_the_shipped_template_and_may_deposit_its_own_again(world):
    data = template("{{ titre }}, papier du service")
    with first_pool():
        member = chosen(world, "socle_complet")
        own = add_template("change", "le nôtre.docx", data, by=CLERK)
    world.sign_in("office")
    assert world.client.get(f"/documents/modeles/{own.pk}/revenir/").status_code == 404
    world.sign_in("director")
    links = {a.text: a.attrs["href"] for a in world.get("/documents/modeles/").main.all("a") if "href" in a.attrs}
    address = links["Revenir au modèle livré décision de changement de choix"]
    assert address == f"/documents/modeles/{own.pk}/revenir/"
    page = world.post(address)
    assert page.messages == ["Fait. Le modèle livré est à nouveau en usage."]
    assert "Revenir au modèle livré" not in page.main.text
    world.fill(f"/adhesions/{member.pk}/documents/", kind="change")
    with first_pool():
        assert Document.objects.unscoped().get().template is None
        own.refresh_from_db()
        assert (own.name, own.withdrawn_at is not None) == ("le nôtre.docx", True)
        with pytest.raises(Refusal, match="Le modèle livré est déjà en usage pour « décision de changement de choix »"):
            withdraw_template(own, by=CLERK)
        assert add_template("change", "le nôtre.docx", data, by=CLERK).pk != own.pk
