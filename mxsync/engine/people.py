"""The users: named by rows where the configuration says so, and each with a row in the entity that plays their part."""

from __future__ import annotations

from datetime import datetime

from mxsync.config import UsersFromEntity
from mxsync.engine.world import World
from mxsync.errors import ConfigError
from mxsync.lang.compile import RulePlan
from mxsync.lang.compile_parts import parts_of
from mxsync.lang.ir import Program
from mxsync.lang.suggest import did_you_mean
from mxsync.model.item import ItemRef
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import Entity, Find, RecordKey
from mxsync.ports.tracking import AuditRow, Unit


def missing_users(world: World, plan: RulePlan, unit: Unit) -> list[str]:
    """The configured users that have no row yet; one query for all."""
    entity, field = plan.parts.user, plan.parts.user_email
    users = [mailbox.user for mailbox in world.mailboxes if mailbox.user]
    if entity is None or not field or not users:
        return []
    asked = {user: Find(entity.name, (field,), (address_key(user),)) for user in users}
    found = unit.crm.answer(tuple(asked.values()))
    return [user for user, lookup in asked.items() if not found.get(lookup)]


def make_users(world: World, plan: RulePlan, unit: Unit, users: list[str], run: int, now: datetime) -> None:
    """Makes their rows, by address."""
    entity, field = plan.parts.user, plan.parts.user_email
    if entity is None or not field or not users:
        return
    fitted = [world.database.fit(entity.name, {field: user}, new=True) for user in users]
    keys = unit.crm.insert(fitted, {})
    unit.tracking.audit(
        [
            AuditRow(
                at=now,
                row=RecordKey(entity.name, key),
                action="create",
                rule="every configured user has a row",
                file="mxsync.toml",
                line=0,
                plan=plan.digest,
                ref=ItemRef(user, "", ""),
                identity="",
                values={field: (user, "configuration")},
                run=run,
            )
            for user, key in zip(users, keys, strict=True)
        ]
    )


def source_of_people(program: Program, users: UsersFromEntity) -> tuple[Entity, str]:
    """The entity that `from = "entity user where …"` names, and its field of addresses. Raises `ConfigError`."""
    entity = program.entities.get(program.parts.get(users.entity, users.entity))
    field = parts_of(program).user_email or "email"
    if entity is None:
        meant = did_you_mean(users.entity, {*program.entities, *program.parts})
        raise _unknown(users, f"the rules have no entity `{users.entity}`", meant)
    for name in (field, *(name for name, _ in users.where)):
        if name not in entity.fields:
            meant = did_you_mean(name, entity.fields)
            raise _unknown(users, f"the entity `{entity.name}` has no field `{name}`", meant)
    return entity, field


def _unknown(users: UsersFromEntity, wrong: str, meant: str) -> ConfigError:
    return ConfigError(f'[[users]] from = "{users.text}": {wrong}' + (f"; {meant}" if meant else ""))


def people_named(unit: Unit, plan: RulePlan, users: UsersFromEntity) -> list[str]:
    """The addresses of the people whom `from = "entity user where …"` names. Raises `ConfigError`."""
    entity, field = source_of_people(plan.program, users)
    names = tuple(name for name, _ in users.where)
    lookup = Find(entity.name, names, tuple(value_key(value) for _, value in users.where))
    records = unit.crm.answer([lookup])[lookup]
    values = [record.values.get(field) for record in records]
    return [str(value[0] if isinstance(value, tuple) else value).lower() for value in values if value]
