"""The closed lists of conventions, acts and memberships."""

from django.db.models import TextChoices

from communis.directory.enums import STAFF_READERS, GrantRole


class LegalBasis(TextChoices):
    """The law a convention rests on (MEM-04)."""

    COMMON_SERVICE = "L5211-4-2", "L. 5211-4-2 du CGCT (service commun)"
    LENT_SERVICE = "L5211-4-1", "L. 5211-4-1 du CGCT (mise à disposition de services)"
    SHARED_GOODS = "L5211-4-3", "L. 5211-4-3 du CGCT (biens partagés)"
    SYNDICATE = "L5721-9", "L. 5721-9 du CGCT (syndicat mixte)"
    SERVICE_DELIVERY = "L5111-1", "L. 5111-1 du CGCT (prestation entre collectivités)"


class VersionStatus(TextChoices):
    """Where a version of a convention stands (MEM-02, AMB-24)."""

    DRAFT = "draft", "projet"
    PENDING = "pending", "en cours d’approbation"
    APPROVED = "approved", "approuvé"
    REPEALED = "repealed", "abrogé"


class DataRole(TextChoices):
    """What the host is for the personal data of a member (SEC-10)."""

    PROCESSOR = "processor", "le gestionnaire est sous-traitant du membre"
    JOINT = "joint", "le gestionnaire et le membre sont responsables conjoints"


class ChangeKind(TextChoices):
    """What an amendment changes (MEM-11)."""

    CLAUSE = "clause", "clause modifiée"
    ADDED = "brick_added", "brique ajoutée"
    REMOVED = "brick_removed", "brique supprimée"
    RENAMED = "brick_renamed", "brique renommée ou précisée"
    PREREQUISITE = "prerequisite", "prérequis ajouté"
    FTE = "fte", "répartition des ETP mise à jour"
    TARIFF = "tariff", "tarif modifié"
    TERM = "term", "durée prolongée"


class PieceKind(TextChoices):
    """A piece of the legal file of a convention (MEM-46)."""

    IMPACT = "impact", "fiche d’impact"
    NO_STAFF = "no_staff", "mention « sans agent concerné »"
    COMMITTEE = "committee", "avis du comité social territorial"
    STAFF_ANNEX = "staff_annex", "annexe relative aux agents"
    GOODS_ANNEX = "goods_annex", "annexe relative aux biens"
    ACT = "act", "délibération exécutoire"


class ActKind(TextChoices):
    """What a council act is (DOC-01, DOC-11)."""

    RESOLUTION = "resolution", "délibération"
    DECISION = "decision", "décision"
    MEMO = "memo", "note de synthèse"
    ORDER = "order", "arrêté"


class ActState(TextChoices):
    """What became of an act in its council; transmitted, published and executory are read from its dates (DOC-10)."""

    DRAFT = "draft", "projet"
    LISTED = "listed", "inscrit à l’ordre du jour"
    ADOPTED = "adopted", "adopté"
    REJECTED = "rejected", "rejeté"
    ADJOURNED = "adjourned", "ajourné"
    WITHDRAWN = "withdrawn", "retiré"


class Nature(TextChoices):
    """The nature of an act in the transmission to the préfecture (ACTES)."""

    RESOLUTION = "DE", "délibération"
    REGULATION = "AR", "acte réglementaire"
    INDIVIDUAL = "AI", "acte individuel"
    CONTRACT = "CC", "contrat, convention ou avenant"
    BUDGET = "BF", "document budgétaire et financier"
    OTHER = "AU", "autre"


class Presence(TextChoices):
    """How somebody attended a session (DOC-03)."""

    PRESENT = "present", "présent"
    PROXY = "proxy", "excusé, avec pouvoir"
    EXCUSED = "excused", "excusé, sans pouvoir"
    ABSENT = "absent", "absent"


class Opinion(TextChoices):
    """What a body said before a vote (DOC-09, MEM-28)."""

    FAVOURABLE = "favourable", "favorable"
    RESERVED = "reserved", "favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "défavorable"
    NONE = "none", "sans avis exprimé"


class MembershipState(TextChoices):
    """The five states of a membership (MEM-06)."""

    PREPARING = "preparing", "en préparation"
    ACTIVE = "active", "active"
    NOTICE = "notice", "en préavis"
    ENDED = "ended", "terminée"
    DROPPED = "dropped", "sans suite"


class StepKind(TextChoices):
    """A dated step of a membership (MEM-06)."""

    REQUESTED = "requested", "demande"
    AUDITED = "audited", "audit préalable remis"
    EXAMINED = "examined", "examen approfondi"
    VOTED = "voted", "délibération du membre"
    SIGNED_MEMBER = "signed_member", "signature du membre"
    SIGNED_HOST = "signed_host", "signature du gestionnaire"
    EFFECT = "effect", "prise d’effet"
    CHOICES = "choices", "choix modifiés"
    ADOPTED = "adopted", "avenant adopté"
    RENEWED = "renewed", "tacite reconduction"
    EXPRESS = "express", "renouvellement exprès"
    PROLONGED = "prolonged", "prolongation"
    NOTICE = "notice", "préavis reçu"
    WAIVED = "waived", "préavis abrégé d’un commun accord"
    WITHDRAWN = "withdrawn", "préavis retiré"
    EXIT = "exit", "sortie"
    EXPIRED = "expired", "expiration"
    REPLACED = "replaced", "remplacement par la convention suivante"
    DROPPED = "dropped", "sans suite"
    REMOVED = "removed", "étape retirée"


