"""A second specialty is a second file, and a file that is wrong says what is wrong."""

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.config import REFERENCE
from core.contracts.model import Priority
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
)
from core.kernel.errors import Invalid
from core.kernel.ids import new_id
from core.referrals.actions import drafting, pictures, sending
from core.referrals.model import ConsentForm, ConsentGiver, ConsentLevel, Route, State
from core.referrals.presenters import pages
from core.reviews.actions import answering, claiming
from core.reviews.model import Certainty, Draft, RankedDiagnosis
from core.reviews.presenters.worklists import worklist
from core.specialties import reference
from core.specialties.reference import read
from tests.world import KEPT, NOW, TERMS, a_patient, letters


ENT = Path(__file__).with_name("ent.toml")
OPINION = Draft(
    diagnoses=(RankedDiagnosis("otitis_externa", Certainty.PROBABLE),),
    advice="Drops for a week.",
    outcome="advice_treat",
)


@pytest.fixture
def ent(tmp_path, monkeypatch):
    """A reference folder with two specialties."""
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    shutil.copy(ENT, folder / "specialties" / "ent.toml")
    monkeypatch.setattr(reference, "REFERENCE", folder)
    reference.specialty.cache_clear()
    yield "ent"
    reference.specialty.cache_clear()


@pytest.fixture
def world_with_ent(world, ent):
    """The usual world, whose commissioner bought a second specialty."""
    with world.store.transaction() as session:
        contract = Contract(
            commissioner_id=world.commissioner.organisation_id,
            specialty=ent,
            name="ENT advice",
        )
        session.add(contract)
        session.flush()
        key = {"contract_id": contract.id}
        session.add_all(
            [
                ContractVersion(effective_from=NOW.date(), terms=TERMS, **key),
                ContractPractice(practice_id=world.gp.organisation_id, **key),
                ContractPool(
                    organisation_id=world.consultant.organisation_id,
                    pool="partner",
                    **key,
                ),
            ]
        )
    return world


def begin(session, world, patient, referral_id):
    own = {"by": world.gp, "referral_id": referral_id}
    drafting.start(
        session,
        patient_id=patient,
        route=Route.GP_FACE_TO_FACE,
        specialty_code="ent",
        **own,
    )
    drafting.save(
        session,
        problem="ear",
        question="Cholesteatoma?",
        priority=Priority.URGENT,
        would_have_referred=False,
        **own,
    )
    drafting.answer(session, answers={"side": "left", "discharge": True}, **own)
    drafting.consent(
        session,
        level=ConsentLevel.RECORD_ONLY,
        form=ConsentForm.VERBAL,
        given_by=ConsentGiver.PATIENT,
        **own,
    )


def complete(session, world, referral_id):
    own = {"by": world.gp, "referral_id": referral_id}
    drafting.answer(session, answers={"discharge_weeks": 8.0}, **own)
    pictures.add_picture(
        session,
        image_id=new_id(),
        place=pictures.Place("drum"),
        source="camera",
        device="Video-otoscope",
        kept=KEPT,
        **own,
    )


def test_another_specialty_is_sent_and_answered_without_a_line_of_code(world_with_ent):
    world, referral_id = world_with_ent, new_id()
    patient = a_patient(world)
    with world.store.transaction() as session:
        begin(session, world, patient, referral_id)
    with (
        pytest.raises(Invalid, match="For how many weeks"),
        world.store.transaction() as session,
    ):
        sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.transaction() as session:
        complete(session, world, referral_id)
        sent = sending.send(session, by=world.gp, referral_id=referral_id)
    assert (sent.score, sent.offered_priority) == (2, Priority.URGENT)
    with world.store.reading() as session:
        rows = worklist(session, world.consultant.scope)
    assert [(row.problem, row.referral_id) for row in rows] == [("Ear", referral_id)]
    answer(world, referral_id)


def answer(world, referral_id):
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
        answering.answer(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=OPINION,
            letters=letters(session, world.consultant, referral_id, OPINION),
        )
    with world.store.reading() as session:
        page = pages.page(session, world.gp.scope, referral_id)
    assert page.state is State.ANSWERED
    assert page.score_line == "Signs of cholesteatoma: 2"
    assert [line.answer for line in page.history] == ["Left", "Yes", "8 weeks"]
    assert [picture.title for picture in page.pictures] == ["Ear drum"]


