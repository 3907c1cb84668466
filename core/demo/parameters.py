"""The figures that the demo's story is made of, see data/reference/demo/story.toml."""

from functools import lru_cache
from typing import Any

from core.access.model import Role
from core.contracts.model import Pool, Priority
from core.demo.entries import Entry, read
from core.invitations.model import InvitationState, Step, StopReason, Way
from core.patients.model import Sex
from core.referrals.model import Route
from core.reviews.model import Certainty


Spread = tuple[float, float]
Weights = dict[str, float]


class VolumeStory(Entry):
    """How many referrals, and when."""

    years: int
    weekdays: tuple[float, ...]
    peak_day: int
    swing: float
    at_first: float
    used_to_it: float
    clinics_for: int


class TurnaroundStory(Entry):
    """How long answers take. ``christmas``: its first and last day, as month-day."""

    minutes: dict[Priority, Spread]
    in_time_after_all: float
    widened_pool: Pool
    widened_days_ago: int
    before_widening: float
    christmas: tuple[str, str]
    at_christmas: float
    in_time_at_christmas: float
    reading_seconds: float


class AnswerStory(Entry):
    """What becomes of a referral, and who takes the answer up."""

    withdrawn: float
    let_go: float
    returned: float
    returned_unusable: float
    amended: float
    certainty: dict[Certainty, float]
    taken_up_by: dict[Role, float]


class ReferrerStory(Entry):
    """What referrers do and say."""

    making_seconds: float
    routes: dict[Route, float]
    would_have_referred: dict[Priority, float]
    names_a_diagnosis: float
    own_words: float
    names_the_same: float


class WeblinkStory(Entry):
    """What patients do with weblinks. ``finished`` by the least age that it holds for."""

    since_days_ago: int
    at_first: float
    now: float
    ways: dict[Way, float]
    asked_by: dict[Role, float]
    hours_to_open: Spread
    hours_to_finish: Spread
    finished: dict[int, float]
    another_language: float
    otherwise: dict[Step, float]
    refused_for: dict[StopReason, float]
    got_as_far_as: dict[InvitationState, float]
    evening: float
    looked_at_minutes: Spread


class PictureStory(Entry):
    """How often pictures lack or show nothing."""

    lacking_excused: float
    lacking: float
    trained: float
    dark_skin: float
    administrator: float
    unusable_dermatoscope: float
    unusable_camera: float
    unusable_stored: float
    unusable_patient: float


class PatientStory(Entry):
    """Who is referred."""

    known_already: float
    children: float
    ethnicity_stated: float
    other_language: float
    sex: dict[Sex, float]
    skin: dict[str, Weights]


class SecondReadStory(Entry):
    """What second readers say."""

    agrees: float
    settled: float
    within_minutes: float
    settled_for: Weights


class FeedbackStory(Entry):
    """What practices say of answers."""

    says: float
    helpful: float
    instructive: float


class FaceToFaceStory(Entry):
    """What is found in clinics and laboratories."""

    stands: float
    resolved: float
    confirmed: float
    missed: float
    not_sent: float
    laboratory_days: tuple[int, ...]


class PracticeStory(Entry):
    """Practices without a name of their own."""

    list_size: Spread
    smallest: int
    largest: int
    dermatoscope: float
    not_white: Spread
    of_those: Weights
    live_within_days: int
    trained: float
    trained_after: int
    before_training: float


class Parameters(Entry):
    """All of them."""

    volumes: VolumeStory
    priorities: dict[Priority, float]
    turnaround: TurnaroundStory
    answers: AnswerStory
    referrers: ReferrerStory
    pictures: PictureStory
    weblinks: WeblinkStory
    patients: PatientStory
    second_reads: SecondReadStory
    feedback: FeedbackStory
    face_to_face: FaceToFaceStory
    practices: PracticeStory


@lru_cache(maxsize=1)
def parameters() -> Parameters:
    """The story. Raises ValueError for a figure that does not say its source."""
    return Parameters.model_validate(figures_of(read("story.toml")))


def figures_of(told: dict[str, Any], where: str = "story") -> Any:  # noqa: ANN401
    """The bare figures of a file in which each says where it comes from.

    Raises ValueError for one that does not.
    """
    if "is" in told:
        if not told.get("source"):
            raise ValueError(f"{where} does not say where it comes from.")
        return told["is"]
    if not all(isinstance(one, dict) for one in told.values()):
        raise ValueError(f"{where} holds a figure without its source.")
    return {name: figures_of(one, f"{where}.{name}") for name, one in told.items()}
