"""`communis tarif demo`: the shipped conventions at work, without preparing anything."""

from python_calamine import CalamineWorkbook

from factories.command import plain_spaces, tarif


def sheets_of(path):
    return CalamineWorkbook.from_path(path).sheet_names


def test_a_convention_is_shown_with_its_offers_an_explained_amount_and_its_statements(tmp_path):
    run = tarif("demo", "redon", "--dossier", tmp_path / "états")
    assert (run.status, run.err) == (0, "")
    assert run.lines[1:5] == [
        "REDON Agglomération · Service commun des systèmes d’information · exercice 2025",
        "Chaque offre simulée sur les faits documentés : ce n’est pas une facture.",
        "Membre                Socle complet       Audit  Groupements d’achats  Socle annexe complet",
        "Bains-sur-Oust           8 026,00 €  7 000,00 €            2 921,00 €            9 921,00 €",
    ]
    folder = tmp_path / "états"
    assert run.lines[-1] == f"Les états sont dans {folder} : ouvrez {folder / 'redon' / 'index.html'} dans un navigateur."
    page = plain_spaces((folder / "redon" / "index.html").read_text("utf-8"))
    assert "Bains-sur-Oust" in page
    assert "donnée fictive de démonstration" in page
    assert sheets_of(folder / "redon" / "tous-les-membres.xlsx") == ["Totaux", "Lignes", "Faits", "Interprétations"]
    assert sheets_of(folder / "redon" / "redon.xlsx") == ["Décompte", "Explications", "Faits", "Interprétations"]  # of the town
    assert [path.name for path in folder.iterdir()] == ["redon"]


def test_a_convention_that_is_not_shipped_is_refused_before_anything_is_written(tmp_path):
    run = tarif("demo", "rennes", "--dossier", tmp_path / "états")
    said = "convention inconnue « rennes » ; on peut écrire grand_nancy, nimes_metropole, redon, sicoval, sidec"
    assert (run.status, run.out) == (64, "")
    assert plain_spaces(run.err) == f"communis tarif demo : {said} (voir « communis tarif demo --help »).\n"
    assert list(tmp_path.iterdir()) == []
