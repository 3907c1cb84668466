"""What the letters say: complete for the practice, plain and honest for the patient."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import product

import pytest
import sqlalchemy as sa
from PIL import Image as Pillow

from core.access.model import Grade
from core.audit.tables import Audit
from core.demo.skin import draw
from core.imaging import keeping, sizing
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.patients.tables import Patient
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.actions import answering, claiming, lettering
from core.reviews.letter_parts import Facts
from core.reviews.letters import write
from core.reviews.model import (
    Audience,
    Certainty,
    Complexity,
    Draft,
    Need,
    RankedDiagnosis,
)
from core.reviews.presenters.letters import letters_of
from core.reviews.tables import Letter, Opinion
from core.specialties.reference import specialty
from tests.reviews.plain_words import grade, syllables
from tests.world import NOW, OPINION, a_sent_referral, an_answered_referral, letters


SKIN = specialty("dermatology")
FACTS = Facts(
    on=date(2026, 11, 18),
    reference="K7QF-2M9X",
    patient="SMITH, Anna",
    called="Anna Smith",
    born="03-Apr-1956 (70 y, female)",
    nhs_number="943 476 5919",
    practice="Elm Practice",
    practice_email="elm@practice.example",
    referrer="Dr Asha Patel",
    referred_on=date(2026, 11, 17),
    priority="Urgent",
    problem="lesion",
    sites=("Chest",),
    pictures=4,
    question="Is this harmless?",
    working_diagnosis="A wart",
    history=("Has it changed? In size", "Allergies: penicillin"),
    specialist="Dr Colin Reid",
    grade="Consultant",
    organisation="Ozone Specialists",
)
NEED = Need("excision", Complexity.MODERATE, Grade.CONSULTANT, date(2026, 12, 2), 40)


def opinion(code, certainty=Certainty.CERTAIN, outcome="advice_discharge", *more):
    first = RankedDiagnosis(code, certainty)
    return Draft(
        diagnoses=(first, *more),
        advice="Reassure.",
        outcome=outcome,
        need=NEED if SKIN.outcome(outcome).face_to_face else None,
    )


def said(content):
    """All of a letter as one text."""
    words = [content["notice"], content.get("greeting", "")]
    for one in content["sections"]:
        words += [one["heading"], *one["paragraphs"], *one["items"]]
        words += [f"{name}: {value}" for name, value in one["pairs"]]
        words += one["after"]
    return "\n".join([*words, content["closing"]])


def section(content, heading):
    (found,) = (one for one in content["sections"] if one["heading"] == heading)
    return [*found["paragraphs"], *found["items"], *found["after"]]


EVERYTHING = list(product(SKIN.diagnoses, Certainty, SKIN.outcomes))


def test_every_letter_to_a_patient_can_be_read_by_a_child_of_eleven():
    hard = []
    for diagnosis, certainty, outcome in EVERYTHING:
        for problem in SKIN.problems:
            facts = replace(FACTS, problem=problem.code)
            given = opinion(diagnosis.code, certainty, outcome.code)
            text = said(write(SKIN, facts, given).patient)
            # Names are what they are, and there is only one of each.
            for name in (diagnosis.plain.name, FACTS.specialist, FACTS.practice):
                text = text.replace(name, "it") if name else text
            if grade(text) > 6:
                hard.append((round(grade(text), 1), diagnosis.code, outcome.code))
    assert hard == []


@pytest.mark.parametrize(
    "text",
    [part for one in SKIN.outcomes for part in one.to_patient]
    + [one.plain.about for one in SKIN.diagnoses],
)
def test_no_single_paragraph_is_hard_to_read(text):
    # Names stand in some of them, so a little more than for a whole letter.
    for one in SKIN.diagnoses:
        for name in (one.plain.name, one.plain.name.partition(" ")[2]):
            text = text.replace(name, "it") if len(name) > 3 else text
    assert grade(text) <= 9, (round(grade(text), 1), text)


@pytest.mark.parametrize(
    ("word", "count"),
    [("skin", 1), ("cancer", 2), ("practice", 2), ("treated", 2), ("lies", 1)],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_a_hard_text_is_told_from_a_plain_one():
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade("Histopathological examination demonstrated malignancy.") > 15


JARGON = ("ICD", "SNOMED", "lesion", "naevus", "carcinoma in situ", "benign", "excis")


@pytest.mark.parametrize("outcome", SKIN.outcomes, ids=lambda one: one.code)
def test_a_patients_letter_has_no_codes_and_no_jargon(outcome):
    for diagnosis in SKIN.diagnoses:
        text = said(
            write(
                SKIN, FACTS, opinion(diagnosis.code, Certainty.PROBABLE, outcome.code)
            ).patient
        )
        assert not [word for word in JARGON if word.lower() in text.lower()]
        assert "Reassure" not in text, "advice to the practice is not for the patient"
        assert "call 111" in text
        assert "elm@practice.example" in text


CANCERS = [one for one in SKIN.diagnoses if one.plain.cancer]


def test_the_cancers_of_the_list_are_told_as_such():
    groups = {"melanoma", "other_skin_cancer"}
    assert {one.group for one in CANCERS} == groups
    assert all(one.plain.cancer for one in SKIN.diagnoses if one.group in groups)


@pytest.mark.parametrize("certainty", [Certainty.PROBABLE, Certainty.POSSIBLE])
@pytest.mark.parametrize("diagnosis", CANCERS, ids=lambda one: one.code)
def test_nothing_is_called_a_cancer_that_is_not_certain(diagnosis, certainty):
    given = opinion(diagnosis.code, certainty, "secondary_care_urgent_cancer")
    found = section(write(SKIN, FACTS, given).patient, "What it is")
    first = found[0]
    assert not first.startswith("This is a")
    assert first.startswith(("This is most likely", "This could be"))
    assert "We are not certain." in first
    assert found[-1] == "We can only be certain after someone has seen you."


def test_who_is_sent_urgently_is_told_that_most_have_no_cancer_unless_they_may_have():
    calm = "Most people who are sent for this check do not have cancer."
    urgent = "secondary_care_urgent_cancer"
    melanoma = RankedDiagnosis("melanoma", Certainty.POSSIBLE)
    cases = {
        opinion("naevus", Certainty.PROBABLE, urgent, melanoma): True,
        opinion("melanoma", Certainty.POSSIBLE, urgent): True,
        opinion("melanoma", Certainty.PROBABLE, urgent): False,
        opinion("melanoma", Certainty.CERTAIN, urgent): False,
    }
    for given, expected in cases.items():
        text = said(write(SKIN, FACTS, given).patient)
        assert (calm in text) == expected
        assert "call your practice" in text


def test_what_is_uncertain_is_said_so_and_the_rest_is_also_possible():
    given = opinion(
        "uncertain",
        Certainty.POSSIBLE,
        "community_clinic",
        RankedDiagnosis("eczema", Certainty.POSSIBLE),
    )
    found = section(write(SKIN, FACTS, given).patient, "What it is")
    assert found[0] == "The specialist could not tell from the pictures what this is."
    assert found[1].startswith("It could also be eczema. Eczema makes the skin dry")


def test_the_practices_letter_is_complete():
    facts = replace(FACTS, note_to_patient="You did well to come.")
    given = replace(
        opinion(
            "bcc",
            Certainty.PROBABLE,
            "direct_procedure",
            RankedDiagnosis("actinic_keratosis", Certainty.POSSIBLE),
        ),
        prescribing="Nothing now.",
    )
    content = write(SKIN, facts, given).practice
    text = said(content)
    for words in (
        "Is this harmless?",
        "Your working diagnosis: A wart",
        "Has it changed? In size",
        "Basal cell carcinoma, probable (ICD-10 C44)",
        "Actinic keratosis, possible (ICD-10 L57.0; SNOMED CT 201101007)",
        "Nothing now.",
        "Straight to a procedure",
        "Tell the patient that they will be booked",
        "Procedure: Excision",
        "By whom: Consultant or more senior",
        "Time: 40 minutes",
        "To be seen by: 2 December 2026",
        "You did well to come.",
    ):
        assert words in text
    assert content["signed"] == ["Dr Colin Reid", "Consultant", "Ozone Specialists"]
    assert dict(content["facts"])["NHS number"] == "943 476 5919"


def test_a_letter_leaves_out_what_there_is_not():
    facts = replace(FACTS, history=(), working_diagnosis="", sites=(), pictures=0)
    both = write(SKIN, facts, opinion("naevus"))
    headings = [one["heading"] for one in both.practice["sections"]]
    assert "Prescribing" not in headings
    assert "To be seen for" not in headings
    assert "What stood out in the history" not in headings
    assert "A note for you" not in [one["heading"] for one in both.patient["sections"]]
    assert "picture" not in said(both.patient)


def kept_letters(world, referral_id):
    with world.store.reading() as session:
        rows = session.scalars(
            sa.select(Letter)
            .join(Opinion, Opinion.id == Letter.opinion_id)
            .where(Opinion.referral_id == referral_id)
            .order_by(Opinion.version, Letter.audience.desc())
        )
        return rows.all()


def test_both_letters_are_kept_with_the_answer_word_for_word_and_as_pdf(world):
    with clock.set_to(NOW):
        referral_id = an_answered_referral(world)
    practice, patient = kept_letters(world, referral_id)
    assert (practice.audience, patient.audience) == tuple(Audience)
    assert "Harmless. Reassure." in section(practice.content, "Advice")
    assert patient.content["greeting"] == "Dear Anna Smith"
    assert patient.made_at == NOW
    for letter in (practice, patient):
        assert keeping.fetch(letter.blob).startswith(b"%PDF-1.")


def test_letters_prepared_twice_on_one_day_are_the_same_bytes(world):
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world)
    made = []
    for hours in (0, 5):
        with (
            clock.set_to(NOW + timedelta(hours=hours)),
            world.store.reading() as session,
        ):
            made.append(letters(session, world.consultant, referral_id))
    assert made[0] == made[1]


def send(world, referral_id, prepared, given=OPINION):
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
        answering.answer(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=given,
            letters=prepared,
        )


def test_a_name_that_changed_while_somebody_wrote_stops_the_answer(world):
    referral_id = a_sent_referral(world)
    with world.store.reading() as session:
        prepared = letters(session, world.consultant, referral_id)
    with world.store.transaction() as session:
        session.execute(sa.update(Patient).values(family_name="Jones"))
    with pytest.raises(Conflict, match="details changed while you wrote"):
        send(world, referral_id, prepared)
    with world.store.reading() as session:
        assert session.get_one(Referral, referral_id).state is State.SUBMITTED
        assert session.scalars(sa.select(Letter)).all() == []
        assert session.scalars(sa.select(Opinion)).all() == []
    with world.store.reading() as session:
        again = letters(session, world.consultant, referral_id)
    send(world, referral_id, again)
    assert "JONES" in kept_letters(world, referral_id)[0].content["subject"]


def test_letters_of_another_opinion_or_referral_are_refused(world):
    first, second = a_sent_referral(world), None
    with world.store.reading() as session:
        prepared = letters(session, world.consultant, first)
    with pytest.raises(Conflict):
        send(world, first, prepared, replace(OPINION, advice="Something else"))
    second = a_sent_referral(world, patient_of(world, first))
    with pytest.raises(Conflict):
        send(world, second, prepared)


def patient_of(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id).patient_id


def test_an_amendment_has_letters_of_its_own_that_replace_the_first(world):
    with clock.set_to(NOW):
        referral_id = an_answered_referral(world)
    changed = opinion("bcc", Certainty.PROBABLE, "direct_procedure")
    with (
        clock.set_to(NOW + timedelta(days=1)),
        world.store.transaction() as session,
    ):
        answering.amend(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=changed,
            letters=letters(session, world.consultant, referral_id, changed),
        )
    first, _, second, patients = kept_letters(world, referral_id)
    assert first.content["notice"] == ""
    assert "replaces our letter of 18 November 2026" in second.content["notice"]
    assert "takes the place" in patients.content["notice"]
    with world.store.reading() as session:
        shown = letters_of(session, world.gp.scope, referral_id)
    assert {version: set(both) for version, both in shown.items()} == {
        1: set(Audience),
        2: set(Audience),
    }


def test_who_may_not_answer_writes_no_letters(world):
    referral_id = a_sent_referral(world)
    for who, refusal in (
        (world.gp, NotAllowed),
        (world.commissioner, NotAllowed),
        (world.stranger, NotFound),
    ):
        with pytest.raises(refusal), world.store.reading() as session:
            letters(session, who, referral_id)


def test_looking_at_the_letters_keeps_nothing(world):
    referral_id = a_sent_referral(world)
    with world.store.reading() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Audit))
        made = lettering.proof(
            session, by=world.consultant, referral_id=referral_id, opinion=OPINION
        )
        after = session.scalar(sa.select(sa.func.count()).select_from(Audit))
    assert set(made.pdfs) == set(Audience)
    assert before == after
    assert kept_letters(world, referral_id) == []


def a_real_picture(world, referral_id, data):
    """Give one of the referral's pictures pixels that can be printed."""
    kept = keeping.keep(data)
    with world.store.transaction() as session:
        image = session.scalars(
            sa.select(Image).where(
                Image.referral_id == referral_id, Image.view == "close_up"
            )
        ).one()
        image.clean_blob = kept.clean_blob
        return image.id


