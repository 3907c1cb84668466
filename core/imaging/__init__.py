"""Pictures: decode, clean, measure, keep. Only here are pixels touched."""
