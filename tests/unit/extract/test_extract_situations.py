"""Ordinary mail in several languages: the facts that must be found in it, and those that must not.

The people, firms and texts are made up; the numbers are of ranges that are kept for fiction where a country has one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from mxsync.extract import read_text
from mxsync.extract.html import to_text
from mxsync.extract.signature_fields import FIELDS, signature_fields
from mxsync.model.item import Address


@dataclass(frozen=True)
class Situation:
    """A mail and what is to be read from it. `fields` must be found exactly; the fields in `absent` must not be found
    at all. `message`, where given, is the text without quotes, closing and signature."""

    name: str
    text: str
    sender: Address
    region: str = "GB"
    fields: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    message: str | None = None
    closing: str | None = None
    others: tuple[str, ...] = ()


JANE = Address("Jane Roe", "jane.roe@acme.example")
NOTHING = tuple(sorted(FIELDS))

SITUATIONS = [
    # --- English -------------------------------------------------------------------------------------------------
    Situation(
        "a plain English signature",
        "Dear Anna,\n\nPlease find the offer attached.\n\nKind regards,\nJane Roe\nSales Manager\nAcme Pumps Ltd\n"
        "T: +44 20 7946 0018\nM: +44 7400 123456\njane.roe@acme.example\nwww.acme.example\n",
        JANE,
        fields={
            "job_title": "Sales Manager",
            "organisation": "Acme Pumps Ltd",
            "business_phone": "+442079460018",
            "mobile_phone": "+447400123456",
            "email": "jane.roe@acme.example",
            "website": "www.acme.example",
            "first_name": "Jane",
            "last_name": "Roe",
        },
        absent=("fax", "street", "city"),
        message="Dear Anna,\n\nPlease find the offer attached.",
        closing="Kind regards,",
    ),
    Situation(
        "everything on one line, between bars",
        "See you Monday.\n\nBest,\nJane\n\nJane Roe | Head of Procurement | Acme GmbH | +49 30 23125 123 | "
        "jane.roe@acme.example\n",
        JANE,
        "DE",
        fields={
            "job_title": "Head of Procurement",
            "organisation": "Acme GmbH",
            "business_phone": "+493023125123",
            "last_name": "Roe",
        },
        absent=("mobile_phone", "fax"),
        message="See you Monday.",
    ),
    Situation(
        "a United States signature with an address of two lines",
        "Attached.\n\nThanks,\n\nJane Roe\nSenior Counsel\nAcme Corp.\n1400 Smith Street, Suite 2083\nHouston, "
        "Texas 77002\n"
        "Phone: 713-555-0123\nFax: 713-555-0199\n",
        JANE,
        "US",
        fields={
            "job_title": "Senior Counsel",
            "organisation": "Acme Corp.",
            "street": "1400 Smith Street, Suite 2083",
            "city": "Houston",
            "region": "Texas",
            "postal_code": "77002",
            "business_phone": "+17135550123",
            "fax": "+17135550199",
        },
        absent=("mobile_phone", "country"),
    ),
    Situation(
        "labels behind the numbers",
        "Fine with me.\n\nJane Roe\nAcme Inc.\n(713) 555-0123 (phone)\n(713) 555-0199 (fax)\n281-555-0142 Cell\n",
        JANE,
        "US",
        fields={"business_phone": "+17135550123", "fax": "+17135550199", "mobile_phone": "+12815550142"},
        message="Fine with me.",
    ),
    Situation(
        "two numbers on one line, each with its letter",
        "Done.\n\nRegards\nJane Roe\nT +27 11 555 0100 | F +27 11 555 0101 | M +27 82 555 0102\n",
        JANE,
        "ZA",
        fields={"business_phone": "+27115550100", "fax": "+27115550101", "mobile_phone": "+27825550102"},
    ),
    Situation(
        "a national number is read by the region",
        "Call me.\n\nRegards\nJane Roe\nTel: 011 555 0100\nCell: 082 555 0102\n",
        JANE,
        "ZA",
        fields={"business_phone": "+27115550100", "mobile_phone": "+27825550102"},
    ),
    Situation(
        "a national number without a region is nobody's",
        "Call me.\n\nRegards\nJane Roe\nTel: 011 555 0100\n",
        JANE,
        "",
        absent=("business_phone", "mobile_phone"),
    ),
    Situation(
        "a mobile number without a label is told by its plan",
        "Call me.\n\nRegards\nJane Roe\n+44 7400 123456\n",
        JANE,
        fields={"mobile_phone": "+447400123456"},
        absent=("business_phone",),
    ),
    Situation(
        "a trunk zero in brackets",
        "Hello\n\nRegards\nJane Roe\nTel. +44 (0)20 7946 0018\n",
        JANE,
        fields={"business_phone": "+442079460018"},
    ),
    Situation(
        "an extension does not spoil the number",
        "Hello\n\nRegards\nJane Roe\nTel. +1 202 555 0123 ext. 45\n",
        JANE,
        "US",
        fields={"business_phone": "+12025550123"},
    ),
    Situation(
        "a number at home is not the office's",
        "Hello\n\nRegards\nJane Roe\nOffice: 713-555-0123\nHome: 713-555-0188\n",
        JANE,
        "US",
        fields={"business_phone": "+17135550123", "home_phone": "+17135550188"},
    ),
    Situation(
        "a pager is no telephone",
        "Hello\n\nRegards\nJane Roe\nPager: 713-555-0177\nPhone: 713-555-0123\n",
        JANE,
        "US",
        fields={"business_phone": "+17135550123"},
        absent=("mobile_phone", "fax"),
    ),
    Situation(
        "the delimiter of RFC 3676",
        "Merged.\n\n-- \nJane Roe\nSoftware Engineer, Acme Ltd\nhttps://acme.example/team\n",
        JANE,
        fields={"job_title": "Software Engineer", "organisation": "Acme Ltd", "website": "https://acme.example/team"},
        message="Merged.",
    ),
    Situation(
        "title and firm joined by at",
        "OK\n\n--\nJane Roe\nTechnical Director at Acme Pumps\n",
        JANE,
        fields={"job_title": "Technical Director", "organisation": "Acme Pumps"},
    ),
    Situation(
        "the firm is known by the domain, without a legal form",
        "OK\n\nCheers,\nJane Roe\nBuyer\nAcme Pumps\n",
        Address("Jane Roe", "jane@acme-pumps.example"),
        fields={"job_title": "Buyer", "organisation": "Acme Pumps"},
    ),
    Situation(
        "sent from a telephone: no signature",
        "Yes, Tuesday works.\n\nSent from my iPhone\n",
        JANE,
        absent=NOTHING,
        message="Yes, Tuesday works.",
    ),
    Situation(
        "a signature with a telephone's line under it",
        "Yes.\n\nKind regards\nJane Roe\nDirector\n\nGet Outlook for iOS\n",
        JANE,
        fields={"job_title": "Director"},
        message="Yes.",
    ),
    Situation(
        "a legal notice below is no signature",
        "Yes.\n\nKind regards\nJane Roe\nDirector\nT 020 7946 0018\n\nThis e-mail is confidential and intended "
        "only for the recipient. If you "
        "have received it in error, please delete it and call +44 20 7946 0999. Acme Ltd, registered in England.\n",
        JANE,
        fields={"job_title": "Director", "business_phone": "+442079460018"},
        absent=("organisation", "fax"),
        message="Yes.",
    ),
    Situation("a bare first name closes and tells nothing", "Will do.\n\nJane\n", JANE, absent=NOTHING, closing="Jane"),
    Situation(
        "thanks and a name",
        "Will do.\n\nThanks, Jane\n",
        JANE,
        absent=NOTHING,
        message="Will do.",
        closing="Thanks, Jane",
    ),
    Situation("no ending at all", "Will do.", JANE, absent=NOTHING, message="Will do.", closing=""),
    Situation(
        "thanks at the beginning closes nothing",
        "Thanks,\n\nI have looked at the drawings and they are fine. Please go on with the order as we said.\n",
        JANE,
        absent=NOTHING,
        closing="",
    ),
    Situation(
        "numbers in the text are not the sender's",
        "Please call our agent on +44 20 7946 0555 before noon, he knows all about it.\n\nRegards\nJane Roe\nT "
        "020 7946 0018\n",
        JANE,
        fields={"business_phone": "+442079460018"},
        others=("+442079460555",),
    ),
    Situation(
        "order numbers, dates and prices are no telephone numbers",
        "Hello\n\nRegards\nJane Roe\nOrder 4500123456\n2026-11-23\n23/11/2026\nVAT 123 456 789\n",
        JANE,
        absent=("business_phone", "mobile_phone", "fax"),
    ),
    Situation(
        "a postscript is not the signature",
        "Fine.\n\nRegards\nJane Roe\nSales Manager\n\nPS I will bring the samples on Monday, if the lorry is "
        "back by then.\n",
        JANE,
        fields={"job_title": "Sales Manager"},
    ),
    Situation(
        "social networks are no web site",
        "Hi\n\nBest regards,\nJane "
        "Roe\nhttps://www.linkedin.com/in/janeroe\nhttps://twitter.com/janeroe\nhttps://acme.example\n",
        JANE,
        fields={"website": "https://acme.example"},
    ),
    Situation(
        "a web site without www",
        "Hi\n\nBest regards,\nJane Roe\nacme.example\n",
        JANE,
        fields={"website": "acme.example"},
    ),
    Situation(
        "a degree behind the name",
        "Hi\n\nBest regards,\nJane Roe, PhD\nPrincipal Scientist\n",
        JANE,
        fields={"job_title": "Principal Scientist", "last_name": "Roe", "first_name": "Jane"},
    ),
    Situation(
        "a British postcode",
        "Hi\n\nBest regards,\nJane Roe\nAcme Ltd\n12 Long Lane\nLondon EC1A 1BB\nUnited Kingdom\n",
        JANE,
        fields={"street": "12 Long Lane", "city": "London", "postal_code": "EC1A 1BB", "country": "United Kingdom"},
    ),
    Situation(
        "an address on one line",
        "Hi\n\nBest regards,\nJane Roe\nAcme Inc.\n5 Wayside Rd, Burlington, MA 01803, USA\n",
        JANE,
        "US",
        fields={
            "street": "5 Wayside Rd",
            "city": "Burlington",
            "region": "MA",
            "postal_code": "01803",
            "country": "United States",
        },
    ),
    Situation(
        "the sender is known by address alone",
        "Hi\n\nRegards\nJane Roe\nAccountant\n",
        Address("", "jane.roe@acme.example"),
        fields={"job_title": "Accountant", "last_name": "Roe"},
    ),
    Situation(
        "nothing is known of the sender",
        "Hi\n\nRegards\nJane Roe\nAccountant\n020 7946 0018\n",
        Address(),
        fields={"job_title": "Accountant", "last_name": "Roe", "business_phone": "+442079460018"},
    ),
    Situation(
        "a freemail address names no firm",
        "Hi\n\nRegards\nJane Roe\n020 7946 0018\n",
        Address("Jane Roe", "jane.roe@gmail.com"),
        fields={"business_phone": "+442079460018"},
        absent=("organisation",),
    ),
    # --- replies and forwards ------------------------------------------------------------------------------------
    Situation(
        "the quoted author's signature is not the sender's",
        "Agreed.\n\nRegards\nJane Roe\nT 020 7946 0018\n\nOn Mon, 23 Nov 2026 at 10:00, Bob Poe "
        "<bob@other.example> wrote:\n> Shall we?\n>\n"
        "> Bob Poe\n> Chief Executive Officer\n> T 020 7946 0777\n",
        JANE,
        fields={"business_phone": "+442079460018"},
        absent=("job_title",),
        message="Agreed.",
    ),
    Situation(
        "a reply of Outlook, quote without marks",
        "Agreed.\n\nJane\n\n-----Original Message-----\nFrom: Bob Poe [mailto:bob@other.example]\nSent: Monday, "
        "23 November 2026 10:00\n"
        "To: Jane Roe\nSubject: Offer\n\nShall we?\n\nBob Poe\nChief Executive Officer\nT 020 7946 0777\n",
        JANE,
        absent=NOTHING,
        message="Agreed.",
    ),
    Situation(
        "headers of Outlook without a separator",
        "Agreed.\n\nFrom: Bob Poe <bob@other.example>\nSent: Monday, 23 November 2026 10:00\nTo: Jane Roe "
        "<jane.roe@acme.example>\n"
        "Subject: Offer\n\nShall we?\nBob Poe\nCEO\n",
        JANE,
        absent=NOTHING,
        message="Agreed.",
    ),
    Situation(
        "headers in bold, below a rule",
        "Agreed.\n________________________________\n*From:* Bob Poe <bob@other.example>\n*Sent:* Monday, 23 "
        "November 2026 10:00\n*To:* Jane\n"
        "*Subject:* Offer\n\nBob Poe\nCEO\n",
        JANE,
        absent=NOTHING,
        message="Agreed.",
    ),
    Situation(
        "an answer below the quote",
        "On 23/11/2026 10:00, Bob Poe wrote:\n> Shall we?\n\nYes, on Tuesday.\n\nRegards\nJane Roe\nPlanner\n",
        JANE,
        fields={"job_title": "Planner"},
        message="Yes, on Tuesday.",
    ),
    Situation(
        "answers between the quotes",
        "On 23/11/2026 10:00, Bob Poe wrote:\n> When?\n\nOn Tuesday.\n\n> Where?\n\nIn Leeds.\n",
        JANE,
        absent=NOTHING,
        message="On Tuesday.\n\n\nIn Leeds.",
    ),
    Situation(
        "a forwarded message",
        "See below.\n\n---------- Forwarded message ---------\nFrom: Bob Poe <bob@other.example>\nDate: Mon, Nov "
        "23, 2026\nSubject: Offer\n\n"
        "Bob Poe\nCEO\n+44 20 7946 0777\n",
        JANE,
        absent=NOTHING,
        message="See below.",
    ),
    Situation(
        "an attribution over two lines",
        "Fine.\n\nOn Mon, Nov 23, 2026 at 9:50 AM, Bob Poe\n<bob@other.example> wrote:\n\n> Shall we?\n",
        JANE,
        absent=NOTHING,
        message="Fine.",
    ),
    Situation("only a quote", "> Shall we?\n> Bob\n", JANE, absent=NOTHING, message=""),
    Situation(
        "a quoted signature left without marks, below the quote",
        "Top answer.\n\nOn 23/11/2026 10:00, Bob Poe wrote:\n> Shall we?\n\n-- \nBob Poe\nT 020 7946 0777\n",
        JANE,
        absent=NOTHING,
        message="Top answer.",
    ),
    Situation(
        "the author's own signature below the quote",
        "Top answer.\n\nOn 23/11/2026 10:00, Bob Poe wrote:\n> Shall we?\n\n-- \nJane Roe\nT 020 7946 0018\n",
        JANE,
        fields={"business_phone": "+442079460018"},
        message="Top answer.",
    ),
    # --- German --------------------------------------------------------------------------------------------------
    Situation(
        "a German signature",
        "Sehr geehrte Frau Roe,\n\nanbei das Angebot.\n\nMit freundlichen Grüßen\n\nHans Müller\nLeiter "
        "Einkauf\n\nMuster Maschinenbau GmbH & Co. KG\n"
        "Hauptstraße 12\n10115 Berlin\nTel.: +49 30 23125-123\nFax: +49 30 23125-199\nMobil: 0171 "
        "1234567\nwww.muster.example\n",
        Address("Müller, Hans", "h.mueller@muster.example"),
        "DE",
        fields={
            "job_title": "Leiter Einkauf",
            "organisation": "Muster Maschinenbau GmbH & Co. KG",
            "street": "Hauptstraße 12",
            "postal_code": "10115",
            "city": "Berlin",
            "business_phone": "+493023125123",
            "fax": "+493023125199",
            "mobile_phone": "+491711234567",
            "last_name": "Müller",
        },
        message="Sehr geehrte Frau Roe,\n\nanbei das Angebot.",
        closing="Mit freundlichen Grüßen",
    ),
    Situation(
        "a German reply",
        "Danke, passt.\n\nViele Grüße\nHans\n\nAm 23.11.2026 um 10:00 schrieb Jane Roe "
        "<jane.roe@acme.example>:\n> Geht es so?\n> Jane Roe\n> Sales Manager\n",
        Address("Hans Müller", "hans@muster.example"),
        "DE",
        absent=NOTHING,
        message="Danke, passt.",
    ),
    Situation(
        "German headers of Outlook",
        "Passt.\n\nVon: Jane Roe <jane.roe@acme.example>\nGesendet: Montag, 23. November 2026 10:00\nAn: Hans "
        "Müller\nBetreff: Angebot\n\nJane Roe\nCEO\n",
        Address("Hans Müller", "hans@muster.example"),
        "DE",
        absent=NOTHING,
        message="Passt.",
    ),
    Situation(
        "a managing director of a German firm",
        "Gerne.\n\nLG\nHans\n\nHans Müller\nGeschäftsführer\nMuster UG (haftungsbeschränkt)\nPostfach 12 34\n",
        Address("Hans Müller", "hans@muster.example"),
        "DE",
        fields={"job_title": "Geschäftsführer", "organisation": "Muster UG (haftungsbeschränkt)"},
        absent=("business_phone",),
    ),
    # --- French --------------------------------------------------------------------------------------------------
    Situation(
        "a French signature",
        "Bonjour,\n\nVoici le devis.\n\nCordialement,\n\nMarie Dupont\nDirectrice commerciale\nExemple SARL\n8 "
        "rue de la Paix\n75002 Paris\nFrance\n"
        "Tél. : 01 99 00 12 34\nPort. : 06 12 34 56 78\n",
        Address("DUPONT Marie", "marie.dupont@exemple.example"),
        "FR",
        fields={
            "job_title": "Directrice commerciale",
            "organisation": "Exemple SARL",
            "street": "8 rue de la Paix",
            "postal_code": "75002",
            "city": "Paris",
            "country": "France",
            "business_phone": "+33199001234",
            "mobile_phone": "+33612345678",
        },
        message="Bonjour,\n\nVoici le devis.",
    ),
    Situation(
        "a French reply",
        "C'est d'accord.\n\nBien à vous,\nMarie\n\nLe lun. 23 nov. 2026 à 10:00, Jane Roe "
        "<jane.roe@acme.example> a écrit :\n> Ça va ?\n",
        Address("Marie Dupont", "marie@exemple.example"),
        "FR",
        absent=NOTHING,
        message="C'est d'accord.",
    ),
    Situation(
        "French headers of Outlook",
        "Merci.\n\nDe : Jane Roe\nEnvoyé : lundi 23 novembre 2026 10:00\nÀ : Marie Dupont\nObjet : Devis\n\nJane "
        "Roe\nCEO\n",
        Address("Marie Dupont", "marie@exemple.example"),
        "FR",
        absent=("job_title", "organisation"),
    ),
    # --- Dutch and Afrikaans -------------------------------------------------------------------------------------
    Situation(
        "a Dutch signature",
        "Beste Anna,\n\nBijgaand de offerte.\n\nMet vriendelijke groet,\n\nPieter de "
        "Vries\nAccountmanager\nVoorbeeld B.V.\nKeizersgracht 100\n1015 AA Amsterdam\n"
        "T 020 555 0123\nM 06 12345678\n",
        Address("Pieter de Vries", "p.devries@voorbeeld.example"),
        "NL",
        fields={
            "job_title": "Accountmanager",
            "organisation": "Voorbeeld B.V.",
            "street": "Keizersgracht 100",
            "postal_code": "1015 AA",
            "city": "Amsterdam",
            "business_phone": "+31205550123",
            "mobile_phone": "+31612345678",
            "last_name": "de Vries",
        },
    ),
    Situation(
        "a Dutch reply",
        "Prima.\n\nGroeten,\nPieter\n\nOp ma 23 nov. 2026 om 10:00 schreef Jane Roe <jane.roe@acme.example>:\n> "
        "Goed zo?\n",
        Address("Pieter de Vries", "p@voorbeeld.example"),
        "NL",
        absent=NOTHING,
        message="Prima.",
    ),
    Situation(
        "an Afrikaans signature",
        "Hallo Anna\n\nHier is die kwotasie.\n\nVriendelike groete\n\nJan van der Merwe\nBesturende "
        "Direkteur\nVoorbeeld Pompe (Edms) Bpk\nSel: 082 555 0123\nTel: 011 555 0100\n",
        Address("Jan van der Merwe", "jan@voorbeeldpompe.example"),
        "ZA",
        fields={
            "job_title": "Besturende Direkteur",
            "organisation": "Voorbeeld Pompe (Edms) Bpk",
            "mobile_phone": "+27825550123",
            "business_phone": "+27115550100",
            "last_name": "van der Merwe",
        },
    ),
    Situation(
        "a South African firm with a post box",
        "Hi Anna\n\nKind Regards\nThabo Nkosi\nProject Engineer\nAcme Pumps (Pty) Ltd\nPO Box 1234, Sandton, "
        "2196\nT: +27 11 555 0100\n",
        Address("Thabo Nkosi", "thabo@acme.example"),
        "ZA",
        fields={
            "job_title": "Project Engineer",
            "organisation": "Acme Pumps (Pty) Ltd",
            "street": "PO Box 1234",
            "city": "Sandton",
            "postal_code": "2196",
            "business_phone": "+27115550100",
        },
    ),
    # --- Spanish, Portuguese, Italian ----------------------------------------------------------------------------
    Situation(
        "a Spanish signature",
        "Hola Anna:\n\nAdjunto la oferta.\n\nUn saludo,\n\nJuan García\nDirector de Compras\nEjemplo S.L.\nCalle "
        "Mayor 10\n28013 Madrid\nMóvil: +34 612 345 678\nTel.: 912 345 678\n",
        Address("Juan García", "juan@ejemplo.example"),
        "ES",
        fields={
            "job_title": "Director de Compras",
            "organisation": "Ejemplo S.L.",
            "street": "Calle Mayor 10",
            "postal_code": "28013",
            "city": "Madrid",
            "mobile_phone": "+34612345678",
            "business_phone": "+34912345678",
        },
    ),
    Situation(
        "a Spanish reply",
        "De acuerdo.\n\nSaludos,\nJuan\n\nEl lun, 23 nov 2026 a las 10:00, Jane Roe (<jane.roe@acme.example>) "
        "escribió:\n> ¿Bien?\n",
        Address("Juan García", "juan@ejemplo.example"),
        "ES",
        absent=NOTHING,
        message="De acuerdo.",
    ),
    Situation(
        "a Portuguese signature",
        "Olá Anna,\n\nSegue a proposta.\n\nAtenciosamente,\nMaria Silva\nGerente de Vendas\nExemplo Ltda\nTel: "
        "+55 11 2345-6789\n",
        Address("Maria Silva", "maria@exemplo.example"),
        "BR",
        fields={"job_title": "Gerente de Vendas", "organisation": "Exemplo Ltda", "business_phone": "+551123456789"},
    ),
    Situation(
        "an Italian signature",
        "Buongiorno,\n\necco l'offerta.\n\nCordiali saluti\nLuca Rossi\nResponsabile Acquisti\nEsempio "
        "S.p.A.\nTel. +39 02 1234 5678\nCell. +39 333 1234567\n",
        Address("Luca Rossi", "luca@esempio.example"),
        "IT",
        fields={
            "job_title": "Responsabile Acquisti",
            "organisation": "Esempio S.p.A.",
            "business_phone": "+390212345678",
            "mobile_phone": "+393331234567",
        },
    ),
    # --- others --------------------------------------------------------------------------------------------------
    Situation(
        "a Swedish signature",
        "Hej Anna,\n\nHär kommer offerten.\n\nMed vänliga hälsningar\nEva Lind\nVD\nExempel AB\nTel: +46 8 123 "
        "456 78\n",
        Address("Eva Lind", "eva@exempel.example"),
        "SE",
        fields={"job_title": "VD", "organisation": "Exempel AB", "business_phone": "+46812345678"},
    ),
    Situation(
        "a Polish signature",
        "Dzień dobry,\n\nw załączeniu oferta.\n\nZ poważaniem\nAnna Nowak\nKierownik sprzedaży\nPrzykład Sp. z "
        "o.o.\nul. Prosta 10\n00-950 Warszawa\ntel. +48 22 123 45 67\n",
        Address("Anna Nowak", "a.nowak@przyklad.example"),
        "PL",
        fields={
            "job_title": "Kierownik sprzedaży",
            "organisation": "Przykład Sp. z o.o.",
            "postal_code": "00-950",
            "city": "Warszawa",
            "business_phone": "+48221234567",
        },
    ),
    Situation(
        "a Russian signature",
        "Добрый день!\n\nВысылаю предложение.\n\nС уважением,\nИван Петров\nДиректор\nООО Пример\nтел.: +7 495 "
        "123-45-67\n",
        Address("Иван Петров", "petrov@primer.example"),
        "RU",
        fields={
            "job_title": "Директор",
            "organisation": "ООО Пример",
            "business_phone": "+74951234567",
            "last_name": "Петров",
        },
    ),
    Situation(
        "a Chinese signature",
        "您好，\n\n请见附件。\n\n谢谢\n王小明\n销售经理\n示例有限公司\n电话：+86 10 6552 9988\n",
        Address("王小明", "wang@shili.example"),
        "CN",
        fields={
            "job_title": "销售经理",
            "organisation": "示例有限公司",
            "business_phone": "+861065529988",
            "last_name": "王",
        },
    ),
    Situation(
        "a Japanese signature below a rule",
        "お世話になっております。\n\nよろしくお願いいたします。\n\n--------------------\n"
        "株式会社サンプル\n営業部長 山田 太郎\nTEL: 03-1234-5678\n",
        Address("山田 太郎", "yamada@sample.example"),
        "JP",
        fields={"organisation": "株式会社サンプル", "business_phone": "+81312345678"},
    ),
    # --- what must not be mistaken -------------------------------------------------------------------------------
    Situation(
        "a list of other people's numbers is no signature",
        "Hello Anna,\n\nhere are the numbers for the weekend:\nBob Poe 020 7946 0777\nTim Coe 020 7946 0778\nSue "
        "Doe 020 7946 0779\n",
        JANE,
        absent=("business_phone", "mobile_phone", "fax"),
    ),
    Situation(
        "a newsletter's foot",
        "Great offers this week. Buy now and save half the price on everything in the shop.\n\nTo unsubscribe "
        "click here\n",
        Address("Acme Shop", "news@acme.example"),
        absent=("job_title", "business_phone"),
    ),
    Situation(
        "an invitation with a dial-in number",
        "Join the call on Tuesday.\n\nDial in: +44 20 7946 0500, code 123456\n\nRegards\nJane Roe\n",
        JANE,
        absent=("business_phone", "mobile_phone"),
        others=("+442079460500",),
    ),
    Situation(
        "a motto is no title",
        "Fine.\n\nRegards\nJane Roe\nAcme Ltd\nWe manage your flow.\n",
        JANE,
        fields={"organisation": "Acme Ltd"},
        absent=("job_title",),
    ),
    Situation(
        "a signature in a table of HTML, turned into tabs",
        "Fine.\n\nRegards,\nJane Roe\tSales Manager\nAcme Ltd\tT: 020 7946 0018\n",
        JANE,
        fields={"job_title": "Sales Manager", "organisation": "Acme Ltd", "business_phone": "+442079460018"},
    ),
    Situation(
        "Windows line ends",
        "Fine.\r\n\r\nKind regards\r\nJane Roe\r\nSales Manager\r\nT: 020 7946 0018\r\n",
        JANE,
        fields={"job_title": "Sales Manager", "business_phone": "+442079460018"},
        message="Fine.",
    ),
    Situation(
        "stars for bold",
        "Fine.\n\nKind regards\n*Jane Roe*\n*Sales Manager*\nT: 020 7946 0018\n",
        JANE,
        fields={"job_title": "Sales Manager", "business_phone": "+442079460018"},
    ),
    Situation(
        "names of attachments below a signature",
        "Fine.\n\nRegards\nJane Roe\nHydrologist, EPA\n\n - offer of monday.doc\n - plan.xls\n"
        " <<offer.doc>> <<plan.xls>>\n",
        JANE,
        fields={"job_title": "Hydrologist", "organisation": "EPA"},
        message="Fine.",
    ),
    Situation(
        "a department behind the title is no firm",
        "Fine.\n\nRegards\nJane Roe\nManager, IT\n",
        JANE,
        fields={"job_title": "Manager, IT"},
        absent=("organisation",),
    ),
    Situation(
        "a postscript with a link in it",
        "Fine.\n\nRegards\nJane Roe\n\nPS: see https://other.example/x\n",
        JANE,
        absent=("website", "organisation"),
    ),
    Situation(
        "thanks and a sentence, with a link below",
        "Thanks for confirming. Here is the ticket\n\nhttps://other.example/1\n",
        JANE,
        absent=NOTHING,
        closing="",
    ),
    Situation(
        "headers in another order, without marks",
        "Fine.\n\nTo: Jane Roe\ncc:\nDate: 23/11/2026\nFrom: Bob Poe\nSubject: Offer\n\nBob Poe\nCEO\n",
        JANE,
        absent=NOTHING,
        message="Fine.",
    ),
    Situation(
        "a sign-off that the header does not know",
        "Buffalo Gap would be just fine.\n\nBert\n",
        Address("Meyers", ""),
        absent=NOTHING,
        closing="Bert",
    ),
    Situation(
        "initials under a letter",
        "It is done.\n\nJR\n",
        JANE,
        absent=NOTHING,
        message="It is done.",
        closing="JR",
    ),
    Situation(
        "an answer of one word is not a name",
        "Shall we meet at ten?\n\nPerhaps\n",
        Address("Tim Coe", "tim@acme.example"),
        absent=NOTHING,
        closing="",
    ),
    Situation(
        "Lotus Notes",
        "Fine with me.\n\nJane\n\n\tBob Poe@OTHER\n\t11/23/2026 09:50 AM\n\t\t\n\t\t To: Jane "
        "Roe/ACME@ACME\n\t\t cc: \n\t\t Subject: Offer\n\nShall we?\nBob Poe\nCEO\n",
        JANE,
        absent=NOTHING,
        message="Fine with me.",
    ),
]


@pytest.mark.parametrize("case", SITUATIONS, ids=[case.name for case in SITUATIONS])
def test_situation(case: Situation) -> None:
    reading = read_text(case.text, sender=case.sender, region=case.region)
    fields = signature_fields(reading)
    assert {name: fields.get(name) for name in case.fields} == case.fields
    assert {name: fields[name] for name in case.absent if name in fields} == {}
    if case.message is not None:
        assert reading.message == case.message
    if case.closing is not None:
        assert str(reading.closing) == case.closing
    assert set(case.others) <= {fact.value for fact in reading.others}


HTML_SITUATIONS = [
    (
        "Outlook",
        "<html><head><style>p.MsoNormal{margin:0}</style></head><body><div class=WordSection1><p "
        "class=MsoNormal>Hi Anna,<o:p></o:p></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>It is attached.</p><p class=MsoNormal>Kind "
        "regards</p>"
        "<p class=MsoNormal><b>Jane Roe</b></p><p class=MsoNormal>Sales Manager</p><p class=MsoNormal>Acme Pumps "
        "Ltd</p>"
        "<p class=MsoNormal>12 Long Lane</p><p class=MsoNormal>London EC1A 1BB</p>"
        "<p class=MsoNormal>T: <a href='tel:+442079460018'>020 7946 0018</a> | M: 07400 123456</p>"
        "<p class=MsoNormal><a href='http://www.acme.example/'>www.acme.example</a></p>"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Bob Poe "
        "&lt;bob@other.example&gt;<br>"
        "<b>Sent:</b> Monday<br><b>To:</b> Jane<br><b>Subject:</b> x</p></div><p>Shall we?</p><p>Bob "
        "Poe<br>CEO</p></div></body></html>",
        "Hi Anna,\n\nIt is attached.",
        {
            "job_title": "Sales Manager",
            "organisation": "Acme Pumps Ltd",
            "street": "12 Long Lane",
            "city": "London",
            "postal_code": "EC1A 1BB",
            "business_phone": "+442079460018",
            "mobile_phone": "+447400123456",
            "website": "www.acme.example",
        },
    ),
    (
        "a web mailer",
        "<div dir='ltr'>Agreed.<br clear='all'><div><br></div>-- <br><div class='gmail_signature'><div><b>Jane "
        "Roe</b></div>"
        "<div>Head of Sales, Acme Pumps Ltd</div><div>+44 20 7946 0018</div></div></div><br><div class='gmail_quote'>"
        "<div class='gmail_attr'>On Mon, 23 Nov 2026 at 09:50, Bob &lt;bob@other.example&gt; wrote:<br></div>"
        "<blockquote class='gmail_quote'><div>Shall we?</div><div>Bob<br>CEO</div></blockquote></div>",
        "Agreed.",
        {"job_title": "Head of Sales", "organisation": "Acme Pumps Ltd", "business_phone": "+442079460018"},
    ),
    (
        "a table with a logo",
        "<p>Fine.</p><p>Best regards</p><table><tr><td rowspan=4><img src='cid:logo' alt='Acme "
        "logo'></td><td><b>Jane Roe</b></td></tr>"
        "<tr><td>Managing Director</td></tr><tr><td>Phone <a href='tel:+442079460018'>+44 20 7946 "
        "0018</a></td></tr><tr><td>"
        "<a href='https://www.acme.example'>acme.example</a> <a href='https://linkedin.com/in/x'><img src=x "
        "alt='LinkedIn'></a></td></tr></table>",
        "Fine.",
        {
            "job_title": "Managing Director",
            "business_phone": "+442079460018",
            "website": "acme.example",
            "first_name": "Jane",
        },
    ),
]


@pytest.mark.parametrize(
    ("name", "html", "message", "expected"), HTML_SITUATIONS, ids=[case[0] for case in HTML_SITUATIONS]
)
def test_situation_in_html(name: str, html: str, message: str, expected: dict[str, str]) -> None:
    reading = read_text(to_text(html), sender=JANE, region="GB")
    fields = signature_fields(reading)
    assert reading.message == message
    assert {field: fields.get(field) for field in expected} == expected
    assert "CEO" not in fields.values() and "LinkedIn" not in " ".join(fields.get("organisation", "").split())


def test_there_are_enough_situations() -> None:
    assert len(SITUATIONS) >= 60
    assert len({case.name for case in SITUATIONS}) == len(SITUATIONS)


@pytest.mark.parametrize("case", SITUATIONS, ids=[case.name for case in SITUATIONS])
def test_every_fact_stands_on_its_line(case: Situation) -> None:
    """Of a fact that is taken over word for word, the line that it names holds the words."""
    reading = read_text(case.text, sender=case.sender, region=case.region)
    lines = case.text.split("\n")
    for fact in (*reading.facts, *reading.others):
        if fact.kind in ("phone", "mobile", "fax"):
            digits = "".join(ch for ch in lines[fact.line] if ch.isdigit())
            assert fact.value[-6:] in digits
        elif fact.kind != "address":
            assert fact.value in lines[fact.line]
        else:
            assert fact.parts[0][1].split(",")[0] in lines[fact.line]
    assert set(reading.signature) | set(reading.closing) <= set(reading.newest)
