"""What charts are drawn from, with everything hidden or nothing there."""

import pandas as pd


def emptied(found, shown):
    """The same rows with every figure gone, and ``shown`` in words."""
    for name in found.columns:
        if name.endswith("_shown"):
            found[name] = shown
            number = name.removesuffix("_shown")
            found[number] = pd.array([pd.NA] * len(found), dtype="Float64")
    return found
