"""A place and its settings: ``sharewell.toml`` first, then the environment (``SHAREWELL_...``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from sharewell.vocab.errors import PlaceMissing, SettingsInvalid, Where

FILE_NAME = "sharewell.toml"


class PlaceSettings(BaseModel):
    """Who and where the place is: its name, its ONS code and the organisation that runs it."""

    model_config = ConfigDict(extra="forbid")

    name: str = "A place"
    code: str = Field(default="", description="ONS code of the place, for example E06000008.")
    organisation: str = Field(default="", description="Code of the organisation that runs this place.")


class StoreSettings(BaseModel):
    """How much of the machine a run may use, and how many old snapshots of a table are kept."""

    model_config = ConfigDict(extra="forbid")

    threads: int = Field(default=2, ge=1, le=256)
    memory: str = Field(default="4GB", pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB)$")
    keep_snapshots: int = Field(default=2, ge=1, le=1000)


class Settings(BaseSettings):
    """Every setting of a place. ``root_key`` comes from the environment only, never from the file."""

    model_config = SettingsConfigDict(env_prefix="SHAREWELL_", env_nested_delimiter="__", extra="forbid")

    place: PlaceSettings = PlaceSettings()
    store: StoreSettings = StoreSettings()
    root_key: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        return env_settings, init_settings


@dataclass(frozen=True)
class Place:
    """A place's folder: where its files and its store lie."""

    folder: Path
    settings: Settings

    @property
    def store(self) -> Path:
        """Return the folder of the control database, the records and the keys."""
        return self.folder / "store"

    @property
    def operator(self) -> str:
        """Return the organisation that runs the place, which holds what belongs to no single list."""
        return self.settings.place.organisation or "place"

    @property
    def control(self) -> Path:
        """Return the control database's file."""
        return self.store / "control.sqlite3"

    @property
    def records(self) -> Path:
        """Return the folder of the encrypted snapshots."""
        return self.store / "records"

    @property
    def keys(self) -> Path:
        """Return the folder of the root key file."""
        return self.store / "keys"

    @property
    def scratch(self) -> Path:
        """Return the folder for what a run needs while it works; emptied at every run."""
        return self.store / "scratch"

    @property
    def agreements(self) -> Path:
        """Return the folder of agreement files."""
        return self.folder / "agreements"

    @property
    def standards(self) -> Path:
        """Return the folder of the place's own standards and confirmed column mappings."""
        return self.folder / "standards"

    @property
    def flows(self) -> Path:
        """Return the folder of flow files."""
        return self.folder / "flows"

    @property
    def inbox(self) -> Path:
        """Return the folder where lists arrive."""
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        """Return the folder where releases are handed over."""
        return self.folder / "outbox"


def open_place(folder: Path) -> Place:
    """Read a place's settings.

    Raises PlaceMissing when the folder holds no sharewell.toml, SettingsInvalid when a setting is wrong.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise PlaceMissing(
            "This folder is not a place: it has no sharewell.toml.",
            "Make one with `sharewell init DIR`, or name the place with `--dir DIR`.",
            Where(file=folder.name or "."),
        )
    return Place(folder.resolve(), _read_settings(path))


def find_place(start: Path) -> Place:
    """Return the place that holds ``start``: that folder, or the nearest one above it."""
    for folder in (start, *start.resolve().parents):
        if (folder / FILE_NAME).is_file():
            return open_place(folder)
    return open_place(start)


def _read_settings(path: Path) -> Settings:
    try:
        written: dict[str, Any] = TomlConfigSettingsSource(Settings, path)()
        if "root_key" in written:
            raise SettingsInvalid(
                "root_key may not be written in sharewell.toml.",
                "Give it in the environment as SHAREWELL_ROOT_KEY, or keep it in store/keys/root.key.",
                Where(file=path.name),
            )
        return Settings(**written)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        raise SettingsInvalid(
            f"The setting {name} cannot be used: {problem['msg']}.",
            "See docs/settings.md for every setting and what it may be.",
            Where(file=path.name),
        ) from None
    except ValueError:
        raise SettingsInvalid(
            "The file is not valid TOML.",
            "Mend it, or make a new one with `sharewell init`.",
            Where(file=path.name),
        ) from None
