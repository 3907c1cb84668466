"""What a specialist enters, between the widgets, the kept draft and the opinion."""

import uuid
from datetime import date
from typing import Any, Final

import streamlit as st

from core.access.model import Grade
from core.reviews.actions import answering
from core.reviews.model import Certainty, Complexity, Draft, Need, RankedDiagnosis
from core.reviews.presenters import answers
from core.ui.session import act, current_actor, read


# What each entry is before anything was entered.
_EMPTY: Final[dict[str, Any]] = {
    "diagnoses": [],
    "advice": "",
    "outcome": None,
    "procedure": None,
    "complexity": Complexity.SIMPLE.value,
    "lowest_grade": None,
    "see_by": None,
    "minutes": None,
    "prescribing": "",
    "note_to_patient": "",
    "letter_images": [],
}
CERTAINTY = "certainty-"


class Entries:
    """The entries of one case, in the session of one page."""

    def __init__(self, referral_id: uuid.UUID) -> None:
        self._referral_id = referral_id
        self._prefix = f"op-{referral_id}-"

    def load(self) -> None:
        """Bring back what was kept, once for each visit."""
        loaded = f"{self._prefix}loaded"
        if loaded in st.session_state:
            return
        scope, referral_id = current_actor().scope, self._referral_id
        kept = read(lambda session: answers.kept_draft(session, scope, referral_id))
        for name, value in kept.items():
            # What was empty begins anew with what is usual.
            if value is None:
                continue
            st.session_state[self._prefix + name] = (
                date.fromisoformat(value) if name == "see_by" else value
            )
        st.session_state[loaded] = True

    def key(self, name: str) -> str:
        """The key of a widget that is not part of the opinion."""
        return self._prefix + name

    def widget(self, name: str, first: object = None) -> dict[str, Any]:
        """What a widget is given: its key, its first value, and to keep each change."""
        key = self._prefix + name
        st.session_state.setdefault(key, self._first(name, first))
        return {"key": key, "on_change": self.keep}

    def get(self, name: str) -> Any:  # noqa: ANN401  whatever the widget holds
        """What is entered."""
        return st.session_state.get(self._prefix + name, _EMPTY.get(name))

    def put(self, name: str, value: object) -> None:
        """Enter something on the person's behalf, before its widget is drawn."""
        st.session_state[self._prefix + name] = value

    def keep(self) -> None:
        """Keep everything as it is now."""
        content = {name: self.get(name) for name in _EMPTY}
        if content["see_by"]:
            content["see_by"] = content["see_by"].isoformat()
        for code in content["diagnoses"]:
            content[CERTAINTY + code] = self._certainty(code)
        act(
            lambda session, actor: answering.keep_draft(
                session, by=actor, referral_id=self._referral_id, content=content
            )
        )

    def forget(self) -> None:
        """After sending: the next visit starts anew."""
        for name in [k for k in st.session_state if str(k).startswith(self._prefix)]:
            del st.session_state[name]
        st.session_state.pop("oz-open", None)

    def opinion(self) -> Draft:
        """The opinion as entered, complete or not."""
        return Draft(
            diagnoses=tuple(
                RankedDiagnosis(code, Certainty(self._certainty(code)))
                for code in self.get("diagnoses")
            ),
            advice=self.get("advice"),
            outcome=self.get("outcome") or "",
            prescribing=self.get("prescribing"),
            need=self._need(),
        )

    def _need(self) -> Need | None:
        procedure, grade = self.get("procedure"), self.get("lowest_grade")
        see_by, minutes = self.get("see_by"), self.get("minutes")
        if not (procedure and grade and see_by and minutes):
            return None
        complexity = Complexity(self.get("complexity"))
        return Need(procedure, complexity, Grade(grade), see_by, int(minutes))

    def _certainty(self, code: str) -> str:
        return str(self.get(CERTAINTY + code) or Certainty.PROBABLE.value)

    def _first(self, name: str, first: object) -> object:
        if first is not None:
            return first
        if name.startswith(CERTAINTY):
            return Certainty.PROBABLE.value
        return _EMPTY[name]
