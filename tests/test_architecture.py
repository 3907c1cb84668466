"""Promises that the code as a whole keeps, checked over the code."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

from core.access.model import Scope
from core.invitations.model import Visitor


ROOT = Path(__file__).parents[1]
# What a presenter module may offer without a scope: it turns rows that a scoped read
# gave into words, and reads no referral or patient by itself.
PURE = {
    "core.patients.presenters": {"banner"},
    "core.referrals.presenters.drafts": {"wanted"},
    "core.referrals.presenters.lists": {"rows_of"},
    "core.referrals.presenters.pages": {"pictures", "pin_view", "problem_label"},
}


def presenter_modules():
    for file in sorted((ROOT / "core").rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if "presenters" in parts:
            yield ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("name", list(presenter_modules()))
def test_every_read_takes_a_scope(name):
    module = import_module(name)
    for function_name, function in inspect.getmembers(module, inspect.isfunction):
        private = function_name.startswith("_") or function.__module__ != name
        if private or function_name in PURE.get(name, set()):
            continue
        kinds = {p.annotation for p in inspect.signature(function).parameters.values()}
        # A patient has no scope: a visit is to one referral.
        assert kinds & {Scope, Visitor}, f"{name}.{function_name} reads without a scope"


def public_functions(folder):
    for file in sorted(ROOT.glob(f"core/*/{folder}")) + sorted(
        ROOT.glob(f"core/*/{folder.removesuffix('.py')}/*.py")
    ):
        tree = ast.parse(file.read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield file.relative_to(ROOT), node


def test_every_change_of_a_referral_says_who_does_it_by_keyword():
    # These carry out what a caller who named somebody has begun, or only read.
    helpers = {
        "lock",
        "lock_own",
        "move",
        "held_by",
        "current",
        "end_claim",
        "newest",
        "prolong",
        "route",
        "route_back",
        "reroute_waiting",
        "release_lapsed",
        "first_broken_event",
        "event_content",
        "arise",
        "step",
        "tell",
        "take_back",
        "nothing_left",
        "patience",
        "any_overdue",
        "escalate_overdue",
        "tell_patient",
        "tell_of",
        "sender_of",
        "any_due",
        "remind_due",
        "lapse_due",
        "any_to_escalate",
        "escalate_waiting",
    }
    # The same of clinics: they check, hold and tell for an action that names somebody.
    of_clinics = {
        *("hold", "hold_all", "lock_need", "take_turns", "let_go", "note_change"),
        *("refuse_place", "refuse_clash", "refuse_while_used", "refuse_planned"),
        *("refuse_early", "refuse_unless", "sentence_of_clash", "sentence_of_session"),
        *("judge", "horizon", "lay_out", "days_of", "excepted_days", "except_days"),
        *("open_sessions", "booked_among", "tell_practice", "tell_booked"),
        *(
            "tell_cancelled",
            "any_new",
            "take_in",
            "write_due",
            "plan_again",
            "overtaken",
        ),
    }
    for file, node in public_functions("actions.py"):
        if file.parts[1] == "clinics" and node.name not in of_clinics:
            given = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
            assert "by" in given, f"{file}: {node.name}"
        if file.parts[1] in ("referrals", "reviews") and node.name not in helpers:
            names = {argument.arg for argument in node.args.kwonlyargs}
            assert names & {"by", "visitor"}, f"{file}: {node.name}"


def test_screens_open_no_transaction_but_through_the_session_module():
    for file in sorted((ROOT / "core" / "ui").rglob("*.py")):
        if file.name in (
            "session.py",
            "routes.py",
            "ticketed.py",
            "patient_pictures.py",
        ):
            continue
        assert ".transaction(" not in file.read_text("utf-8"), file


def test_nothing_listens_beyond_loopback():
    for file in [*(ROOT / "core").rglob("*.py"), *(ROOT / "apps").rglob("*.py")]:
        assert "0.0.0.0" not in file.read_text("utf-8"), file  # noqa: S104
