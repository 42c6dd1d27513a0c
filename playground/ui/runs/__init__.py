"""The page Runs: a table of runs, what can be done with them, and files of them."""
