"""A provider's batch: questions sent as files, answered within a day, at a discount."""
