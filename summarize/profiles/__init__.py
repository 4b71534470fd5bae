"""What outlets do over many stories, beside the others that tell the same ones."""

from summarize.profiles.bootstrap import Estimate
from summarize.profiles.model import Figure, Profile, Profiles
from summarize.profiles.telling import LEAST, profiles

__all__ = ["LEAST", "Estimate", "Figure", "Profile", "Profiles", "profiles"]
