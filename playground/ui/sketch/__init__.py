"""The sketchpad, its paper, and the network that judges."""
