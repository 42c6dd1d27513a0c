"""What may happen in a class, without a screen and without a store; pure."""
