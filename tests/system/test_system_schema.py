"""K1: a Spanish law office, none of whose tables or columns is called as in the sample CRM, through the command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tenants import ANNA, BEN, Tenant, mxsync

SCHEMA = """
CREATE TABLE "Abogados" ("núm" INTEGER PRIMARY KEY, "buzón" VARCHAR(120) NOT NULL, "apodo" TEXT);
CREATE TABLE "Clientes despacho" (
    "núm" INTEGER PRIMARY KEY, "razón social" VARCHAR(80) NOT NULL, "dominio" VARCHAR(80), "situación" CHAR(1) DEFAULT 'A');
CREATE UNIQUE INDEX "por dominio" ON "Clientes despacho" ("dominio" COLLATE NOCASE);
CREATE TABLE "Personas" (
    "núm" INTEGER PRIMARY KEY, "nombre" TEXT, "apellidos" TEXT, "correo1" VARCHAR(120), "correo2" VARCHAR(120),
    "móvil" TEXT, "puesto" TEXT, "sin correo" BOOLEAN NOT NULL DEFAULT 0,
    "cliente" INTEGER REFERENCES "Clientes despacho" ("núm"), "lleva" INTEGER REFERENCES "Abogados" ("núm"));
CREATE TABLE "Actos" (
    "núm" INTEGER PRIMARY KEY, "clase" VARCHAR(10) NOT NULL, "clave" TEXT, "asunto" VARCHAR(60), "desde" TIMESTAMP,
    "hasta" TIMESTAMP, "contenido" TEXT, "estado" INTEGER, "select" INTEGER REFERENCES "Abogados" ("núm"));
CREATE TABLE "Expedientes" (
    "referencia" VARCHAR(20) PRIMARY KEY, "título" TEXT, "cliente" INTEGER REFERENCES "Clientes despacho" ("núm"));
