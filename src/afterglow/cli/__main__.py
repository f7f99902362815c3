"""`python -m afterglow.cli`: the same as `afterglow`."""

from afterglow.cli.main import main

if __name__ == "__main__":
    main()
