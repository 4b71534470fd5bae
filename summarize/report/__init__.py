"""A result in the form a reader wants: terminal, Markdown, JSON."""
