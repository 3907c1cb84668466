"""Stages, routing, second reads, marks, ways onward: by hand, and against an oracle."""

import math
from collections import Counter
from datetime import timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.model import OrganisationKind
from core.analytics import analysis, build, figures
from core.contracts.words import RULES
from core.kernel import clock
from core.kernel.errors import NotAllowed, ServiceError
from core.reviews.model import Certainty, RankedDiagnosis
from tests.analytics import desk, desk_oracle, life, oracle
from tests.analytics.test_numbers import JULY, MANAGER, QUARTER
from tests.analytics.test_reading import scope_of
from tests.routing import has_policy
from tests.world import NOW, build_world


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CANCER = (RankedDiagnosis("melanoma", Certainty.PROBABLE),)


def at(hours):
    return JULY + hours * HOUR


def built(world, folder, moment=NOW):
    with clock.set_to(moment):
        version = build.refresh(world.store).version
    return lambda table: rows(folder / f"mart-{version}.duckdb", table)


def rows(file, table):
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.table(table).to_arrow_table().to_pylist()


def test_a_long_way_to_an_answer_is_cut_into_its_stages(world, folder):
    made = life.refer(world, JULY)
    desk.claim(world, made, at(1))
    desk.release(world, made, at(2))
    desk.claim(world, made, at(4))
    desk.take_over(world, made, at(4.25), world.colleague)
    with clock.set_to(at(4.5)), world.store.transaction() as session:
        life.answering.send_back(
            session, by=world.colleague, referral_id=made, question="Since when?"
        )
    with clock.set_to(at(10.5)), world.store.transaction() as session:
        life.sending.supply(session, by=world.gp, referral_id=made, words="A year")
    desk.claim(world, made, at(12), world.colleague)
    assert desk.let_lapse(world, at(13)) == 1
    # Kept for whoever asked, for a day; opened 90 seconds before.
    life.answer(world, made, at(40))
    life.amend(world, made, at(41), "redirect_specialty")
    life.acknowledge(world, made, at(42))
    [row] = built(world, folder)("referral")
    seconds = 90 / 3600
    # 1 + 2 before the question; 1.5 + 27 after it, less the seconds of the last look.
    assert row["hours_in_pool"] == pytest.approx(31.5 - seconds)
    # 1 put back, a quarter by each until the question, 1 that lapsed, and the answer.
    assert row["hours_in_hand"] == pytest.approx(2.5 + seconds)
    assert row["hours_at_practice"] == pytest.approx(6)
    assert row["turnaround_hours"] == 40
    assert row["hours_to_claim"] == 1
    assert row["hours_to_acknowledge"] == 2
    assert (row["spells_in_hand"], row["taken_over"], row["released"]) == (5, 1, 2)
    assert (row["first_pool"], row["first_rule"]) == ("partner", "first_pool")
    assert (row["routing_decisions"], row["fell_back"]) == (2, False)


def test_what_was_never_answered_has_no_stages(small, folder):
    life.refer(small, JULY)
    held = life.refer(small, JULY)
    desk.claim(small, held, at(1))
    gone = life.refer(small, JULY)
    life.withdraw(small, gone, at(1))
    found = built(small, folder)("referral")
    assert {row["hours_in_pool"] for row in found} == {None}
    assert {row["hours_to_claim"] for row in found} == {None, 1}


def test_routing_decisions_cross_with_their_rules(world, folder):
    has_policy(world, first="partner", fallback_after_hours={"routine": 10})
    made = life.refer(world, JULY)
    assert desk.fall_back(world, at(10)) == 1
    table = built(world, folder)
    first, second = sorted(table("routing"), key=lambda row: row["number"])
    assert (first["pool"], first["rule"], first["rule_class"]) == (
        "partner",
        "first_pool",
        "first",
    )
    assert (second["pool"], second["rule_class"]) == ("local", "fallback")
    assert second["moment"] == at(10)
    [row] = table("referral")
    assert (row["first_pool"], row["routing_decisions"]) == ("partner", 2)
    assert row["fell_back"]
    assert made


def test_every_rule_of_a_policy_has_a_class_of_its_own_kind(many, published):
    with duckdb.connect(published / "mart-1.duckdb", read_only=True) as connection:
        classes = connection.sql(
            "select distinct rule, rule_class from routing"
        ).fetchall()
    assert {rule for rule, _ in classes} <= set(RULES)
    assert "other" not in {kind for _, kind in classes}


@pytest.fixture
def small(sqlite_store):
    """The world on SQLite alone, where the database makes no difference."""
    return build_world(sqlite_store)


@pytest.fixture
def read_twice(world, folder):
    """Three second reads: one agrees, one is settled, one waits."""
    desk.reads_all_again(world, JULY)
    made = [life.refer(world, JULY) for _ in range(3)]
    for place, one in enumerate(made):
        life.answer(world, one, at(1 + place))
    desk.read_again(world, made[0], at(10))
    desk.read_again(world, made[1], at(12), desk.OTHER)
    desk.settle(world, made[1], at(20))
    return made


