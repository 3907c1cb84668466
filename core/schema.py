"""All tables in one place: what migrations are compared with."""

import core.access.tables
import core.audit.tables
import core.clinics.tables
import core.contracts.tables
import core.imaging.tables
import core.invitations.tables
import core.notify.tables
import core.patients.tables
import core.practices.tables
import core.referrals.tables
import core.reviews.tables  # noqa: F401
from core.store.base import Base


METADATA = Base.metadata
