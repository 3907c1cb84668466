"""One referral's whole way, through real apps, with a real picture in the camera."""

import io
from pathlib import Path

import duckdb
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from core.analytics import versions
from core.config import ROOT, Settings
from core.demo import skin
from tests.browser.conftest import Launch
from tests.browser.journey import Desk, sign_in, until


pytestmark = pytest.mark.browser

PHOTOGRAPHS = ROOT.parent / "shared" / "images"


@pytest.fixture(scope="module")
def browser(
    launch: Launch, screens: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Browser:
    """Chromium whose camera shows a dermoscopic photograph, or else a drawn one."""
    # Pages that are published show no photograph of a real person.
    found = [] if screens else sorted(PHOTOGRAPHS.glob("derm_*.jpg"))
    photograph = next(iter(found), None)
    drawn = skin.draw("dermoscopic", problem="melanoma", tone=2, seed=1)
    source = photograph or io.BytesIO(drawn)
    film = tmp_path_factory.mktemp("camera") / "dermatoscope.mjpeg"
    with Image.open(source) as picture, film.open("wb") as out:
        # The pretended camera shows nothing of a picture with odd sides.
        even = picture.crop((0, 0, picture.width & ~1, picture.height & ~1))
        for _ in range(2):
            even.save(out, "JPEG", quality=95)
    return launch(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )


def test_a_referral_from_the_practice_to_the_dashboard(demo, browser, screens):
    before = referrals_in_mart(demo)
    gp = Desk(sign_in(browser, demo, "capture", "gp.patel"), screens)
    reference = when_the_gp_refers_somebody(gp)
    specialist = Desk(sign_in(browser, demo, "consultant", "cons.reid"), screens)
    when_the_specialist_answers(specialist, reference)
    when_the_practice_acknowledges(gp, reference)
    then_the_mart_has_one_more(demo, before)
    commissioner = Desk(sign_in(browser, demo, "commissioner", "com.khan"), screens)
    then_the_commissioner_sees_fresh_figures_and_nobody(commissioner)


def when_the_gp_refers_somebody(gp: Desk) -> str:
    gp.heading("Home")
    gp.check("capture-home")
    gp.press("New referral")
    gp.heading("Who is the patient?")
    given_a_new_patient(gp)
    gp.check("capture-patient")
    gp.press("Refer this patient")
    gp.heading("What is the problem?")
    gp.choose("Lesion")
    gp.page.get_by_role("button", name="Left forearm, front").click()
    expect(gp.page.get_by_role("button", name="Remove")).to_be_visible()
    gp.check("capture-problem")
    gp.press("Continue to history")
    and_answers_the_history(gp)
    gp.press("Continue to images")
    and_takes_the_pictures(gp)
    gp.press("Continue to ask and send")
    return and_asks_and_sends(gp)


def given_a_new_patient(gp: Desk) -> None:
    gp.page.get_by_text("Register a new patient").click()
    gp.write("Family name", "Journey")
    gp.write("Given name", "Jo")
    born = gp.page.get_by_role("group", name="Date of birth").last
    born.get_by_role("spinbutton").first.click()
    gp.page.keyboard.type("03041956")
    gp.write("NHS number, if known", "999 000 0042")
    gp.press("Register")
    gp.see("JOURNEY, Jo is registered.")


def and_answers_the_history(gp: Desk) -> None:
    gp.heading("History")
    gp.answer("How long has it been there?", "2 to 6 months")
    gp.number("Largest diameter", "8")
    gp.choose("In size")
    gp.choose("Irregular or changing colour")
    gp.answer("How fast has it grown?", "Over months")
    gp.answer("Skin cancer in the past?", "No")
    gp.choose("III: sometimes burns, tans slowly")
    gp.write("Allergies", "none known")
    gp.see("Weighted 7-point checklist: 5 points")
    gp.check("capture-history")


def and_takes_the_pictures(gp: Desk) -> None:
    gp.heading("Images")
    wanted = ("Where it is", "Close-up with a ruler", "Close-up", "Dermoscopic")
    for count, view in enumerate(wanted, start=1):
        gp.page.get_by_text(f"Lesion 1: {view}", exact=True).first.click()
        gp.settle()
        expect(gp.page.get_by_role("heading", name=f"Lesion 1: {view}")).to_be_visible()
        gp.page.get_by_role("button", name="Take picture").click()
        gp.see(f"Taken: {count}")
        gp.settle()
    gp.see("All pictures that are asked for are there.")
    gp.check("capture-images")


def and_asks_and_sends(gp: Desk) -> str:
    gp.heading("Ask and send")
    gp.write("Your question", "Is this a melanoma?")
    gp.choose("Suspected cancer")
    gp.choose("Yes")
    gp.choose("Consent was given (required)")
    gp.check("capture-ask")
    gp.press("Send to specialist")
    gp.see("It took you")
    gp.check("capture-sent")
    said = gp.page.get_by_text("Reference").first.inner_text()
    return said.split("Reference ")[1].split(",")[0]


def when_the_specialist_answers(specialist: Desk, reference: str) -> None:
    specialist.heading("Home")
    specialist.check("consultant-home")
    specialist.page.get_by_role("link", name="Worklist").click()
    specialist.heading("Worklist")
    specialist.check("consultant-worklist")
    specialist.page.get_by_role("link", name=reference).click()
    specialist.see("Is this a melanoma?")
    specialist.see("Your answer")
    picture = specialist.page.get_by_alt_text("Lesion 1: Where it is").first
    expect(picture).to_be_visible()
    specialist.page.get_by_role("combobox", name="Diagnoses").click()
    specialist.page.keyboard.type("rodent")
    specialist.page.get_by_role("option", name="Basal cell carcinoma").first.click()
    specialist.page.keyboard.press("Escape")
    specialist.settle()
    specialist.write("Advice to the practice", "Looks like a BCC. We will excise it.")
    specialist.pick("Outcome", "Straight to a procedure")
    specialist.pick("For", "Excision")
    specialist.check("consultant-case")
    specialist.press("Send answer")
    specialist.see("The answer is with")


def when_the_practice_acknowledges(gp: Desk, reference: str) -> None:
    gp.page.get_by_role("link", name="Referrals and answers").click()
    gp.heading("Referrals and answers")
    gp.check("capture-inbox")
    row = gp.page.locator("[class*='st-key-panel-']").filter(has_text=reference)
    row.get_by_role("button", name="Read").click()
    gp.see("Looks like a BCC.")
    gp.see("Tell the patient that they will be booked")
    gp.check("capture-answer")
    gp.page.get_by_role("button", name="Acknowledge as").click()
    gp.see("Acknowledged by")


def referrals_in_mart(demo: Settings) -> int:
    """Rows of the newest mart; waits for the worker's first build."""
    folder = demo.analytics_folder
    until(lambda: versions.current(folder) is not None, "the worker built nothing")
    there = versions.current(folder)
    assert there
    file = versions.path(folder, "mart", there.version)
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute("select count(*) from referral").fetchall()
    return int(found[0][0])


def then_the_mart_has_one_more(demo: Settings, before: int) -> None:
    until(
        lambda: referrals_in_mart(demo) == before + 1,
        "a minute on, the mart has not moved",
    )


def then_the_commissioner_sees_fresh_figures_and_nobody(commissioner: Desk) -> None:
    commissioner.heading("Overview")
    commissioner.see("Brought up to date")
    for name in ("Volumes", "Outcomes", "Turnaround"):
        commissioner.page.get_by_role("link", name=name, exact=True).click()
        commissioner.heading(name)
        said = commissioner.page.locator("body").inner_text()
        assert "Journey" not in said
        assert "JOURNEY" not in said
