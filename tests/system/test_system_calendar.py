"""C1 to C4, J1, J2, S6, E2, A1 to A5 through the command line: one item that is taken and one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from databases import KINDS, make
from tenants import ANNA, Tenant

START = "DTSTART:20261110T090000Z\nDTEND:20261110T100000Z\n"


@pytest.fixture(params=KINDS)
def tenant(tmp_path: Path, request: pytest.FixtureRequest) -> Tenant:
    tenant = make(request.param, request, tmp_path / "t", users=(ANNA,))
    company = tenant.company("Acme Pumps", "acme.example")
    tenant.contact("jane@acme.example", FullName="Jane Roe", CompanyID=company)
    return tenant


def subjects(tenant: Tenant, table: str) -> list[str]:
    return [subject for (subject,) in tenant.sql(f"SELECT Subject FROM {table} ORDER BY Subject")]


def test_c1_to_c4_appointments_and_tasks(tenant: Tenant) -> None:
    tenant.calendar("VEVENT", START + "SUMMARY:c1\nCONTACT:jane@acme.example")
    tenant.calendar("VEVENT", START + "SUMMARY:c2\nCATEGORIES:MX-Contact")
    tenant.calendar("VEVENT", START + f"SUMMARY:c3\nORGANIZER:mailto:{ANNA}\nATTENDEE:mailto:jane@acme.example")
    tenant.calendar("VEVENT", START + "SUMMARY:c4 about Acme Pumps")
    tenant.calendar("VEVENT", START + "SUMMARY:dentist")
    tenant.calendar("VTODO", "SUMMARY:t1\nCONTACT:jane@acme.example", folder="Tasks")
    tenant.calendar("VTODO", "SUMMARY:t2\nCATEGORIES:MX-Contact", folder="Tasks")
    tenant.calendar("VTODO", "SUMMARY:bread", folder="Tasks")
    tenant.sync()
    assert subjects(tenant, "Appointments") == ["c1", "c2", "c3", "c4 about Acme Pumps"]
    assert subjects(tenant, "Tasks") == ["t1", "t2"]
    assert tenant.count_rows("AppointmentUsers") == 4
    assert tenant.count_rows("AppointmentContacts") == 2
    assert tenant.count_rows("AppointmentCompanies") == 3
    assert tenant.count_rows("TaskContacts") == 1 and tenant.count_rows("TaskCompanies") == 1


def test_j1_j2_journals(tenant: Tenant) -> None:
    tenant.calendar("VJOURNAL", "DTSTART:20261101T090000Z\nSUMMARY:call\nCONTACT:jane@acme.example", folder="Journal")
    tenant.calendar("VJOURNAL", "DTSTART:20261101T090000Z\nSUMMARY:own thoughts", folder="Journal")
    tenant.calendar("VEVENT", START + "SUMMARY:visit\nCATEGORIES:Create Journal\nCONTACT:jane@acme.example")
    tenant.sync()
    assert subjects(tenant, "Journals") == ["call", "visit"]
    assert subjects(tenant, "Appointments") == []
    assert tenant.count_rows("JournalContacts") == 2


def test_j2_an_appointment_that_becomes_a_journal_is_withdrawn(tenant: Tenant) -> None:
    path = tenant.calendar("VEVENT", START + "SUMMARY:visit\nCONTACT:jane@acme.example")
    tenant.sync()
    assert subjects(tenant, "Appointments") == ["visit"]
    path.write_bytes(path.read_bytes().replace(b"SUMMARY:visit", b"CATEGORIES:Create Journal\r\nSUMMARY:visit"))
    tenant.sync()
    assert subjects(tenant, "Appointments") == [] and subjects(tenant, "Journals") == ["visit"]


def test_s6_a_card_with_the_category(tenant: Tenant) -> None:
    tenant.card("FN:Sam Low\nN:Low;Sam;;;\nEMAIL:sam@low.example\nCATEGORIES:MX-Contact")
    tenant.card("FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:JANE@acme.example\nCATEGORIES:MX-Contact")
    tenant.card("FN:My Mother\nN:Mother;My;;;\nEMAIL:mum@home.example")
    tenant.sync()
    emails = [email for (email,) in tenant.sql("SELECT Email FROM Contacts ORDER BY Email")]
    assert emails == ["jane@acme.example", "sam@low.example"]


def test_e2_every_kind_in_a_public_folder(tmp_path: Path) -> None:
    rules = (
        "use 'crm.rules'\n\n"
        "rule 'Public appointments'\n  in public folders 'Fairs'\n  when appointment\n  then save\n\n"
        "rule 'Public contacts'\n  in public folders 'Fairs'\n  when contact\n  then save\n\n"
        "rule 'Public tasks'\n  in public folders 'Fairs'\n  when task\n  then save\n\n"
        "rule 'Public journals'\n  in public folders 'Fairs'\n  when journal\n  then save\n\n"
        "rule 'Public mail'\n  in public folders 'Fairs'\n  when mail\n  then save\n\n"
        "entity bulletin in table Bulletins as post\n  key BulletinID\n  subject -> Subject\n\n"
        "entity memo in table Memos as note\n  key MemoID\n  subject -> Subject\n\n"
        "rule 'Public posts'\n  in public folders 'Fairs'\n  when post\n  then save\n\n"
        "rule 'Public notes'\n  in public folders 'Fairs'\n  when note\n  then save\n"
    )
    tenant = Tenant.make(tmp_path / "t", rules, users=(ANNA,))
    tenant.sql("CREATE TABLE Bulletins (BulletinID INTEGER PRIMARY KEY, Subject TEXT)")
    tenant.sql("CREATE TABLE Memos (MemoID INTEGER PRIMARY KEY, Subject TEXT)")
    for folder in ("Fairs", "Other"):
        tenant.calendar("VEVENT", START + f"SUMMARY:{folder}", box="public", folder=folder)
        tenant.calendar("VTODO", f"SUMMARY:{folder}", box="public", folder=folder)
        tenant.calendar("VJOURNAL", f"DTSTART:20261101T090000Z\nSUMMARY:{folder}", box="public", folder=folder)
        tenant.card(
            f"FN:{folder} Low\nN:Low;{folder};;;\nEMAIL:{folder.lower()}@low.example", box="public", folder=folder
        )
        tenant.mail(subject=folder, box="public", folder=folder)
        tenant.mail(subject=folder, box="public", folder=folder, headers={"X-Mxsync-Class": "IPM.Post"})
        tenant.put(f"public/{folder}/note-{folder}.txt", f"{folder}\nline\n")
    tenant.sync()
    for table in ("Appointments", "Tasks", "Journals", "Emails", "Bulletins", "Memos"):
        assert subjects(tenant, table) == ["Fairs"], table
    assert tenant.sql("SELECT Email FROM Contacts") == [("fairs@low.example",)]


def test_a1_to_a5_the_crm_that_fills_itself(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'auto-crm.rules'\n", users=(ANNA,))
    body = (
        "Dear Anna,\n\nplease send us an offer.\n\nKind regards\nJane Roe\nHead of Purchasing\nAcme Pumps Ltd\n"
        "Mobile +27 82 555 0198\n"
    )
    tenant.mail(
        "Jane Roe <jane.roe@acme-pumps.example>", subject="offer", body=body, attachments=[("plan.pdf", b"%PDF x")]
    )
    tenant.mail(
        "News <news@bulk.example>", subject="news", headers={"List-Id": "<news.bulk.example>", "Precedence": "bulk"}
    )
    tenant.mail("noreply@shop.example", subject="order")
    tenant.calendar(
        "VEVENT", START + f"SUMMARY:meeting\nORGANIZER:mailto:{ANNA}\nATTENDEE:mailto:jane.roe@acme-pumps.example"
    )
    tenant.sync()
    assert tenant.sql("SELECT FirstName, LastName, JobTitle, Mobile, CompanyID FROM Contacts") == [
        ("Jane", "Roe", "Head of Purchasing", "+27825550198", 1)
    ]
    assert [domain for (domain,) in tenant.sql("SELECT Domain FROM Companies")] == ["acme-pumps.example"]
    assert subjects(tenant, "Emails") == ["offer"]
    assert tenant.count_rows("Documents") == 1 and tenant.count_rows("DocumentContacts") == 1
    assert subjects(tenant, "Journals") == ["meeting"]


def test_t1_t2_the_change_log_names_who_wrote(tenant: Tenant) -> None:
    tenant.mail("jane@acme.example", subject="x")
    tenant.sync()
    tenant.sql("UPDATE Contacts SET JobTitle = 'Director'")
    tenant.sql("DELETE FROM Emails")
    found = tenant.sql("SELECT table_name, operation, writer FROM mxsync_changes")
    log = {(table.lower(), operation, writer) for table, operation, writer in found}
    assert ("emails", "INSERT", "mxsync") in log
    assert ("contacts", "UPDATE", "") in log and ("emails", "DELETE", "") in log


def test_t4_new_updated_and_deleted_items(tmp_path: Path) -> None:
    rules = "use 'crm.rules'\n\nrule 'Gone'\n  when appointment deleted category 'MX-Contact'\n  then delete\n\nrule 'Gone too'\n  when appointment deleted\n  then delete\n"
    tenant = Tenant.make(tmp_path / "t", rules, users=(ANNA,))
    path = tenant.calendar("VEVENT", START + "SUMMARY:new\nCATEGORIES:MX-Contact")
    tenant.sync()
    assert subjects(tenant, "Appointments") == ["new"]
    path.write_bytes(path.read_bytes().replace(b"SUMMARY:new", b"SUMMARY:changed"))
    tenant.sync()
    assert subjects(tenant, "Appointments") == ["changed"]
    path.unlink()
    tenant.sync()
    assert subjects(tenant, "Appointments") == []
