"""What the pages of the lecture share."""
