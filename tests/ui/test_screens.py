"""The apps as a browser meets them: doors, bad addresses, and a session that ends."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.access.tables import SignInSession
from core.audit.tables import Audit
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.presenters import pages
from core.referrals.tables import Referral
from tests.processes import ROOT
from tests.world import a_draft, a_patient, a_sent_referral


def opened(app, who=None, page="", **query):
    """An app, signed in to as somebody, at one of its pages."""
    screen = AppTest.from_file(ROOT / "apps" / f"{app}.py", default_timeout=30)
    screen.user = {"is_logged_in": False}
    if who:
        screen.user = {
            "is_logged_in": True,
            "iss": "https://id.example",
            "sub": who.name,
            "iat": time.time(),
        }
    if not page:
        return screen.run()
    screen.run()
    for name, value in query.items():
        screen.query_params[name] = str(value)
    # AppTest changes between pages that are files; ours are functions.
    (screen._page_hash,) = (
        key
        for key, known in screen._registered_pages.items()
        if known["url_pathname"] == page
    )
    return screen.run()


def everything_said(screen):
    elements = [*screen.title, *screen.header, *screen.markdown, *screen.caption]
    elements += [*screen.error, *screen.info, *screen.warning, *screen.success]
    elements += [*screen.text_area, *screen.subheader, *screen.text]
    return "\n".join(str(element.value) for element in elements)


def refusals(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(Audit).where(Audit.action == "refused")).all()


def idle(world, minutes):
    """Nobody clicks for so long."""
    with world.store.transaction() as session:
        session.execute(
            sa.update(SignInSession).values(
                seen_at=clock.now() - timedelta(minutes=minutes)
            )
        )


@pytest.mark.parametrize("app", ["capture", "consultant"])
def test_who_is_not_signed_in_sees_a_button_and_nothing_else(service, app):
    a_sent_referral(service)
    screen = opened(app)
    assert [button.label for button in screen.button] == ["Sign in"]
    assert "Sign in to go on." in everything_said(screen)
    assert "Elm" not in everything_said(screen)


@pytest.mark.parametrize(
    ("app", "role"),
    [
        ("capture", "consultant"),
        ("capture", "commissioner"),
        ("consultant", "gp"),
        ("consultant", "nurse"),
        ("consultant", "commissioner"),
    ],
)
def test_the_wrong_role_is_refused_shown_nothing_and_audited(service, app, role):
    a_sent_referral(service)
    who = getattr(service, role)
    screen = opened(app, who)
    assert [title.value for title in screen.title] == ["No access"]
    assert [error.value for error in screen.error] == [
        "Your role does not include this app."
    ]
    assert [button.label for button in screen.button] == ["Sign out"]
    (row,) = refusals(service)
    assert (row.person_id, row.entity) == (who.person_id, "page")


def test_a_stranger_with_a_good_sign_in_sees_why(service):
    ghost = type("Ghost", (), {"name": "nobody"})
    screen = opened("capture", ghost)
    assert "have no access to this service" in screen.error[0].value
    assert refusals(service) == []


@pytest.mark.parametrize(
    ("app", "who"), [("capture", "gp"), ("consultant", "consultant")]
)
def test_whoever_belongs_lands_at_home(service, app, who):
    screen = opened(app, getattr(service, who))
    assert [title.value for title in screen.title] == ["Home"]
    assert not screen.exception
    assert not screen.error


BAD_IDS = ["", "'; drop table referral;--", "ü" * 300]


@pytest.mark.parametrize("bad", BAD_IDS)
@pytest.mark.parametrize(
    ("app", "who", "page"),
    [
        ("capture", "gp", "referral"),
        ("capture", "gp", "new"),
        ("consultant", "consultant", "case"),
    ],
)
def test_an_address_that_names_nothing_says_so(service, app, who, page, bad):
    screen = opened(app, getattr(service, who), page, id=bad)
    assert [failure.value for failure in screen.exception] == [
        "This address names no referral. "
        + ("Begin a new one." if page == "new" else "Open one from your lists.")
    ]


@pytest.mark.parametrize(
    ("app", "who", "page"),
    [
        ("capture", "other_gp", "referral"),
        ("capture", "other_gp", "new"),
        ("consultant", "stranger", "case"),
    ],
)
def test_another_organisations_referral_is_as_if_it_were_not_there(
    service, app, who, page
):
    referral_id = a_sent_referral(service)
    actor = getattr(service, who)
    there = opened(app, actor, page, id=referral_id)
    nowhere = opened(app, actor, page, id=new_id())
    said = [failure.value for failure in there.exception]
    assert said == [failure.value for failure in nowhere.exception]
    assert "There is no such referral, or it is not yours to see." in said
    for secret in ("SMITH", "Anna", "943 476", "Is this harmless"):
        assert secret not in everything_said(there)


def question_of(service, referral_id):
    with service.store.reading() as session:
        return session.get_one(Referral, referral_id).question


def asking(service, referral_id):
    screen = opened("capture", service.gp, "new", id=referral_id, step="ask_and_send")
    return screen, screen.text_area(key=f"question-{referral_id}")


def test_what_is_typed_is_saved_when_the_box_is_left(service):
    referral_id = a_draft(service)
    screen, box = asking(service, referral_id)
    box.set_value("Could this be a Spitz naevus?").run()
    assert not screen.error
    assert question_of(service, referral_id) == "Could this be a Spitz naevus?"


def test_a_session_that_ended_while_somebody_typed_keeps_what_was_typed(service):
    referral_id = a_draft(service)
    screen, box = asking(service, referral_id)
    idle(service, minutes=20)
    box.set_value("Typed for twenty minutes").run()
    assert question_of(service, referral_id) == "Typed for twenty minutes"
    said = everything_said(screen)
    assert "nothing happened for 15 minutes. What you entered is saved." in said
    assert [button.label for button in screen.button] == ["Sign in"]
    assert "SMITH" not in said


def test_after_the_page_said_so_nothing_more_is_taken_from_that_tab(service):
    referral_id = a_draft(service)
    screen, box = asking(service, referral_id)
    idle(service, minutes=20)
    screen.run()
    box.set_value("From an old tab").run()
    assert question_of(service, referral_id) == "Is this harmless?"


def test_after_signing_out_elsewhere_an_old_tab_saves_nothing(service):
    referral_id = a_draft(service)
    screen, box = asking(service, referral_id)
    with service.store.transaction() as session:
        session.execute(sa.update(SignInSession).values(ended_at=clock.now()))
    box.set_value("Typed into an old tab").run()
    assert question_of(service, referral_id) == "Is this harmless?"
    assert "You have signed out. Sign in to go on." in everything_said(screen)


def test_the_button_sends_and_a_second_click_changes_nothing(service):
    referral_id = a_draft(service)
    screen, _ = asking(service, referral_id)
    screen.button(key="send").click().run()
    assert not screen.exception
    with service.store.reading() as session:
        page = pages.page(session, service.gp.scope, referral_id)
    assert page.state.value == "submitted"
    assert page.reference in everything_said(screen)


def test_a_patients_name_is_shown_as_it_was_typed_and_never_as_markup(service):
    patient = a_patient(service, family_name="<b>Bold</b> *x*", given_name="[a](b)")
    referral_id = a_draft(service, patient)
    screen, _ = asking(service, referral_id)
    shown = "\n".join(str(one.proto.body) for one in screen.get("html"))
    assert "&lt;B&gt;BOLD&lt;/B&gt;" in shown
    assert "<B>" not in shown


def test_opening_a_case_claims_it_once_however_often_the_page_reruns(service):
    referral_id = a_sent_referral(service)
    screen = opened("consultant", service.consultant, "case", id=referral_id)
    screen.run()
    assert not screen.exception
    with service.store.reading() as session:
        query = sa.select(Audit).where(Audit.action == "open_case")
        assert len(session.scalars(query).all()) == 1
    other = opened("consultant", service.colleague, "case", id=referral_id)
    assert any("Dr Colin Reid is reading" in one.value for one in other.warning)
