"""What a page said, and what was sent, for tests that state the words."""

import re

from communis.foundation.outbox import Mail
from communis.foundation.scope import account_scope

UNSAID = re.compile(r"<script.*?</script>|<[^>]*>", re.S)


def words(answer):
    """The words of a page, without its tags, with plain spaces."""
    return " ".join(UNSAID.sub(" ", answer.content.decode()).split())


def problems(answer):
    """The errors of the form of a page, by field, with plain spaces."""
    return {name: [" ".join(str(p).split()) for p in found] for name, found in answer.context["form"].errors.items()}


def said(answer):
    """The errors of the form of a page, whatever the field."""
    return [problem for found in problems(answer).values() for problem in found]


def mails_to(account):
    """The e-mails written to an account, in the order they were."""
    with account_scope(account.pk):
        return list(Mail.objects.of_account(account).order_by("id"))
