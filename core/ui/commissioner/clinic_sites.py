"""Sites and rooms: add, change, close, open again."""

import uuid
from collections.abc import Sequence

import streamlit as st

from core.clinics.actions.sites import (
    close_room,
    close_site,
    keep_room,
    keep_site,
    open_room,
    open_site,
)
from core.clinics.presenters.set_up import RoomRow, SiteRow, equipment
from core.ui.commissioner.clinic_forms import Form
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


def show(service: uuid.UUID, sites: Sequence[SiteRow]) -> None:
    """What there is, then what can be done."""
    with st.container():
        if not sites:
            st.info("This service has no site yet. Add the first one below.")
        for site in sites:
            _row(site)
    with st.expander("Add or change a site"):
        _site(service, sites)
    if sites:
        with st.expander("Add or change a room"):
            _room(service, sites)


def _row(site: SiteRow) -> None:
    with panel(f"site-{site.id}"):
        st.markdown(f"**{plain(site.name)}**{' – closed' if site.closed else ''}")
        st.write(plain(site.address))
        for room in site.rooms:
            closed = " (closed)" if room.closed else ""
            st.caption(f"{plain(room.name)}{closed}: {plain(room.says)}")
        if not site.rooms:
            st.caption("No room is noted.")


def _site(service: uuid.UUID, sites: Sequence[SiteRow]) -> None:
    form = Form("site", service)
    by_id = {one.id: one for one in sites}
    chosen = st.selectbox(
        "Site to change",
        [None, *by_id],
        format_func=lambda one: by_id[one].name if one else "A new site",
        key=form.key("which"),
    )
    row = by_id.get(chosen) if chosen else None
    name = st.text_input(
        "Name", row.name if row else "", max_chars=200, key=form.key(f"name-{chosen}")
    )
    address = st.text_input(
        "Address",
        row.address if row else "",
        max_chars=300,
        key=form.key(f"address-{chosen}"),
    )
    left, right = st.columns(2)
    with left:
        east = _km(form, "Kilometres east", row.east_km if row else None, chosen)
    with right:
        north = _km(form, "Kilometres north", row.north_km if row else None, chosen)
    if st.button("Save the site", type="primary", key=form.key("save")):
        form.save(
            lambda session, actor: keep_site(
                session,
                by=actor,
                organisation_id=service,
                site_id=chosen,
                name=name,
                address=address,
                east_km=east,
                north_km=north,
            ),
            lambda kept: f"{kept.name} is saved.",
        )
    if row:
        _close_site(form, row)


def _close_site(form: Form, row: SiteRow) -> None:
    if row.closed:
        if st.button(f"Open {row.name} again", key=form.key(f"open-{row.id}")):
            form.save(
                lambda session, actor: open_site(session, by=actor, site_id=row.id),
                lambda _: f"{row.name} is open again.",
            )
    elif st.button(f"Close {row.name}", key=form.key(f"close-{row.id}")):
        form.save(
            lambda session, actor: close_site(session, by=actor, site_id=row.id),
            lambda _: f"{row.name} is closed.",
        )


def _room(service: uuid.UUID, sites: Sequence[SiteRow]) -> None:
    form = Form("room", service)
    scope = current_actor().scope
    labels = read(lambda session: equipment(session, scope, service))
    by_id = {one.id: one for one in sites}
    site = by_id[
        st.selectbox(
            "Site of the room",
            list(by_id),
            format_func=lambda one: by_id[one].name,
            key=form.key("site"),
        )
    ]
    rooms = {one.id: one for one in site.rooms}
    chosen = st.selectbox(
        "Room to change",
        [None, *rooms],
        format_func=lambda one: rooms[one].name if one else "A new room",
        key=form.key(f"which-{site.id}"),
    )
    row = rooms.get(chosen) if chosen else None
    name = st.text_input(
        "Name of the room",
        row.name if row else "",
        max_chars=80,
        key=form.key(f"name-{site.id}-{chosen}"),
    )
    stands_there = st.multiselect(
        "What stands there",
        list(labels),
        default=[one for one in row.equipment if one in labels] if row else [],
        format_func=lambda one: labels[one],
        placeholder="Choose",
        key=form.key(f"equipment-{site.id}-{chosen}"),
    )
    if st.button("Save the room", type="primary", key=form.key("save")):
        form.save(
            lambda session, actor: keep_room(
                session,
                by=actor,
                site_id=site.id,
                room_id=chosen,
                name=name,
                stands_there=stands_there,
            ),
            lambda kept: f"{kept.name} at {site.name} is saved.",
        )
    if row:
        _close_room(form, row)


def _close_room(form: Form, row: RoomRow) -> None:
    if row.closed:
        if st.button(f"Open {row.name} again", key=form.key(f"open-{row.id}")):
            form.save(
                lambda session, actor: open_room(session, by=actor, room_id=row.id),
                lambda _: f"{row.name} is open again.",
            )
    elif st.button(f"Close {row.name}", key=form.key(f"close-{row.id}")):
        form.save(
            lambda session, actor: close_room(session, by=actor, room_id=row.id),
            lambda _: f"{row.name} is closed.",
        )


def _km(
    form: Form, label: str, value: float | None, chosen: uuid.UUID | None
) -> float | None:
    entered: float | None = st.number_input(
        label,
        min_value=0.0,
        max_value=1300.0,
        value=value,
        step=0.1,
        format="%.1f",
        help="On the national grid: 430.0 east, 320.0 north.",
        key=form.key(f"{label}-{chosen}"),
    )
    return entered
