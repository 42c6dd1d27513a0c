"""What TensorFlow and Keras compute, computed here: the web process imports neither."""
