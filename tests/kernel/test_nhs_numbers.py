"""NHS numbers: the check digit against an oracle of three lines, and the blocks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import Invalid
from core.kernel.nhs_number import NhsNumber, looks_like, parse


# First and last of each block that is issued, or kept for tests, as DOMAIN.md §6 says.
BLOCKS = (
    SCOTLAND := (100_000_000, 3_112_999_999),
    (3_200_000_000, 3_999_999_999),
    (4_000_000_000, 4_999_999_999),
    (6_000_000_000, 7_999_999_999),
    (9_000_000_000, 9_999_999_999),
)
GOOD = "9434765919"


def check_digit(nine):
    total = sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True))
    return {11: 0}.get(11 - total % 11, 11 - total % 11)


def could_be_issued(digits):
    number = int(digits)
    if SCOTLAND[0] <= number <= SCOTLAND[1]:
        # A Scottish number begins with the day, month and year of birth.
        day, month, year = (int(digits[at : at + 2]) for at in (0, 2, 4))
        try:
            date(2000 + year, month, day)
        except ValueError:
            return False
    return any(low <= number <= high for low, high in BLOCKS)


def accepted(text):
    try:
        return parse(text).digits
    except Invalid:
        return None


NINE_DIGITS = st.integers(0, 999_999_999).map("{:09}".format)
BORN = st.dates(date(2000, 1, 1), date(2068, 12, 31))
CHI = st.builds("{:%d%m%y}{:03}".format, BORN, st.integers(0, 999))


@given(NINE_DIGITS | CHI)
def test_of_ten_last_digits_the_right_one_is_taken_where_the_block_is_issued(nine):
    taken = [digit for digit in range(10) if accepted(f"{nine}{digit}")]
    right = check_digit(nine)
    number = f"{nine}{right}"
    good = right < 10 and could_be_issued(number) and len(set(number)) > 1
    assert taken == ([right] if good else [])


# The first and the last with a right check digit on either side of the blocks' edges.
@pytest.mark.parametrize(
    "inside",
    [
        "3200000007",
        "3999999993",
        "4000000004",
        "4999999994",
        "6000000006",
        "7999999997",
        "9000000009",
    ],
)
def test_a_block_is_taken_up_to_its_edges(inside):
    assert accepted(inside) == inside


@pytest.mark.parametrize(
    "outside",
    [
        "0099999994",
        "3113000009",
        "3199999999",
        "5000000005",
        "5999999995",
        "8000000008",
        "8999999998",
    ],
)
def test_what_lies_between_the_blocks_is_never_issued(outside):
    assert accepted(outside) is None


def test_a_scottish_number_begins_with_a_date_of_birth():
    # Right check digits both: born in January 1950, and in month 41.
    assert accepted("0101500009")
    assert accepted("0141500018") is None


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, by):
    wrong = str((int(GOOD[place]) + by) % 10)
    assert accepted(GOOD[:place] + wrong + GOOD[place + 1 :]) is None


@given(st.integers(0, 8))
def test_two_neighbours_exchanged_are_always_found(place):
    left, right = GOOD[place], GOOD[place + 1]
    exchanged = GOOD[:place] + right + left + GOOD[place + 2 :]
    assert accepted(exchanged) == (GOOD if left == right else None)


@pytest.mark.parametrize(
    "typed", ["943 476 5919", "943-476-5919", " 9434765919 ", "9 4 3-4765 91-9"]
)
def test_it_is_read_as_people_type_it(typed):
    assert parse(typed).digits == GOOD
    assert str(parse(typed)) == "943 476 5919"


@pytest.mark.parametrize("digit", range(10))
def test_one_digit_ten_times_is_what_people_type_to_get_past_a_form(digit):
    assert accepted(str(digit) * 10) is None


@pytest.mark.parametrize(
    "wrong",
    ["", "943476591", "94347659190", "943476591x", "٩٤٣٤٧٦٥٩١٩", "943476 591", "5" * 9],
)
def test_what_is_no_number_is_refused_in_words_by_the_field(wrong):
    with pytest.raises(Invalid, match="not a valid NHS number") as refused:
        parse(wrong)
    assert refused.value.field == "nhs_number"


@given(st.text(max_size=14))
def test_no_text_at_all_breaks_the_reader(text):
    assert accepted(text) is None or text
    assert looks_like(text) in (True, False)


def test_nothing_makes_half_a_number():
    with pytest.raises(Invalid):
        NhsNumber("943 476 5919")


def test_the_block_for_demonstrations_is_told_from_real_people():
    assert parse(GOOD).is_synthetic
    assert not parse("4010232137").is_synthetic


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("943 476 5919", True), ("9434765", True), ("943", False), ("Smith 77", False)],
)
def test_a_search_box_tells_numbers_from_names(typed, meant):
    assert looks_like(typed) is meant
