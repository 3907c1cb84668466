"""Letters seen before they are sent, and the way into a hospital, in a real browser."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.journey import Desk, sign_in


pytestmark = pytest.mark.browser

PRACTICE = "Elm"
NOTE = "Please do not worry <b>now</b>. It was good that you came."


def test_letters_are_looked_at_sent_and_opened_and_a_pack_is_confirmed(
    demo, browser, screens
):
    specialist = Desk(sign_in(browser, demo, "consultant", "cons.reid"), screens)
    reference = when_a_specialist_writes_an_answer(specialist)
    and_looks_at_both_letters(specialist, reference)
    specialist.press("Send answer")
    specialist.see("The answer is with")
    gp = Desk(sign_in(browser, demo, "capture", "gp.patel"), screens)
    then_the_practice_opens_both_letters(gp, reference)
    and_hands_the_pack_over(gp, reference)
    and_records_who_confirmed_it(gp)


def when_a_specialist_writes_an_answer(specialist: Desk) -> str:
    specialist.heading("Home")
    specialist.page.get_by_role("link", name="Worklist").click()
    specialist.heading("Worklist")
    row = specialist.page.locator(".oz-table tbody tr").filter(has_text=PRACTICE).first
    reference = str(row.locator("small").inner_text())
    row.get_by_role("link").click()
    specialist.see("Your answer")
    specialist.page.get_by_role("combobox", name="Diagnoses").click()
    specialist.page.keyboard.type("malignant")
    specialist.page.get_by_role("option", name="Melanoma").first.click()
    specialist.page.keyboard.press("Escape")
    specialist.settle()
    specialist.write("Advice to the practice", "Irregular network. Refer today.")
    specialist.pick("Outcome", "Hospital, urgent suspected cancer")
    specialist.pick("For", "Excision")
    return reference


def and_looks_at_both_letters(specialist: Desk, reference: str) -> None:
    specialist.page.get_by_text("Letters", exact=True).first.click()
    specialist.write("A note to the patient", NOTE)
    specialist.press("Look at both letters")
    dialog = specialist.page.get_by_role("dialog")
    expect(dialog.get_by_text("Irregular network. Refer today.")).to_be_visible()
    specialist.check("consultant-letter-practice")
    pdf = opened(specialist, dialog.get_by_role("link", name="practice (PDF)"))
    assert pdf.startswith(b"%PDF")
    dialog.get_by_role("tab", name="To the patient").click()
    expect(dialog.get_by_text(NOTE, exact=True)).to_be_visible()
    expect(dialog.get_by_text("We are not certain.")).to_be_visible()
    specialist.check("consultant-letter-patient")
    pdf = opened(specialist, dialog.get_by_role("link", name="patient (PDF)"))
    assert pdf.startswith(b"%PDF")
    specialist.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert reference


def opened(desk: Desk, link: Locator) -> bytes:
    """What a click on a link brings, in the same browser."""
    address = link.get_attribute("href")
    origin = re.match(r"https?://[^/]+", desk.page.url)
    assert address and origin
    reply = desk.page.request.get(f"{origin[0]}{address}")
    assert reply.status == 200, reply.text()
    assert reply.headers["cache-control"] == "private, no-store"
    return bytes(reply.body())


def then_the_practice_opens_both_letters(gp: Desk, reference: str) -> None:
    gp.heading("Home")
    gp.see("to hospital, not confirmed")
    gp.page.get_by_role("link", name="Referrals and answers").click()
    gp.heading("Referrals and answers")
    row = gp.page.locator("[class*='st-key-panel-']").filter(has_text=reference)
    row.get_by_role("button", name="Read").click()
    gp.see("Irregular network.")
    for name in ("Letter to the practice (PDF)", "Letter to the patient (PDF)"):
        link = gp.page.get_by_role("link", name=name).first
        assert opened(gp, link).startswith(b"%PDF")
    gp.check("capture-to-hospital")


def and_hands_the_pack_over(gp: Desk, reference: str) -> None:
    data = opened(gp, gp.page.get_by_role("link", name="Download the pack (ZIP)"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert f"{reference}-letter.pdf" in archive.namelist()
    gp.page.get_by_role("link", name="To hospital").first.click()
    gp.heading("To hospital, not confirmed")
    gp.see("Handed over, not confirmed")
    gp.check("capture-hospital-list")
    row = gp.page.locator("[class*='st-key-panel-onward']").filter(
        has_text="Handed over, not confirmed"
    )
    row.get_by_role("button", name="Open").first.click()
    gp.see("Irregular network.")
    gp.page.get_by_role("button", name="Send the pack to").click()
    gp.see("The pack is on its way.")


def and_records_who_confirmed_it(gp: Desk) -> None:
    gp.page.get_by_text("The hospital has confirmed it", exact=True).click()
    gp.write("Who at the hospital?", "Sister Mary Cole")
    gp.write("How?", "by phone")
    gp.press("Record the confirmation")
    gp.see("Confirmed by the hospital")
    gp.see("Sister Mary Cole, by phone")
