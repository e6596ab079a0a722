"""Runs the command line: python -m weightscape."""

from weightscape.cli.cli import main

if __name__ == "__main__":
    main()
