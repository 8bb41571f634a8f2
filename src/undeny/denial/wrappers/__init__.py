"""The envelopes around a sentence, of SDKs, tools and logs: one a file.

`SIDE` says where a wrapper stands: `before` its sentence, `after` it, or `beside` (ids, headers and fields on either side).
"""
