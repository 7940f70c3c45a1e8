"""The terms of the trade, each in a sentence or two with its source: the only place where they are defined for those who read."""

from __future__ import annotations

from communis.kit.parts import Term

CONVENTION = "convention du service commun"
TERMS = {
    term.word: term
    for term in (
        Term("adhésion", "L’entrée d’une commune ou d’un établissement dans le service commun, par une délibération.",
             CONVENTION),
        Term("avenant", "L’accord qui modifie une convention ; il se vote comme elle.", CONVENTION),
        Term("barème", "La table qui donne un prix selon une mesure, tranche par tranche : tant jusqu’à 1 500 habitants…",
             CONVENTION),
        Term("CCAS", "Centre communal d’action sociale : un établissement public attaché à la commune, qui a son propre budget.",
             "code de l’action sociale et des familles, art. L. 123-5 et L. 123-6"),
        Term("code Insee", "Les cinq caractères qui désignent une commune dans le code officiel géographique.",
             "Insee, code officiel géographique"),
        Term("comptable public", "L’agent de l’État qui encaisse, paie et tient les comptes d’une collectivité.",
             "décret n° 2012-1246 du 7 novembre 2012"),
        Term("compte financier unique", "Le document qui remplace le compte administratif et le compte de gestion, à compter de "
             "l’exercice 2026.", "loi n° 2023-1322 du 29 décembre 2023, art. 205"),
        Term("convention", "L’accord voté par chaque assemblée : ce que le service apporte, à qui et à quel prix.",
             "code général des collectivités territoriales, art. L. 5211-4-2"),
        Term("débat d’orientation budgétaire", "Le débat de l’assemblée sur les choix de l’année, dans les semaines qui "
             "précèdent le vote du budget.", "code général des collectivités territoriales, art. L. 2312-1"),
        Term("décompte", "L’état, ligne par ligne, de ce qu’un membre doit pour un exercice.", CONVENTION),
        Term("délégation de signature", "L’acte par lequel un élu charge un agent de signer certains actes en son nom.",
             "code général des collectivités territoriales, art. L. 2122-19 et L. 5211-9"),
        Term("délibération", "La décision votée par une assemblée locale.",
             "code général des collectivités territoriales, art. L. 2121-29 et L. 2131-1"),
        Term("ETP", "Équivalent temps plein : un agent à plein temps toute l’année compte pour 1, à mi-temps pour 0,5.",
             "Insee, définitions"),
        Term("exercice", "L’année des comptes d’une collectivité, du 1er janvier au 31 décembre.",
             "instruction budgétaire et comptable M57"),
        Term("fait", "Ce que l’on sait d’une organisation à une date, avec sa source : une population, des postes. "
             "Un montant repose sur des faits.", "communis"),
        Term("gestionnaire", "La collectivité ou l’établissement qui porte le service commun et le refacture à ses membres.",
             "code général des collectivités territoriales, art. L. 5211-4-2"),
        Term("hypothèse", "Une valeur supposée pour voir ce qu’elle changerait. Elle n’est pas gardée, et se dit partout où elle "
             "compte.", "communis"),
        Term("interlocuteur", "La personne d’un membre qui décide (interlocuteur décideur) ou qui suit la technique "
             "(interlocuteur technique).", CONVENTION),
        Term("part fixe", "Ce qu’un membre paie quelle que soit sa mesure exacte, d’ordinaire selon sa tranche.",
             CONVENTION),
        Term("part variable", "Ce qu’un membre paie par unité : par habitant, par poste, par heure.", CONVENTION),
        Term("population municipale", "Les personnes qui résident habituellement dans la commune, au recensement.",
             "code général des collectivités territoriales, art. R. 2151-1"),
        Term("population totale", "La population municipale, plus la population comptée à part : des étudiants logés ailleurs, "
             "par exemple.", "code général des collectivités territoriales, art. R. 2151-1"),
        Term("préavis", "Le temps qui court entre la demande de sortie et la sortie.", CONVENTION),
        Term("quotité", "La part d’un temps plein qu’un poste ou un agent occupe.", "code général de la fonction publique"),
        Term("renouvellement général", "L’élection de tous les conseils municipaux le même jour, tous les six ans.",
             "code électoral, art. L. 227"),
        Term("service commun", "Un service qu’un établissement intercommunal et des communes tiennent ensemble, hors des "
             "compétences transférées.", "code général des collectivités territoriales, art. L. 5211-4-2"),
        Term("SIREN", "Les neuf chiffres qui désignent un organisme ; chacun de ses établissements y ajoute cinq chiffres, et "
             "c’est son SIRET.", "code de commerce, art. R. 123-220 et R. 123-221"),
        Term("socle", "L’offre de base d’un service commun, prise d’un bloc.", CONVENTION),
        Term("titre de recettes", "L’acte par lequel une collectivité constate une somme qui lui est due et charge le comptable "
             "public de l’encaisser.", "code général des collectivités territoriales, art. L. 1617-5"),
    )
}  # fmt: skip
