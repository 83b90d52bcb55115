"""A letter as HTML, in the markup of the program that it is written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.mailmaker.ink import ink_html
from tests.mailmaker.letters import Letter, label_of_added
from tests.mailmaker.plain import Thread
from tests.mailmaker.signature_html import signature_html


@dataclass(frozen=True, slots=True)
class Program:
    """`paragraph`, `line`: one paragraph, one line of a signature, with '{}'; `empty` what stands between paragraphs;
    `signature`: around a signature; `quote`: what is answered, with the head over it; `page`: around all."""

    paragraph: str
    empty: str
    line: str
    signature: str
    quote: Callable[[Thread, int, Program], str]
    page: str = "<html><head></head><body>{}</body></html>"
    added: str = "<div>{}</div>"


def letter_html(letter: Letter, block: int, program: Program) -> list[str]:
    """A letter's paragraphs, closing, signature and additions, each as markup."""
    found = [program.added.format(ink_html("mua", line, block)) for line in letter.above]
    for paragraph in letter.paragraphs:
        lines = [ink_html("body", line, block) for line in paragraph]
        if len(lines) > 1:
            items = "".join(f"<li>{line.replace('- ', '', 1)}</li>" for line in lines)
            found.append(f"<ul>{items}</ul>")
        else:
            found.append(program.paragraph.format(lines[0]))
    end = [program.paragraph.format(ink_html("closing", line, block)) for line in letter.closing]
    if letter.signature is not None:
        end.append(program.signature.format(signature_html(letter.signature, block, program.line)))
    end += [program.added.format(ink_html(label_of_added(letter, line), line, block)) for line in letter.added]
    if letter.invitation:
        lines = [ink_html("mua", line, block) for line in letter.invitation]
        joint = "<br>\n".join(
            f'<a href="https://teams.example/l/meetup/4711">{line}</a>' if number == 1 and "http" not in line else line
            for number, line in enumerate(lines)
        )
        end.append(f'<hr><div style="font-family:Segoe UI;color:#252424">{joint}</div><hr>')
    return [*found, "".join(end)]


def joined(parts: list[str], program: Program) -> str:
    return program.empty.join(part for part in parts if part)
