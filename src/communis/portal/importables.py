"""Every list that can be imported, of all rooms."""

from communis.agreements.imports import IMPORTABLES as OF_AGREEMENTS
from communis.directory.imports import IMPORTABLES as OF_THE_DIRECTORY

IMPORTABLES = (*OF_AGREEMENTS, *OF_THE_DIRECTORY)
