"""The smallest text that has each fault the reader of a convention can tell, with its line and its remedy.

A text is set below `HEAD`, and lines are counted from there; a text that begins with « ! », or bytes, stand alone.
"""

from typing import NamedTuple

from factories.blocks import HEAD

DUE = """ligne due "Due"  article 1
    pour socle, chaque exercice, en fonctionnement
"""
SITES = "fait sites : nombre  article 1\n"
KIND = "fait genre : parmi a ou b  article 1\n"
BY_SITES = SITES + "barème par classe prix selon sites  article 1\n"
REGISTER = """registre visite  article 1
    du membre
    le : date, fait foi
    prix : €
"""
CAP = "plafond coupe  article 1\n    porte sur due, par membre\n"
OPEN = 'interprétation AMB-1 "Laquelle ?"  article 1\n'


class Fault(NamedTuple):
    """A text with a fault: the code, where it stands, what the writer is told to do."""

    code: str
    line: int
    remedy: str
    text: str | bytes

    def whole(self):
        return self.text if isinstance(self.text, bytes) else self.text[1:] if self.text.startswith("!") else HEAD + self.text

    def row(self):
        """Return the line of the fault in the whole text."""
        stands_alone = isinstance(self.text, bytes) or self.text.startswith("!")
        return self.line if stands_alone else self.line + HEAD.count("\n")


def without(word):
    """Return the head of a convention that does not say something, and a line shared between members."""
    kept = "".join(row for row in HEAD.splitlines(keepends=True) if not row.strip().startswith(word))
    return f"!{kept}{DUE}    = part de 10 € à parts égales entre les membres\n"


