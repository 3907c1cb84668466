"""What the address of a page names."""

import uuid
from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from core.kernel.errors import NotFound


Code = TypeVar("Code", bound=str)


def choice_in_address(name: str, labels: Mapping[Code, str], *, first: Code) -> Code:
    """One of a few, chosen by buttons and kept in the address as ``?name=code``.

    Streamlit's own binding writes the label instead, which changes with the words.
    """
    named = st.query_params.get(name, "")
    shown = next((code for code in labels if code == named), first)
    st.session_state[f"choice-{name}"] = shown
    st.segmented_control(
        name.capitalize(),
        list(labels),
        required=True,
        format_func=lambda code: labels[code],
        key=f"choice-{name}",
        on_change=_to_address,
        args=(name,),
        label_visibility="collapsed",
    )
    return shown


def _to_address(name: str) -> None:
    st.query_params[name] = str(st.session_state[f"choice-{name}"])


def words_in_address(name: str, placeholder: str) -> str:
    """Words to search for, kept in the address as ``?name=words``."""
    key = f"words-{name}"
    st.session_state[key] = st.query_params.get(name, "")
    return st.text_input(
        name.capitalize(),
        placeholder=placeholder,
        max_chars=60,
        key=key,
        on_change=_words_to_address,
        args=(name,),
        label_visibility="collapsed",
    )


def _words_to_address(name: str) -> None:
    words = str(st.session_state[f"words-{name}"]).strip()
    if words:
        st.query_params[name] = words
    else:
        st.query_params.pop(name, None)


def referral_in_address() -> uuid.UUID:
    """The referral in ``?id=``. Raises NotFound for anything that is none."""
    try:
        return uuid.UUID(st.query_params.get("id", ""))
    except ValueError as error:
        raise NotFound(
            "This address names no referral. Open one from your lists."
        ) from error
