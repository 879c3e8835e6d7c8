"""What two copies of a case have in common and where they part: core.casefile.difference and .merge stand on this."""
