"""The environment variables: what is refused, and in which words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.settings import Settings, SettingsError, settings


def test_defaults_need_no_variable() -> None:
    assert 1 <= Settings().workers <= 2
    assert Settings().teacher_key is None


@pytest.mark.parametrize("value", ["0", "two", "-1"])
def test_workers_that_cannot_be_used_are_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_WORKERS", value)
    with pytest.raises(SettingsError, match=f"PLAYGROUND_WORKERS={value} cannot be used: "):
        settings()


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_WORKERS", "")
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "")
    assert settings().workers >= 1
    assert settings().scheduler is None


def test_the_data_folder_is_the_same_in_every_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLAYGROUND_HOME", "data")
    assert settings().home == tmp_path / "data"
    settings.cache_clear()
    monkeypatch.setenv("PLAYGROUND_HOME", "~/data")
    assert settings().home == Path.home() / "data"


def test_other_programs_variables_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SCHEDULER", "PROXIES", "WORKERS", "HOME_FOLDER"):
        monkeypatch.setenv(name, "something")
    assert settings().scheduler is None
    assert settings().proxies == "127.0.0.1,::1"


def test_a_key_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_TEACHER_KEY", "short")
    with pytest.raises(SettingsError) as refused:
        settings()
    assert "PLAYGROUND_TEACHER_KEY" in str(refused.value)
    assert "short" not in str(refused.value).replace("shorter", "")


def test_teachers_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_TEACHERS", "a@school.kr, b@school.kr,")
    assert settings().teachers == ("a@school.kr", "b@school.kr")


@pytest.mark.engine
def test_the_server_does_not_start_with_a_setting_that_cannot_be_used() -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"]
    ended = subprocess.run(
        command,
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PLAYGROUND_WORKERS": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    assert "PLAYGROUND_WORKERS=0 cannot be used: " in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
