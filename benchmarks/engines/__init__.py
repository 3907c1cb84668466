"""The analysts' questions, asked of several engines."""
