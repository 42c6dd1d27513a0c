"""The environment variables of the server, its limits among them, read and validated once."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_MIB = 2**20


class SettingsError(ValueError):
    """An environment variable cannot be used; the message names it and says what to do."""


def _cores() -> int:
    return os.cpu_count() or 1


def _split(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _split_names(value: object) -> object:
    return _split(value.lower()) if isinstance(value, str) else value


def _absolute(path: Path) -> Path:
    """An absolute path: the engine runs in another folder."""
    return path.expanduser().absolute()


class Settings(BaseSettings):
    """What the person who runs the server can set: `PLAYGROUND_` and the name in upper case.

    An empty variable counts as not set.
    """

    model_config = SettingsConfigDict(
        env_prefix="PLAYGROUND_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    workers: int = Field(
        default_factory=lambda: min(2, _cores()),
        ge=1,
        le=64,
        description="How many runs train at once; they share the cores.",
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
        description="A Dask cluster to train on, such as tcp://10.0.0.5:8786; the server then "
        "starts none.",
    )

    teacher_key: SecretStr | None = Field(
        None,
        min_length=8,
        description="The key that makes a person a teacher on the page Teacher. A teacher sees all "
        "runs, can stop every run, empty the queue and clear the sketchbook.",
    )
    teachers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="E-mail addresses of teachers who log in, separated by commas.",
    )

    max_key_tries: int = Field(
        5,
        ge=1,
        description="Tries at the teacher's key in a minute from one session; from all sessions "
        "together ten times as many.",
    )

    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_names)] = Field(
        (),
        description="Host names under which browsers may open the playground, separated by commas, "
        "such as play.school.org; numeric addresses, localhost and the machine's own name "
        "need not be listed.",
    )
    proxies: str = Field(
        "127.0.0.1,::1",
        validation_alias="FORWARDED_ALLOW_IPS",
        description="Addresses or networks of trusted proxies, separated by commas: what they say "
        "about the client and about https is believed.",
    )
    frame_ancestors: str = Field(
        "'self'",
        pattern=r"^[^;,\r\n]+$",
        description="Web pages that may show the playground in a frame, such as "
        "https://moodle.school.org.",
    )

    max_waiting_runs: int = Field(64, ge=1, description="Runs of one owner that may wait at once.")
    max_active_runs: int = Field(
        64,
        ge=1,
        description="Runs of one owner that may train at once, if there are as many workers.",
    )
    max_wait_minutes: float = Field(
        10,
        gt=0,
        description="When an owner has waited this long, a run of another owner that has trained "
        "as long is ended for them; what it has learned is kept.",
    )
    max_run_minutes: float = Field(
        240,
        gt=0,
        description="A run that has trained this long is ended; what it has learned is kept.",
    )

    ready_made: bool = Field(
        True,
        description="Whether the server trains a network that knows drawings by itself, once, "
        "while nobody else trains.",
    )

    max_sketches: int = Field(10_000, ge=1, description="The most drawings in the sketchbook.")
    max_sketches_per_owner: int = Field(
        1_000, ge=1, description="The most drawings in the sketchbook of one owner."
    )
    max_import_bytes: int = Field(
        2 * _MIB, ge=1024, description="The largest file of drawings that can be imported."
    )

    max_classes_per_owner: int = Field(
        10, ge=1, description="Classes of one teacher that have not ended."
    )
    keep_classes_days: float = Field(
        180,
        gt=0,
        description="A class in which nothing has happened for so long is deleted, with all that "
        "its members have written.",
    )

    keep_models_days: float | None = Field(
        None,
        gt=0,
        description="Models and snapshots of runs that are older are removed, their history stays; "
        "by default all are kept.",
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
