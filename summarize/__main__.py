"""`python -m summarize` is `retold`."""

from summarize.cli import main

main()
