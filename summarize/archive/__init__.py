"""From what a user has (files, standard input) to Versions."""
