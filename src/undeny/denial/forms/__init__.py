"""The sentences that are left when the envelopes are off: one wording a file."""
