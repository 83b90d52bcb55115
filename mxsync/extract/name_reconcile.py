"""One name out of three: what the header shows, how the signature is signed, what the address spells.

The person's own signature completes the header (a middle name, a degree, the order of the words); it never replaces a
given name by another: who calls herself Peggy is not corrected to Margaret.
"""

from __future__ import annotations

from dataclasses import replace

from mxsync.extract.names import PersonName, split_name


def reconciled(display: str, address: str, signed: str = "") -> PersonName:
    """The parts of a person's name. `signed` is the name in the signature, '' without one."""
    shown = split_name(display, address)
    written = split_name(signed, address) if signed else PersonName(is_person=False)
    if not written.is_person or not written.last or not written.first:
        return _with_titles(shown, written)
    if not shown.is_person or not shown.first or not shown.last or not display.strip(" \"'"):
        return written  # a desk's header, a bare first name, or a guess from the address
    shown_words, written_words = _words(shown), _words(written)
    if shown_words == written_words:  # the same words: the signature has them in the person's own order
        return _with_titles(shown if "," in display else written, shown if "," not in display else written)
    if _agree(shown.last, written.last) and _agree(shown.first, written.first):
        return _joined(shown, written)
    return _with_titles(shown, written) if _agree(shown.last, written.last) else shown


def completed(signed: str, display: str, address: str) -> PersonName:
    """The name in the signature, in the order and with the titles that header and address give it where all three mean
    the same name; as the signature has it where they do not."""
    written = split_name(signed, address)
    found = reconciled(display, address, signed)
    same = _words(found) == _words(written) or (_agree(found.first, written.first) and _agree(found.last, written.last))
    return found if same else written


def _words(name: PersonName) -> list[str]:
    return sorted(word.lower().strip(".") for word in name.full.split())


def _agree(one: str, other: str) -> bool:
    """Whether two words are one name: the same, or one the initial of the other."""
    first, second = one.lower().strip("."), other.lower().strip(".")
    return first == second or (min(len(first), len(second)) == 1 and first[:1] == second[:1])


def _joined(shown: PersonName, written: PersonName) -> PersonName:
    """The fuller form of each part."""
    first = max(shown.first, written.first, key=len)
    middle = max(shown.middle, written.middle, key=len)
    last = max(shown.last, written.last, key=len)
    full = " ".join(part for part in (first, middle, last) if part)
    return _with_titles(replace(shown, first=first, middle=middle, last=last, full=full), written)


def _with_titles(name: PersonName, other: PersonName) -> PersonName:
    honorific, suffix = name.honorific or other.honorific, name.suffix or other.suffix
    return replace(name, honorific=honorific, suffix=suffix) if name.is_person else name
