"""Messages that leave: outbox, templates, senders."""
