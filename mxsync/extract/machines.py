"""What tells that a program wrote a mail, beyond its list headers: ticket systems, calendars, booking sites, web forms,
spam filters' verdicts, and subjects that only programs write.

Each function answers with a phrase for the reasons of a score, or with ''.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

Headers = Mapping[str, tuple[str, ...]]

# Stamped by help desks and trackers on everything that they send, also on what a person typed into them.
_TICKET_HEADERS = (
    "x-otrs-loop",
    "x-zammad-ticket-id",
    "x-zendesk-ticket-id",
    "x-freshdesk-ticket-id",
    "x-helpscout-conversation-id",
    "x-jira-fingerprint",
    "x-atlassian-token",
    "x-redmine-host",
    "x-rt-ticket",
    "rt-ticket",
    "x-bugzilla-reason",
    "x-github-reason",
    "x-gitlab-project",
    "x-launchpad-message-rationale",
    "x-servicenow-generated",
    "x-desk-ticket",
    "x-kayako-ticket",
)
_FORM_HEADERS = ("x-php-originating-script", "x-php-script", "x-wp-mail", "x-drupal-mail-key")
_SCRIPT_MAILERS = re.compile(
    r"phpmailer|swiftmailer|symfony|wpforms|wordpress|nodemailer|django|sendy|sendblaster|mailchimp|mailjet|acymailing"
    r"|mass ?mail|bulk ?mail|lemlist|mailshake|outreach|salesloft|woodpecker|instantly|yesware|mixmax|apollo\.io",
    re.IGNORECASE,
)
_TICKET_SUBJECT = re.compile(
    r"\[(?:ticket|case|request|incident|issue|bug|support|vorgang|anfrage|fall|zaak|demande|caso)?\s*(?:id|nr|no)?"
    r"[.:]?\s*[#:]\s*[a-z0-9-]{2,24}\]"
    r"|\b(?:ticket|case|incident|vorgang|zaak|caso)\s*(?:id|nr|no|number|nummer)?[.:]?\s*#?\s*(?=[a-z-]*\d)[a-z0-9-]{4,24}"
    r"\s*(?:has been|was|wurde|is)\b"
    r"|\[(?:[A-Z][A-Z0-9]{1,9}-\d{1,7})\]|\[JIRA\]|\[Confluence\]|##\s*\d+\s*##",
    re.IGNORECASE,
)
_ANSWER_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|fw|fwd|wg)\s*:\s*)*(?:"
    r"automatic reply|auto(?:matic)?[- ]?(?:reply|response|responder)|out of (?:the )?office|away from (?:the )?office"
    r"|automatische antwort|abwesenheits|abwesend\b|abwesenheit\b|réponse automatique|absence du bureau"
    r"|automatisch antwoord|afwezigheid|respuesta automática|fuera de (?:la )?oficina|resposta automática"
    r"|risposta automatica|fuori sede|automatiskt svar|autosvar|automatisk svar|automaattinen vastaus|autoreply"
    r"|odpowiedź automatyczna|automatická odpověď|automatikus válasz|răspuns automat|otomatik yanıt"
    r"|автоматический ответ|автоответ|自动回复|自動回覆|自動応答|자동 회신|رد تلقائي"
    r"|undeliver(?:able|ed)|mail delivery (?:failed|failure|subsystem|system)|delivery status notification"
    r"|delivery (?:has )?(?:failed|delayed)|returned mail|failure notice|message (?:delayed|not delivered)"
    r"|non[- ]?delivery|unzustellbar|nicht zugestellt|échec de (?:la )?remise|non remis|onbestelbaar"
    r"|no se puede entregar|nie dostarczono|недоставленное"
    r"|read(?: receipt)?:|gelesen:|lu ?:|gelezen:|leído:|lesebestätigung|not read:|ungelesen:"
    r")",
    re.IGNORECASE,
)
_CALENDAR_SUBJECT = re.compile(
    r"^\s*(?:accepted|declined|tentative(?:ly accepted)?|canceled|cancelled|zugesagt|abgelehnt|mit vorbehalt|abgesagt"
    r"|accepté|refusé|annulé|geaccepteerd|geweigerd|geannuleerd|aceptad[oa]|rechazad[oa]|accettato|rifiutato)\s*:",
    re.IGNORECASE,
)
_BOOKING_SUBJECT = re.compile(
    r"\b(?:booking|reservation|order|payment|shipment|delivery|parcel|registration|appointment|subscription|invoice)"
    r"\s+(?:confirm(?:ation|ed)|received|reminder|receipt|update)\b"
    r"|\b(?:buchungs|bestell|auftrags|termin|reservierungs|zahlungs|versand|anmelde)bestätigung\b"
    r"|\bconfirmation de (?:votre )?(?:commande|réservation|inscription)|\b(?:boekings|bestel|order)bevestiging\b"
    r"|\bconfirmación de (?:su )?(?:pedido|reserva)|\bconferma (?:d'ordine|di prenotazione|ordine|prenotazione)",
    re.IGNORECASE,
)
_CODE_SUBJECT = re.compile(
    r"\b(?:your|ihr|dein|votre|uw|tu|su|il tuo) (?:one[- ]time|verification|security|login|sign[- ]in|access)"
    r" (?:code|password|link)\b|\b(?:verify|confirm|reset|activate) your (?:e-?mail|account|password|address)\b"
    r"|\b(?:bestätigungs|sicherheits|anmelde|verifizierungs)code\b|\bcode de (?:vérification|sécurité)\b"
    r"|\bverificatiecode\b|\bcódigo de (?:verificación|verificação|segurança)\b|\bcodice di (?:verifica|sicurezza)\b",
    re.IGNORECASE,
)
_SUBJECT_LIMIT = 400


def ticket_system(headers: Headers, subject: str) -> str:
    """A help desk's or a tracker's mail."""
    if any(name in headers for name in _TICKET_HEADERS):
        return "a ticket system sent the mail"
    return "the subject carries a ticket's number" if _TICKET_SUBJECT.search(subject[:_SUBJECT_LIMIT]) else ""


def automatic_subject(subject: str) -> str:
    """A subject that programs write: out of office, undeliverable, read receipts, in the languages of their programs.
    It counts where the headers say nothing, as after a gateway has stripped them."""
    return "the subject is an automatic answer's" if _ANSWER_SUBJECT.search(subject[:_SUBJECT_LIMIT]) else ""


def booking_subject(subject: str) -> str:
    """Confirmations, codes, reminders."""
    return "the subject is a booking's or an order's" if _BOOKING_SUBJECT.search(subject[:_SUBJECT_LIMIT]) else ""


def account_subject(subject: str) -> str:
    """Codes to log in with, addresses to confirm."""
    return "the subject is about an account" if _CODE_SUBJECT.search(subject[:_SUBJECT_LIMIT]) else ""


def calendar_answer(subject: str) -> str:
    """An answer to an invitation, which a calendar wrote on somebody's behalf."""
    return "a calendar answered an invitation" if _CALENDAR_SUBJECT.search(subject[:_SUBJECT_LIMIT]) else ""


