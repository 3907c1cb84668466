"""Whatever an address or a name says, a patient's page is that patient's and harmless."""

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.imaging.tables import Image
from tests.processes import ROOT
from tests.ui.test_screens import everything_said
from tests.weblinks import a_patients_draft, a_visit, an_invitation, fill_in, invite
from tests.world import a_draft, a_patient


def another_patients(world):
    """Somebody else of the same practice, with a draft and its pictures."""
    other = a_patient(world, "9434765870", family_name="Elsewhere")
    referral_id = a_draft(world, other)
    with world.store.reading() as session:
        image_id = session.scalars(
            sa.select(Image.id).where(Image.referral_id == referral_id)
        ).first()
    return referral_id, image_id


def words_of(secret, **query):
    screen = AppTest.from_file(ROOT / "apps" / "patient.py", default_timeout=30)
    screen.session_state["oz-visit"] = secret
    for name, value in query.items():
        screen.query_params[name] = str(value)
    screen.run()
    assert not screen.exception
    html = " ".join(str(one.proto) for one in screen.get("html"))
    fields = " ".join(str(one.value) for one in [*screen.text_input, *screen.text_area])
    return f"{everything_said(screen)} {html} {fields}"


@pytest.mark.parametrize("name", ["id", "at", "referral", "patient", "trouble", "show"])
def test_whatever_stands_in_the_address_the_page_is_ones_own(service, name):
    secret = a_visit(service, an_invitation(service))
    fill_in(service, secret)
    referral_id, image_id = another_patients(service)
    for value in (
        referral_id,
        image_id,
        "ELSEWHERE",
        "worklist",
        "'; --",
        "../capture",
    ):
        said = words_of(secret, **{name: value})
        assert "Elsewhere" not in said.replace(str(value), "")


def test_a_name_with_markup_in_it_stays_a_name(service):
    patient = a_patient(service, "", given_name="<script>alert(1)</script>")
    referral_id = a_patients_draft(service, patient)
    invite(service, referral_id)
    assert "<script>" not in words_of(a_visit(service, referral_id))
