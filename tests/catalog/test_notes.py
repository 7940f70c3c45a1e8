"""Why an amount is what it is, in words: no name of the tariff file is shown for what has a label."""

from communis.catalog.notes import class_of, note_of
from communis.tariff import compute, read_text, tables_of
from communis.tariff.rendering.content import content_of
from factories.blocks import HEAD

TARIFF = f"""{HEAD}offre sur_site "Accompagnement sur site"  article 1

barème par classe forfait : € selon offre  article 1
    socle    : 100 €
    sur_site : 200 €

ligne versement "Forfait"  article 1
    pour chaque offre, chaque exercice, en fonctionnement
    = forfait
"""


def test_a_scale_by_offer_is_told_with_the_labels_of_the_offers():
    convention = read_text(TARIFF)
    tables = tables_of(convention.model, {
        "membres": [{"membre": "A", "type": "commune"}],
        "choix": [{"membre": "A", "offre": "sur_site", "du": "01/01/2024"}],
    })  # fmt: skip
    (row,) = content_of(compute(convention, tables, 2024, verify=False), 0).rows
    table = note_of(row, "versement", convention).table
    assert (table.rows, table.applies) == ([("Socle commun", "100,00\u00a0€"), ("Accompagnement sur site", "200,00\u00a0€")], 1)
    assert class_of(row.step) == "classe « Accompagnement sur site »"
