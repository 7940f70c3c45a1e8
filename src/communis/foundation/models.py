"""The tables of the foundation: the pools themselves, and the e-mails."""

from communis.foundation.outbox import Mail, MailPreference
from communis.foundation.tenancy import Pool

__all__ = ["Mail", "MailPreference", "Pool"]
