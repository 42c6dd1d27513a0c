"""What the documents say of the settings is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from playground.classroom.activities import ready
from playground.settings import Settings

ROOT = Path(__file__).parents[1]
TEACHING = (ROOT / "docs" / "teaching.md").read_text("utf-8")
# Emphasis that is no control.
PROSE = ("Students need", "Sealed test set", "Jigsaw", "Quiz.")
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
# What is made when the server starts.
MADE = {"workers": "2, or 1 on a single core", "home": "the platform’s folder for user data"}


def rows() -> list[str]:
    """The rows of the table of settings, as they must stand in docs/deployment.md."""
    made = []
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"PLAYGROUND_{name.upper()}"
        default = MADE.get(name) or _text(field.default)
        made.append(f"| `{variable}` | {default} | {field.description} |")
    return made


def _text(default: Any) -> str:
    if default is None or default == ():
        return "not set"
    return f"{default:,}" if isinstance(default, int) else f"`{default}`"


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    missing = [row for row in rows() if row not in DEPLOYMENT]
    assert missing == [], "these rows are missing:\n" + "\n".join(missing)


def test_the_table_names_nothing_else() -> None:
    table = DEPLOYMENT.partition("## Settings and limits")[2].partition("\n## ")[0]
    found = [line for line in table.splitlines() if line.startswith("| `")]
    assert sorted(found) == sorted(rows())


def test_the_readme_states_the_defaults_of_a_class() -> None:
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    limits = Settings()
    for words in (
        f"at most {limits.max_waiting_runs} runs waiting",
        f"trains for at most {limits.max_run_minutes / 60:g} hours",
        f"has waited for {limits.max_wait_minutes:g} minutes",
        f"{limits.max_sketches:,} drawings",
        f"{limits.max_sketches_per_owner:,} of one owner",
        f"an imported file has at most {limits.max_import_bytes // 2**20} MB",
    ):
        assert words in readme
    for name in re.findall(r"\bPLAYGROUND_(\w+)", readme):
        assert name.lower() in {*Settings.model_fields, "test_postgres_url"}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "README.md"])
def test_what_a_document_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    ours = r"(?:playground|tests|docs)/[\w/.]*"
    named = re.findall(rf"`({ours})`", text) + re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_guide_for_teachers_has_every_ready_activity_and_how_long_it_takes() -> None:
    kinds = {"choice": "a choice", "number": "a number", "curve": "a curve, drawn by hand"}
    for number, one in enumerate(ready(), 1):
        asked = kinds[one.prediction.kind] if one.prediction else "nothing"
        row = f"| {number} | {one.title.en} | {asked} | {one.minutes} |"
        assert row in TEACHING, row


def test_the_guide_for_teachers_names_what_is_on_the_page() -> None:
    """What it prints in bold or italics as a control is a message of the app."""
    named = re.findall(r"\*\*?([A-Z][^*]+?)\*\*?", TEACHING)
    template = (ROOT / "playground" / "locales" / "playground.pot").read_text("utf-8")
    missing = [one for one in named if one not in PROSE and f'msgid "{one}"' not in template]
    assert missing == []
    assert f"for {Settings().keep_classes_days:g} days" in TEACHING
