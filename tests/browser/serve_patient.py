"""Serves the patients' app with one more language: ``serve_patient.py FOLDER PORT``.

The language is English under another name, written from right to left: what is looked
at is the layout, not the words.
"""

import shutil
import sys
from pathlib import Path

from core.cli.serving import serve
from core.config import REFERENCE, AppSettings, settings
from core.languages import reference


RIGHT_TO_LEFT = {
    'code = "en"': 'code = "ar"',
    'name = "English"': 'name = "العربية"',
    'english_name = "English"': 'english_name = "Arabic"',
    'direction = "ltr"': 'direction = "rtl"',
}


def with_one_more(folder: Path) -> None:
    """The project's languages in a folder of the test's, and a third beside them."""
    shutil.copytree(REFERENCE / "patient", folder / "patient")
    text = (folder / "patient" / "en.toml").read_text("utf-8")
    for old, new in RIGHT_TO_LEFT.items():
        assert old in text, old
        text = text.replace(f"\n{old}", f"\n{new}", 1)
    (folder / "patient" / "ar.toml").write_text(text, "utf-8")
    reference.REFERENCE = folder


if __name__ == "__main__":
    with_one_more(Path(sys.argv[1]))
    place = AppSettings(port=int(sys.argv[2]), origin=f"http://localhost:{sys.argv[2]}")
    serve("patient", settings().model_copy(update={"apps": {"patient": place}}))