def test_chosen_pictures_go_into_the_practices_letter_with_what_they_show(world):
    referral_id = a_sent_referral(world)
    data = draw("close_up", problem="naevus", tone=3, seed=1, size=(1280, 960))
    image_id = a_real_picture(world, referral_id, data)
    with world.store.reading() as session:
        prepared = letters(session, world.consultant, referral_id, images=[image_id])
    send(world, referral_id, prepared)
    practice, patient = kept_letters(world, referral_id)
    assert practice.content["pictures"]["shown"] == [
        {
            "image": str(image_id),
            "title": "Lesion 1: Close-up",
            "alt": "Photograph of the skin: Lesion 1: Close-up",
        }
    ]
    assert len(keeping.fetch(practice.blob)) > 100_000
    assert "pictures" not in patient.content


def test_a_picture_of_another_referral_goes_into_no_letter(world):
    first = a_sent_referral(world)
    second = a_sent_referral(world, patient_of(world, first))
    with world.store.reading() as session:
        (other, *_) = session.scalars(
            sa.select(Image.id).where(Image.referral_id == second)
        )
        with pytest.raises(Invalid, match="not on this referral"):
            letters(session, world.consultant, first, images=[other])


def test_a_picture_that_cannot_be_read_says_so_and_the_letter_goes_without(world):
    referral_id = a_sent_referral(world)
    with world.store.reading() as session:
        (broken, *_) = session.scalars(
            sa.select(Image.id).where(Image.referral_id == referral_id)
        )
        with pytest.raises(Invalid, match=r"cannot be read\. Leave it out"):
            letters(session, world.consultant, referral_id, images=[broken])
        assert letters(session, world.consultant, referral_id)


def a_jpeg(width, height, seed=1):
    return draw("close_up", problem="naevus", tone=3, seed=seed, size=(width, height))


def test_pictures_for_a_letter_are_at_most_1600_pixels():
    big = Pillow.open(BytesIO(sizing.for_letter(a_jpeg(2400, 1200))))
    assert big.size == (1600, 800)
    small = a_jpeg(640, 480)
    assert sizing.for_letter(small) is small


@pytest.mark.parametrize("most", [10**9, 300_000, 60_000, 5_000, 700, 1])
def test_a_file_gets_as_small_as_it_must_and_never_fails(most):
    whole = a_jpeg(1200, 900)
    made = sizing.within(whole, most)
    assert len(made) <= max(most, 700)
    assert Pillow.open(BytesIO(made)).format == "JPEG"
    assert (made is whole) == (most > len(whole))
