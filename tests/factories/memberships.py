"""Small conventions that differ by their `adhésion` block, and days written the French way."""

from datetime import date

import pytest

from communis.tariff.convention import read_text
from communis.tariff.membership.blocks import Refused

HEAD = """convention "Service commun"
    gestionnaire "Gestionnaire"
    version "1" du 01/01/2023
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par siren
    prorata aucun
    taxe hors taxe

passage durée "Durée de la convention"
offre forfaits "Forfaits"          passage durée
offre idg "IDG" dans forfaits      passage durée
offre socle "Socle"                passage durée
offre avancé "Lot avancé"          passage durée
    comprend socle
"""
REDON = """
article 2.2 "Durée et modalités de modification"
    « consentie pour une durée d'un an, renouvelable par tacite reconduction »
article 2.4 "Modalités de résiliation"
    « dans le respect d'un préavis de douze mois sauf accord écrit et signé des deux parties »

interprétation AMB-11 "Préavis de douze mois dans une convention d’un an"    article 2.4
    retenu de_date_à_date    "douze mois après la réception"
    possible fin_de_période  "à la fin de la période en cours"

adhésion "Un an, reconduit tacitement"                       article 2.2 et 2.4 [AMB-11]
    effet à la plus tardive de la signature et de la date choisie
    durée 1 an, reconduction tacite de 1 an, sans maximum
    préavis de 12 mois à compter de la réception
    sortie selon AMB-11
    accord écrit des deux parties possible
    sommes dues jusqu’à la sortie
"""
SIDEC = """
passage exposé.5 "Durée"
    « renouvelable par tacite reconduction pour une durée maximum de six ans »
adhésion "Un an, reconduit jusqu’à six ans"                  passage exposé.5
    durée 1 an, reconduction tacite de 1 an, au plus 6 ans en tout
"""
GRAND_NANCY = """
passage période "Durée"
    « une période de mutualisation de 5 années maximum (1 an reconductible tacitement chaque année) »
adhésion "Un an, reconduit jusqu’à cinq ans"                 passage période
    effet le 01/01/2024
    durée 1 an, reconduction tacite de 1 an, au plus 5 ans en tout
"""
SICOVAL = """
passage engagement "Durée de l’engagement"
    « jusqu'au 30 juin 2027 avec possibilité de sortie sans frais le 31 décembre 2025 »
interprétation AMB-40 "Coût après le 31/12/2025"             passage engagement
    retenu décision
    possible sans_frais
adhésion "Engagement jusqu’au 30 juin 2027"                  passage engagement [AMB-40]
    terme le 30/06/2027
    sortie sans frais le 31/12/2025
    sortie sans frais pour socle
    sortie anticipée à décider "coût à fixer par un acte"
"""
YEARLY = "durée 1 an, reconduction tacite de 1 an"


def day(text):
    numbers = [int(part) for part in text.split("/")]
    return date(numbers[2], numbers[1], numbers[0])


def days(text):
    return [day(word) for word in text.split()]


def agreed(text):
    return read_text(HEAD + text, examples=False)


def block(*clauses):
    return agreed("\n".join(["adhésion passage durée", *(f"    {clause}" for clause in clauses)]) + "\n")


def refusal(ask, *args, **named):
    """Return the sentence of the refusal of a call."""
    with pytest.raises(Refused) as caught:
        ask(*args, **named)
    return str(caught.value)
