"""The environment variables of the server and its limits, read and validated once."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_MIB = 2**20


class SettingsError(ValueError):
    """An environment variable cannot be used; the message names it and says what to do."""


def _cores() -> int:
    return os.cpu_count() or 1


def _split(value: Any) -> Any:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _split_names(value: Any) -> Any:
    return _split(value.lower()) if isinstance(value, str) else value


def _absolute(path: Path) -> Path:
    """The engine runs in another folder."""
    return path.expanduser().absolute()


class Settings(BaseSettings):
    """What the person who runs the server can set, each as `PLAYGROUND_` and the name in capitals.

    An empty variable counts as one that is not set.
    """

    model_config = SettingsConfigDict(
        env_prefix="PLAYGROUND_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    workers: int = Field(
        default_factory=lambda: min(2, _cores()),
        ge=1,
        le=64,
        description="Runs that train at once; the cores are shared out among them.",
    )
    home: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=lambda: user_data_path("nn-playground"),
        description="Folder for database, models and compiled networks.",
    )
    database_url: str | None = Field(
        None, description="Another database, as an SQLAlchemy URL, such as postgresql+psycopg://…"
    )
    scheduler: str | None = Field(
        None,
        validation_alias="DASK_SCHEDULER_ADDRESS",
        description="Train on this Dask cluster, such as tcp://10.0.0.5:8786, and start none.",
    )

    teacher_key: SecretStr | None = Field(
        None,
        min_length=8,
        description="The key that makes a teacher on the page Teacher: one who sees all runs, can "
        "stop any, empty the queue and clear the sketchbook.",
    )
    teachers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="E-mail addresses of the logins that are teachers, separated by commas.",
    )

    max_key_tries: int = Field(
        5,
        ge=1,
        description="Tries at the teacher's key from one session a minute; from all together ten "
        "times as many.",
    )

    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_names)] = Field(
        (),
        description="Names under which browsers may open the playground, separated by commas, "
        "such as play.school.org; addresses in figures, localhost and the machine's own name need "
        "not be listed.",
    )
    proxies: str = Field(
        "127.0.0.1,::1",
        validation_alias="FORWARDED_ALLOW_IPS",
        description="Addresses or networks of the proxies that are believed when they say who asks "
        "and whether over https, separated by commas.",
    )
    frame_ancestors: str = Field(
        "'self'",
        pattern=r"^[^;,\r\n]+$",
        description="Pages that may show the playground in a frame, such as "
        "https://moodle.school.org.",
    )

    max_waiting_runs: int = Field(30, ge=1, description="Runs of one owner that may wait at once.")
    max_active_runs: int = Field(
        64, ge=1, description="Runs of one owner that may train at once, of the workers there are."
    )
    max_wait_minutes: float = Field(
        10,
        gt=0,
        description="Once an owner has waited so long, a run of another owner that has trained as "
        "long is ended for them, with what it has learned.",
    )
    max_run_minutes: float = Field(
        240, gt=0, description="A run that has trained so long is ended, with what it has learned."
    )

    max_sketches: int = Field(10_000, ge=1, description="Drawings in the sketchbook.")
    max_sketches_per_owner: int = Field(
        1_000, ge=1, description="Drawings in the sketchbook that one owner may keep."
    )
    max_import_bytes: int = Field(
        2 * _MIB, ge=1024, description="Size of a file of drawings that is imported."
    )

    keep_models_days: float | None = Field(
        None,
        gt=0,
        description="Models and snapshots of runs older than this are removed, their history "
        "stays; by default all are kept.",
    )
    min_free_mib: int = Field(
        500,
        ge=0,
        description="With less free space on the disk, new runs are refused.",
    )


@lru_cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_describe(error)) from error


def _describe(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    variable = name if name.isupper() else f"PLAYGROUND_{name.upper()}"
    value = "" if name == "teacher_key" else f"={first['input']}"
    return (
        f"{variable}{value} cannot be used: {first['msg'].lower()}. "
        "Change or unset this environment variable, then start the server again."
    )
