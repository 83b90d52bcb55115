"""Rule files into a `Program`: load, merge, resolve every name once, check, and say what is doubtful."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from mxsync.lang import ast, ir, lints, messages_warnings
from mxsync.lang.check_cache import CheckCache, Entry
from mxsync.lang.check_lists import read_lists
from mxsync.lang.check_rules import RuleResult, check_rule
from mxsync.lang.check_schema import SchemaCheck
from mxsync.lang.check_syncs import check_sync
from mxsync.lang.check_tests import check_test
from mxsync.lang.declarations import Declarations, Declared, merge
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.entities import read_entities
from mxsync.lang.entity_fields import known_zone
from mxsync.lang.environment import Environment, digest_of
from mxsync.lang.features import Features
from mxsync.lang.lint_facts import RuleFacts
from mxsync.lang.load import FileParser, Loaded, Sources, load
from mxsync.lang.meaning import joined, meaning, rule_meaning
from mxsync.lang.relocate import moved
from mxsync.lang.report import Report
from mxsync.lang.servers import offered
from mxsync.lang.source import Span
from mxsync.lang.vocabulary import COMPANY_ALIASES
from mxsync.model.schema import Schema


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to: the program, None when there is any error, and all findings by file and place."""

    program: ir.Program | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(each for each in self.diagnostics if each.is_error)


class _Checker:
    def __init__(
        self,
        loaded: Loaded,
        sources: Sources,
        schema: Schema | None,
        features: Sequence[Features],
        hooks: frozenset[str],
        zone: tzinfo,
        relay: bool,
        cache: CheckCache,
    ) -> None:
        self.loaded = loaded
        self.schema = schema
        self.cache = cache
        self.diagnostics: list[Diagnostic] = list(loaded.diagnostics)
        self.declared: Declarations = merge(loaded)
        self.diagnostics += self.declared.diagnostics
        self.lists_used: set[str] = set()
        entities, found = read_entities(self.declared, schema)
        self.diagnostics += found
        lists = read_lists(self.declared, sources)
        self.diagnostics += lists.diagnostics
        self.aliases = lists.aliases
        self.environment = Environment(self.declared, dict(entities), lists.found, hooks, tuple(features), zone, relay)
        self.environment.own = self.environment.find_own()
        self.digest = self.environment_digest()

    # ------------------------------------------------------------------ what statements refer to

    def environment_digest(self) -> str:
        environment, declared = self.environment, self.declared
        infos = [
            (info.entity, info.places, info.file, info.broken, info.table) for info in environment.entities.values()
        ]
        names = sorted(environment.lists) if declared.incomplete or declared.poisoned else ()
        return digest_of([
            infos, declared.parts, declared.retired, sorted(declared.poisoned), declared.incomplete,
            sorted(environment.own.items()), sorted((name, sorted(reach)) for name, reach in declared.reach.items()),
            sorted(environment.hooks), environment.features, str(environment.zone), environment.relay, names,
        ])  # fmt: skip

    # ------------------------------------------------------------------ rules

    def rules(self) -> list[tuple[ir.Rule, Entry]]:
        """The rules that act, in the order in which they act."""
        found: list[tuple[ir.Rule, Entry]] = []
        for place, declared in enumerate(self.declared.rules):
            entry = self.resolved(declared, place)
            result: RuleResult = entry.result
            found_wrong = result.report.all()
            if found_wrong:
                self.diagnostics += found_wrong
            if result.rule is None or declared.tree.off:
                continue
            found.append((result.rule, entry))
        found.sort(key=lambda each: (-each[0].priority, each[0].order))
        return found

    def resolved(self, declared: Declared[ast.Rule], place: int) -> Entry:
        """A rule at its place in file order, from the cache where nothing that it refers to has changed."""
        statement, environment = declared.statement, self.environment
        key = (declared.file.name, statement.digest)
        line = declared.tree.span.line
        entry = self.cache.find(key, self.digest, environment, line)
        if entry is not None:
            for entity, column in entry.columns:
                environment.place(environment.entities[entity], column)
            self.lists_used.update(name for name, _ in entry.lists)
            if entry.first_line != line or entry.result.rule.order != place:
                entry = _moved_entry(entry, line, place)
            self.cache.keep(key, entry)
            return entry
        environment.touched_lists, environment.touched_columns = set(), set()
        result = check_rule(environment, declared, place)
        self.lists_used |= environment.touched_lists
        lists = tuple((name, environment.lists[name].digest) for name in sorted(environment.touched_lists))
        digest = rule_meaning(result.rule) if result.rule is not None else ""
        facts = RuleFacts(result.rule.condition, result.rule.actions) if result.rule is not None else RuleFacts(None)
        columns = tuple(sorted(environment.touched_columns))
        entry = Entry(self.digest, line, result, digest, lists, columns, facts)
        # a name that is unknown now may become known with a list, which the digest does not see
        if result.rule is not None:
            self.cache.keep(key, entry)
        return entry

    # ------------------------------------------------------------------ all

    def check(self) -> Checked:
        environment, declared = self.environment, self.declared
        rules = self.rules()
        syncs: list[ir.Sync] = []
        for each in declared.syncs.values():
            result = check_sync(environment, each)
            self.diagnostics += result.report.all()
            if result.sync is not None:
                syncs.append(result.sync)
        tests = self.tests()
        self.lists_used |= environment.touched_lists
        self.forms()
        if self.schema is not None:
            self.diagnostics += SchemaCheck(environment, self.schema, self.diagnostics).check()
        program = self.program(rules, syncs, tests)
        self.diagnostics += lints.lints(program, [entry.facts for _, entry in rules], self.surroundings())
        self.unused_lists()
        order = {file.name: place for place, file in enumerate(self.loaded.files)}
        found = sorted(self.diagnostics, key=lambda d: (order.get(d.span.file, -1), d.span.line, d.span.column, d.code))
        self.cache.turn()
        failed = any(each.is_error for each in found)
        return Checked(None if failed else program, tuple(found))

    def surroundings(self) -> lints.Surroundings:
        """Where names stand, for what is said of whole statements."""
        declared = self.declared

        def rule_head(rule: ir.Rule) -> Span:
            tree = declared.rules[rule.order].tree
            return tree.name.span if tree.name is not None else tree.kind.span

        return lints.Surroundings(declared.file_uses, rule_head, lambda sync: declared.syncs[sync.name].tree.name.span)

    def tests(self) -> list[ir.Test]:
        """The tests; those of a used file that speak of what another entity lacks are left to that file's own check."""
        found: list[ir.Test] = []
        for each in self.declared.tests:
            result = check_test(self.environment, each, self.declared.rule_names)
            self.diagnostics += result.report.all()
            if result.test is not None:
                found.append(result.test)
        return found

    def forms(self) -> None:
        """Custom forms, where a server has none."""
        for each in self.declared.entities.values():
            if each.tree.item_class is not None:
                report = Report()
                offered(self.environment.features, "custom_forms", report, each.tree.item_class.span, "custom forms")
                self.diagnostics += report.all()

    def unused_lists(self) -> None:
        if self.declared.incomplete or any(each.is_error for each in self.diagnostics):
            return  # what would have used it may be what is wrong
        for name, declared in self.declared.lists.items():
            if name not in self.lists_used and name != COMPANY_ALIASES and not declared.file.shipped:
                self.diagnostics.append(messages_warnings.list_unused(declared.tree.name.span, name))

    def program(self, rules: list[tuple[ir.Rule, Entry]], syncs: list[ir.Sync], tests: list[ir.Test]) -> ir.Program:
        environment = self.environment
        entities = environment.resolved_entities()
        lists = {name: info.values for name, info in environment.lists.items()}
        parts = {part: name for part, name in self.declared.parts.items() if name in entities}
        digest = joined([
            meaning((entities, parts, {kind.value: name for kind, name in environment.own.items()})),
            *(entry.meaning for _, entry in rules), *(meaning(sync) for sync in syncs),
            *([meaning(sorted(self.aliases.items()))] if self.aliases else ()),
        ])  # fmt: skip
        return ir.Program(
            entities, parts, environment.own, lists, tuple(rule for rule, _ in rules), tuple(syncs), tuple(tests),
            {file.name: file.digest for file in self.loaded.files}, digest, self.aliases,
        )  # fmt: skip


