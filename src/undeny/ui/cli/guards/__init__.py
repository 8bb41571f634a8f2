"""The parts of `undeny guard`, one a file."""
