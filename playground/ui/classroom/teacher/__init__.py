"""The teacher's board, and what the projector shows."""
