"""A provider's batch: questions sent as files, answered within a day, at a discount, each exactly once.

    every open story is walked with Batched ─▶ what has no answer yet is queued, and the story waits (PendingError)
    deliver ─▶ what is queued is sent in files; their answers are laid down in the ledger
    … and again, until a walk queues nothing

    batched = Batched(OpenAI(…), Retrying(Limited(…)), Parcels(store), Terms(price, job=…, limit=…))
    while walk() and deliver(batched, stop=stop).again: …

Lines, parcels and answers lie in the ledger's file before each step (see ledger/parcels.py), so that a process
killed at any moment loses nothing, asks nothing twice, and finds the batches that went on without it. Questions have
the keys they have online: a run by batches and one online share what is settled.
"""

from summarize.runners.provider.batched import Batched
from summarize.runners.provider.delivery import deliver
from summarize.runners.provider.model import Limits, Report, Terms

__all__ = ["Batched", "Limits", "Report", "Terms", "deliver"]
