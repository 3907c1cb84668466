"""Register a patient who is not known yet."""

from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.kernel import nhs_number
from core.kernel.errors import Invalid, ServiceError
from core.patients import actions
from core.patients.model import Contact, EthnicCategory, NewPatient, Sex
from core.ui.session import attempt, say


# The patient who has just been registered, to be referred next.
REGISTERED = "oz-registered"


def show_register() -> None:
    """A form that is sent as a whole; whatever is wrong is said beside the button."""
    with (
        st.expander("Register a new patient", key="register-box"),
        st.form("register", border=False),
    ):
        names = st.columns(2)
        names[0].text_input("Family name", key="reg-family")
        names[1].text_input("Given name", key="reg-given")
        facts = st.columns(3)
        # Any date can be entered, so that a wrong one is explained, not swallowed.
        facts[0].date_input(
            "Date of birth",
            value=None,
            key="reg-born",
            min_value=date(1850, 1, 1),
            max_value=date(2100, 1, 1),
            format="DD/MM/YYYY",
        )
        facts[1].selectbox("Sex", list(Sex), format_func=_said, key="reg-sex")
        facts[2].text_input("NHS number, if known", key="reg-number")
        more = st.columns(3)
        more[0].selectbox(
            "Ethnic category",
            list(EthnicCategory),
            index=len(EthnicCategory) - 1,
            format_func=_said,
            key="reg-ethnic",
        )
        more[1].text_input("Language", value="English", key="reg-language")
        more[2].text_input("Needs (interpreter, capacity, chaperone)", key="reg-needs")
        st.text_input("Address", key="reg-address")
        contact = st.columns(3)
        contact[0].text_input("Postcode", key="reg-postcode")
        contact[1].text_input("Phone", key="reg-phone")
        contact[2].text_input("E-mail", key="reg-email")
        problem = st.empty()
        if st.form_submit_button("Register", type="primary"):
            _register(problem)


def _said(word: str) -> str:
    return word.replace("_", " ").capitalize()


def _register(problem: DeltaGenerator) -> None:
    try:
        patient = _entered()
        registered = attempt(
            lambda session, actor: actions.register(session, by=actor, patient=patient)
        )
    except ServiceError as wrong:
        problem.error(wrong.sentence)
        return
    st.session_state[REGISTERED] = registered.id
    say(f"{registered.name} is registered.")
    st.rerun()


def _entered() -> NewPatient:
    entered = st.session_state
    number = str(entered["reg-number"]).strip()
    if entered["reg-born"] is None:
        raise Invalid("Enter the date of birth.", field="birth_date")
    return NewPatient(
        family_name=entered["reg-family"],
        given_name=entered["reg-given"],
        birth_date=entered["reg-born"],
        sex=Sex(entered["reg-sex"]),
        nhs_number=nhs_number.parse(number) if number else None,
        ethnic_category=EthnicCategory(entered["reg-ethnic"]),
        language=entered["reg-language"],
        needs=entered["reg-needs"],
        contact=Contact(
            address=entered["reg-address"],
            postcode=entered["reg-postcode"],
            phone=entered["reg-phone"],
            email=entered["reg-email"],
        ),
    )
