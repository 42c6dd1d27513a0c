"""Who follows a class now, and the way of its views to their pages. Memory only."""
