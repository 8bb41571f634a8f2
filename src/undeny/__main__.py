"""`python -m undeny`: the same command as `undeny`."""

from undeny.ui.cli.main import main

if __name__ == "__main__":
    main()
