"""Tables and calendars of sessions, as people export them."""

HEAD = "date,begins,minutes,site,room,person,template"
GOOD = "2026-11-23,09:00,240,Northmoor General,Room 1,Dr Colin Reid,6×20"


def table(*lines, head=HEAD) -> bytes:
    """A table with these lines."""
    return "\n".join((head, *lines)).encode()


def event(uid="a@x", starts="TZID=Europe/London:20261123T090000", **more) -> str:
    """An event of three hours; ``more`` are further lines, by their names."""
    facts = {
        "DTEND": "TZID=Europe/London:20261123T120000",
        "SUMMARY": "Skin clinic, Dr Colin Reid",
        "LOCATION": "Northmoor General\\, Room 1",
    } | more
    lines = ["BEGIN:VEVENT", f"DTSTART{_joined(starts)}"]
    lines += [f"UID:{uid}"] if uid else []
    lines += [f"{name}{_joined(value)}" for name, value in facts.items() if value]
    return "\r\n".join([*lines, "END:VEVENT"])


def calendar(*events) -> bytes:
    """A calendar with these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *events]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _joined(value):
    with_parameters = value.startswith(("TZID=", "VALUE=", "CN="))
    return f";{value}" if with_parameters else f":{value}"
