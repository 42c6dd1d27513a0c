"""Parts of pages, in Python and JavaScript."""
