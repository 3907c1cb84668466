"""What each number means: one reviewed file for each measure, and how to read them.

Beside each ``<measure>.toml`` there is ``../models/measures/<measure>.sql`` with the rows
that it counts; a test refuses a measure that has no oracle of its own.
"""
