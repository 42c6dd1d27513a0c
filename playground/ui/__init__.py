"""The screen. May import Streamlit and every room except those that use Keras."""