ONCE = frozenset({StepKind.REQUESTED, StepKind.SIGNED_MEMBER, StepKind.SIGNED_HOST, StepKind.EFFECT, StepKind.EXIT,
                  StepKind.EXPIRED, StepKind.REPLACED, StepKind.DROPPED})  # fmt: skip


class EndCause(TextChoices):
    """Why a membership ends (MEM-06)."""

    TERM = "term", "arrivée au terme"
    NOTICE = "notice", "résiliation"
    REPLACED = "replaced", "convention remplacée"
    MERGED = "merged", "membre disparu"


class DropCause(TextChoices):
    """Why a membership never began (MEM-06)."""

    REFUSED = "refused", "refusée"
    ABANDONED = "abandoned", "abandonnée"


class Party(TextChoices):
    """A party to a signed convention (MEM-05)."""

    HOST = "host", "gestionnaire"
    MEMBER = "member", "membre"


class Recipient(TextChoices):
    """To whom a signed convention is sent (MEM-32)."""

    PREFECTURE = "prefecture", "préfecture"
    SERVICES = "services", "services concernés"
    MEMBER_ACCOUNTANT = "member_accountant", "trésorier du membre"
    HOST_ACCOUNTANT = "host_accountant", "trésorier du gestionnaire"


class LetterKind(TextChoices):
    """A letter by which a member commits itself, or says what it means to do (MEM-21)."""

    COMMITMENT = "commitment", "lettre d’engagement"
    INTENT = "intent", "lettre d’intention"


class IntakeOutcome(TextChoices):
    """What became of a request on an intake list (MEM-20)."""

    WAITING = "waiting", "en attente"
    ADMITTED = "admitted", "admise"
    DECLINED = "declined", "non retenue"


class CostKind(TextChoices):
    """A line of an exit account (MEM-25, AMB-22)."""

    DUE = "due", "somme due jusqu’à la fin des services"
    CONTRACT_MOVED = "contract_moved", "contrat repris par le membre"
    CONTRACT_REFUNDED = "contract_refunded", "contrat remboursé pour sa durée restante"
    PENALTY = "penalty", "pénalité"


class DisputeStage(TextChoices):
    """A stage of a dispute (MEM-34)."""

    CONCILIATION = "conciliation", "conciliation"
    MEDIATION = "mediation", "médiation"
    COURT = "court", "tribunal administratif"


class StaffMove(TextChoices):
    """How an agent of a member comes to the pooled department (MEM-27)."""

    TRANSFER = "transfer", "transfert de plein droit"
    LENT = "lent", "mise à disposition individuelle, sans limite de durée"


class CommitteeKind(TextChoices):
    """The committee that gives an opinion on staff (MEM-28, MEM-29)."""

    CST = "cst", "comité social territorial"
    CAP = "cap", "commission administrative paritaire"
    CCP = "ccp", "commission consultative paritaire"


class FileKind(TextChoices):
    """What an attached file is (DOC-24)."""

    SIGNED = "signed", "document signé"
    STAMPED = "stamped", "acte tamponné"
    RECEIPT = "receipt", "accusé de réception"
    LETTER = "letter", "courrier"
    EVIDENCE = "evidence", "pièce justificative"
    OTHER = "other", "autre"


class FileAudience(TextChoices):
    """Who reads an attached file (DOC-24, SEC-04)."""

    POOL = "pool", "tous les membres"
    BOTH = "both", "le membre et le gestionnaire"
    HOST = "host", "le gestionnaire seul"
    STAFF = "staff", "la direction du service et l’exécutif du membre"


class DocumentKind(TextChoices):
    """The documents that the service makes ready (DOC-12 to DOC-15, DOC-20)."""

    ADHESION = "adhesion", "projet de délibération d’adhésion"
    CHANGE = "change", "décision de changement de choix"
    AMENDMENT_VOTE = "amendment_vote", "projet de délibération sur un avenant"
    RENEWAL = "renewal", "projet de délibération de renouvellement"
    TERMINATION = "termination", "projet de délibération de résiliation"
    CONVENTION = "convention", "convention"
    AMENDMENT = "amendment", "avenant et texte consolidé"
    MEMO = "memo", "note de synthèse"
    COMMITMENT = "commitment", "lettre d’engagement"
    IMPACT = "impact", "fiche d’impact"
    NOTICE_LETTER = "notice_letter", "lettre de résiliation"
    EXIT_ACCOUNT = "exit_account", "compte de sortie"
    DENUNCIATION = "denunciation", "lettre de dénonciation de contrat"
    TRANSFER = "transfer", "acte de transfert de biens"


class DocumentStatus(TextChoices):
    """Where a document made stands (DOC-23)."""

    DRAFT = "draft", "projet"
    ISSUED = "issued", "émis"
    REPLACED = "replaced", "remplacé"


STAFF_FILE_READERS = STAFF_READERS | {GrantRole.EXECUTIVE, GrantRole.OFFICE}
