"""The lists that a plain form keeps, each by what names a row and what its columns are also called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from communis.directory import access
from communis.directory.imports.rows import importable


class Kept(TypedDict):
    """Who keeps a list, and where it is seen."""

    may: Callable[[Any], bool]
    list_url: str
    list_name: str


_MEMBER = {"synonyms": ("membre", "commune", "code insee", "siren"), "example": "Sixt-sur-Aff",
           "help": "Son nom, son code Insee, son SIREN ou son SIRET."}  # fmt: skip
_SUPPLIER = {"example": "Opale Logiciels", "help": "Un fournisseur déjà inscrit."}
_STARTS = {"synonyms": ("du", "début", "date de début", "à partir du"), "example": "01/01/2026"}
_ENDS = {"synonyms": ("au", "fin", "date de fin"), "example": "31/12/2026"}
_EMAIL = {"synonyms": ("e-mail", "email", "mail", "courriel", "mél"), "example": "accueil@opale.example"}
_PHONE = {"synonyms": ("tel", "tél"), "example": "02 99 00 00 00"}
_ADDRESS = {"synonyms": ("adresse postale",), "help": "Elle peut tenir sur plusieurs lignes."}
_NOTE = {"synonyms": ("remarque", "commentaire", "note")}
_ORGANIZATIONS: Kept = {
    "may": access.may_keep_some_organization,
    "list_url": "/organisations/",
    "list_name": "Voir les organisations",
}
_SUPPLIERS: Kept = {"may": access.may_keep_outside, "list_url": "/fournisseurs/", "list_name": "Voir les fournisseurs"}
_STAFF: Kept = {"may": access.may_manage_staff, "list_url": "/service/", "list_name": "Voir le service"}
_SETTINGS: Kept = {"may": access.may_manage_directory, "list_url": "/reglages/", "list_name": "Voir les réglages"}

LISTS = (
    importable(
        "sites", title="Importer des sites", many="sites", key=("organization", "name"), **_ORGANIZATIONS,
        sentence="Mairies, écoles, médiathèques, locaux techniques, et comment ils sont reliés au réseau.",
        told={"organization": _MEMBER, "kind": {"synonyms": ("type", "nature"), "example": "mairie ou siège"},
              "name": {"synonyms": ("site", "libellé"), "example": "Mairie"}, "address": _ADDRESS, "note": _NOTE,
              "connection": {"synonyms": ("connexion", "raccordement"), "example": "fibre dédiée"},
              "carrier": {"help": "Un fournisseur déjà inscrit comme opérateur."},
              "speed": {"synonyms": ("débit",), "example": "1000"}},
    ),
    importable(
        "horaires", title="Importer des horaires", many="horaires", key=("organization", "weekday", "opens_at"), **_ORGANIZATIONS,
        sentence="Une ligne par plage d’ouverture : deux pour un jour coupé par midi.",
        told={"organization": _MEMBER, "weekday": {"example": "lundi"},
              "opens_at": {"synonyms": ("ouverture",), "example": "09:00"},
              "closes_at": {"synonyms": ("fermeture",), "example": "12:30"}},
    ),
    importable(
        "fermetures", title="Importer des jours de fermeture", many="jours de fermeture",
        key=("organization", "starts_on", "label"), **_ORGANIZATIONS,
        sentence="Les jours fériés sont déjà connus : seules les autres fermetures s’écrivent.",
        told={"organization": _MEMBER, "starts_on": _STARTS, "ends_on": _ENDS,
              "label": {"synonyms": ("libellé",), "example": "Pont"}},
    ),
    importable(
        "budget", title="Importer des étapes budgétaires", many="étapes budgétaires", key=("organization", "kind", "year", "on"),
        sentence="Les dates du débat d’orientation, du budget, de ses décisions modificatives et du compte.", **_ORGANIZATIONS,
        told={"organization": _MEMBER, "kind": {"example": "budget primitif"},
              "year": {"synonyms": ("année",), "example": "2026"},
              "on": {"synonyms": ("jour", "le"), "example": "31/03/2026"}},
    ),
    importable(
        "fondements", title="Importer des fondements statutaires", many="fondements statutaires",
        key=("organization", "reference", "starts_on"), **_ORGANIZATIONS,
        sentence="Les articles de statuts et les compétences que les documents citeront.",
        told={"organization": _MEMBER, "reference": {"synonyms": ("article",), "example": "article 6.3.2 des statuts"},
              "wording": {"synonyms": ("libellé", "texte"), "example": "La commune peut mutualiser ses services."},
              "starts_on": _STARTS, "ends_on": _ENDS},
    ),
    importable(
        "delegations", title="Importer des délégations de signature", many="délégations de signature", **_ORGANIZATIONS,
        key=("organization", "delegate", "act", "scope", "starts_on"),
        sentence="Qui signe pour qui, pour quoi, par quel acte et jusqu’à quand.",
        told={"organization": _MEMBER, "delegate": {"synonyms": ("personne",),
                                                        "help": "Son nom ou son adresse e-mail ; une personne déjà inscrite."},
              "scope": {"synonyms": ("pour",), "example": "Commandes jusqu’à 5 000 €"}, "act": {"synonyms": ("arrêté",),
                        "example": "arrêté n° 2026-12"}, "granted_by": {"example": "le maire"},
              "starts_on": _STARTS, "ends_on": _ENDS},
    ),
    importable(
        "composition", title="Importer la composition des groupements", many="composantes", key=("whole", "part", "starts_on"),
        may=access.may_manage_directory, list_url="/organisations/", list_name="Voir les organisations",
        sentence="Quelles communes forment un groupement, depuis quand.",
        told={"whole": {"example": "Redon Agglomération", "help": "Une organisation déjà inscrite."},
              "part": {"synonyms": ("membre", "commune"), "example": "Sixt-sur-Aff", "help": "Une organisation déjà inscrite."},
              "starts_on": _STARTS, "ends_on": _ENDS},
    ),
    importable(
        "fournisseurs", title="Importer des fournisseurs", many="fournisseurs", key=("name",), may=access.may_keep_outside,
        list_url="/fournisseurs/",
        sentence="Éditeurs, constructeurs, opérateurs, infogéreurs, prestataires et centrales d’achats.",
        told={"name": {"synonyms": ("fournisseur", "raison sociale"), "example": "Opale Logiciels"},
              "kind": {"synonyms": ("type", "nature"), "example": "éditeur"}, "siren": {"example": "552100554"},
              "address": _ADDRESS, "phone": _PHONE, "email": _EMAIL, "note": _NOTE},
    ),
    importable(
        "contrats", title="Importer des contrats de fournisseurs", many="contrats", key=("supplier", "reference"), **_SUPPLIERS,
        sentence="Avec qui, pour quoi, sous quel numéro, depuis quand et jusqu’à quand.",
        told={"supplier": _SUPPLIER, "reference": {"synonyms": ("numéro", "référence", "marché"), "example": "2026-014"},
              "subject": {"synonyms": ("libellé",), "example": "Maintenance"}, "starts_on": _STARTS, "ends_on": _ENDS},
    ),
    importable(
        "labels", title="Importer des labels de fournisseurs", many="labels", key=("supplier", "name", "starts_on"), **_SUPPLIERS,
        sentence="ExpertCyber et les autres : qui les tient, depuis quand et jusqu’à quand.",
        told={"supplier": _SUPPLIER, "name": {"synonyms": ("nom du label",), "example": "ExpertCyber"}, "starts_on": _STARTS,
              "ends_on": _ENDS},
    ),
    importable(
        "contacts", title="Importer des contacts de fournisseurs", many="contacts", **_SUPPLIERS,
        key=("supplier", "last_name", "first_name"), sentence="Les personnes à joindre chez un fournisseur.",
        told={"supplier": {**_SUPPLIER, "synonyms": ("fournisseur",)}, "first_name": {"example": "Anne"},
              "last_name": {"synonyms": ("nom de famille",), "example": "Le Goff"}, "email": _EMAIL, "phone": _PHONE,
              "function": {"synonyms": ("poste",), "example": "Directrice commerciale"}},
    ),
    importable(
        "partenaires", title="Importer des partenaires", many="partenaires", key=("name",), may=access.may_keep_outside,
        list_url="/partenaires/", sentence="La préfecture, le comptable public, le tribunal, la Région, l’État.",
        told={"name": {"synonyms": ("partenaire",), "example": "Préfecture d’Ille-et-Vilaine"},
              "kind": {"synonyms": ("type", "nature"), "example": "préfecture ou sous-préfecture"}, "address": _ADDRESS,
              "phone": _PHONE, "email": _EMAIL, "note": _NOTE},
    ),
    importable(
        "types-d-organisation", title="Importer des types d’organisation", many="types d’organisation", key=("name",),
        **_SETTINGS,
        sentence="Les genres d’organisations du service.", told={"name": {"synonyms": ("type",), "example": "CCAS"}},
    ),
    importable(
        "types-de-faits", title="Importer des types de faits", many="types de faits", key=("code",), **_SETTINGS,
        sentence="Ce que le service sait retenir des organisations.",
        told={"code": {"synonyms": ("code",), "example": "postes_de_travail"}, "label": {"example": "Postes de travail"},
              "shape": {"synonyms": ("forme",), "example": "un nombre"}, "unit": {"example": "postes"}},
    ),
    importable(
        "poles", title="Importer des pôles", many="pôles", key=("name",), **_STAFF,
        sentence="La direction et les pôles du service.",
        told={"name": {"synonyms": ("pôle",), "example": "Infrastructure et parc"}},
    ),
    importable(
        "postes", title="Importer des postes", many="postes", key=("unit", "title"), **_STAFF,
        sentence="Les postes du service, pourvus ou non.",
        told={"unit": {"example": "Infrastructure et parc"}, "title": {"synonyms": ("poste",), "example": "Poste de travail"},
              "quotity": {"synonyms": ("quotité", "etp"), "example": "1,00"}, "starts_on": _STARTS, "ends_on": _ENDS},
    ),
    importable(
        "affectations", title="Importer des affectations", many="affectations", key=("post", "person", "starts_on"), **_STAFF,
        sentence="Qui est sur quel poste, sous quel statut, depuis quand. Un fichier du personnel : gardez-le comme tel.",
        told={"post": {"example": "Poste de travail", "help": "Un poste déjà inscrit."},
              "person": {"synonyms": ("agent",), "help": "Son nom ou son adresse e-mail ; une personne déjà inscrite."},
              "grade": {"synonyms": ("grade", "cadre d’emplois")}, "status": {"example": "titulaire"},
              "origin": {"example": "agent du gestionnaire"}, "starts_on": _STARTS, "ends_on": _ENDS},
    ),
)  # fmt: skip
