"""What specialists see of their work, and practices of the answers."""
