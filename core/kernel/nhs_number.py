"""NHS numbers. Whether a number has been verified is stored elsewhere."""

from dataclasses import dataclass

import nhs_number as library

from core.kernel.errors import Invalid


@dataclass(frozen=True)
class NhsNumber:
    """Ten digits whose check digit is right, in a block that is issued or synthetic."""

    digits: str

    def __post_init__(self) -> None:
        if not _could_be_issued(self.digits):
            raise Invalid(
                "That is not a valid NHS number. Check the ten digits, "
                "or find the patient by name and date of birth.",
                field="nhs_number",
            )

    def __str__(self) -> str:
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"

    @property
    def is_synthetic(self) -> bool:
        """Whether it is from the block kept for tests and demonstrations."""
        return self.digits.startswith("9")


def parse(text: str) -> NhsNumber:
    """Read a number as people type it: with spaces or hyphens.

    Raises Invalid, in words for the person who typed it.
    """
    return NhsNumber("".join(text.replace("-", " ").split()))


def looks_like(text: str) -> bool:
    """Whether someone typing this into a search box means a number, right or wrong."""
    bare = "".join(text.replace("-", " ").split())
    return bare.isdecimal() and len(bare) >= 7


def _could_be_issued(digits: str) -> bool:
    # One digit ten times passes the check, and is what people type to get past a form.
    if len(digits) != 10 or not digits.isascii() or len(set(digits)) == 1:
        return False
    known = (
        library.REGION_ENGLAND_WALES_IOM,
        library.REGION_SCOTLAND,
        library.REGION_NORTHERN_IRELAND,
        library.REGION_SYNTHETIC,
    )
    return any(library.is_valid(digits, for_region=region) for region in known)
