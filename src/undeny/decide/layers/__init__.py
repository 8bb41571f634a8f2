"""The layers of a decision, one a file: which statements bear on a call, and who is exempt."""
