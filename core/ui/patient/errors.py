"""What a patient reads when something went wrong on our side."""

from core.languages.reference import FIRST, language
from core.ui.patient import look
from core.ui.patient.words import Words
from core.ui.server import logged


def show_patients_error(error: Exception) -> bool:
    """Say so, in their language, with a number to quote; the log has the place."""
    words = Words(language(look.chosen_language(FIRST)))
    look.alert(words("common", "wrong", number=logged(error)))
    return True
