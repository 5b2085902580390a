"""The judge and what it stands on: otter's test files, the functions in the jail, verdicts."""
