"""Patients who do not exist."""

import unicodedata
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.demo import reference
from core.demo.cast import Surgery
from core.demo.draws import Draws, nhs_numbers
from core.demo.parameters import parameters
from core.demo.rows import Rows
from core.invitations.model import Way
from core.kernel import words
from core.patients.model import EthnicCategory, NumberStatus, Sex
from core.patients.tables import Patient, PatientContact
from core.store import sealed


_REMEMBERED = 300
_DARK = ("V", "VI")


@dataclass(frozen=True)
class Known:
    """What a story needs of a patient; nothing that identifies one."""

    id: uuid.UUID
    born: date
    sex: Sex
    skin_type: str
    language: str
    phone: str
    email: str

    @property
    def is_dark(self) -> bool:
        """Brown or black skin, where some diagnoses are rare and others common."""
        return self.skin_type in _DARK

    def age(self, on: date) -> int:
        """Completed years."""
        return words.age(self.born, on)

    def reached_by(self, draws: Draws) -> tuple[Way, str]:
        """How a weblink is sent to them, and where to; nowhere for a sheet of paper."""
        addresses = {Way.TEXT: self.phone, Way.EMAIL: self.email}
        ways = {
            way: often
            for way, often in parameters().weblinks.ways.items()
            if addresses.get(way, "-")
        }
        way = draws.pick(ways)
        return way, addresses.get(way, "")


class Population:
    """Makes patients, and remembers some of each practice for their next referral."""

    def __init__(self, rows: Rows, draws: Draws) -> None:
        self.rows, self.draws = rows, draws
        self.story = parameters().patients
        self._numbers = nhs_numbers(draws)
        self._met: dict[uuid.UUID, deque[Known]] = {}

    def someone(self, surgery: Surgery, moment: datetime) -> Known:
        """A patient of a practice who is referred then."""
        met = self._met.setdefault(surgery.id, deque(maxlen=_REMEMBERED))
        if met and self.draws.chance(self.story.known_already):
            return self.draws.one_of(met)
        patient = self._newcomer(surgery, moment)
        met.append(patient)
        return patient

    def _newcomer(self, surgery: Surgery, moment: datetime) -> Known:
        draws = self.draws
        group = draws.pick(surgery.entry.ethnicities)
        sex = draws.pick(self.story.sex)
        names = reference.names()[group]
        given = draws.one_of(names["male" if sex is Sex.MALE else "female"])
        family = draws.one_of(names["family"])
        number = draws.random.randrange(1000)
        known = Known(
            id=draws.id_at(moment),
            born=self._birth_date(moment.date()),
            sex=sex,
            skin_type=draws.pick(self.story.skin[group]),
            language=self._language(group),
            phone=f"07700 900{number:03d}" if draws.chance(0.9) else "",
            email=_mail(given, family) if draws.chance(0.6) else "",
        )
        self._register(surgery, known, group, moment, (given, family))
        self._contact(known)
        return known

    def _birth_date(self, on: date) -> date:
        if self.draws.chance(self.story.children):
            age = self.draws.random.uniform(2, 15.9)
        else:
            age = min(max(self.draws.random.gauss(53, 20), 16.1), 97.0)
        return on - timedelta(days=int(age * 365.25))

    def _register(
        self,
        surgery: Surgery,
        known: Known,
        group: str,
        moment: datetime,
        name: tuple[str, str],
    ) -> None:
        draws, needs = self.draws, reference.phrases()["needs"]
        born = known.born.isoformat()
        self.rows.add(
            Patient,
            id=known.id,
            practice_id=surgery.id,
            **self._number(),
            family_name=name[1],
            given_name=name[0],
            birth_date_sealed=born,
            birth_date_index=sealed.index("birth_date", born),
            sex=known.sex,
            ethnic_category=self._stated(group),
            language=known.language,
            needs=draws.one_of(needs) if draws.chance(0.05) else "",
            created_at=moment,
        )

    def _stated(self, group: str) -> EthnicCategory:
        told = self.draws.chance(self.story.ethnicity_stated)
        return EthnicCategory(group) if told else EthnicCategory.NOT_STATED

    def _language(self, group: str) -> str:
        if group == "white" or not self.draws.chance(self.story.other_language):
            return "English"
        return self.draws.one_of(reference.phrases()["languages"])

    def _number(self) -> dict[str, Any]:
        if self.draws.chance(0.02):
            number, index, status = None, None, NumberStatus.NONE
        else:
            number = next(self._numbers)
            index = sealed.index("nhs_number", number)
            status = NumberStatus.VERIFIED
        return {
            "nhs_number_sealed": number,
            "nhs_number_index": index,
            "nhs_number_status": status,
        }

    def _contact(self, known: Known) -> None:
        draws, streets = self.draws, reference.phrases()["streets"]
        number = draws.random.randrange
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        inward = f"{number(1, 10)}{draws.one_of(letters)}{draws.one_of(letters)}"
        self.rows.add(
            PatientContact,
            patient_id=known.id,
            address=f"{number(1, 190)} {draws.one_of(streets)}, Northmoor",
            # No place has ZZ99; telephones and mail are of the ranges for fiction.
            postcode=f"ZZ99 {inward}",
            phone=known.phone,
            email=known.email,
        )


def _mail(given: str, family: str) -> str:
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").casefold()
    letters = "".join(c for c in plain if c.isascii() and (c.isalpha() or c == "."))
    return f"{letters}@example.org"
