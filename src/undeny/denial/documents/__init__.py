"""The documents that hold denials beside plain text: one kind a file.

A file has `fits(mapping)` and `read(mapping)`, which gives denials, or the mappings and texts inside; `None` is passed over.
"""
