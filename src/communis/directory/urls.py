"""The addresses of the directory, each with its door."""

from __future__ import annotations

from communis.directory import access
from communis.directory.views import appearance, department, facts, organizations, people, records, territory, tokens
from communis.foundation.doors import route

HOST = access.is_of_host
urlpatterns = [
    route("territoire/<slug:insee>/", territory.commune, "commune"),
    route("territoire/<slug:insee>/inscrire/", territory.enroll, "commune-enroll", may=access.may_manage_directory),
    route("organisations/", organizations.organizations, "organizations"),
    route("organisations/reorganiser/", organizations.reorganize, "reorganize", may=access.may_manage_directory),
    route("organisations/<int:pk>/", organizations.organization, "organization"),
    route("organisations/<int:pk>/gestionnaire/", organizations.designate, "organization-host", may=access.may_manage_directory),
    route("organisations/<int:organization>/roles/ajouter/", people.appoint, "role-add"),
    route("organisations/<int:organization>/faits/saisir/", facts.enter, "fact-add", may=access.may_manage_directory),
    route("personnes/", people.people, "people"),
    route("personnes/<int:pk>/", people.person, "person"),
    route("personnes/<int:pk>/modifier/", people.change_person, "person-change"),
    route("personnes/<int:pk>/effacer/", people.erase, "person-erase", may=access.may_manage_directory),
    route("roles/<int:pk>/terminer/", people.end_role, "role-end"),
    route("interlocuteurs/", people.missing, "missing", may=HOST),
    route("mandats/renouvellement/", people.renew, "renewal", may=access.may_manage_directory),
    route("mandats/a-designer/", people.designations, "designations", may=access.may_manage_directory),
    route("signatures/", people.signature, "signature", may=HOST),
    route("faits/", facts.facts, "facts"),
    route("faits/<int:pk>/", facts.past, "fact"),
    route("faits/<int:pk>/corriger/", facts.correct, "fact-correct", may=access.may_manage_directory),
    route("faits/<int:pk>/retirer/", facts.withdraw, "fact-withdraw", may=access.may_manage_directory),
    route("service/exemple/", department.example, "department-example", may=access.may_manage_staff),
    route("service/postes/<int:pk>/", department.post, "post"),
    route("service/postes/<int:pk>/temps/", department.split, "post-split", may=access.may_manage_staff),
    route("fournisseurs/", department.suppliers, "suppliers", may=HOST),
    route("fournisseurs/<int:pk>/", department.supplier, "supplier", may=HOST),
    route("partenaires/", department.partners, "partners"),
    route("reglages/", department.settings, "settings", may=access.may_manage_directory),
    route("reglages/apparence/", appearance.change, "appearance", may=access.may_manage_directory),
    route("apparence/<slug:hue>.css", appearance.sheet, "appearance-sheet"),
    route("apparence/<str:name>", appearance.logo, "appearance-logo"),
    route("jetons/", tokens.mine, "tokens"),
    route("jetons/creer/", tokens.make, "token-make"),
    route("jetons/service/", tokens.everybody, "tokens-of-all", may=access.may_manage_access),
    route("jetons/<int:pk>/revoquer/", tokens.revoke, "token-revoke"),
    route("fiches/<slug:kind>/ajouter/", records.add, "record-add"),
    route("fiches/<slug:kind>/ajouter/<int:holder>/", records.add, "record-add-to"),
    route("fiches/<slug:kind>/<int:pk>/modifier/", records.change, "record-change"),
    route("fiches/<slug:kind>/<int:pk>/retirer/", records.remove, "record-remove"),
    route("fiches/<slug:kind>/<int:pk>/remettre/", records.restore, "record-restore"),
    route("historique/<slug:kind>/<int:pk>/", records.history, "record-history"),
]
