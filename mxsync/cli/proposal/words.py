"""What tables and columns are called in the databases of this world, and what that means in the rule language.

Words are in the form that `bare` makes: lower case, without accents, spaces and underscores.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_APART = re.compile(r"[^0-9A-Za-z]+")
_TABLE_PREFIX = re.compile(r"^(?:tbl|tab|t|crm|civicrm|llx|vtiger|dbo)[_ ]+|^tbl(?=[A-Z])", re.IGNORECASE)
_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d"})


def parts(name: str) -> list[str]:
    """'GeändertAm', 'geaendert_am' as lower-case words without accents."""
    text = unicodedata.normalize("NFKD", name.translate(_FOLDED))
    text = "".join(character for character in text if not unicodedata.combining(character))
    return [word.lower() for piece in _APART.split(text) for word in _CAMEL.split(piece) if word]


def bare(name: str) -> str:
    """The words of a name without anything between them."""
    return "".join(parts(name))


def table_word(name: str) -> str:
    """A table's own name, bare: without its schema, and without `tbl`, `crm_` and the like."""
    return bare(_TABLE_PREFIX.sub("", name.rpartition(".")[2]) or name)


def snake(name: str) -> str:
    """The name as a field of an entity: 'AktPartner' gives 'akt_partner'."""
    return "_".join(parts(name))


def _words(text: str) -> dict[str, str]:
    """`meaning: word word …`, over as many lines as it takes, as word to meaning; the first one counts."""
    found: dict[str, str] = {}
    meaning = ""
    for word in text.split():
        if word.endswith(":"):
            meaning = word[:-1]
        else:
            found.setdefault(word, meaning)
    return found


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TABLES: Final[Mapping[str, str]] = _words("""
contact: contact contacts person persons people individual individuals kontakt kontakte ansprechpartner kontaktperson
    kontaktpersonen personen contacto contactos persona personas contatto contatti contatos contato contactpersonen
    contactpersoon personne personnes interlocuteur interlocuteurs donor donors kontaktid osoba osoby asiakashenkilo
    socpeople
company: company companies account accounts customer customers client clients organisation organisations organization
    organizations firm firms firma firmen kunde kunden unternehmen mandant mandanten societe societes entreprise
    entreprises empresa empresas cliente clientes azienda aziende clienti bedrijf bedrijven klant klanten relatie
    relaties foretag kund kunder virksomhed kunder yritys asiakas asiakkaat
user: user users employee employees staff benutzer mitarbeiter anwender usuario usuarios empleado empleados
    utilisateur utilisateurs employe employes utente utenti dipendenti gebruiker gebruikers medewerker medewerkers
    anvandare bruger kayttaja
appointment: appointment appointments meeting meetings event events calendar termin termine kalender besprechung
    besprechungen actioncomm aktivitaet aktivitaeten aktivitat aktivitaten rendezvous rdv reunion reunions cita citas
    evento
    eventos appuntamento appuntamenti afspraak afspraken
task: task tasks todo todos aufgabe aufgaben tache taches tarea tareas tarefa tarefas attivita taak taken
journal: journal journals call calls callreport callreports activity activities activitylog anruf anrufe
    besuchsbericht besuchsberichte
email: email emails mail mails message messages emailmessage emailmessages nachricht nachrichten courriel courriels
    correo correos mailmessage
document: document documents file files attachment attachments ecmfiles dokument dokumente datei dateien documento
    documentos
    documenti fichier fichiers
opportunity: opportunity opportunities deal deals lead leads verkaufschance verkaufschancen chance chancen opportunite
    opportunites oportunidad oportunidades
""")
"""A table's name to the entity that it holds."""

