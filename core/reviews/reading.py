"""What a referral's answer and its letters are made of."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor, OrganisationKind, Scope
from core.access.tables import Person
from core.contracts.model import OnwardTerms, Pool
from core.contracts.reference import agreement
from core.contracts.tables import ContractPool
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid
from core.patients.presenters import Banner
from core.patients.tables import Patient
from core.practices.tables import Practice
from core.referrals.presenters import pages
from core.referrals.presenters.pages import Page
from core.referrals.tables import Referral
from core.reviews.letter_parts import Facts, Shown
from core.reviews.model import Draft, Need, RankedDiagnosis
from core.reviews.tables import Opinion, OpinionDiagnosis


def newest(session: Session, referral: Referral) -> Opinion | None:
    """The last version of the answer."""
    return session.scalar(
        sa.select(Opinion)
        .where(Opinion.referral_id == referral.id)
        .order_by(Opinion.version.desc())
        .limit(1)
    )


def as_draft(session: Session, row: Opinion) -> Draft:
    """An opinion as it was written."""
    ranked = session.scalars(
        sa.select(OpinionDiagnosis)
        .where(OpinionDiagnosis.opinion_id == row.id)
        .order_by(OpinionDiagnosis.rank)
    )
    return Draft(
        diagnoses=tuple(RankedDiagnosis(one.code, one.certainty) for one in ranked),
        advice=row.advice,
        outcome=row.outcome,
        need=need_of(row),
        prescribing=row.prescribing,
    )


def need_of(row: Opinion) -> Need | None:
    """What somebody has to be seen for."""
    if not (
        row.procedure
        and row.complexity
        and row.lowest_grade
        and row.see_by
        and row.minutes
    ):
        return None
    return Need(
        row.procedure, row.complexity, row.lowest_grade, row.see_by, row.minutes
    )


def facts(
    session: Session,
    by: Actor,
    referral: Referral,
    *,
    earlier: Opinion | None,
    images: Sequence[uuid.UUID] = (),
    note_to_patient: str = "",
) -> Facts:
    """What the letters of an answer by ``by`` tell beside the opinion.

    Raises Invalid for a picture that is not on the referral.
    """
    page = pages.page(session, by.scope, referral.id)
    patient = session.get_one(Patient, referral.patient_id)
    sent = referral.sent_at or referral.started_at
    return Facts(
        on=clock.today(),
        reference=referral.reference,
        patient=page.banner.name,
        called=f"{patient.given_name} {patient.family_name}",
        born=_born(page.banner),
        nhs_number=page.banner.nhs_number,
        practice=page.practice,
        practice_email=session.get_one(Practice, referral.practice_id).email,
        referrer=_referrer(session, referral),
        referred_on=sent.astimezone(LONDON).date(),
        priority=page.priority.label if page.priority else "",
        problem=referral.problem or "",
        sites=tuple(dict.fromkeys(pin.site_label for pin in page.pins)),
        pictures=len(page.pictures),
        question=page.question,
        working_diagnosis=page.working_diagnosis,
        history=_stands_out(page),
        specialist=by.name,
        grade=by.grade.label if by.grade else "",
        organisation=by.organisation_name,
        replaces=earlier.moment.astimezone(LONDON).date() if earlier else None,
        shown=_shown(page, images),
        note_to_patient=note_to_patient.strip(),
    )


def onward_terms(session: Session, referral: Referral) -> OnwardTerms | None:
    """What the contract says of the hospital; None where it names none."""
    return agreement(session, referral.contract_version_id).terms.onward


def confirms(session: Session, scope: Scope, referral: Referral) -> bool:
    """Whether it is for this organisation to record that the hospital confirmed.

    It is for the practice, and for a pool that is the client's own hospital.
    """
    if scope.kind is OrganisationKind.PRACTICE:
        return scope.organisation_id == referral.practice_id
    contract_id = agreement(session, referral.contract_version_id).contract_id
    pool = session.get(ContractPool, (contract_id, scope.organisation_id))
    return pool is not None and pool.pool is Pool.LOCAL


def pictures_of(session: Session, shown: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The blobs of pictures, in the order that they are asked for."""
    rows = session.execute(
        sa.select(Image.id, Image.clean_blob).where(Image.id.in_(shown))
    )
    blobs = {row.id: row.clean_blob for row in rows}
    return {image_id: blobs[image_id] for image_id in shown}


def _born(who: Banner) -> str:
    return f"{who.born} ({who.age} y, {who.sex.lower()})"


def _referrer(session: Session, referral: Referral) -> str:
    if referral.acting_for:
        return referral.acting_for
    return session.get_one(Person, referral.sent_by or referral.started_by).name


def _stands_out(page: Page) -> tuple[str, ...]:
    lines = [f"{one.question} {one.answer}" for one in page.history if one.notable]
    if page.score_line:
        lines.append(page.score_line)
    if page.allergies:
        lines.append(f"Allergies: {page.allergies}")
    return tuple(lines)


def _shown(page: Page, images: Sequence[uuid.UUID]) -> tuple[Shown, ...]:
    there = {one.image_id: one.title for one in page.pictures}
    if not set(images) <= set(there):
        raise Invalid("A picture chosen for the letter is not on this referral.")
    return tuple(Shown(str(one), there[one]) for one in dict.fromkeys(images))
