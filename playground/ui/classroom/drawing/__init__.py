"""Draw and guess on the screen: the pad, and what the networks of the others say."""
