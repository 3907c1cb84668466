"""How the demo's skin problems look when drawn. For scenery, not for teaching."""

from dataclasses import dataclass
from enum import StrEnum


class Pattern(StrEnum):
    """What a dermatoscope shows inside a lesion."""

    NETWORK = "network"
    DOTS = "dots"
    PLAIN = "structureless"


@dataclass(frozen=True)
class Look:
    """Amounts in optical density, so that one lesion is right on every skin tone.

    melanin, blood: added inside; melanin may be below nought (paler than the skin).
    scale: share of white flakes, 0 to 1. irregular, variegated: 0 calm, 1 wild.
    width_mm: a lesion's usual diameter, or a rash's patch. cover: share of the skin a
    rash takes, 0 for a single lesion.
    """

    melanin: float
    blood: float
    width_mm: float
    scale: float = 0.0
    irregular: float = 0.2
    variegated: float = 0.2
    pattern: Pattern = Pattern.PLAIN
    cover: float = 0.0


LOOKS = {
    "naevus": Look(0.75, 0.05, 6, pattern=Pattern.NETWORK),
    "melanoma": Look(
        1.2, 0.15, 11, irregular=0.95, variegated=1.0, pattern=Pattern.NETWORK
    ),
    "lentigo": Look(0.4, 0.0, 8, irregular=0.5, pattern=Pattern.NETWORK),
    "seborrhoeic_keratosis": Look(
        0.65, 0.02, 12, scale=0.12, irregular=0.4, variegated=0.6, pattern=Pattern.DOTS
    ),
    "dermatofibroma": Look(0.4, 0.2, 7, irregular=0.1, pattern=Pattern.NETWORK),
    "basal_cell_carcinoma": Look(
        0.0, 0.4, 8, scale=0.05, irregular=0.4, variegated=0.5
    ),
    "squamous_cell_carcinoma": Look(
        0.1, 0.65, 14, scale=0.35, irregular=0.7, variegated=0.7
    ),
    "actinic_keratosis": Look(0.05, 0.4, 9, scale=0.3, irregular=0.7),
    "haemangioma": Look(0.1, 1.5, 5, irregular=0.1, variegated=0.4),
    "wart": Look(-0.05, 0.15, 6, scale=0.3, irregular=0.3, pattern=Pattern.DOTS),
    "eczema": Look(0.03, 0.4, 22, scale=0.12, irregular=0.9, cover=0.35),
    "psoriasis": Look(0.05, 0.7, 30, scale=0.45, irregular=0.5, cover=0.25),
    "tinea": Look(0.03, 0.45, 28, scale=0.15, irregular=0.3, cover=0.15),
    "urticaria": Look(0.0, 0.35, 16, irregular=0.6, cover=0.4),
    "acne": Look(0.03, 0.7, 4, irregular=0.2, cover=0.07),
    "rosacea": Look(0.0, 0.45, 12, irregular=0.8, cover=0.5),
    "vitiligo": Look(-0.6, 0.0, 35, irregular=0.5, cover=0.2),
}

# Melanin of unexposed skin by Fitzpatrick type, and how much longer the camera
# exposes for it: a photograph of dark skin is not a dark photograph.
TONES = {
    1: (0.06, 1.0),
    2: (0.16, 1.0),
    3: (0.30, 1.03),
    4: (0.48, 1.08),
    5: (0.8, 1.22),
    6: (1.2, 1.6),
}
