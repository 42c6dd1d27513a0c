"""One run, from its configuration to its test result. Alone may import Keras."""
