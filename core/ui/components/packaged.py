"""Gives Streamlit our components as packages, so that the browser loads files.

A component given as text runs from a ``blob:`` address, which would have to be
allowed in the content security policy, and with it any script that got into the
page. A packaged one is a file of our own origin. Streamlit finds packages by
scanning for an import package named like the distribution, which ``core`` is not;
so the manifest it would have found is handed to it here.
"""

from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import (
    get_bidi_component_manager,
)
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest


FAMILY: Final = "ozone"
HERE: Final = Path(__file__).parent


def _nothing() -> None:
    """Streamlit returns a value only for a name that has a callback."""


class Packaged:
    """One component: ``{folder}/{name}.js``, ``.css`` and ``.html``.

    ``answers`` are the names of what it sends back. ``beside``: another component, as
    folder and name, whose files its script imports from ``../ozone.{name}/``.
    """

    def __init__(
        self,
        folder: str,
        name: str,
        *,
        answers: tuple[str, ...],
        beside: tuple[str, str] | None = None,
    ) -> None:
        self._folders = {name: folder} | ({beside[1]: beside[0]} if beside else {})
        self._name = name
        self._html = (HERE / folder / f"{name}.html").read_text("utf-8")
        self._callbacks = {f"on_{answer}_change": _nothing for answer in answers}

    def __call__(
        self, key: str, data: dict[str, Any], *, width: str = "stretch"
    ) -> dict[str, Any]:
        """Put it on the page; its answers by name, None where there is none."""
        answers = self._registered()(key=key, data=data, width=width, **self._callbacks)
        return dict(answers)

    def _registered(self) -> Any:  # noqa: ANN401 - Streamlit's protocol takes any callback
        """The mounting function of the runtime at work.

        Asked each time: a test has a new runtime, which knows no components yet.
        """
        manager = get_bidi_component_manager()
        for name, folder in self._folders.items():
            if manager.get_component_asset_root(f"{FAMILY}.{name}") is None:
                parts = [ComponentConfig(name=name, asset_dir=folder)]
                manifest = ComponentManifest(FAMILY, "1", parts)
                manager.register_from_manifest(manifest, HERE)
        return st.components.v2.component(
            f"{FAMILY}.{self._name}",
            html=self._html,
            css=f"{self._name}.css",
            js=f"{self._name}.js",
        )
