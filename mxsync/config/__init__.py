"""The configuration file: read, checked, and turned into frozen values."""

from mxsync.config.load import DEFAULT_NAME, load_config
from mxsync.config.model import (
    Config,
    DatabaseConfig,
    DeleteBrake,
    DocumentsConfig,
    EwsServer,
    FilesServer,
    HookConfig,
    LogConfig,
    NotifyConfig,
    OrganisationConfig,
    RulesConfig,
    SafetyConfig,
    ServerConfig,
    ServiceConfig,
    StateConfig,
    UserConfig,
    UsersFromEntity,
)
from mxsync.config.secret import Secret

__all__ = [
    "DEFAULT_NAME",
    "Config",
    "DatabaseConfig",
    "DeleteBrake",
    "DocumentsConfig",
    "EwsServer",
    "FilesServer",
    "HookConfig",
    "LogConfig",
    "NotifyConfig",
    "OrganisationConfig",
    "RulesConfig",
    "SafetyConfig",
    "Secret",
    "ServerConfig",
    "ServiceConfig",
    "StateConfig",
    "UserConfig",
    "UsersFromEntity",
    "load_config",
]
