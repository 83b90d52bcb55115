"""Addresses behind which no one person stands: a desk, a robot, a room, a list (RFC 2142 and common usage)."""

from __future__ import annotations

import re
from functools import lru_cache

from mxsync.extract.domains import is_freemail
from mxsync.extract.machines import is_mask
from mxsync.extract.word_list import words

_ROLES = words(
    """
    abuse accounting accounts accountspayable accountsreceivable admin administracion administrateur administration
    administrator alert alerts all-staff allstaff announce announcements ap ar apply archive auto auto-confirm
    autoreply
    automailer automated billing boekhouding booking bookings bounce bounces buchhaltung calendar campaign
    campaigns careers
    clientes compliance comptabilite comunicacion confirm confirmation confirmations contact contacto contactus
    contabilidade
    contabilidad cs customercare customer-care customerservice customer-service customersupport customer-support
    daemon
    debtors creditors delivery digest directors dispatch do-not-reply donotreply do_not_reply dontreply
    ecommerce einkauf
    email empfang enquiries enquiry events everyone facturacion facturation fax feedback finance finanzen
    frontdesk gdpr
    dpo ftp hello help helpdesk help-desk hola hostmaster hr humanresources info infos information informatica
    inkoop inquiries inquiry invoice invoices invoicing it itsupport jobs karriere klantenservice kontakt
    kundenservice
    kundendienst legal list list-request listserv logistics mail mailer mailer-daemon mailerdaemon mailing
    mailman mailbox majordomo
    marketing media membership members news newsletter newsletters nieuwsbrief no-reply no_reply noc nobody
    noreply not-reply
    notification notifications notify notice notices nepasrepondre ne-pas-repondre office oficina online
    onlineshop operations ops
    order orders orderdesk parking partners payment payments payroll personal-abteilung post postbox poststelle
    postmaster
    presse press privacy procurement promo promotions pr publicrelations purchasing quality quotes rechnung
    rechnungen
    reception receptie recepcion recruiting recruitment registrar registration remittance renewals replies reply
    request
    reservations reservierung returns robot root rrhh sales salesteam sav secretariat sekretariat security
    server service
    services servicedesk service-desk shipping shop signup site soporte spam staff statements store subscribe
    subscriptions studio
    suggestions supplier suppliers support surveys survey sysadmin system team tech techsupport tech-support
    technik test tickets
    ticket tracking training undisclosed-recipients unsubscribe updates usenet uucp ventas vendas verification
    verkauf verkoop vertrieb
    login account portal app bot hallo hej bonjour ciao
    room rooms meetingroom meeting-room conferenceroom conference-room boardroom conference dialin dial-in voicemail sms
    scan scanner printer copier kopierer drucker mfp backup cron nagios zabbix grafana monitoring jenkins build
    jira otrs report reports reporting receipt receipts quarantine antispam antivirus dmarc dmarc-reports mailinglist
    reservation bestellung bestellungen commandes ventes pedidos compras ordini vendite acquisti amministrazione
    segreteria ufficio biuro ksiegowosc faktura fakturaer fakturor ekonomi kundtjanst kundeservice kontor posta
    kancelaria obchod iroda zakaz zakupki buh secretaria atendimento comercial financeiro wecare
    web webadmin webinar webmaster webmail website welcome winkel wordpress www zentrale
    """
)
_PREFIX = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?[-_.+=]|bounce\d|mailer[-_.]?daemon|owner-"
    r"|notifications?[-_.+]|alerts?[-_.+]"
    r"|newsletters?[-_.+]|reply[-_.+]|srs[01]=|prvs=|msprvs\d=|unsubscribe[-_.+]|support[-_.+]"
    r"|info[-_.]|sales[-_.]|service[-_.]"
    r"|invoice[s]?[-_.]|billing[-_.]|postmaster[-_.+]|automailer|autoreply|auto[-_.]|system[-_.])"
)
_SUFFIX = re.compile(
    r"(?:[-_.]no[-_.]?reply|[-_.]?noreply|[-_.]donotreply|[-_.]notifications?|[-_.]newsletter"
    r"|[-_.]support|[-_.]team|-bounces?"
    r"|-request|-owner|-subscribe|-unsubscribe|-announce|-help|[-_.]info|[-_.]sales|[-_.]alerts?|[-_.]mailer)$"
)
_MACHINE = re.compile(
    r"^(?:[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}|.*=.*=.*|.*=[\w.-]+\.[a-z]{2,}|[0-9a-f]{8}-[0-9a-f-]{4,}|\+?\d{4,})$"
)
_BOUNCING = re.compile(r"^(?:bounces?|bnc|return|returns|verp)\d*\.")
_NUMBER = re.compile(r"^\d{4,}$")


@lru_cache(maxsize=16384)
def is_role_address(address: str) -> bool:
    """Whether the address is a function's and not a person's: 'info@', 'no-reply@', 'bounces+91-x=y@'.

    Judged is the part before the @, without case and without its plus tag; of the domain only whether its addresses
    stand for somebody for a while, as a booking site's. A number is a machine's, or a room's on a conference bridge,
    but a person's at a free provider ('10001@qq.com'). A text without @ is no role.
    """
    if len(address) > 400:
        return True
    local, at, domain = address.strip(" <>\t").lower().rpartition("@")
    if not at:
        return False
    if _NUMBER.match(local) and is_freemail(domain):
        return False
    return role_local_part(local) or is_mask(domain) or bool(_BOUNCING.match(domain))


def role_local_part(local: str) -> bool:
    """`is_role_address` for the part before the @ alone, in lower case."""
    plain = local.partition("+")[0].strip("\"'")
    if plain in _ROLES or plain.rstrip("0123456789") in _ROLES or not plain:
        return True
    return bool(_PREFIX.match(local) or _SUFFIX.search(plain) or _MACHINE.match(local))
