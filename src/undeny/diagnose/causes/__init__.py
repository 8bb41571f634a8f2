"""The causes, one a file, found by this folder: `INFO`, optional `NEEDS`, and `look(case)`."""