def test_second_reads_agree_differ_or_wait(world, folder, read_twice):
    table = built(world, folder)
    found = {row["state"]: row for row in table("second_read")}
    agreed, settled, waiting = found["agreed"], found["settled"], found["waiting"]
    assert (agreed["same_group"], agreed["same_outcome"]) == (True, True)
    assert agreed["hours_to_read"] == 9
    assert (agreed["first_group"], agreed["second_group"]) == ("benign_lesion",) * 2
    assert (settled["same_group"], settled["same_outcome"]) == (False, False)
    assert (settled["first_outcome"], settled["second_outcome"]) == (
        "advice_discharge",
        "secondary_care_urgent_cancer",
    )
    assert (settled["settled_for"], settled["settled_at"]) == ("first", at(20))
    assert waiting["second_reader"] is waiting["same_group"] is None
    assert {row["cause"] for row in found.values()} == {"sample"}
    # One reader is one number, in the answers as in the readings.
    answered_by = {row["specialist"] for row in table("referral")}
    assert {agreed["first_reader"]} == answered_by
    assert agreed["second_reader"] == settled["second_reader"]


def test_agreement_is_counted_by_hand(world, folder, read_twice):
    built(world, folder)
    found = analysis.agreement(MANAGER).set_index(["of", "category"])
    whole = found.loc[("group", "all")]
    # Two pairs, one agrees; by chance half would: kappa is 0.
    assert (whole["n"], whole["agreed"], whole["kappa"]) == (2, 0.5, 0)
    assert whole["low"] <= 0 <= whole["high"]
    one = found.loc[("outcome", "secondary_care_urgent_cancer")]
    assert (one["n"], one["agreed"]) == (2, 0.5)
    assert analysis.agreement(MANAGER, "rule")["n"].tolist() == [0, 0]
    readers = analysis.agreement_by_reader(MANAGER)
    assert readers["reader"].nunique() == 2
    assert set(readers["n"]) == {2}


def test_marks_are_of_the_newest_answer(world, folder):
    once, anew, back = (life.refer(world, JULY) for _ in range(3))
    for one in (once, anew, back):
        life.answer(world, one, at(1))
        desk.mark(world, one, at(2), helpful=True, instructive=False)
    life.amend(world, anew, at(3), "advice_discharge")
    desk.mark(world, back, at(4), helpful=None)
    table = built(world, folder)
    said = Counter((row["helpful"], row["instructive"]) for row in table("referral"))
    assert said == {(True, False): 1, (None, None): 1, (None, False): 1}
    found = analysis.marks(MANAGER).set_index("question")
    assert found.loc["helpful", ["n", "said_yes", "share"]].tolist() == [1, 1, 1]
    assert found.loc["instructive", ["n", "said_yes", "share"]].tolist() == [2, 0, 0]
    # Wilson for 1 of 1: 1 / (1 + z²) to 1.
    assert found.loc["helpful", "low"] == pytest.approx(1 / (1 + 1.96**2), abs=1e-4)
    assert found.loc["helpful", "high"] == 1


def test_ways_onward_are_followed_until_someone_confirms(world, folder):
    urgent = "secondary_care_urgent_cancer"
    sure, late, anew = (life.refer(world, JULY) for _ in range(3))
    for one in (sure, late, anew):
        life.answer(world, one, at(1), urgent, diagnoses=CANCER)
    desk.take_pack(world, sure, at(2))
    desk.confirm(world, sure, at(5))
    life.amend(world, anew, at(3), "advice_discharge")
    assert desk.escalate(world, at(26)) == 1
    table = built(world, folder)
    found = {row["state"]: row for row in table("onward")}
    confirmed, prepared = found["confirmed"], found["prepared"]
    assert confirmed["handed_over_at"] == at(2)
    assert (confirmed["hours_to_confirm"], confirmed["in_time"]) == (4, True)
    assert (prepared["escalated"], prepared["escalated_at"]) == (True, at(26))
    assert prepared["confirm_by"] == at(25)
    assert found["cancelled"]["cancelled_at"] == at(3)


def test_a_step_on_the_way_onward_makes_the_figures_stale(small, folder):
    made = life.refer(small, JULY)
    life.answer(small, made, at(1), "secondary_care_routine")
    built(small, folder)
    with clock.set_to(NOW):
        assert not build.is_stale(small.store)
        desk.take_pack(small, made, NOW)
        assert build.is_stale(small.store)


@pytest.mark.slow
def test_stages_of_all_referrals_agree_with_the_oracle(many, published):
    mine = desk_oracle.desks(many)
    found = rows(published / "mart-1.duckdb", "referral")
    told = Counter(
        tuple(
            round(row[name], 6)
            for name in ("hours_in_pool", "hours_in_hand", "hours_at_practice")
        )
        for row in found
        if row["answered_at"]
    )
    exact = Counter(
        tuple(round(one.hours[whose], 6) for whose in ("pool", "hand", "practice"))
        for one in mine
        if one.answered_on
    )
    assert told == exact
    assert sum(one.returned for one in mine) > 100
    times = analysis.stage_times(MANAGER).set_index(["priority", "stage"])
    back = sorted(one.hours["practice"] for one in mine if one.returned)
    row = times.loc[("all", "at_practice")]
    assert row["n"] == len(back)
    assert row["median"] == pytest.approx(oracle.percentile(back, 0.5))
    assert row["p90"] == pytest.approx(oracle.percentile(back, 0.9))