READING = [
    Fault("LEC-01", 1, "Retirez-le, ou mettez-le entre guillemets.", "offre audit & article 1\n"),
    Fault("LEC-01", 5, "Écrivez « de 1 500 à moins de 3 000 » ou « de 1 500 à 3 000 ».",
          BY_SITES + "    moins de 10 : 1 €\n    à partir de 10 : 2 €\n    de 1 tout 10 : 3 €\n"),
    Fault("LEC-01", 1, 'Un libellé s’écrit entre guillemets droits : "…".', "offre audit “ article 1\n"),
    Fault("LEC-02", 2, "« 1,50 »", "paramètre prix  article 1\n    1.50 €\n"),
    Fault("LEC-02", 2, "Écrivez tous les chiffres.", "paramètre prix  article 1\n    1e3 €\n"),
    Fault("LEC-02", 1, "Écrivez les nombres en chiffres arabes courants.", "offre audit ٣ article 1\n"),
    Fault("LEC-03", 4, "« 2 × sites »", SITES + DUE + "    si 2 x sites > 3\n    = 1 €\n"),
    Fault("LEC-03", 4, "« 2 × sites »", SITES + DUE + "    si 2X sites > 3\n    = 1 €\n"),
    Fault("LEC-03", 4, "« 2 × (…) »", SITES + DUE + "    si 2 x (sites + 1) > 3\n    = 1 €\n"),
    Fault("LEC-03", 4, "« € × sites »", SITES + DUE + "    si 2 € x sites > 3 €\n    = 1 €\n"),
    Fault("LEC-03", 4, "« sites / sites », avec des espaces.", SITES + DUE + "    si sites/sites > 3\n    = 1 €\n"),
    Fault("LEC-04", 5, "Séparez la classe de son prix par « : ».",
          BY_SITES + "    moins de 10 : 1 €\n    à partir de 10 : 2 €\n    plus de 20 3 €\n"),
    Fault("LEC-05", 1, 'Commencez par une ligne à la marge, par exemple : convention "…".', "!    gestionnaire\n"),
    Fault("LEC-06", 1, 'Fermez-les par " avant la ligne suivante à la marge.', 'unité Go "gigaoctet\n'),
    Fault("LEC-06", 2, "Fermez-les par » avant la ligne suivante à la marge.", 'article 2 "Prix"\n    « le prix\n'),
    Fault("LEC-07", 1, "« offre » ?", "offfre audit  article 1\n"),
    Fault("LEC-08", 2, "« pour » ?",
          'ligne due "Due"  article 1\n    pourr socle\n    chaque exercice, en fonctionnement\n    = 1 €\n'),
    Fault("LEC-08", 2, "Un prix n’a pas de signe : c’est la formule qui le retranche.",
          "paramètre rabais  article 1\n    -10 €\n"),
    Fault("LEC-08", 2, "Revenez à la marge pour la règle suivante.", 'unité Go "gigaoctet"\n    figé\n'),
    Fault("LEC-09", 2, "On attend un nom.", "offre audit  article 1\n    comprend\n"),
    Fault("LEC-10", 2, "On attend [AMB-01], la fin de la ligne, un article, « , », « et » ou « ou ».",
          "offre audit  article 1\n    comprend socle avec le reste\n"),
    Fault("LEC-11", 2, "Écrivez jj/mm/aaaa.", "offre audit  article 1\n    fermée le 31/02/2025\n"),
    Fault("LEC-11", 2, "Corrigez le jour.", SITES + "    lu au 31 février de N\n"),
    Fault("LEC-12", 5, "Écrivez 2024.",
          "fait payé : €  article 1\n    de chaque exercice\n" + DUE + "    = payé de 2024-2025\n"),
    Fault("LEC-12", 3, "Par exemple : à 30 jours de …", DUE + "    facturée à 1,5 mois de socle.effet_le\n    = 10 €\n"),
    Fault("LEC-13", 3, "Par exemple : à 0,001 le plus proche.",
          DUE + "    si arrondi(1 € ; à 0 le plus proche) > 0 €\n    = 1 €\n"),
    Fault("LEC-14", 2, "Gardez un seul « sinon : », à la fin.",
          "grandeur quoi  article 1\n    = selon le cas\n        sinon : 1 €\n        si oui : 2 €\n"),
    Fault("LEC-20", 1, "Découpez-la, ou retirez ce qui n’est pas du tarif.", "!" + "# trop long\n" * 22_000),
    Fault("LEC-20", 10_001, "Découpez-le.", "!" + "".join(f"unité u{i}\n" for i in range(10_002))),
    Fault("LEC-21", 1, "Enregistrez-le en UTF-8.", b"# \xe9crit en latin\n"),
    Fault("LEC-22", 1, "Coupez-la : une ligne qui commence par « et », « ou », « + », « × » continue la précédente.",
          "# " + "x" * 1000 + "\n"),
    Fault("LEC-23", 1, "Effacez-le.", "offre audit\N{ZERO WIDTH SPACE}  article 1\n"),
    Fault("LEC-24", 3, "Donnez un nom aux parties de la formule : grandeur …",
          DUE + "    = " + "(" * 31 + "1 €" + ")" * 31 + "\n"),
    Fault("LEC-25", 3, "Écrivez-le plus court, ou changez d’unité.", DUE + "    = 1234567890123456 €\n"),
]  # fmt: skip
NAMES = [
    Fault("NOM-01", 4, "Le plus proche : sites (l. 11).", SITES + DUE + "    = 1 € × site\n"),
    Fault("NOM-01", 1, "La plus proche : socle.", "offre audit  article 1\n    comprend socl\n"),
    Fault("NOM-02", 1,
          "Choisissez un autre nom, par exemple part_du_membre ; la référence en a la liste, « Les mots réservés ».",
          "offre part  article 1\n"),
    Fault("NOM-02", 1, "audit_de_site", "offre audit-de-site  article 1\n"),
    Fault("NOM-03", 1, "Le plus proche : 1.", "offre audit  article 12\n"),
    Fault("NOM-03", 1, 'Déclarez-le : passage vote "titre"', "offre audit  passage vote\n"),
    Fault("NOM-04", 1, "Par exemple [AMB-01].", "offre audit  article 1 []\n"),
    Fault("NOM-05", 1, "Par exemple : article 7.1", "offre audit  article 1 article\n"),
    Fault("NOM-06", 1, "Donnez un autre nom à l’un des deux.", "offre socle  article 1\n"),
    Fault("NOM-06", 5, "Donnez-lui un autre nom.", REGISTER + "    prix : nombre\n"),
    Fault("NOM-07", 7, "Ses champs : le, prix.", REGISTER + DUE + "    = somme de visite.durée pour chaque visite\n"),
    Fault("NOM-07", 2, "La plus proche : effet_le.", "grandeur jour : date  article 1\n    = socle.effe_le\n"),
    Fault("NOM-08", 4, "On peut écrire : a, b.", KIND + DUE + "    si genre = commune\n    = 1 €\n"),
    Fault("ART-01", 1, "Ajoutez à droite : article 7.1, ou passage … si le texte n’a pas de numéros.", "offre audit\n"),
    Fault("ART-01", 1, "Ajoutez à droite l’article de la durée.", "adhésion\n    durée 1 an\n"),
    Fault("FOR-01", 1, 'Commencez par : convention "…", avec gestionnaire, version et exercice.', "!# rien\n"),
    Fault("FOR-02", 3, "Gardez l’une des deux.", "offre audit  article 1\n    toujours tenue\n    toujours tenue\n"),
    Fault("FOR-03", 1, "Mettez l’autre dans son propre fichier.", 'convention "Autre"\n    gestionnaire "Syndicat"\n'),
    Fault("FOR-04", 1, 'Écrivez-la, ou « à fournir "…" ».', "paramètre prix : €  article 1\n"),
    Fault("FOR-04", 1, "Ajoutez une ligne « = … ».", DUE),
    Fault("FOR-05", 1, "Ajoutez « en fonctionnement », « en investissement », « en nature » ou « dans la section de … ».",
          DUE.replace(", en fonctionnement", "") + "    = 1 €\n"),
    Fault("FOR-06", 1, "« refus … interdit » ou « à décider » ; « alerte … avertir ».",
          'refus fermé  article 1\n    pour socle\n    si tient socle\n    avertir "attention"\n'),
    Fault("FOR-07", 1, 'Ajoutez : gestionnaire "…"', without("gestionnaire")),
    Fault("FOR-07", 1, 'Ajoutez : version "1" du 01/01/2024', without("version")),
    Fault("FOR-08", 1, "Corrigez l’une des deux dates.",
          "offre audit  article 1\n    ouverte le 01/01/2025, fermée le 01/01/2024\n"),
    Fault("FOR-08", 1, "Il commence le 1/1 : il finit le 31/12.", "!" + HEAD.replace("31 décembre", "30 décembre")),
]  # fmt: skip
UNITS = [
    Fault("UNI-01", 3, "Multipliez par un prix ou une quantité, ou corrigez l’un des deux.", DUE + "    = 3 jours + 4 €\n"),
    Fault("UNI-02", 2, "Écrivez-la, par exemple €/hab ; « : nombre » après le nom si c’est un nombre pur.",
          "paramètre prix  article 1\n    241\n"),
    Fault("UNI-02", 3, "Écrivez l’unité : … €", DUE + "    = 3 € + 4\n"),
    Fault("UNI-03", 2, 'Déclarez-la : unité poste "…"', "paramètre prix  article 1\n    2 €/poste\n"),
    Fault("UNI-04", 3, "Corrigez le diviseur.", DUE + "    = 10 € / 0\n"),
    Fault("UNI-05", 1, "Corrigez la formule, ou « en nature » si l’on doit autre chose que de l’argent.",
          DUE + "    = 3 jours\n"),
    Fault("PEU-01", 4, "Répartissez un montant du service, ou « somme de … sur les membres ».",
          "fait coût : €  article 1\n" + DUE + "    = part de coût à parts égales entre les membres\n"),
    Fault("PEU-02", 7, "« coût de … », ou « pour chaque offre dans … ».",
          "offre groupe  article 1\noffre audit dans groupe\nfait coût : €  article 1\n    pour chaque offre dans groupe\n"
          + DUE + "    = coût\n"),
    Fault("PEU-03", 5, "Multipliez-la par « nombre de membres ».",
          "paramètre prix  article 1\n    1 €\n" + DUE + "    = somme de prix sur les membres\n"),
    Fault("PEU-03", 10, "Écrivez « passages » seul, ou nommez ce que vaut chaque visite.",
          REGISTER + "ligne passages  article 1\n    pour socle, pour chaque visite, en fonctionnement\n    = visite.prix\n"
          + DUE + "    = 10 % × somme de passages pour chaque visite\n"),
    Fault("PEU-04", 10, "« somme de … pour chaque visite », ou une clause « pour chaque visite » à due.",
          REGISTER + "grandeur double  article 1\n    pour chaque visite\n    = visite.prix × 2\n" + DUE + "    = double\n"),
    Fault("TYP-01", 4, "Comparez, ou nommez la bonne valeur.",
          "fait affilié : oui ou non  article 1\n" + DUE + "    = affilié\n"),
    Fault("TYP-02", 4, "Comparez deux valeurs de même nature.",
          "fait affilié : oui ou non  article 1\n" + DUE + "    si affilié = 3\n    = 1 €\n"),
    Fault("TYP-03", 4, "Déclarez le fait « de chaque exercice », ou nommez une ligne.",
          "fait coût : €  article 1\n" + DUE + "    = moyenne de coût sur les exercices 2021 à 2023\n"),
    Fault("TYP-04", 2, "En jours, mois ou années.", "grandeur fin : date  article 1\n    = 6 heures après socle.effet_le\n"),
    Fault("TYP-04", 3, "En jours, mois ou années.", DUE + "    facturée à 6 heures de socle.effet_le\n    = 10 €\n"),
    Fault("TYP-05", 3, "Nommez une valeur.", DUE + "    = socle\n"),
    Fault("CYC-01", 2, "« de l’exercice précédent », ou séparez les deux.",
          "grandeur premier = second + 1 €  article 1\ngrandeur second = premier  article 1\n"),
    Fault("CYC-02", 1, "Retirez l’une des inclusions.", "offre audit  article 1\n    comprend audit\n"),
]  # fmt: skip
RULES = [
    Fault("POP-01", 1, "Ajoutez : population totale, municipale, dgf, ou selon AMB-…", "fait habitants : hab  article 1\n"),
    Fault("POP-02", 1, "totale, municipale, dgf, comptée_à_part ou déclarée.",
          OPEN + "    retenu totale\n    possible réelle\nfait habitants : hab  article 1\n    population selon AMB-1\n"),
    Fault("BAR-01", 4, "Corrigez une borne.", BY_SITES + "    moins de 10 : 1 €\n    à partir de 9 : 2 €\n"),
    Fault("BAR-01", 4, "Gardez l’une des deux lignes.",
          BY_SITES + "    moins de 10 : 1 €\n    moins de 10 : 2 €\n    à partir de 10 : 3 €\n"),
    Fault("BAR-02", 3, "Corrigez une borne, ou ajoutez une classe « … : à décider \"motif\" ».",
          BY_SITES + "    moins de 10 : 1 €\n    plus de 10 : 2 €\n"),
    Fault("BAR-03", 2, "Ajoutez une classe, ou « autres : à décider \"motif\" ».",
          KIND + "barème par classe prix selon genre  article 1\n    a : 1 €\n"),
    Fault("BAR-04", 6, "C’est peut-être voulu ; sinon, « barème progressif » paie chaque tranche à son prix.",
          "unité acte\nfait actes : acte  article 1\nbarème par classe prix selon actes  article 1\n"
          "    moins de 10 : 3 €/acte\n    de 10 à 20 : 3 €/acte\n    plus de 20 : 1 €/acte\n"),
    Fault("BAR-06", 2, "Nommez un seul fait chiffré.",
          KIND + "barème progressif prix selon genre  article 1\n    a : 1 €\n    b : 2 €\n"),
    Fault("BAR-07", 3, "Un nombre prend des bornes (« = 1 », « de 2 à 5 », « plus de 5 »), un choix des noms.",
          BY_SITES + "    a : 1 €\n    autres : 2 €\n"),
    Fault("BAR-08", 4, "Inversez ou corrigez les bornes.",
          BY_SITES + "    moins de 5 : 1 €\n    de 9 à 5 : 1 €\n    plus de 5 : 2 €\n"),
    Fault("GRI-01", 5, "Une case par colonne.",
          SITES + KIND + "barème par classe prix selon sites et genre  article 1\n"
          "    | sites          | a   | b   |\n    | à partir de 0  | 1 € |\n"),
    Fault("GRI-02", 6, "Un montant, gratuit, sans objet, à décider ou à fournir.",
          SITES + KIND + "barème par classe prix selon sites et genre  article 1\n"
          "    | sites | a | b |\n    | à partir de 0 | 1 € | 2 € |\n    | moins de 0 | 1 € | moins de 3 |\n"),
    Fault("CLE-01", 5, "Nommez un fait par membre, ou « à parts égales ».",
          "paramètre prix  article 1\n    1 €\n" + DUE + "    = part de 10 € selon prix entre les membres\n"),
    Fault("CLE-02", 1, "Corrigez les poids.", "clé mêlée  article 1\n    entre les membres\n    90 % à parts égales\n"),
    Fault("CLE-02", 3, "Par exemple : 60 % selon habitants",
          "clé mêlée  article 1\n    entre les membres\n    1 € à parts égales\n"),
    Fault("CLE-03", 4, "Ajoutez « entre les membres » ou « entre les titulaires de … ».",
          SITES + DUE + "    = part de 10 € selon sites\n"),
    Fault("CLE-04", 5, "Le plus proche : sites.",
          SITES + "registre charge  article 1\n    du service\n    le : date, fait foi\n"
          "    selon_quoi : clé parmi sites ou site\n"),
    Fault("POR-01", 4, "Ajoutez « excédent supporté par le gestionnaire » ou « par les autres membres selon … ».",
          DUE + "    = 10 €\n" + CAP + "    au plus 3 €\n"),
    Fault("POR-01", 4, "Ajoutez « manque supporté par le gestionnaire ».", DUE + "    = 10 €\n" + CAP + "    au moins 30 €\n"),
    Fault("POR-02", 4, "Ajoutez « réduit à proportion ».",
          DUE + "    = 10 €\n" + CAP.replace("par membre", "sur le total")
          + "    au plus 3 €\n    excédent supporté par le gestionnaire\n"),
    Fault("POR-03", 7, "Une limite par section.",
          DUE + "    = 10 €\n" + DUE.replace('due "Due"', "autre").replace("fonctionnement", "investissement") + "    = 10 €\n"
          + CAP.replace("due", "due et autre") + "    au plus 3 €\n    excédent supporté par le gestionnaire\n"),
    Fault("CRE-01", 7, "Ajoutez « reste perdu » ou « reste reporté ».",
          DUE + "    = 10 €\n" + DUE.replace('due "Due"', "autre")
          + "    = 10 €\ncrédit avoir  article 1\n    de due, sur autre\n"),
    Fault("CRE-02", 9, "Écrivez une ligne par offre, ou une ligne qui les additionne.",
          "offre a dans g  article 1\noffre g  article 1\n"
          + DUE.replace("pour socle", "pour chaque offre dans g") + "    = 10 €\n"
          + DUE.replace('due "Due"', "autre") + "    = 10 €\ncrédit avoir  article 1\n    de due, sur autre, reste perdu\n"),
    Fault("FOR-09", 1, "Écrivez-le sous le groupe : offre groupe, puis offre A dans groupe.",
          'offre seule "Seule"  article 1\n    un seul choix\n'),
    Fault("FOR-09", 9, "Écrivez « en fonctionnement » ou « en investissement ».",
          REGISTER + "    compte : section\n" + DUE + "    = 10 €\nligne solde  article 1\n    pour socle, pour chaque visite\n"
          "    dans la section de visite.compte\n    régularise due dans les deux sens\n    = visite.prix\n"),
    Fault("FOR-10", 3, "« pour socle ou audit » si l’une suffit ; « pour socle » et « si tient audit » s’il faut les deux.",
          "offre audit  article 1\n" + DUE.replace("pour socle", "pour socle et audit") + "    = 1 €\n"),
    Fault("ARR-01", 1, "Ajoutez : arrondi au centime le plus proche", without("arrondi")),
    Fault("RES-01", 1, "Ajoutez : restes au plus fort puis par siren", without("restes")),
    Fault("TAX-01", 1, "Ajoutez : taxe hors taxe", without("taxe")),
    Fault("REG-01", 1, "Ajoutez « , fait foi » après un champ de type date, et un seul.", REGISTER.replace(", fait foi", "")),
    Fault("REG-02", 5, "Retirez « par membre », ou écrivez « du service ».", REGISTER + "    temps : %, par membre\n"),
    Fault("ADH-01", 1,
          "Ajoutez « durée 1 an » ou « terme le jj/mm/aaaa » ; si votre texte ne le dit pas, retirez le bloc « adhésion ».",
          "adhésion  article 1\n    effet à la signature\n"),
    Fault("ADH-02", 1, "Ajoutez « au plus 6 ans en tout » ou « sans maximum ».",
          "adhésion  article 1\n    durée 1 an, reconduction tacite de 1 an\n"),
    Fault("ADH-03", 2, "Par exemple « 12 mois » ou « 1 an ».", "adhésion  article 1\n    durée 10 jours\n"),
    Fault("ADH-04", 3, "Gardez l’une des deux clauses.",
          "adhésion  article 1\n    durée 1 an, effet à la signature\n    effet le 01/01/2024\n"),
    Fault("ADH-05", 3, "Un seul bloc « adhésion » par offre, et un seul sans « pour ».",
          "adhésion  article 1\n    durée 1 an\nadhésion  article 1\n    durée 2 ans\n"),
    Fault("ADH-06", 1, "Corrigez l’une des deux dates.", "adhésion  article 1\n    terme le 30/06/2027, effet le 01/07/2027\n"),
    Fault("ADH-07", 1, "Corrigez la durée ou le maximum.",
          "adhésion  article 1\n    durée 7 ans, reconduction tacite de 1 an, au plus 6 ans en tout\n"),
    Fault("ADH-08", 1, "Ajoutez « reconduction tacite de 1 an » ou « reconduction expresse », ou retirez le maximum.",
          "adhésion  article 1\n    durée 1 an, au plus 6 ans en tout\n"),
    Fault("ADH-09", 1, "Ajoutez « préavis de 12 mois à compter de la réception » ou « sans préavis ».",
          "adhésion  article 1\n    durée 1 an, sortie de date à date\n"),
    Fault("ADH-10", 1, "C’est peut-être voulu ; sinon, écrivez « sortie de date à date ».",
          "adhésion  article 1\n    durée 1 an, reconduction tacite de 1 an, sans maximum\n"
          "    préavis de 12 mois à compter de la réception, sortie à la fin de la période\n"),
    Fault("FAI-01", 1, "Un nombre qui manque manque : retirez « à défaut ».", SITES + "    à défaut 3\n"),
    Fault("PER-01", 3, "Gardez-en une.",
          "paramètre prix  article 1\n    1 € depuis le 01/01/2024\n    2 € depuis le 01/01/2024\n"),
    Fault("PER-01", 3, "Corrigez « jusqu’au ».",
          "paramètre prix  article 1\n    1 € jusqu’au 01/01/2025\n    2 € depuis le 01/01/2025\n"),
    Fault("PER-01", 2, "Corrigez l’une des deux dates.",
          "paramètre prix  article 1\n    1 € depuis le 01/01/2025 jusqu’au 31/12/2024\n"),
    Fault("APP-01", 1, "Donnez le chiffre voté, ou citez le mot dans un passage seulement.",
          'paramètre prix "environ 200 €"  article 1\n    200 €\n'),
    Fault("APP-02", 3, "Vérifiez que la règle ne se déduit pas de ce montant approché.",
          'article 2 "Prix"\n    « environ 200 euros »\nparamètre prix  article 2\n    200 €\n'),
    Fault("INT-01", 1, "Une seule ligne : « retenu … » ou « à trancher \"…\" ».",
          OPEN.replace("1\n", "1 [AMB-1]\n") + "    retenu un\n    à trancher \"qui sait\"\n    possible deux\n"),
    Fault("INT-02", 1, "Citez-la là où elle compte : [AMB-1].", OPEN + "    retenu un\n    possible deux\n"),
    Fault("INT-03", 1, "Écrivez le cas de chacune, ou retirez-en.",
          OPEN + "    retenu un\n    possible deux\n    possible trois\n" + DUE + "    si AMB-1 = un\n    = 1 €\n"),
    Fault("INT-04", 1, "Le plus proche : aucun.",
          OPEN + "    retenu aucune\n    possible en_jours\n" + DUE + "    prorata selon AMB-1\n    = 1 €\n"),
    Fault("EXE-01", 6, "Corrigez la règle, ou l’exemple si c’est lui qui se trompe.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socle\n    donne due = 11 €\n'),
    Fault("EXE-02", 5, "Le plus proche : socle.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socl\n    donne due = 10 €\n'),
    Fault("EXE-02", 5, "Corrigez le nom.",
          'paramètre prix  article 1\n    1 €\nexemple fictif "un"  article 1\n    tient socle\n    donne prix = 1 €\n'),
    Fault("EXE-02", 7, "Le plus proche : audit.",
          "offre groupe  article 1\noffre audit dans groupe\n" + DUE.replace("pour socle", "pour chaque offre dans groupe")
          + '    = 10 €\nexemple fictif "un"  article 1\n    donne due de audits = 10 €\n'),
    Fault("EXE-02", 6, "Écrivez « due » seul.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socle\n    donne due de socle = 10 €\n'),
    Fault("EXE-02", 6, "Le plus proche : a.",
          KIND + DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socle, genre = aa\n    donne due = 10 €\n'),
    Fault("EXE-02", 5, "Le plus proche : effet_le.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socle, socle.effe_le = 01/02/2024\n'),
    Fault("EXE-02", 6, "Par exemple 2024.",
          SITES + DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socle, sites en N-1 = 2\n'),
    Fault("EXE-02", 5, "Corrigez leur nombre.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    1,5 membres : tient socle\n'),
    Fault("EXE-02", 5, "Corrigez l’une des deux dates.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    tient socle depuis le 01/06/2024 jusqu’au 01/01/2024\n'),
    Fault("EXE-02", 5, "Corrigez le nom.",
          DUE + '    = 10 €\nexemple fictif "un"  article 1\n    membre A : tient socle, rattachement = Zed\n'),
    Fault("ECH-01", 3, "Par exemple : en 3 fois.", DUE + "    facturée du 1er janvier au 31 mars de N en 61 fois\n    = 10 €\n"),
    Fault("ECH-01", 3, "Par exemple : en 3 fois.", DUE + "    facturée du 1er janvier au 31 mars de N en 1,5 fois\n    = 10 €\n"),
    Fault("ECH-02", 3, "Écrivez « du 1er janvier au 31 mars de N en 3 fois », ou retirez-le.",
          DUE + "    facturée à la fin de chaque mois en 3 fois\n    = 10 €\n"),
    Fault("FOU-01", 1, "Écrivez sa valeur, avec l’acte qui la fixe.",
          'paramètre prix : €  article 1\n    à fournir "plus tard"\n'
          "ligne attendue  article 1\n    pour socle, chaque exercice, en fonctionnement\n    = prix\n"),
    Fault("FOU-01", 2, "Écrivez-les, avec l’acte qui les fixe.",
          KIND + "barème par classe prix : € selon genre  article 1\n    a : 1 €\n    b : à fournir \"plus tard\"\n"
          "ligne attendue  article 1\n    pour socle, chaque exercice, en fonctionnement\n    = prix\n"),
    Fault("TRA-01", 1, "Écrivez « retenu un », avec l’acte qui tranche.",
          OPEN.replace("1\n", "1 [AMB-1]\n") + '    à trancher "qui sait"\n    possible un\n    possible deux\n'),
]  # fmt: skip
FAULTS = [*READING, *NAMES, *UNITS, *RULES]
