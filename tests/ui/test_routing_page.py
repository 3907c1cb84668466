"""The routing page: who is let in, and from an entry to a saved version."""

import pytest
import sqlalchemy as sa

from core.contracts.tables import RoutingPolicyVersion
from tests.routing import a_manager, takes
from tests.ui.test_screens import everything_said, opened
from tests.world import a_sent_referral


@pytest.fixture
def manager(at_ten, service):
    return a_manager(service)


@pytest.fixture
def screen(manager):
    return opened("commissioner", manager, "routing")


def versions(world):
    with world.store.reading() as session:
        return session.scalars(
            sa.select(RoutingPolicyVersion).order_by(RoutingPolicyVersion.number)
        ).all()


def field(elements, label):
    (found,) = [one for one in elements if one.label == label]
    return found


def test_a_commissioner_has_no_such_page(at_ten, service):
    screen = opened("commissioner", service.commissioner)
    pages = {known["url_pathname"] for known in screen._registered_pages.values()}
    assert "routing" not in pages
    assert "volumes" in pages


def test_the_policy_is_read_in_plain_sentences(screen):
    assert not screen.exception
    said = everything_said(screen)
    assert "Everything else goes to Ozone Specialists first" in said
    assert "Ozone Specialists: 3 specialists" in said.replace("\\", "")
    assert "Set up with the contract" in said


def test_a_number_is_entered_and_saved_as_a_new_version(service, screen):
    field(screen.number_input, "At most a day").set_value(4)
    field(screen.button, "Save").click().run()
    assert not screen.exception
    assert [one.content.get("daily_number") for one in versions(service)] == [
        None,
        4,
    ]
    said = everything_said(screen)
    assert "Version 2 of the policy is saved." in said
    assert "Ozone Specialists takes up to 4 referrals a day" in said
    assert "Saved by Paul Brandt" in said


def test_a_policy_that_routes_to_nobody_is_refused_on_the_page(service, screen):
    field(screen.button, "Add a sub-specialty").click().run()
    field(screen.text_input, "Name").input("Children")
    field(screen.number_input, "Aged below").set_value(16)
    field(screen.checkbox, "Only specialists who take it may answer").check()
    field(screen.button, "Save").click().run()
    assert not screen.exception
    (refusal,) = screen.error
    assert "somebody would wait in vain" in refusal.value
    assert "no specialist there takes “Children”" in refusal.value
    assert len(versions(service)) == 1
    takes(service, service.consultant, "children")
    field(screen.button, "Save").click().run()
    assert not screen.exception
    (saved,) = versions(service)[1:]
    assert saved.content["preferences"][0]["code"] == "children"


def test_a_row_that_is_not_filled_in_is_said_and_can_be_removed(service, screen):
    field(screen.button, "Add a sub-specialty").click().run()
    field(screen.button, "Save").click().run()
    assert "Name each sub" in screen.error[0].value
    field(screen.button, "Remove this row").click().run()
    assert not screen.exception
    assert not [one for one in screen.text_input if one.label == "Name"]


def test_last_month_is_replayed_before_anything_is_saved(service, screen):
    a_sent_referral(service)
    field(screen.button, "Replay last month").click().run()
    assert not screen.exception
    assert "Nothing was sent under this contract in that month" in everything_said(
        screen
    )
    assert len(versions(service)) == 1
