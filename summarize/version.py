"""The version of Retold, in one place."""

__version__ = "0.1.0"
