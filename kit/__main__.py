"""`python -m kit VERB`: the command line of the kit."""

from kit.cli import main

if __name__ == "__main__":
    main()
