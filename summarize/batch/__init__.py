"""A batch job: an archive read, grouped and compared, unattended."""
