"""Every hostile file: nothing raises, nothing hangs, nothing leaves its folder, and each is what it must be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.connectors.files.layout import safe_name
from mxsync.errors import BadContent
from mxsync.model.change import Appeared
from mxsync.model.item import Attachment, ItemRef, Unreadable
from mxsync.ports.connector import Fetched
from tests.hostile import HostileCase, make_hostile

MAILBOX = "anna@ours.example"


def digest(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[HostileCase]]:
    root = tmp_path_factory.mktemp("hostile") / "store"
    return root, make_hostile(root / MAILBOX)


def test_there_are_at_least_three_hundred(store: tuple[Path, list[HostileCase]]) -> None:
    assert len(store[1]) >= 300
    assert len({case.path for case in store[1]}) == len(store[1])


def test_every_hostile_file_is_read_or_set_aside(store: tuple[Path, list[HostileCase]]) -> None:
    root, cases = store
    before = digest(root)
    connector = FilesConnector(root, timezone="Africa/Johannesburg", region="ZA")
    page = connector.changes(MAILBOX, "", lambda mailbox, folder: {})
    appeared = {change.ref.href: change for change in page.changes if isinstance(change, Appeared)}
    wrong: list[str] = []
    for case in cases:
        if case.must_be == "trouble":
            sentences = [trouble.reason for trouble in page.trouble if trouble.href == case.path]
            if case.path in appeared or not any(case.sentence_contains in sentence for sentence in sentences):
                wrong.append(f"{case.path}: {sentences}")
            continue
        if case.path not in appeared:
            wrong.append(f"{case.path}: not noticed")
            continue
        answers = list(connector.fetch([appeared[case.path].ref]))
        wrong += _judge(case, answers, appeared[case.path].revision)
    assert wrong == []
    assert digest(root) == before


def _judge(case: HostileCase, answers: list[Fetched | Unreadable], revision: str) -> list[str]:
    if len(answers) != 1:
        return [f"{case.path}: {len(answers)} answers"]
    answer = answers[0]
    if isinstance(answer, Unreadable):
        found = answer.revision
        if case.must_be == "readable" or case.sentence_contains not in answer.reason:
            return [f"{case.path}: {answer.reason}"]
    else:
        found = answer.item.revision
        if case.must_be == "set aside":
            return [f"{case.path}: was read"]
        for value in [answer.item.fields[name] for name in answer.item.fields]:
            text = repr(value)
            if "\\x00" in text or "\\ud8" in text:
                return [f"{case.path}: NUL or a lone surrogate in {text[:100]}"]
        for name in answer.item.headers:
            assert all(isinstance(value, str) for value in answer.item.headers[name])
    return [] if revision in ("", found) else [f"{case.path}: two revisions"]


def test_attachments_are_streamed_and_their_names_are_harmless(store: tuple[Path, list[HostileCase]]) -> None:
    root, cases = store
    connector = FilesConnector(root)
    count = 0
    for case in cases:
        if not case.path.startswith("Sent Items/"):
            continue
        ref = ItemRef(MAILBOX, "Sent Items/names", case.path)
        for answer in connector.fetch([ref]):
            assert isinstance(answer, Fetched)
            attachments = answer.item.fields["attachments"]
            assert isinstance(attachments, tuple)
            for attachment in attachments:
                assert isinstance(attachment, Attachment)
                content = connector.attachment(ref, attachment.part).read()
                assert len(content) == attachment.size
                name = safe_name(attachment.name)
                assert "/" not in name and "\\" not in name and not name.startswith(".") and len(name.encode()) <= 255
                assert name.partition(".")[0].lower() not in ("con", "nul", "aux", "com1")
                count += 1
    assert count > 30


@pytest.mark.parametrize(
    "href",
    ["../../outside.eml", "Inbox/../../x.eml", "/etc/passwd", "Inbox//x.eml", "..", "Inbox\\..\\x.eml", "a\0b.eml"],
)
def test_a_reference_never_leads_out_of_the_mailbox(store: tuple[Path, list[HostileCase]], href: str) -> None:
    connector = FilesConnector(store[0])
    with pytest.raises(BadContent, match="no path inside"):
        list(connector.fetch([ItemRef(MAILBOX, "Inbox", href)]))


def test_a_link_is_not_followed_even_when_it_is_asked_for(store: tuple[Path, list[HostileCase]]) -> None:
    connector = FilesConnector(store[0])
    answers = list(
        connector.fetch([ItemRef(MAILBOX, "Inbox", "Inbox/link.eml"), ItemRef(MAILBOX, "Inbox/up", "Inbox/up/x.eml")])
    )
    assert len(answers) == 1
    assert isinstance(answers[0], Unreadable)
    assert "symbolic link" in answers[0].reason