@pytest.mark.slow
def test_agreement_and_marks_of_all_agree_with_the_oracle(many, published):
    pairs = [
        (row["first_outcome"], row["second_outcome"])
        for row in rows(published / "mart-1.duckdb", "second_read")
        if row["read_at"]
    ]
    reads = desk_oracle.second_reads(many)
    found = analysis.agreement(MANAGER).set_index(["of", "category"])
    whole = found.loc[("outcome", "all")]
    assert whole["n"] == len(reads) > 100
    assert whole["agreed"] == pytest.approx(sum(o for *_, o in reads) / len(reads))
    assert whole["kappa"] == pytest.approx(desk_oracle.kappa(pairs))
    assert whole["low"] < whole["kappa"] < whole["high"]
    by_group = found.loc[("group", "all")]
    assert by_group["agreed"] == pytest.approx(sum(g for _, g, _ in reads) / len(reads))
    readers = analysis.agreement_by_reader(MANAGER)
    # Each pair is two readers'.
    outcome = readers[readers["of"] == "outcome"]
    assert outcome["n"].sum() == 2 * len(reads)
    mine = desk_oracle.desks(many)
    marks = analysis.marks(MANAGER).set_index("question")
    said = [one.said["helpful"][1] for one in mine if "helpful" in one.said]
    assert marks.loc["helpful", "n"] == len(said)
    assert marks.loc["helpful", "share"] == pytest.approx(sum(said) / len(said))
    decisions = analysis.routing_reasons(MANAGER)["decisions"].sum()
    assert decisions == len(mine) + sum(len(one.moved) for one in mine)


def between(found, name, first, last):
    days = [(getattr(one, name), one) for one in found]
    return [one for moment, one in days if moment and first <= moment <= last]


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_wilson_interval_holds_the_share_and_solves_its_equation(one, other):
    yes, n = sorted((one, other))
    low, high = analysis.wilson(yes, n)
    if n == 0:
        assert low is high is None
        return
    assert 0 <= low <= yes / n <= high <= 1
    # At each end the share is 1.96 standard errors away, by the end's own error.
    for end in (low, high):
        if 0 < end < 1:
            error = math.sqrt(end * (1 - end) / n)
            assert abs(yes / n - end) == pytest.approx(1.96 * error, rel=1e-3, abs=1e-6)


ANALYSES = [
    analysis.stage_times,
    analysis.routing_reasons,
    analysis.marks,
    analysis.agreement,
    analysis.agreement_by_reader,
]


@pytest.mark.parametrize("read", ANALYSES)
@pytest.mark.parametrize(
    "kind", [one for one in OrganisationKind if one is not OrganisationKind.PLATFORM]
)
def test_exact_figures_are_for_the_services_own_analysts(published, read, kind):
    with pytest.raises(NotAllowed, match="own analysts"):
        read(scope_of(kind))


def test_before_the_first_build_analysts_are_told(folder):
    with pytest.raises(ServiceError, match="No figures have been built yet"):
        analysis.marks(MANAGER)


def test_the_published_file_has_no_reader(published):
    with duckdb.connect(published / "published-1.duckdb", read_only=True) as connection:
        names = {
            name
            for (table,) in connection.sql("show tables").fetchall()
            for name in connection.table(table).columns
        }
    assert not {name for name in names if "reader" in name}


def test_a_quarter_of_the_desk_is_published_by_hand(small, folder):
    desk.reads_all_again(small, JULY)
    made = [life.refer(small, JULY) for _ in range(9)]
    for place, one in enumerate(made):
        life.answer(small, one, at(2))
        desk.mark(small, one, at(5), helpful=place > 0, instructive=True)
        desk.read_again(small, one, at(6), desk.SAME if place < 8 else desk.OTHER)
        life.acknowledge(small, one, at(4))
    built(small, folder)
    scope = small.commissioner.scope

    def told(name):
        return figures.whole_service(scope, name, QUARTER)

    # 2 hours less the 90 seconds at the desk, to one decimal.
    assert told("hours_in_pool")["value_shown"] == "2 h"
    assert told("hours_in_hand")["value_shown"] == "under 3 min"
    assert told("hours_to_acknowledge")["value"] == 2
    back = told("hours_at_practice")
    assert (back["whole_shown"], back["value_shown"]) == ("0", "–")
    ways = figures.by_category(scope, "referrals", "way", QUARTER)
    met = ways[ways["whole_shown"] != "0"]
    assert met[["category", "whole"]].values.tolist() == [["partner:first", 10]]
    # Eight of nine: ten of ten once both are rounded, as all published shares are.
    assert told("helpful")["value_shown"] == "100 %"
    assert told("second_reader_agrees")["part_shown"] == "10"
    theirs = scope_of(OrganisationKind.COMMISSIONER)
    assert figures.whole_service(theirs, "helpful", QUARTER) is None
