"""The lists of hospitals and clinics, and a referral's letters, on their pages."""

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.kernel import clock
from core.kernel.ids import new_id
from core.reviews.model import OnwardState
from core.reviews.tables import Onward, Opinion
from tests.ui.test_screens import everything_said, opened
from tests.world import URGENT, a_sent_referral, an_answered_referral


PAGE = """
from core.access.model import App
from core.ui.consultant import {name}
from core.ui.session import require, show_said
require(App.CONSULTANT)
show_said()
{name}.show()
"""


def specialists_page(name, who):
    screen = AppTest.from_string(PAGE.format(name=name), default_timeout=30)
    screen.user = {
        "is_logged_in": True,
        "iss": "https://id.example",
        "sub": who.name,
        "iat": time.time(),
    }
    return screen.run()


def said(screen):
    return everything_said(screen) + "".join(
        str(one.value) for one in screen.get("html")
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("onward", "Every hospital has confirmed"),
        ("clinic_list", "Nobody has to be seen"),
    ],
)
def test_an_empty_list_says_so(service, name, words):
    screen = specialists_page(name, service.local)
    assert not screen.exception
    assert words in everything_said(screen)


def test_only_the_hospitals_own_specialist_can_say_that_they_have_it(service):
    an_answered_referral(service, URGENT)
    for who, can in ((service.local, True), (service.consultant, False)):
        screen = specialists_page("onward", who)
        assert "SMITH, Anna" in everything_said(screen).replace("\\", "")
        assert ("We have it" in [one.label for one in screen.button]) == can


def test_the_clinic_list_shows_what_somebody_needs(service):
    an_answered_referral(service, replace(URGENT, outcome="community_clinic"))
    screen = specialists_page("clinic_list", service.local)
    assert not screen.exception
    (table,) = (
        one.proto.body for one in screen.get("html") if "oz-table" in one.proto.body
    )
    for words in ("SMITH, Anna", "Excision", "Consultant or more senior", "40 min"):
        assert words in table


def test_the_practice_records_who_confirmed(service):
    referral_id = an_answered_referral(service, URGENT)
    screen = opened("capture", service.gp, "referral", id=referral_id)
    assert not screen.exception
    screen.text_input(key="confirm-who").set_value("Sister Cole").run()
    screen.button(key="confirm").click().run()
    assert "Say how they confirmed it" in everything_said(screen)
    screen.text_input(key="confirm-how").set_value("by phone").run()
    screen.button(key="confirm").click().run()
    with service.store.reading() as session:
        assert session.scalars(sa.select(Onward.state)).one() is OnwardState.CONFIRMED


def test_an_answer_from_before_there_were_letters_says_so(service):
    referral_id = a_sent_referral(service)
    with service.store.transaction() as session:
        session.add(
            Opinion(
                id=new_id(),
                referral_id=referral_id,
                version=1,
                person_id=service.consultant.person_id,
                organisation_id=service.consultant.organisation_id,
                moment=clock.now(),
                seconds=1.0,
                advice="Reassure.",
                outcome="advice_discharge",
            )
        )
    screen = opened("capture", service.gp, "referral", id=referral_id)
    assert not screen.exception
    assert "No letter was kept with this answer." in everything_said(screen)