CREATE TABLE "Archivos" ("núm" INTEGER PRIMARY KEY, "rótulo" TEXT, "huella" CHAR(64), "ruta" TEXT);
CREATE TABLE "acto-persona" (a INTEGER NOT NULL, p INTEGER NOT NULL, PRIMARY KEY (a, p));
CREATE TABLE "acto-cliente" (a INTEGER NOT NULL, c INTEGER NOT NULL, PRIMARY KEY (a, c));
CREATE TABLE "acto-abogado" (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE "acto-expediente" (a INTEGER NOT NULL, e VARCHAR(20) NOT NULL, PRIMARY KEY (a, e));
CREATE TABLE "archivo-acto" (f INTEGER NOT NULL, a INTEGER NOT NULL, PRIMARY KEY (f, a));
"""

RULES = """
entity abogado in table Abogados as user
  key   'núm'
  email = 'buzón'
  name  = apodo
  matched by email

entity cliente in table 'Clientes despacho' as company
  key       'núm'
  name      = 'razón social'
  domain    = dominio
  situacion = 'situación' as (activo = 'A', baja = 'B')
  matched by domain then name

entity persona in table Personas as contact
  key          'núm'
  first_name   <-> nombre
  last_name    <-> apellidos
  email        <-> correo1, correo2
  mobile_phone <-> 'móvil' as phone
  job_title    <-> puesto
  cliente      =   cliente is cliente
  owner        =   lleva is abogado
  callado      =   'sin correo'
  matched by email

entity expediente in table Expedientes
  key     referencia
  titulo  = 'título'
  ref     = referencia
  cliente = cliente is cliente

entity carta in table Actos where clase = 'correo' as mail
  key        'núm'
  message_id -> clave
  subject    -> asunto
  received   -> desde
  body       -> contenido
  estado     =  estado as (nuevo = 1, visto = 2)
  owner      =  'select' is abogado
  matched by message_id
  links to persona through 'acto-persona' (a, p)
  links to cliente through 'acto-cliente' (a, c)
  links to abogado through 'acto-abogado' (a, b)
  links to expediente through 'acto-expediente' (a, e)

entity vista in table Actos where clase = 'vista' as appointment
  key     'núm'
  subject <-> asunto
  start   <-> desde
  end     <-> hasta
  owner   =   'select' is abogado
  links to persona through 'acto-persona' (a, p)
  links to cliente through 'acto-cliente' (a, c)

entity plazo in table Actos where clase = 'plazo' as task
  key     'núm'
  subject <-> asunto
  due     <-> hasta
  owner   =   'select' is abogado

entity llamada in table Actos where clase = 'llamada' as journal
  key     'núm'
  subject <-> asunto
  start   <-> desde
  owner   =   'select' is abogado
  links to persona through 'acto-persona' (a, p)

entity document in table Archivos
  key       'núm'
  file_name = 'rótulo'
  sha256    = huella
  path      = ruta
  matched by sha256
  links to carta through 'archivo-acto' (f, a)

rule 'reservado' priority 100
  when mail is private or is confidential
  then skip

rule 'correo de clientes'
  when mail is known persona where callado = no
  then link to abogado, persona where callado = no, cliente

rule 'alta'
  when mail category 'Alta'
  then create persona, create cliente from domain, link

rule 'expediente'
  when mail subject like '*[{numero}]*' and is known persona
  then link to expediente where ref = numero

rule 'estado'
  when mail category like 'estado={valor}'
  then set estado = valor

rule 'adjuntos'
  when mail category 'Guardar' and has attachment
  then save attachments to documents

rule 'vistas'
  when appointment attendees is known persona
  then link

rule 'plazos'
  when task category 'Plazo'
  then save

rule 'llamadas'
  when journal contacts is known persona
  then link
"""

START = "DTSTART:20261110T090000Z\nDTEND:20261110T100000Z\n"


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    with closing(sqlite3.connect(tmp_path / "despacho.db")) as connection, connection:
        connection.executescript(SCHEMA)
    root = tmp_path / "t"
    mxsync("init", str(root), "--database", f"sqlite:///{tmp_path / 'despacho.db'}", cwd=tmp_path)
    tenant = Tenant(root, database=tmp_path / "despacho.db")
    tenant.people((ANNA, BEN))
    tenant.rules(RULES)
    return tenant


def person(tenant: Tenant, email: str, **columns: object) -> int:
    names = ["correo1", *columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    tenant.sql(f"INSERT INTO Personas ({quoted}) VALUES ({marks})", email, *columns.values())
    return int(tenant.sql('SELECT max("núm") FROM Personas')[0][0])


def client(tenant: Tenant, name: str, domain: str) -> int:
    tenant.sql('INSERT INTO "Clientes despacho" ("razón social", dominio) VALUES (?, ?)', name, domain)
    return int(tenant.sql('SELECT max("núm") FROM "Clientes despacho"')[0][0])


def acts(tenant: Tenant, kind: str) -> list[str]:
    return [each for (each,) in tenant.sql("SELECT asunto FROM Actos WHERE clase = ? ORDER BY asunto", kind)]


def test_no_name_is_shared_with_the_sample(tenant: Tenant) -> None:
    sample = (Path(__file__).resolve().parents[2] / "sql" / "sqlite" / "sample.sql").read_text()
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(sample)
        theirs = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {row[1] for table in theirs for row in connection.execute(f'PRAGMA table_info("{table}")')}
    ours = {name for (name,) in tenant.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    own = {row[1] for table in ours for row in tenant.sql(f'PRAGMA table_info("{table}")')}
    assert not {name.lower() for name in theirs} & {name.lower() for name in ours}
    assert not {name.lower() for name in columns} & {name.lower() for name in own}


def test_k1_the_main_job_on_it(tenant: Tenant) -> None:
    firm = client(tenant, "Acme S. L.", "acme.example")
    jane = person(tenant, "Jane@Acme.example", correo2="jane@casa.example", cliente=firm)
    quiet = person(tenant, "quiet@acme.example", **{"sin correo": 1})
    tenant.sql("INSERT INTO Expedientes VALUES ('E-17/26', 'Acme contra Beta', ?)", firm)
    tenant.mail(
        "jane+x@acme.example", subject="known [E-17/26]", body="Muñoz, señor: ¿qué tal?\n", categories=["estado=visto"]
    )
    tenant.mail("JANE@casa.example", subject="from home", categories=["Guardar"], attachments=[("plan.pdf", b"%PDF 1")])
    tenant.mail("jane@acme.example", subject="hush", headers={"Sensitivity": "Private"})
    tenant.mail("quiet@acme.example", subject="silent")
    tenant.mail("nobody@else.example", subject="a stranger's")
    tenant.mail("Max Mora <max.mora@nueva.example>", subject="new", categories=["Alta"])
    tenant.mail("jane@acme.example", subject="x" * 100, box=BEN, to=BEN)
    tenant.calendar("VEVENT", START + f"SUMMARY:juicio\nORGANIZER:mailto:{ANNA}\nATTENDEE:mailto:jane@acme.example")
    tenant.calendar("VEVENT", START + "SUMMARY:dentista")
    tenant.calendar("VTODO", "SUMMARY:recurso\nDUE:20261201T120000Z\nCATEGORIES:Plazo", folder="Tasks")
    tenant.calendar("VTODO", "SUMMARY:pan", folder="Tasks")
    tenant.calendar(
        "VJOURNAL", "DTSTART:20261101T090000Z\nSUMMARY:llamada\nCONTACT:jane@acme.example", folder="Journal"
    )
    tenant.calendar("VJOURNAL", "DTSTART:20261101T090000Z\nSUMMARY:diario", folder="Journal")
    tenant.run("check", "--strict")
    tenant.sync()

    # A subject longer than its column is cut, and said so in the audit.
    assert acts(tenant, "correo") == ["from home", "known [E-17/26]", "new", "x" * 60]
    assert acts(tenant, "vista") == ["juicio"]
    assert acts(tenant, "plazo") == ["recurso"]
    assert acts(tenant, "llamada") == ["llamada"]
    ids = dict(tenant.sql('SELECT asunto, "núm" FROM Actos'))
    people = tenant.sql('SELECT a, p FROM "acto-persona"')
    assert {
        (ids["known [E-17/26]"], jane),
        (ids["from home"], jane),
        (ids["juicio"], jane),
        (ids["llamada"], jane),
    } < set(people)
    assert quiet not in {p for _, p in people}
    assert (ids["known [E-17/26]"], firm) in tenant.sql('SELECT a, c FROM "acto-cliente"')
    assert tenant.sql('SELECT a, e FROM "acto-expediente"') == [(ids["known [E-17/26]"], "E-17/26")]
    assert tenant.sql("SELECT estado, contenido FROM Actos WHERE asunto LIKE 'known%'") == [
        (2, "Muñoz, señor: ¿qué tal?")
    ]
    new = tenant.sql("SELECT nombre, apellidos, correo1, cliente FROM Personas WHERE correo1 LIKE 'max%'")
    made = tenant.sql(
        'SELECT "núm", "razón social", "situación" FROM "Clientes despacho" WHERE dominio = \'nueva.example\''
    )
    assert new == [("Max", "Mora", "max.mora@nueva.example", made[0][0])]
    assert made[0][1:] == ("Nueva", "A")  # the column's own default stands
    owners = tenant.sql('SELECT DISTINCT b."buzón" FROM Actos a JOIN Abogados b ON b."núm" = a."select" ORDER BY 1')
    assert owners == [(ANNA,), (BEN,)]
    (stored,) = tenant.sql("SELECT ruta, huella FROM Archivos")
    assert (tenant.root / "documents" / stored[0]).read_bytes() == b"%PDF 1"
    assert tenant.count_rows("archivo-acto") == 1

    before, files = tenant.dump(), tenant.files()
    second = tenant.sync()
    assert tenant.dump() == before and tenant.files() == files
    assert second["created"] == {} and second["updated"] == {}

    answer = tenant.run("why", "persona", str(tenant.sql('SELECT max("núm") FROM Personas')[0][0])).out
    assert "alta" in answer and "main.rules" in answer


def test_k1_the_proposal_for_it_checks(tenant: Tenant, tmp_path: Path) -> None:
    root = tmp_path / "fresh"
    mxsync("init", str(root), "--database", f"sqlite:///{tmp_path / 'despacho.db'}", cwd=tmp_path)
    text = (root / "rules" / "main.rules").read_text()
    assert "Clientes despacho" in text and "'razón social'" in text
    assert mxsync("check", cwd=root).code == 0
    assert mxsync("fmt", "--check", "rules", cwd=root, check=False).code == 0
