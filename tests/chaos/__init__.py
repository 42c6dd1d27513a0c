"""A campaign of faults and hostile input against the running app.

    python -m tests.chaos [--short] [scenario …]

Each scenario does harm to a real server of its own and prints a line of JSON: what it measured, the
ceilings, and whether all hold. The exit status is 1 if one does not. `--short` is for CI: smaller,
and seconds are printed but not judged, since they depend on the machine. Run from the repository's
root.
"""
