"""Logs what broke by its kind and place only, for its text may hold what a person said."""

import logging
import traceback
from pathlib import Path

log = logging.getLogger("advisor.desk")


def tell(error: Exception, what: str) -> None:
    """Log an error: what was tried, its kind, and where it came up."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s error=%s at=%s:%s", what, type(error).__name__, Path(where.filename).name, where.lineno)
