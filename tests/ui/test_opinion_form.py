"""The fields of an opinion, on the real case page."""

from core.reviews.presenters import answers, snippets
from core.specialties.reference import specialty
from tests.ui.test_screens import opened
from tests.world import a_sent_referral


def test_a_diagnosis_that_the_browser_hands_over_twice_is_taken_once(service):
    referral_id = a_sent_referral(service)
    screen = opened("consultant", service.consultant, "case", id=referral_id)
    for _ in range(2):
        screen.selectbox(key=f"op-{referral_id}-diagnosis").select("bcc").run()
        assert not screen.exception
    with service.store.reading() as session:
        kept = answers.kept_draft(session, service.consultant.scope, referral_id)
    assert kept["diagnoses"] == ["bcc"]


def test_a_text_that_the_browser_hands_over_twice_is_inserted_once(service):
    referral_id = a_sent_referral(service)
    screen = opened("consultant", service.consultant, "case", id=referral_id)
    for _ in range(2):
        screen.selectbox(key=f"op-{referral_id}-snippet").select_index(0).run()
        assert not screen.exception
    with service.store.reading() as session:
        offered = snippets.advice(
            session, service.consultant.scope, specialty("dermatology"), ()
        )
        kept = answers.kept_draft(session, service.consultant.scope, referral_id)
    assert kept["advice"] == offered[0].words
