"""What the address of a page names."""

import uuid

import streamlit as st

from core.kernel.errors import NotFound


def referral_in_address() -> uuid.UUID:
    """The referral in ``?id=``. Raises NotFound for anything that is none."""
    try:
        return uuid.UUID(st.query_params.get("id", ""))
    except ValueError as error:
        raise NotFound(
            "This address names no referral. Open one from your lists."
        ) from error
