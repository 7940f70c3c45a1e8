"""A wall that is missing stops everything before a page is served: each is taken away in turn, then put back."""

import psycopg
import pytest

from communis.foundation import embedded
from communis.foundation.checks import reasons_not_to_serve
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
    (
        "ALTER ROLE communis_app BYPASSRLS",
        "ALTER ROLE communis_app NOBYPASSRLS",
        "le rôle communis_app passe outre les cloisons",
    ),
    (
        "ALTER TABLE directory_grant OWNER TO communis_app",
        "ALTER TABLE directory_grant OWNER TO communis_owner",
        "le rôle communis_app possède des tables",
    ),
]


@pytest.mark.parametrize(("fault", "repair", "reason"), FAULTS, ids=[fault.strip().partition("\n")[0] for fault, _, _ in FAULTS])
def test_nothing_is_served_when_a_wall_is_missing(served, fault, repair, reason):
    superuser = embedded.cluster(served.folder).parameters(embedded.SUPERUSER)
    with psycopg.connect(**superuser, autocommit=True) as connection:
        connection.execute(fault)
        try:
            status, lines, said = run("migrer", COMMUNIS_DATA=str(served.folder))
        finally:
            connection.execute(repair)
    repaired = "Restaurez une sauvegarde (communis restaurer), ou réparez cela."
    assert (status, lines, said) == (1, [], f"communis : Rien n’est servi, car {reason}. {repaired}\n")


def test_a_start_is_refused_too(served):
    place = embedded.cluster(served.folder)
    with psycopg.connect(**place.parameters(embedded.SUPERUSER), autocommit=True) as connection:
        connection.execute(FAULTS[0][0])
    served.stop()
    status, lines, said = run("demo", "--dossier", served.folder, "--port", "0")
    with embedded.running(served.folder), psycopg.connect(**place.parameters(embedded.SUPERUSER)) as connection:
        connection.execute(FAULTS[0][1])
    assert (status, lines) == (1, ["Base de données…"])
    assert said.startswith(f"communis : Rien n’est servi, car {FAULTS[0][2]}. ")
    served.start()


@pytest.mark.django_db
def test_a_sound_database_has_no_reason_not_to_be_served():
    assert reasons_not_to_serve() == []


@pytest.mark.django_db
def test_a_route_without_a_door_stops_everything(settings):
    settings.ROOT_URLCONF = "factories.open_route"
    assert reasons_not_to_serve() == ["aucune porte ne garde export/tout.csv"]
