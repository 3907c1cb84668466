"""Sessions from a CSV file.

The first line names the columns: date, begins, minutes (or ends), site, room, person,
template. Times are London's.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from core.clinics.importing.entry import Entry, refuse_large, refuse_many
from core.clinics.rules import moment_of, template_of
from core.kernel.errors import Invalid


COLUMNS = ("date", "begins", "minutes", "ends", "site", "room", "person", "template")
_NEEDED = ("date", "begins", "site", "person")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
# A spreadsheet would run them.
_FORMULA = ("=", "+", "-", "@", "\t")


def read_table(content: bytes) -> list[Entry]:
    """Every row, right or not. Raises Invalid for what is no such table."""
    refuse_large(content)
    lines = _lines(_text(content))
    header = _header(next(lines, (0, []))[1])
    entries = []
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            entries.append(_entry(f"Line {number}", header, cells))
            refuse_many(len(entries))
    if not entries:
        raise Invalid("This table has a first line and no sessions below it.")
    return entries


def write_table(rows: Sequence[Sequence[str]]) -> str:
    """A table to fill in: the header and some rows, safe to open in a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([one for one in COLUMNS if one != "ends"])
    writer.writerows(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row]
        for row in rows
    )
    return written.getvalue()


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            "This file is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”."
        ) from error


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise Invalid(
            f"Line {reader.line_num + 1} is no line of a table. Save the file as CSV "
            "again."
        ) from error


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in cells]
    lacking = [one for one in _NEEDED if one not in names]
    if not {"minutes", "ends"} & set(names):
        lacking.append("minutes")
    unknown = [name for name in names if name not in COLUMNS]
    said = ""
    if lacking:
        said = f"Missing: {', '.join(lacking)}."
    elif unknown:
        said = f"Not known: “{unknown[0][:40]}”."
    elif len(set(names)) < len(names):
        said = "One column is named twice."
    if said:
        raise Invalid(
            "The first line names the columns: date, begins, minutes (or ends), site, "
            f"room, person, template. {said}"
        )
    return names


def _entry(where: str, header: list[str], cells: list[str]) -> Entry:
    try:
        return _read(where, header, cells)
    except Invalid as problem:
        return Entry(where, problem.sentence)


def _read(where: str, header: list[str], cells: list[str]) -> Entry:
    if len(cells) > len(header):
        raise Invalid(
            "There are more cells than columns. Put quotation marks around a cell that "
            "has a comma in it."
        )
    for cell in cells:
        if cell.lstrip(" ").startswith(_FORMULA):
            raise Invalid(
                f"“{cell.strip()[:40]}” looks like a formula. Write plain text."
            )
    row = dict.fromkeys(COLUMNS, "") | {
        name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=False)
    }
    day, begins = _day(row["date"]), _time(row["begins"])
    return Entry(
        where,
        begins_at=moment_of(day, begins),
        minutes=_minutes(row, begins),
        site=row["site"],
        room=row["room"],
        names=(row["person"],) if row["person"] else (),
        template=template_of(row["template"]),
    )


def _day(text: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day, no time
        except ValueError:
            continue
    raise Invalid(f"“{text[:40]}” is no date. Write 2026-11-23 or 23/11/2026.")


def _time(text: str) -> time:
    for form in ("%H:%M", "%H:%M:%S", "%H.%M"):
        try:
            return datetime.strptime(text, form).time()  # noqa: DTZ007  a time, no day
        except ValueError:
            continue
    raise Invalid(f"“{text[:40]}” is no time. Write 09:00 or 13:45.")


def _minutes(row: dict[str, str], begins: time) -> int:
    if not row["minutes"]:
        ends = _time(row["ends"])
        return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    if not (row["minutes"].isascii() and row["minutes"].isdigit()):
        raise Invalid(f"“{row['minutes'][:40]}” is no number of minutes.")
    return int(row["minutes"][:6])
