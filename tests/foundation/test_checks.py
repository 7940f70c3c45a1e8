"""A wall that is missing stops everything before a page is served: each is taken away in turn, then put back."""

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from communis.foundation import embedded, preparing
from communis.foundation.checks import reasons_not_to_serve, unsafe_role
from communis.foundation.database import connection_options
from communis.foundation.problems import Impossible
from communis.foundation.testing import as_role
from factories.served import run

IN_SCOPE = "(pool_id = nullif(current_setting('communis.pool', true), '')::bigint)"
TRIGGER = (
    "CREATE TRIGGER directory_fact_never_changes BEFORE UPDATE OR DELETE ON directory_fact "
    "FOR EACH ROW EXECUTE FUNCTION directory_fact_never_changes()"
)
KEPT = "l’historique ou l’immuabilité n’est plus gardé sur directory_fact"
SWITCH_HISTORY = """
    DO $$ DECLARE found text; BEGIN
        SELECT tgname INTO found FROM pg_trigger
        WHERE tgrelid = 'directory_organization'::regclass AND tgname LIKE 'pgtrigger_update%';
        EXECUTE format('ALTER TABLE directory_organization {} TRIGGER %I', found);
    END $$
"""
FAULTS = [
    (
        "DROP POLICY by_pool ON directory_organization",
        f"CREATE POLICY by_pool ON directory_organization TO communis_app USING {IN_SCOPE} WITH CHECK {IN_SCOPE}",
        "la cloison manque ou est ouverte sur directory_organization",
    ),
    (
        "ALTER TABLE directory_person NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE directory_person FORCE ROW LEVEL SECURITY",
        "la cloison manque ou est ouverte sur directory_person",
    ),
    (
        "ALTER TABLE foundation_pool DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE foundation_pool ENABLE ROW LEVEL SECURITY",
        "la cloison manque ou est ouverte sur foundation_pool",
    ),
    (
        "CREATE POLICY wide ON directory_role USING (true)",
        "DROP POLICY wide ON directory_role",
        "la cloison manque ou est ouverte sur directory_role",
    ),
    ("DROP TRIGGER directory_fact_never_changes ON directory_fact", TRIGGER, KEPT),
    (
        "ALTER TABLE directory_fact DISABLE TRIGGER directory_fact_never_changes",
        "ALTER TABLE directory_fact ENABLE TRIGGER directory_fact_never_changes",
        KEPT,
    ),
    (
        SWITCH_HISTORY.format("DISABLE"),
        SWITCH_HISTORY.format("ENABLE"),
        "l’historique ou l’immuabilité n’est plus gardé sur directory_organization",
    ),
    (
        "GRANT UPDATE ON directory_fact TO communis_app",
        "REVOKE UPDATE ON directory_fact FROM communis_app",
        "l’application pourrait modifier ce qui ne change jamais : directory_fact",
    ),
]


@pytest.fixture
def as_owner(db):
    """Return what changes the test database as the owner of its tables, and for all."""
    options = {**connection_options(settings.DATA, "owner"), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**options, autocommit=True) as opened:
        yield opened.execute


@pytest.mark.parametrize(("fault", "repair", "reason"), FAULTS, ids=[fault.strip().partition("\n")[0] for fault, _, _ in FAULTS])
def test_each_wall_that_is_missing_is_a_reason_not_to_serve(as_owner, fault, repair, reason):
    as_owner(fault)
    try:
        found = reasons_not_to_serve()
    finally:
        as_owner(repair)
    assert found == [reason]
    assert reasons_not_to_serve() == []


def test_nothing_is_served_nor_even_migrated_when_walls_are_missing(served):
    place = embedded.cluster(served.folder)
    faults = [FAULTS[0], FAULTS[4], ("ALTER ROLE communis_app BYPASSRLS", "ALTER ROLE communis_app NOBYPASSRLS", "")]
    reasons = f"le rôle communis_app passe outre les cloisons ; {FAULTS[0][2]} ; {KEPT}"
    refused = f"communis : Rien n’est servi, car {reasons}. Restaurez une sauvegarde (communis restaurer), ou réparez cela.\n"
    with psycopg.connect(**place.parameters(embedded.SUPERUSER), autocommit=True) as opened:
        for fault, _, _ in faults:
            opened.execute(fault)
    assert run("migrer", COMMUNIS_DATA=str(served.folder)) == (1, [], refused)
    served.stop()
    assert run("demo", "--dossier", served.folder, "--port", "0") == (1, ["Base de données…"], refused)
    with embedded.running(served.folder), psycopg.connect(**place.parameters(embedded.SUPERUSER)) as opened:
        for _, repair, _ in faults:
            opened.execute(repair)


@pytest.mark.django_db
def test_a_sound_database_has_no_reason_not_to_be_served():
    assert reasons_not_to_serve() == []


@pytest.mark.django_db
def test_a_route_without_a_door_stops_everything(settings):
    settings.ROOT_URLCONF = "factories.open_route"
    assert reasons_not_to_serve() == ["aucune porte ne garde export/tout.csv"]


def test_the_owner_of_the_tables_may_not_serve(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        assert unsafe_role() == "le rôle communis_owner possède des tables"


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say(capsys):
    call_command("makemigrations", check=True, dry_run=True)  # leaves with an exit code when one is missing
    assert capsys.readouterr().out == "No changes detected\n"


def test_the_message_of_every_constraint_can_be_told_a_percentage_too():
    found = [c.get_violation_error_message() for m in apps.get_models() for c in m._meta.constraints]  # a lone % sign would raise
    assert "La part des fonctions va de 0,01 à 100 %." in found


@pytest.mark.django_db
def test_rows_that_a_new_constraint_refuses_are_told_and_the_version_before_still_serves(monkeypatch):
    """As of a pool where two organizations bear one SIREN, which an older version allowed."""

    def migrate(name, **options):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE twice AS SELECT 213503287 AS siren FROM generate_series(1, 2)")
            cursor.execute("CREATE UNIQUE INDEX siren_once ON twice (siren)")

    monkeypatch.setattr(preparing, "call_command", migrate)
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda executor, targets: [("directory", "0015")])
    told = (
        "Des données que la version précédente acceptait empêchent de passer à celle-ci (could not create unique index "
        '"siren_once" DETAIL: Key (siren)=(213503287) is duplicated.). Rien n’est perdu : relancez la version précédente, '
        "corrigez ces fiches, puis recommencez."
    )
    with pytest.raises(Impossible) as refused:
        preparing.migrate(print)
    assert str(refused.value) == told
