"""Ozone for patients: no account, one link, one referral."""

from core.ui.patient.show import show


show()
