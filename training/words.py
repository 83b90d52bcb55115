"""The words of the made-up mail that the line model is trained on, by language."""

from __future__ import annotations

from dataclasses import dataclass

GIVEN = (
    "Alan Brigitte Carlos Dorota Emeka Fiona Goran Helga Ivo Joanna Kofi Lena Marcel Nadia Oskar Priya Quentin Ruth "
    "Stefan Tomoko Ulla Viktor Wendy Xavier Yusuf Zoe Ahmed Bea Cem Dan Ed Francesca Gina Hugo Ingrid Jörg Kari Luc Mia"
).split()
FAMILY = (
    "Abbott Berger Castillo Dvorak Eriksen Fontaine Grant Huber Ibarra Jansen Keller Lindqvist Moretti Nkosi Okafor "
    "Petrov Quist Ribeiro Sato Tanaka Ulrich Vance Weber Xu Yilmaz Zeman Hartley O'Dowd MacBride Pretorius Varga "
    "Kowalski Haugen Laine Papadakis Ferreira Duval Bosch Ndlovu Sorensen"
).split()
PARTICLES = ("van der", "de", "von", "van", "di", "del", "le")
FIRM_HEADS = (
    "Northgate Silverline Brookvale Tarbert Kestrel Ostrava Polaris Redwing Solvang Umbra Vantage Westerly Yarrow "
    "Zenith Arbour Belmont Corvus Dunmore Elstree Falmer Gantry Hollis Inverness Juniper"
).split()
FIRM_TAILS = (
    "Ltd", "Inc.", "Inc", "LLC", "GmbH", "AG", "B.V.", "SA", "S.A.", "SARL", "S.r.l.", "AB", "A/S", "Oy",
    "(Pty) Ltd", "Corp.", "Corporation", "& Co.", "plc", "Group", "Energy", "Consulting", "Partners", "Systems",
    "Bank", "University", "Services", "Institute", "", "", "Worldwide", "Trading", "Brothers", "Design", "Foods",
)  # fmt: skip
TITLES = (
    "Account Manager", "Managing Director", "Chief Executive Officer", "VP Operations", "Senior Analyst",
    "Purchasing Agent", "Legal Assistant", "Project Engineer", "Head of Logistics", "Research Fellow",
    "Executive Assistant to the Chairman", "Territory Manager, North", "Software Developer", "Treasurer",
    "Geschäftsführer", "Vertriebsleiter", "Sachbearbeiterin", "Responsable commercial", "Directrice financière",
    "Jefe de ventas", "Gerente general", "Direttore tecnico", "Verkoopleider", "Projektledare", "Kierownik działu",
    "Obchodní ředitel", "Müdür", "Directeur", "Toimitusjohtaja", "Coordenador",
    # what no list of words holds
    "Tea Taster", "Fleet & Yard", "Realtime", "Upstream Markets", "Desk Two", "Customer Happiness", "Wordsmith",
    "Scheduling, West Desk", "Facilities", "Rates and Tariffs", "Staff", "Community Builder", "Web Wrangler",
)  # fmt: skip
DEPARTMENTS = (
    "Legal Department", "Human Resources", "Gas Accounting", "Market Risk", "Abteilung Einkauf", "Service Achats",
    "Global Data", "Field Operations", "Dept. of Chemistry", "Corporate Affairs", "Team Blue", "Floor 7",
)  # fmt: skip
STREETS = (
    "12 Harbour Street", "1800 Lakeview Drive, Suite 410", "Lindenstraße 7", "Am Hang 22", "14, rue des Lilas",
    "Calle Mayor 5, 2º", "Via Garibaldi 18", "Keizerskade 101", "P.O. Box 5512", "Private Bag X44", "Postfach 20 11",
    "300 S. Wacker Dr.", "Building C, 2nd Floor", "Mail Stop 1180", "Rua Nova 44", "Storgatan 9", "ul. Polna 3",
    "EB 2214", "Unit 4, Mill Park",
)  # fmt: skip
PLACES = (
    "Portland, Oregon 97204", "Boston, MA 02110", "London EC2V 7HN", "D-50667 Köln", "8001 Zürich", "75011 Paris",
    "28004 Madrid", "1012 AB Amsterdam", "Cape Town 8001", "20121 Milano", "111 22 Stockholm", "00-950 Warszawa",
    "Calgary, AB T2P 3N3", "Houston TX", "Sydney NSW 2000", "Lisboa", "Denver", "Dublin 2, Ireland", "India",
)  # fmt: skip
HOSTS = ("mail", "corp", "office", "net")
SITES = (
    "www.{}.example",
    "http://www.{}.example",
    "https://{}.example/",
    "{}.example",
    "http://people.{}.example/~me/",
)
MOTTOS = (
    "We never sleep.", "Quality since 1911", "Pumps for people - new and used", "Life is too short for bad tools",
    '"The map is not the territory." - A. K.', "Ideas that flow", "Search. Find. Done.",
    "http://kettle.example/ - tips for all who brew",
)  # fmt: skip
DEVICE_LINES = (
    "Sent from my iPhone", "Sent from my BlackBerry Wireless Handheld", "Sent from Mail for Windows",
    "Get Outlook for Android", "Gesendet von meinem Handy", "Envoyé de mon iPhone", "Enviado desde mi iPad",
    "Do You Yahoo!?", "Get your FREE download at http://explorer.example", "<<offer.doc>>", " - plan.xls",
    "Sent from the archive of the list at Nabble.example.", "Verzonden vanaf mijn telefoon",
)  # fmt: skip
BELOW = (
    "Please use paper on both sides, or none at all.", "Follow us on all channels and never miss a pump again!",
    "Visit us at the fair in hall 4, stand 22, from 3 to 5 May.", "We are moving: from June on you find us in Mill Park.",
    "Tell us how we did: it takes one minute and helps us a lot.", "Besuchen Sie uns auf der Messe in Halle 4.",
    "Nous déménageons : à partir de juin, vous nous trouverez au parc.", "Our offices are closed from 24 to 31 December.",
    "All our deliveries are subject to our general terms of business, which you find on our site.",
)  # fmt: skip
NOTICE = (
    "This e-mail and any files with it are confidential and intended only for the recipient named above. If you have "
    "received it in error, please delete it and tell the sender. Any unauthorized disclosure is prohibited.",
    "CONFIDENTIALITY NOTICE: the information in this message may be privileged. If you are not the intended recipient, "
    "you must not copy it. Please notify us and destroy the message.",
    "Diese Nachricht ist vertraulich. Wenn Sie nicht der richtige Empfänger sind, vernichten Sie sie bitte.",
    "Ce message est confidentiel. Si vous n'êtes pas le destinataire, merci de le détruire.",
)