_PERSON = """
first_name: firstname givenname forename vorname prenom nombre voornaam fname first imie fornavn fornamn etunimi nome
last_name: lastname surname familyname nachname familienname zuname nomdefamille nom apellido apellidos cognome
    achternaam lname last sobrenome nazwisko etternavn efternamn efternavn sukunimi
middle_name: middlename secondname zweitervorname deuxiemeprenom
full_name: fullname displayname contactname vollername vollstaendigername anzeigename nomcomplet nombrecompleto
    nomecompleto volledigenaam name
nickname: nickname spitzname surnom apodo
honorific: salutation honorific anrede civilite civility tratamiento aanhef
email: email emailaddress emailaddr mail mailaddress emailadresse mailadresse courriel correo correoelectronico posta
    epost sahkoposti emailid
business_phone: phone telephone tel businessphone workphone officephone phonework telefon telefonnr telefonnummer
    telefono telefone telnr fon telefoon phonenumber phoneno puhelin telefondienstlich
    phonepro
mobile_phone: mobile mobilephone phonemobile mobileno cell cellphone cellular handy handynr mobil mobiltelefon
    portable movil
    cellulare celular gsm mobiel natel
home_phone: homephone privatephone phonehome phoneperso telefonprivat privattelefon
fax: fax faxnumber faxno telefax faxnr telecopie phonefax
website: website web url homepage www webseite sitio siteweb sitoweb paginaweb webpage
job_title: jobtitle position role funktion fonction cargo puesto poste mansione ruolo functie stilling stellung title
    titre
department: department dept abteilung departement departamento reparto afdeling avdeling
street: street primaryaddressstreet billingaddressstreet address address1 addressline1 streetaddress strasse str rue
    adresse calle direccion indirizzo straat
    adres gata
city: city primaryaddresscity billingaddresscity town ort stadt ville ciudad citta comune plaats stad localidad
    cidade miasto
postal_code: postalcode primaryaddresspostalcode billingaddresspostalcode postcode zip zipcode plz codepostal
    codigopostal cap cep postnummer
region: region primaryaddressstate billingaddressstate state province bundesland provincia provincie stateprovince
country: country primaryaddresscountry billingaddresscountry land pays pais paese countryname kraj
birthday: birthday birthdate dateofbirth dob geburtsdatum geburtstag datenaissance datedenaissance fechanacimiento
    datadinascita geboortedatum
notes: notes note comments comment remarks remark bemerkung bemerkungen notiz notizen remarques notas observaciones
    commentaire commentaires memo opmerkingen
"""
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "contact": _words(
        _PERSON
        + "organisation: company companyname organisation organization firma firm societe empresa azienda bedrijf\n"
        "exclude_mail: excludemail noemail nomail donotemail emailoptout optout keinemail pasdemail"
    ),
    "company": _words(
        "name: name companyname company organisation organization organizationname firma firma1 firmenname "
        "firmierung nom raisonsociale razonsocial nombre ragionesociale naam accountname customername clientname "
        "bedrijfsnaam denominazione\n"
        "domain: domain webdomain internetdomain emaildomain domaene domaine dominio domein\n"
        "phone: phone telephone tel telefon telefonnr telefono telefone fon telefoon phonenumber phoneoffice\n"
        + _PERSON
    ),
    "user": _words(
        "full_name: fullname displayname name realname vollername nom nombre nome naam\n"
        "login: login username userid loginname benutzername\n" + _PERSON
    ),
    "appointment": _words("""
subject: subject title topic betreff titel sujet objet asunto titulo oggetto onderwerp name bezeichnung label
start: start starts startson starttime startdate startat startsat begin begins beginn beginsat von debut inicio inizio
    datestart datefrom datep begintijd
end: end ends endson endtime enddate endat endsat ende bis fin fine einde dateend dateto datep2 eindtijd finish
all_day: allday fulldayevent isallday ganztagig ganztaegig journeeentiere
location: location place ort lieu lugar luogo plaats room raum
body: body description details text beschreibung inhalt descripcion descrizione omschrijving notes note memo notiz
"""),
    "task": _words("""
subject: subject title topic betreff titel sujet objet asunto titulo oggetto onderwerp name bezeichnung
start: start starton starts startdate startat beginn debut inicio inizio
due: due dueon datedue duedate dueat deadline faellig fallig falligam faelligam echeance vencimiento scadenza
    vervaldatum
completed: completed datefinished completedon completedat donedate doneon finishedon erledigtam erledigt
status: status state zustand etat estado stato
priority: priority prioritaet prioritat priorite prioridad priorita prioriteit
body: body description details text beschreibung inhalt descripcion descrizione omschrijving notes memo notiz
"""),
    "journal": _words("""
subject: subject title topic betreff titel sujet objet asunto titulo oggetto onderwerp name
start: start starts startson starttime startdate beginn datum date debut inicio inizio when
duration: duration minutes dauer dauerminuten duree duracion durata duur
type: type entrytype art kind typ calltype
body: body description details text beschreibung inhalt descripcion descrizione omschrijving notes memo notiz
"""),
    "email": _words("""
message_id: messageid emailmsgid internetmessageid msgid
subject: subject name title betreff sujet objet asunto oggetto onderwerp
sender.address: sender from fromaddress senderaddress absender expediteur remitente mittente afzender emailfrom
recipients: recipients to toaddress empfanger empfaenger destinataires destinatarios destinatari ontvangers emailto
direction: direction richtung sens
sent: sent senton sentat gesendet gesendetam datesent
received: received datesentreceived receivedon receivedat empfangen empfangenam datereceived
body: body text content inhalt contenu description
"""),
    "document": _words("""
file_name: filename name dateiname nomfichier nombrearchivo nomefile bestandsnaam
content_type: contenttype mimetype
size: size filesize bytes groesse grosse taille
sha256: sha256 hash checksum
path: path filepath pfad chemin ruta percorso
"""),
}  # fmt: skip
"""For each entity, a column's name to the field that it holds."""

MODIFIED: Final = _set("""
modified modifiedon modifiedat modifieddate datemodified updated updatedon updatedat lastmodified tms writedate
    lastmodifieddate
lastmodifiedon lastupdate lastupdated changed changedon changedat geaendertam geandertam geaendert geandert
aenderungsdatum anderungsdatum datemodification modifiele fechamodificacion datamodifica gewijzigdop modifytime
mtime
""")
CREATED: Final = _set("""
created createdon createdat createddate datec createdate datecreated creationdate dateentered angelegtam erstelltam
    erstellt
anlagedatum datecreation creele fechacreacion datacreazione aangemaaktop entrydate
""")
OWNERS: Final = _set("""
owner ownerid fkuseraction owneruser assignedto assigneduser assigneduserid responsible betreuer zustaendig
    verantwortlich
bearbeiter responsable propietario proprietaire proprietario eigenaar accountmanager salesrep user userid benutzer
""")
KEYS: Final = ("id", "key", "nr", "no", "number", "code", "pk", "uuid", "guid", "rowid", "num", "nummer")
"""What the name of a key ends with."""
DELETED: Final = _set("deleted isdeleted del geloescht geloscht supprime eliminado cancellato verwijderd trashed")
"""A flag that is yes for rows that are as good as gone."""
ACTIVE: Final = _set("active isactive enabled aktiv actif activo attivo actief")
"""A flag that is no for them."""
CODED: Final = _set("""
status state statut type kind art priority prioritaet prioritat prio importance stage category kategorie
""")
"""Columns that often hold a code for a word."""
OF_LINKS: Final = _set("position sort sortorder role contactrole required acceptstatus")
"""What a table that only links two others may say besides."""
