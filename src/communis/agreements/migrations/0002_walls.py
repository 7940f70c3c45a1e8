from django.db import migrations

from communis.foundation import walls

TENANTS = {  # each with the columns by which it refers to another table of the pool
    "resolution": {"organization_id": "directory_organization", "agreement_id": "agreements_agreement"},
    "attendance": {"resolution_id": "agreements_resolution"},
    "prioropinion": {"resolution_id": "agreements_resolution"},
    "agreement": {"successor_id": "agreements_agreement"},
    "version": {
        "agreement_id": "agreements_agreement",
        "follows_id": "agreements_version",
        "adopted_by_id": "agreements_resolution",
        "edition_id": "catalog_edition",
    },
    "article": {"version_id": "agreements_version"},
    "amendment": {"agreement_id": "agreements_agreement", "makes_id": "agreements_version"},
    "amendmentchange": {"amendment_id": "agreements_amendment"},
    "priceact": {"agreement_id": "agreements_agreement", "decided_by_id": "agreements_resolution"},
    "reviewdate": {"agreement_id": "agreements_agreement"},
    "legalpiece": {"agreement_id": "agreements_agreement", "employer_id": "directory_organization"},
    "sharedgood": {"agreement_id": "agreements_agreement"},
    "membership": {
        "organization_id": "directory_organization",
        "agreement_id": "agreements_agreement",
        "follows_id": "agreements_membership",
    },
    "step": {"membership_id": "agreements_membership", "decided_by_id": "agreements_resolution"},
    "choiceform": {"membership_id": "agreements_membership", "decided_by_id": "agreements_resolution"},
    "choice": {"form_id": "agreements_choiceform"},
    "adoption": {
        "membership_id": "agreements_membership",
        "version_id": "agreements_version",
        "decided_by_id": "agreements_resolution",
        "authorized_by_id": "agreements_resolution",
    },
    "signature": {"membership_id": "agreements_membership", "decided_by_id": "agreements_resolution"},
    "dispatch": {"membership_id": "agreements_membership"},
    "obligation": {"membership_id": "agreements_membership"},
    "examination": {"membership_id": "agreements_membership", "decided_by_id": "agreements_resolution"},
    "purchasemandate": {
        "membership_id": "agreements_membership",
        "supplier_id": "directory_supplier",
        "decided_by_id": "agreements_resolution",
    },
    "inkindagent": {"membership_id": "agreements_membership", "person_id": "directory_person"},
    "precondition": {"agreement_id": "agreements_agreement"},
    "intake": {"agreement_id": "agreements_agreement"},
    "intakerequest": {"intake_id": "agreements_intake", "membership_id": "agreements_membership"},
    "letter": {
        "organization_id": "directory_organization",
        "agreement_id": "agreements_agreement",
        "decided_by_id": "agreements_resolution",
    },
    "stafffile": {
        "organization_id": "directory_organization",
        "agreement_id": "agreements_agreement",
        "decided_by_id": "agreements_resolution",
    },
    "committeeopinion": {"staff_file_id": "agreements_stafffile"},
    "attachment": {
        "organization_id": "directory_organization",
        "resolution_id": "agreements_resolution",
        "membership_id": "agreements_membership",
        "version_id": "agreements_version",
        "piece_id": "agreements_legalpiece",
        "staff_file_id": "agreements_stafffile",
        "letter_id": "agreements_letter",
        "notice_id": "agreements_notice",
    },
    "documenttemplate": {},
    "document": {
        "organization_id": "directory_organization",
        "membership_id": "agreements_membership",
        "amendment_id": "agreements_amendment",
        "staff_file_id": "agreements_stafffile",
        "template_id": "agreements_documenttemplate",
    },
    "documentrecipient": {"document_id": "agreements_document"},
    "documentvisa": {"document_id": "agreements_document"},
    "notice": {"membership_id": "agreements_membership", "decided_by_id": "agreements_resolution"},
    "exitcost": {"notice_id": "agreements_notice"},
    "exittask": {"notice_id": "agreements_notice"},
    "dispute": {"membership_id": "agreements_membership"},
    "disputestep": {"dispute_id": "agreements_dispute"},
}
PERSONAL = {
    "attendance": ("name", "proxy_holder"),
    "signature": ("signatory",),
    "stafffile": ("agent",),
    "documentrecipient": ("name",),
    "documentvisa": ("name",),
}
NUMBERED = sorted({t for references in TENANTS.values() for t in references.values() if t.startswith("agreements_")})


class Migration(migrations.Migration):
    """Wall every table of the room and its history, and make references carry the pool."""

    dependencies = [
        ("agreements", "0001_conventions_acts_memberships"),
        ("catalog", "0004_catalogue_walls"),
        ("directory", "0011_accessibility_walls"),
    ]
    operations = [
        *(walls.wall(f"agreements_{table}") for table in TENANTS),
        *(walls.numbered_by_pool(table) for table in NUMBERED),
        *(
            walls.same_pool(f"agreements_{table}", column, target)
            for table, references in TENANTS.items()
            for column, target in references.items()
        ),
        *(walls.wall(f"agreements_{table}event") for table in TENANTS),
        *(walls.history(f"agreements_{table}event", PERSONAL.get(table, ())) for table in TENANTS),
    ]
