"""Where data lives."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """`PLAYGROUND_HOME`, or the platform's user data folder."""
    return Path(os.environ.get("PLAYGROUND_HOME") or user_data_path("nn-playground"))
