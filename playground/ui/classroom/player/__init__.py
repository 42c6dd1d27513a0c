"""An activity as one who learns plays it: predict, run, explain, compare."""
