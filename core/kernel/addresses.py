"""What is wrong with an address that messages are sent to, in words."""

import re


_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def email_problem(email: str) -> str:
    """What is wrong with an e-mail address, or nothing; it may be left out."""
    if email.strip() and not _EMAIL.match(email.strip()):
        return "That is not an e-mail address. An example: name@example.org."
    return ""


def phone_problem(phone: str) -> str:
    """What is wrong with a telephone number, or nothing; it may be left out."""
    digits = re.sub(r"[\s()+-]", "", phone)
    if phone.strip() and not (digits.isdecimal() and 10 <= len(digits) <= 15):
        return "That is not a telephone number. An example: 07700 900123."
    return ""
