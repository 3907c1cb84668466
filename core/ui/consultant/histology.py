"""What the laboratory found: a diagnosis, a few words, one button."""

import uuid

import streamlit as st

from core.clinics.actions import findings
from core.clinics.found import LONGEST
from core.kernel.errors import ServiceError
from core.specialties.reference import specialty
from core.ui.consultant.diagnoses import searchable
from core.ui.session import attempt, new_key, say, used
from core.ui.style import plain


def histology_form(appointment_id: uuid.UUID, specialty_code: str) -> None:
    """The fields of one appointment's histology."""
    known = {one.code: searchable(one) for one in specialty(specialty_code).diagnoses}
    diagnosis = st.selectbox(
        "Histology",
        list(known),
        index=None,
        placeholder="Type a name, BCC, rodent ulcer …",
        format_func=lambda code: known[code],
        filter_mode="contains",
        key=f"histology-{appointment_id}",
    )
    said = st.text_input(
        "In a few words",
        key=f"histology-words-{appointment_id}",
        max_chars=LONGEST,
        placeholder="Margins, thickness …",
    )
    if st.button("Record histology", key=f"record-histology-{appointment_id}"):
        _record(appointment_id, diagnosis or "", said)


def _record(appointment_id: uuid.UUID, diagnosis: str, said: str) -> None:
    name = f"histology-{appointment_id}"
    histology_id = new_key(name)
    try:
        attempt(
            lambda session, actor: findings.record_histology(
                session,
                by=actor,
                appointment_id=appointment_id,
                histology_id=histology_id,
                diagnosis=diagnosis,
                words=said,
            )
        )
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        return
    used(name)
    say("Histology is recorded. The practice and whoever answered see it.")
    st.rerun()
