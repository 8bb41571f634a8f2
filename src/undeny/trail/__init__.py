"""Many denials: read trail files and event history of any size, put what belongs together in groups, say the cause of each."""
