"""Which articles tell one story, and why."""
