"""Random scenarios and policies for the laws and the comparison of engine and definition."""