def sending_program(headers: Headers) -> str:
    """A web site's form, or a tool that sends one letter to many as if each were typed."""
    if any(name in headers for name in _FORM_HEADERS):
        return "a web site's program sent the mail"
    stated = (*headers.get("x-mailer", ()), *headers.get("user-agent", ()))
    return "a program for mass mail sent the mail" if any(map(_SCRIPT_MAILERS.search, stated)) else ""


def judged_as_spam(headers: Headers) -> str:
    """What the mail server that took the mail thought of it: SpamAssassin's and Exchange's verdicts, and DMARC (RFC
    7489), as the first `Authentication-Results` says it, which is the receiving server's own (RFC 8601, 4.1)."""
    if any(value.strip().lower().startswith("yes") for value in headers.get("x-spam-flag", ())):
        return "a spam filter caught the mail"
    if any(value.strip().lower().startswith("yes") for value in headers.get("x-spam-status", ())):
        return "a spam filter caught the mail"
    for value in headers.get("x-ms-exchange-organization-scl", ()):
        if value.strip().isdigit() and int(value) >= 5:
            return "a spam filter caught the mail"
    results = headers.get("authentication-results", ())
    if results and re.search(r"\bdmarc\s*=\s*fail", results[0], re.IGNORECASE):
        return "the sender's domain disowns the mail (DMARC)"
    return ""


@lru_cache(maxsize=16384)
def is_mask(domain: str) -> bool:
    """Whether the domain hands out addresses that stand for somebody, or something, for a while."""
    from mxsync.extract.provider_lists import MASKS

    name = domain.strip().strip(".").lower()
    while name:
        if name in MASKS:
            return True
        name = name.partition(".")[2]
    return False
