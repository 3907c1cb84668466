"""Pictures of one referral: which, by which camera, and which are missing."""

import uuid
from dataclasses import fields
from datetime import datetime, timedelta

from core.access.model import Actor, Role
from core.contracts.model import Priority
from core.demo.parameters import parameters
from core.demo.pictures import Shelf
from core.demo.story import Story
from core.imaging.keeping import Kept
from core.imaging.tables import Image
from core.referrals import rules
from core.referrals.model import Route


# What a picture shows: a lesion, or the whole patient, in one of the views.
Shown = tuple[uuid.UUID | None, str]

_FROM_FILES = (Route.GP_REMOTE, Route.STORED_PICTURES, Route.PATIENT_LINK)
_BY_PATIENTS = (Route.GP_REMOTE, Route.PATIENT_LINK)
# What the vault tells of a picture stands in columns of the same names.
_KEPT = tuple(field.name for field in fields(Kept))
# However bad it gets, some pictures are good.
_AT_MOST = 0.8


class Camera:
    """Takes the pictures of one referral."""

    def __init__(self, story: Story, shelf: Shelf, by: Actor) -> None:
        self.story, self.shelf, self.by = story, shelf, by
        self.told = parameters().pictures
        self.often = self._often()

    def take(
        self, lesions: dict[int, uuid.UUID], begins: datetime, seconds: float
    ) -> set[Shown]:
        """Take what is wanted, now and then one too few. Returns what there is."""
        wanted = self._wanted(lesions)
        excused = self.told.lacking_excused * self.often
        drawn = self.story.draws.random.random()
        if drawn < min(excused + self.told.lacking * self.often, _AT_MOST):
            if drawn < excused:
                self.story.facts["imperfect_reason"] = self.story.draws.one_of(
                    tuple(rules.Imperfect)
                ).value
            # A routine referral is not sent without a picture and without a reason.
            if drawn < excused or self.story.priority is not Priority.ROUTINE:
                wanted.pop()
        share = seconds / (len(wanted) + 1)
        for count, (lesion, view) in enumerate(wanted, start=1):
            self._picture(begins + timedelta(seconds=int(share * count)), lesion, view)
        return set(wanted)

    def _often(self) -> float:
        """How many times as often as usual something is wrong with these pictures."""
        story, entry = self.story, self.story.surgery.entry
        since = entry.trained_after
        trained = since is not None and story.days_in >= since
        often = self.told.trained if trained else entry.lacking
        if self.by.role is Role.PATIENT:
            # No staff was there.
            often = 1.0
        if story.patient.is_dark:
            often *= self.told.dark_skin
        if self.by.role is Role.PRACTICE_ADMINISTRATOR:
            often *= self.told.administrator
        return often

    def _wanted(self, lesions: dict[int, uuid.UUID]) -> list[Shown]:
        by_patient = self.story.facts["route"] is Route.PATIENT_LINK
        scope = bool(self.story.surgery.entry.dermatoscope)
        problem = self.story.case.problem
        views = [
            view
            for view in self.story.specialty.views_for(problem)
            if view.is_required(has_dermatoscope=scope)
            and (view.by_patient or not by_patient)
        ]
        whole: list[Shown] = [
            (None, view.code) for view in views if not view.per_lesion
        ]
        return whole + [
            (lesion, view.code)
            for lesion in lesions.values()
            for view in views
            if view.per_lesion
        ]

    def _picture(self, moment: datetime, lesion: uuid.UUID | None, view: str) -> None:
        story = self.story
        kept = self.shelf.find(
            story.case.look,
            view,
            dark=story.patient.is_dark,
            number=story.patient.id.int,
        )
        source, device = self._source(view)
        facts = {name: getattr(kept, name) for name in _KEPT}
        image_id = story.draws.id_at(moment)
        if story.draws.chance(min(self._shows_nothing(view) * self.often, _AT_MOST)):
            story.unusable.append(image_id)
        story.rows.add(
            Image,
            id=image_id,
            referral_id=story.id,
            lesion_id=lesion,
            view=view,
            source=source,
            device=device,
            **facts,
            added_by=self.by.person_id,
            added_at=moment,
            removed_at=None,
        )

    def _shows_nothing(self, view: str) -> float:
        route = self.story.facts["route"]
        if route in _BY_PATIENTS:
            return self.told.unusable_patient
        if route is Route.STORED_PICTURES:
            return self.told.unusable_stored
        if view == "dermoscopic":
            return self.told.unusable_dermatoscope
        return self.told.unusable_camera

    def _source(self, view: str) -> tuple[str, str]:
        if self.story.facts["route"] in _FROM_FILES:
            return "stored", ""
        if view == "dermoscopic":
            return "camera", self.story.surgery.entry.dermatoscope
        return "camera", "USB webcam"
