"""Puts `tests/` on the import path, so that `generators` can be imported by the tests; nothing else."""
