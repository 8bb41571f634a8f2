"""Rules of single services, one a file, found by their folder: each changes the parts of a plan before it is made."""
