"""The commissioner's screens. They open published figures and nothing else."""
