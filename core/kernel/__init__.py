"""Words shared by all: time, ids, working days, NHS numbers, errors."""
