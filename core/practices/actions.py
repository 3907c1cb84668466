"""What a practice keeps up to date about itself."""

from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.audit.actions import record
from core.kernel.addresses import email_problem
from core.kernel.errors import Invalid, NotAllowed
from core.practices.tables import Practice


def name_deputy(session: Session, *, by: Actor, name: str, email: str) -> None:
    """Say who is told where something of the practice's has waited too long."""
    if not access.may_acknowledge(by):
        raise NotAllowed("A GP, nurse or administrator names the deputy.")
    if not name.strip() or not email.strip() or email_problem(email):
        raise Invalid(
            "Enter the deputy's name and e-mail address.", field="deputy_email"
        )
    practice = session.get_one(Practice, by.organisation_id)
    practice.deputy_name, practice.deputy_email = name.strip(), email.strip()
    record(
        session,
        by=by,
        action="name_deputy",
        entity="practice",
        entity_id=practice.id,
    )
