"""The documentation says what the code does."""

from core.referrals.life_cycle import PAGE, page


def test_the_page_of_the_life_cycle_is_the_one_the_code_writes():
    assert PAGE.read_text("utf-8") == page(), "run `make fix`"
