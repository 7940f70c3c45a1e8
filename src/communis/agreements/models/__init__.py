"""Conventions and their versions, council acts, memberships, intake, exits, staff files and documents."""

from communis.agreements.models.acts import Attendance, PriorOpinion, Resolution
from communis.agreements.models.agreements import (
    Agreement,
    Amendment,
    AmendmentChange,
    Article,
    LegalPiece,
    PriceAct,
    ReviewDate,
    SharedGood,
    Version,
)
from communis.agreements.models.documents import Attachment, Document, DocumentRecipient, DocumentTemplate, DocumentVisa
from communis.agreements.models.intake import Intake, IntakeRequest, Letter, Precondition
from communis.agreements.models.leaving import Dispute, DisputeStep, ExitCost, ExitTask, Notice
from communis.agreements.models.memberships import (
    Adoption,
    Choice,
    ChoiceForm,
    Dispatch,
    Examination,
    InKindAgent,
    Membership,
    Obligation,
    PurchaseMandate,
    Signature,
    Step,
)
from communis.agreements.models.staff import CommitteeOpinion, StaffFile

__all__ = [
    "Adoption",
    "Agreement",
    "Amendment",
    "AmendmentChange",
    "Article",
    "Attachment",
    "Attendance",
    "Choice",
    "ChoiceForm",
    "CommitteeOpinion",
    "Dispatch",
    "Dispute",
    "DisputeStep",
    "Document",
    "DocumentRecipient",
    "DocumentTemplate",
    "DocumentVisa",
    "Examination",
    "ExitCost",
    "ExitTask",
    "InKindAgent",
    "Intake",
    "IntakeRequest",
    "LegalPiece",
    "Letter",
    "Membership",
    "Notice",
    "Obligation",
    "Precondition",
    "PriceAct",
    "PriorOpinion",
    "PurchaseMandate",
    "Resolution",
    "ReviewDate",
    "SharedGood",
    "Signature",
    "StaffFile",
    "Step",
    "Version",
]
