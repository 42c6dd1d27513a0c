"""What a class shows on every page of its members: a line, and the teacher's curtain and locks."""
