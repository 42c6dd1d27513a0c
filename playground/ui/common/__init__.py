"""What pages share: who is there, words, pictures, how a component is mounted."""
