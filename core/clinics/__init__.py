"""Clinics: sessions, who is matched to which, booking, heads-up, what was found."""
