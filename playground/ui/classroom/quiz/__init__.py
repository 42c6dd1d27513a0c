"""The quiz before and after a lesson: its questions, its levers, and what came of it."""