@dataclass(frozen=True)
class Language:
    """`prose` are sentences, `labels` what stands before a number of each kind."""

    greetings: tuple[str, ...]
    prose: tuple[str, ...]
    closings: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]


ENGLISH = Language(
    ("Hi {},", "{},", "Dear {},", "All,", "Good morning {}", "{} -", "Hello everyone,", "Team:"),
    (
        "I have gone over the figures and they look right to me.",
        "Could you send me the signed copy by Friday?",
        "As we said on the phone, the second pump will not ship before the first is paid.",
        "Please see the attached file and let me know what you think.",
        "We would rather wait until the board has met.",
        "The meeting has been moved to Thursday at 3:00 in the large room.",
        "Yes, that works.",
        "FYI",
        "I will be out of the office next week, so please call Dorota if anything comes up.",
        "Has anybody heard from the carrier about the missing pallets, or do I have to ask them again?",
        "It was good to see you all in Leeds, and thanks again for the dinner.",
        "If you have any questions, please call me or Viktor at 555-0142.",
        "For tickets call the desk at (713) 555-0177 or write to tickets@kettle.example.",
        "The deal was entered twice, which is why the totals do not agree.",
        "You can reach me on my cell over the weekend.",
        "I am not sure that this is what they asked for.",
        "Restart the node after you have changed the heap size, and watch the log for a while.",
        "Thanks for the quick answer, that explains it.",
        "Let me know.",
        "Done.",
        "Any thoughts?",
    ),
    (
        "Regards,", "Best regards,", "Thanks,", "Thanks", "Kind regards", "Sincerely,", "Cheers,", "Best,", "Thank you,",
        "Many thanks", "Yours truly,", "Best wishes,", "Thanks!", "Regards", "Thanks in advance,", "Take care,",
    ),
    {
        "phone": ("Phone: {}", "Tel: {}", "Tel. {}", "{} (phone)", "{} (office)", "Office: {}", "T {}", "P: {}", "ph {}",
                  "{}", "Direct: {}", "Work: {}", "{} phone", "Telephone {}"),
        "fax": ("Fax: {}", "Fax {}", "{} (fax)", "F: {}", "Facsimile: {}", "{} fax"),
        "mobile": ("Cell: {}", "Mobile: {}", "M {}", "{} (cell)", "{} cell", "Mob. {}"),
        "email": ("{}", "{}", "E-mail: {}", "Email: {}", "E {}", "<{}>", "mailto:{}"),
    },
)  # fmt: skip
GERMAN = Language(
    ("Hallo {},", "Sehr geehrte Frau {},", "Liebe Kolleginnen und Kollegen,", "Guten Tag {},"),
    (
        "anbei die Unterlagen, wie gestern besprochen.",
        "Bitte prüfen Sie die Mengen und geben Sie mir bis Montag Bescheid.",
        "Das passt so, vielen Dank.",
        "Die Lieferung verzögert sich leider um eine Woche, weil das Lager geschlossen ist.",
        "Können wir das morgen um 10:00 kurz am Telefon klären?",
        "Bei Fragen erreichen Sie mich unter 030 5550142.",
    ),
    ("Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "Gruß", "MfG", "Liebe Grüße"),
    {
        "phone": ("Tel.: {}", "Telefon: {}", "T: {}", "Tel {}", "{}", "Fon {}", "Durchwahl: {}"),
        "fax": ("Fax: {}", "Telefax: {}", "F: {}", "Fax {}"),
        "mobile": ("Mobil: {}", "Handy: {}", "M: {}", "Mobil {}"),
        "email": ("{}", "E-Mail: {}", "Mail: {}", "Email {}"),
    },
)
FRENCH = Language(
    ("Bonjour {},", "Madame, Monsieur,", "Cher {},", "Bonjour à tous,"),
    (
        "vous trouverez ci-joint le devis corrigé.",
        "Pouvez-vous me confirmer la date de livraison ?",
        "C'est noté, merci.",
        "Nous avons bien reçu votre commande, qui sera expédiée la semaine prochaine.",
        "N'hésitez pas à m'appeler au 01 55 50 14 20 si besoin.",
    ),
    ("Cordialement,", "Bien cordialement", "Cordialement", "Bien à vous,", "Meilleures salutations"),
    {
        "phone": ("Tél : {}", "Tél. {}", "Téléphone : {}", "{}", "T. {}"),
        "fax": ("Fax : {}", "Télécopie : {}", "Fax {}"),
        "mobile": ("Mob : {}", "Portable : {}", "Port. {}"),
        "email": ("{}", "Courriel : {}", "Mail : {}"),
    },
)
SPANISH = Language(
    ("Hola {}:", "Estimado {}:", "Buenos días,", "Estimados señores:"),
    (
        "adjunto la factura que nos pidieron.",
        "¿Me puede confirmar si la reunión sigue siendo el martes?",
        "De acuerdo, gracias.",
        "El pedido salió ayer del almacén y llegará antes del viernes.",
        "Para cualquier duda estoy en el 915 550 142.",
    ),
    ("Saludos,", "Un saludo", "Saludos cordiales,", "Atentamente,", "Muchas gracias"),
    {
        "phone": ("Tel. {}", "Tfno: {}", "Teléfono: {}", "{}"),
        "fax": ("Fax: {}", "Fax {}"),
        "mobile": ("Móvil: {}", "Cel. {}", "M: {}"),
        "email": ("{}", "Correo: {}", "Email: {}"),
    },
)
DUTCH = Language(
    ("Beste {},", "Hallo {},", "Geachte heer {},", "Dag allemaal,"),
    (
        "in de bijlage vindt u de offerte.",
        "Kunt u mij laten weten of dit akkoord is?",
        "Prima, dank je.",
        "De monteur komt donderdag langs, tussen negen en elf uur.",
    ),
    ("Met vriendelijke groet,", "Groeten,", "Groet", "Mvg", "Hartelijke groeten,"),
    {
        "phone": ("Tel: {}", "T {}", "Telefoon: {}", "{}"),
        "fax": ("Fax: {}", "F {}"),
        "mobile": ("Mob: {}", "M {}", "Mobiel: {}"),
        "email": ("{}", "E {}", "E-mail: {}"),
    },
)
ITALIAN = Language(
    ("Ciao {},", "Gentile {},", "Buongiorno,", "Spett. ditta,"),
    (
        "in allegato il preventivo aggiornato.",
        "Mi può confermare la consegna per lunedì?",
        "Va bene, grazie.",
        "La merce è partita ieri dal magazzino di Verona e arriverà entro venerdì.",
    ),
    ("Cordiali saluti", "Saluti,", "Distinti saluti", "Grazie", "Un saluto,"),
    {
        "phone": ("Tel. {}", "Telefono: {}", "{}", "T {}"),
        "fax": ("Fax {}", "Fax: {}"),
        "mobile": ("Cell. {}", "Cellulare: {}", "Mob. {}"),
        "email": ("{}", "Mail: {}", "E-mail: {}"),
    },
)
LANGUAGES = (ENGLISH, ENGLISH, ENGLISH, ENGLISH, ENGLISH, ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, ITALIAN)