def _moved_entry(entry: Entry, line: int, place: int) -> Entry:
    """The entry of a rule that now begins on another line, or comes after another number of rules."""
    result: RuleResult = entry.result
    rule, report = result.rule, result.report
    assert rule is not None  # others are not kept
    lines = line - entry.first_line
    name = rule.name
    if lines:
        name = f"{rule.file}:{line}" if name == f"{rule.file}:{rule.line}" else name
        report = Report()
        for each in result.report.all():
            report.add(replace(each, span=moved(each.span, lines)))
        rule = moved(rule, lines)
    # written out: `replace` costs ten times as much, and a line more at the top of a file moves thousands of rules
    rule = ir.Rule(
        name, rule.file, line, place, rule.priority, rule.kinds, rule.row_of, rule.event, rule.users, rule.folders,
        rule.public, rule.condition, rule.actions, rule.because, rule.span,
    )  # fmt: skip
    result = RuleResult(rule, report, result.left_out)
    return Entry(entry.environment, line, result, entry.meaning, entry.lists, entry.columns, entry.facts)


def check(
    parser: FileParser,
    sources: Sources,
    *,
    schema: Schema | None = None,
    features: Sequence[Features] = (),
    hooks: frozenset[str] = frozenset(),
    timezone: str = "UTC",
    relay: bool = True,
    only: str | None = None,
    cache: CheckCache | None = None,
) -> Checked:
    """Checks all rule files, or with `only` one file and what it uses.

    `schema` is the database's, None where it cannot be asked: then tables and columns are not checked. `features` are
    those of the configured servers, `hooks` the names of the configured hooks, `timezone` the organisation's IANA zone,
    `relay` whether there is one to notify through.
    `cache` makes the next check of an edited set cost what was edited. Nothing is raised for what a file says.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing made here is garbage before the end, and looking for it takes a third of the time
    try:
        loaded = load(parser, sources, only)
        zone: tzinfo = known_zone(timezone) or UTC
        kept = cache if cache is not None else CheckCache()
        return _Checker(loaded, sources, schema, features, hooks, zone, relay, kept).check()
    finally:
        if collecting:
            gc.enable()
