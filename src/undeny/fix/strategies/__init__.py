"""One way to mend a denial a file: the cause codes that it serves, its source, and what it proposes."""
