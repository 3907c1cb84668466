"""What a plan weighs: costs, limits, weights; data with a date and a source."""

from pydantic import BaseModel, ConfigDict, Field

from core.clinics.dated import Dated


class Urgency(BaseModel):
    """One class of cases. A breach of a class weighs ``weight`` times the usual."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    label: str
    weight: float = Field(gt=0)


class Policy(Dated):
    """Money in pence. The most urgent class comes first."""

    urgencies: tuple[Urgency, ...] = Field(min_length=1)
    # Pence per minute, by grade: what a minute of each costs.
    roles: dict[str, int]
    # Once for a case seen after its due day, and for each day that it is late.
    breach: int
    late_day: int
    # For each day waited, for each kilometre, and for not seeing the one preferred.
    wait_day: int
    km: int
    not_preferred: int
    # For a case that finds no place within the days planned.
    not_placed: int
    # Added to the horizon where a case finds no place.
    beyond_days: int
    # Nobody is sent farther. Straight kilometres times detour are road kilometres.
    farthest_km: float
    detour: float
    # The lowest grade for work of each complexity, whatever the procedure.
    complexity_grades: dict[str, str]
    # How far ahead a plan looks.
    horizon_days: int = Field(default=56, gt=0)
    # How many days beforehand a patient has to know, by urgency.
    notice_days: dict[str, int] = Field(default_factory=dict)
    # Routine cases are booked at most so far ahead; the others at once.
    book_ahead_days: int
    # Expected urgent cases keep room for so many days, at this share of their value.
    expected_days: int
    expected_value: float
    # What a move of somebody booked must save before it is suggested.
    move_penalty: int