def test_one_specialtys_diagnosis_is_none_of_another(world_with_ent):
    world, referral_id = world_with_ent, new_id()
    patient = a_patient(world)
    with world.store.transaction() as session:
        begin(session, world, patient, referral_id)
        complete(session, world, referral_id)
        sending.send(session, by=world.gp, referral_id=referral_id)
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
    wrong = Draft(
        (RankedDiagnosis("melanoma", Certainty.CERTAIN),), "x", "advice_treat"
    )
    with (
        pytest.raises(Invalid, match="not on the list"),
        world.store.transaction() as session,
    ):
        answering.answer(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=wrong,
            letters=letters(session, world.consultant, referral_id, wrong),
        )


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ('question = "discharge",', 'question = "discharged",', "discharged"),
        ('problems = ["ear"]', 'problems = ["nose"]', "nose"),
        ('kind = "number"', 'kind = "figure"', "kind"),
        ('guidance = "The', 'guidence = "The', "guidence"),
        ("minutes = 20", 'minutes = "long"', "minutes"),
        ('label = "Ear drum"', "", "label"),
        ("[see_within_days]", "[see_in_days]", "see_within_days"),
        (
            'question = "discharge_weeks"',
            'question = "discharge_days"',
            "discharge_days",
        ),
        ('problem = "ear"', 'problem = "throat"', "throat"),
        ('offers_priority = "urgent"', 'offers_priority = "soon"', "offers_priority"),
        ('code = "right"', 'code = "left"', "left"),
        (
            'lowest_grade = "specialist_nurse"',
            'lowest_grade = "porter"',
            "lowest_grade",
        ),
        # The patient's part.
        ("[patient]\n", "[patients]\n", "patients"),
        ('urgent = "111"', 'urgent = "112"', "urgent"),
        ("[patient.values]\ndischarge_weeks", "[patient.values]\nside", "'side'"),
        ("number = 9 }", "number = 900 }", "out of range"),
        ('code = "long"', 'code = "days"', "given twice: days"),
        ('id = "discharge"\nby_patient = true', 'id = "discharge"', "for patients"),
        (
            'swollen behind the ear" }',
            'swollen behind the ear", problems = ["nose"] }',
            "nose",
        ),
        (
            "least_age = 18",
            'leaves_out = { ear = ["side"] }\nleast_age = 18',
            "leave out",
        ),
        (
            "least_age = 18",
            (
                'intimate_answers = [{ question = "hearing", any_of = [true] }]\n'
                "least_age = 18"
            ),
            "hearing",
        ),
    ],
)
def test_a_broken_file_is_refused_by_the_name_of_what_is_wrong(
    tmp_path, good, bad, named
):
    text = ENT.read_text("utf-8")
    assert good in text
    file = tmp_path / "ent.toml"
    file.write_text(text.replace(good, bad), "utf-8")
    with pytest.raises(ValidationError, match=named):
        read(file)


def test_questions_for_patients_need_the_patients_part(tmp_path):
    text = ENT.read_text("utf-8")
    start, end = text.index("[patient]"), text.index("[score]")
    file = tmp_path / "ent.toml"
    file.write_text(text[:start] + text[end:], "utf-8")
    with pytest.raises(ValidationError, match="without \\[patient\\]"):
        read(file)


def test_another_specialtys_patients_are_asked_by_its_file_alone():
    ent = read(ENT)
    asked = ent.asked_of_patient("ear", {"discharge": True})
    assert [one.id for one in asked] == ["side", "discharge", "discharge_weeks"]
    assert [one.code for one in ent.views_by_patient("ear")] == ["drum"]
    assert [one.urgent for one in ent.patient.warnings_for("ear")] == ["111"]


def test_the_file_as_it_is_is_not_refused():
    assert read(ENT).code == "ent"


def test_a_specialty_that_nobody_wrote_is_not_there():
    with pytest.raises(FileNotFoundError):
        reference.specialty("cardiology")
