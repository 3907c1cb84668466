"""Tables to take away: exactly what a page shows, as CSV or as a workbook."""

from io import BytesIO

import pandas as pd
import xlsxwriter

from core.analytics.showing import as_csv


_FORMULAS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
_WIDEST = 60


def csv(table: pd.DataFrame) -> str:
    """The table as text; a cell that a spreadsheet would work out is text."""
    return as_csv(table)


def workbook(table: pd.DataFrame, title: str, notes: list[str]) -> bytes:
    """The table as a workbook: what it is above, what to know of it below.

    Figures stand as they are shown, ``*`` and units included, so that nobody mistakes a
    hidden figure for an empty one.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, _FORMULAS) as book:
        sheet = book.add_worksheet("Figures")
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        for place, name in enumerate(table.columns):
            sheet.write_string(2, place, str(name), bold)
            cells = [str(cell) for cell in table[name]]
            for row, cell in enumerate(cells, 3):
                sheet.write_string(row, place, cell)
            longest = max(map(len, [str(name), *cells]))
            sheet.set_column(place, place, min(longest + 2, _WIDEST))
        for row, note in enumerate(notes, len(table) + 4):
            sheet.write_string(row, 0, note)
    return file.getvalue()
