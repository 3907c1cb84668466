"""The patient's pages without a browser: which comes when, and what is kept."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.config import REFERENCE
from core.invitations.actions.issuing import Reach
from core.invitations.model import InvitationState, Way
from core.invitations.tables import Invitation, Visit
from core.kernel import clock
from core.languages.reference import language, languages
from core.referrals.actions import by_patient, drafting
from core.referrals.actions.inviting import Request
from core.referrals.model import ConsentGiver
from core.referrals.presenters import by_patient as presenter
from core.specialties.model import Everyday
from core.ui.patient import steps
from core.ui.patient.agreeing import POINTS
from core.ui.patient.session import SECRET
from core.ui.patient.words import Words
from tests import weblinks
from tests.processes import ROOT


ENGLISH = language("en")


@pytest.fixture
def referral(service):
    return weblinks.an_invitation(service)


@pytest.fixture
def secret(service, referral):
    return weblinks.a_visit(service, referral)


def agree(service, secret):
    weblinks.as_patient(
        service,
        secret,
        by_patient.consent,
        given_by=ConsentGiver.PATIENT,
        messages=True,
    )


def opened(secret="", **query):
    screen = AppTest.from_file(ROOT / "apps" / "patient.py", default_timeout=30)
    screen.session_state[SECRET] = secret
    for name, value in query.items():
        screen.query_params[name] = value
    return screen.run()


def heading(screen):
    assert not screen.exception
    return [one.value for one in screen.title]


def said(screen):
    return " ".join(str(one.value) for one in screen.get("html"))


def page(service, secret):
    with service.store.reading() as session:
        return presenter.page(session, weblinks.who(service, secret))


def answers(service, secret):
    return dict(page(service, secret).answers)


def press(screen, key):
    return screen.button(key=key).click().run()


def test_without_a_link_there_is_a_box_for_a_code_and_nothing_else(service):
    screen = opened()
    assert heading(screen) == ["Open your page"]
    assert "Elm" not in said(screen)
    assert "not right" in said(opened(trouble="unknown"))
    # What somebody writes into the address is not shown.
    assert "evil" not in said(opened(trouble="evil"))


def test_before_the_date_of_birth_nothing_is_said_about_anybody(service, referral):
    secret = weblinks.enter(service, weblinks.a_token(service, referral))
    screen = opened(secret, at="check")
    assert heading(screen) == ["Please tell us it is you"]
    for hidden in ("Anna", "Smith", "1956 ", "skin"):
        assert hidden not in said(screen)
    assert weblinks.invitation_of(service, referral).state is InvitationState.OPENED


def test_the_address_leads_past_nothing_that_has_to_come_first(service, secret):
    assert heading(opened(secret, at="check")) == ["How it works"]
    agree(service, secret)
    assert heading(opened(secret)) == ["First: is it urgent?"]
    assert heading(opened(secret, at="nonsense")) == ["First: is it urgent?"]
    assert heading(opened(secret, at="q-size_mm")) == ["How big is it?"]
    # A question whose condition does not hold is no page.
    assert heading(opened(secret, at="q-growth")) == ["First: is it urgent?"]


def test_the_page_before_consent_tells_everything_that_has_to_be_told(secret):
    screen = opened(secret)
    for point in POINTS:
        text = ENGLISH.pages["how"][point].format(practice="Elm Practice")
        assert text in said(screen)


def test_an_answer_is_kept_the_moment_it_is_given(service, secret):
    agree(service, secret)
    screen = opened(secret, at="q-duration")
    screen.radio[0].set_value("over_1_year").run()
    assert answers(service, secret) == {"duration": "over_1_year"}
    screen = opened(secret, at="q-size_mm")
    screen.radio[0].set_value("pencil").run()
    assert answers(service, secret)["size_mm"] == 7
    screen = opened(secret, at="q-family_melanoma")
    screen.radio[0].set_value("yes").run()
    assert answers(service, secret)["family_melanoma"] is True
    screen.radio[0].set_value("unknown").run()
    assert "family_melanoma" not in answers(service, secret)
    screen = opened(secret, at="q-medication")
    screen.text_area[0].set_value("  Warfarin ").run()
    assert answers(service, secret)["medication"] == "Warfarin"
    screen.text_area[0].set_value("").run()
    assert "medication" not in answers(service, secret)


def test_none_of_these_and_one_of_these_exclude_each_other(service, secret):
    agree(service, secret)
    screen = opened(secret, at="q-changes")
    *choices, none = screen.checkbox
    choices[0].check().run()
    assert answers(service, secret)["changes"] == ["size"]
    none.check().run()
    assert answers(service, secret)["changes"] == []
    assert [box.value for box in screen.checkbox] == [False, False, False, True]
    screen.checkbox[1].check().run()
    assert answers(service, secret)["changes"] == ["shape"]
    assert [box.value for box in screen.checkbox] == [False, True, False, False]


def test_nobody_goes_on_without_an_answer_that_is_needed(service, secret):
    agree(service, secret)
    screen = press(opened(secret, at="q-duration"), "on")
    assert "Please choose an answer to go on." in said(screen)
    assert heading(screen) == ["How long have you had it?"]
    screen = press(opened(secret, at="q-allergies"), "on")
    assert "Please write something to go on." in said(screen)
    screen = press(opened(secret, at="where"), "on")
    assert "Please mark a place to go on." in said(screen)
    screen = press(opened(secret, at="signs"), "on")
    assert "Please choose an answer to go on." in said(screen)


def test_whoever_comes_back_goes_on_after_what_was_done_last(service, secret):
    agree(service, secret)
    weblinks.as_patient(
        service, secret, by_patient.pin, place=drafting.Pin("chest", "front", 0.5, 0.3)
    )
    given = {"duration": "over_1_year", "size_mm": 7.0}
    weblinks.as_patient(service, secret, by_patient.answer, answers=given)
    screen = opened(secret)
    screen.radio[0].set_value("")
    assert heading(press(screen, "on")) == ["Has it changed?"]


def test_what_is_changed_from_the_last_look_leads_back_to_it(service, secret):
    weblinks.fill_in(service, secret)
    screen = press(opened(secret, at="check"), "change-q-duration")
    assert heading(screen) == ["How long have you had it?"]
    assert heading(press(screen, "on")) == ["Check your answers"]


def test_the_last_look_says_what_is_missing_and_leads_there(service, secret):
    weblinks.fill_in(service, secret)
    weblinks.as_patient(service, secret, by_patient.answer, answers={"skin_type": None})
    screen = opened(secret, at="check")
    assert "Something is still missing" in said(screen)
    assert "send" not in [one.key for one in screen.button]
    screen = press(screen, "missing")
    assert heading(screen) == ["What does your skin do in the sun?"]


def test_a_picture_that_cannot_be_taken_is_left_out_and_said(service, secret):
    weblinks.fill_in(service, secret)
    lesion = page(service, secret).pins[0].lesion_id
    weblinks.as_patient(service, secret, by_patient.unpin, lesion_id=lesion)
    weblinks.as_patient(
        service, secret, by_patient.pin, place=drafting.Pin("neck", "back", 0.5, 0.2)
    )
    number = page(service, secret).pins[0].number
    screen = opened(secret, at=f"p-close_up-{number}")
    screen = press(screen, f"skip-p-close_up-{number}")
    assert page(service, secret).excused
    assert heading(screen) == ["Check your answers"]
    assert "send" in [one.key for one in screen.button]


def test_send_is_said_once_and_the_page_shows_what_happens_next(service, secret):
    weblinks.fill_in(service, secret)
    screen = press(opened(secret, at="check"), "send")
    assert heading(screen) == ["Thank you. We have it all."]
    due = page(service, secret).status.due_on
    assert f"You should hear from your practice by {ENGLISH.day(due)}." in said(screen)
    assert heading(opened(secret, at="q-duration")) == ["What happens next"]


def test_a_page_that_is_out_of_date_says_so_and_where_it_stands(service, secret):
    weblinks.fill_in(service, secret)
    old = opened(secret, at="q-duration")
    weblinks.submit(service, secret)
    old.radio[0].set_value("over_1_year").run()
    assert heading(old) == ["What happens next"]
    assert answers(service, secret)["duration"] == "2_to_6_months"


def test_a_visit_that_was_left_alone_for_an_hour_is_over(service, secret):
    agree(service, secret)
    with service.store.transaction() as session:
        session.execute(
            sa.update(Visit).values(seen_at=clock.now() - timedelta(minutes=61))
        )
    screen = opened(secret, at="check")
    assert heading(screen) == ["Open your page"]
    assert "Your page was closed to keep it safe." in said(screen)
    assert "Anna" not in said(screen)


def test_a_link_that_is_cancelled_ends_the_page_at_the_next_click(service, secret):
    agree(service, secret)
    screen = opened(secret, at="q-duration")
    with service.store.transaction() as session:
        session.execute(sa.update(Invitation).values(state=InvitationState.CANCELLED))
    screen.radio[0].set_value("over_1_year").run()
    assert "Your practice has closed this link." in said(screen)


def test_a_rash_on_private_parts_is_refused_after_its_page(service):
    referral_id = weblinks.an_invitation(
        service, request=Request(problem="rash", would_have_referred=True)
    )
    secret = weblinks.a_visit(service, referral_id)
    agree(service, secret)
    screen = opened(secret, at="q-distribution")
    screen.checkbox(key="answer-distribution-genital").check().run()
    assert heading(screen) == ["Where is the rash?"]
    screen = press(screen, "on")
    assert heading(screen) == ["Please see your practice for this"]
    assert weblinks.invitation_of(service, referral_id).stopped_for == "intimate"


def test_the_language_of_the_link_is_spoken_until_another_is_chosen(service):
    referral_id = weblinks.an_invitation(
        service, reach=Reach(Way.EMAIL, "anna@example.org", "pl")
    )
    secret = weblinks.a_visit(service, referral_id)
    screen = opened(secret)
    assert heading(screen) == ["Jak to działa"]
    assert heading(press(screen, "speak-en")) == ["How it works"]
    assert weblinks.invitation_of(service, referral_id).language == "en"
    assert heading(opened(secret)) == ["How it works"]


def test_where_it_stands_is_told_step_by_step(service, secret):
    weblinks.fill_in(service, secret)
    weblinks.submit(service, secret)
    shown = said(opened(secret))
    assert shown.index("are with us") < shown.index("A specialist looks at them")
    assert 'aria-current="step"' in shown
    assert f"Sent on {ENGLISH.day(clock.today())}" in shown


# ------------------------------------------------------------------ the order of pages


def test_pages_come_in_order_and_an_answer_brings_or_takes_one(service, secret):
    agree(service, secret)
    before = [one.at for one in steps.steps(page(service, secret))]
    assert before[:4] == ["signs", "spots", "where", "q-duration"]
    assert before[-1] == "check"
    assert "q-growth" not in before
    weblinks.as_patient(
        service, secret, by_patient.answer, answers={"changes": ["size"]}
    )
    now = page(service, secret)
    after = [one.at for one in steps.steps(now)]
    assert after[after.index("q-changes") + 1] == "q-growth"
    assert steps.after(now, "q-changes") == "q-growth"
    assert steps.before(now, "q-growth") == "q-changes"
    assert steps.before(now, "signs") == ""
    assert steps.after(now, "check") == "check"


def test_a_file_that_lacks_words_of_a_specialty_is_helped_out_by_the_specialty(
    service, secret
):
    described = page(service, secret).specialty
    bare = Words(ENGLISH.model_copy(update={"specialties": {}}))
    by_patient_alone = [one for one in described.questions if one.by_patient]
    for question in by_patient_alone:
        own = bare.question(described, question)
        assert own.label == question.label
        assert set(own.choices) == {
            *(choice.code for choice in question.choices),
            *(
                value.code
                for value in described.patient.values.get(question.id, ())
                if isinstance(value, Everyday)
            ),
        }
    assert bare.site(described, "chest") == "Chest"
    assert bare.view(described, described.views[0]).label == described.views[0].label
    assert bare.warning(described, "airway", "its own words") == "its own words"


# ------------------------------------------------------------------ words and code


def code_of_the_pages():
    folders = (ROOT / "core" / "ui" / "patient", ROOT / "core" / "ui" / "components")
    files = [one for folder in folders for one in folder.rglob("*.py")]
    files.append(ROOT / "core" / "languages" / "model.py")
    files += (ROOT / "core" / "ui" / "components").rglob("*.js")
    return "\n".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        *(("pages", name) for name in sorted(ENGLISH.pages) if name != "paper"),
        *(("components", name) for name in sorted(ENGLISH.components)),
    ],
)
def test_every_text_of_a_page_is_shown_somewhere(part, name):
    code = code_of_the_pages()
    named = getattr(ENGLISH, part)[name]
    # figure_${side} and its like are put together.
    lost = [
        key
        for key in named
        if not re.search(
            rf"[\"']{key}[\"']|(?:texts|sentences)\.{key}\b|`{key.partition('_')[0]}_\$",
            code,
        )
    ]
    assert lost == []


def test_all_languages_lie_in_one_folder():
    files = {one.stem for one in (REFERENCE / "patient").glob("*.toml")}
    assert files == {one.code for one in languages()}
