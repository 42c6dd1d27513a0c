"""What leaves a class as a file: pure functions from how it stands to texts.

May import `rules`, `activities` and `playground.store` of what a class may import.
"""
