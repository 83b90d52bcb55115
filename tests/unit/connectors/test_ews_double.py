"""The double itself: each operation in its variants, asked with requests written by hand, not by mxsync's client.

Every request and every answer is validated against the official schemas; what an Exchange refuses, it refuses.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator

import pytest
import requests
from lxml import etree

from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, needs_schemas
from tests.servers.ews.mailing import deliver, folder_at
from tests.servers.ews.schemas import M, S, T
from tests.servers.ews.store import StoredItem

pytestmark = needs_schemas
NS = {"t": T, "m": M, "s": S}
MAIL = (
    b"From: Jane <jane@acme.example>\r\nTo: anna@ours.example\r\nSubject: Hello\r\nMessage-ID: <1@acme.example>\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\nMIME-Version: 1.0\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHello\r\n--x\r\n"
    b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nPDF\r\n--x--\r\n"
)
SHAPE = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
FOLDER_SHAPE = "<m:FolderShape><t:BaseShape>{}</t:BaseShape></m:FolderShape>"


class Bench:
    """A double with some items, and a way to ask it."""

    def __init__(self, server: EwsServer) -> None:
        self.server = server
        self.inbox = folder_at(server.store, ANNA, "Inbox")
        self.item = deliver(server.store, self.inbox, MAIL)
        self.names: dict[str, str] = {}

    def ask(self, body: str, *, impersonate: bool = True) -> etree._Element:
        """The Body's only child of the answer. `{…}` in the request are filled by `values`."""
        header = (
            f"<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{ANNA}</t:PrimarySmtpAddress></t:ConnectingSID>"
            "</t:ExchangeImpersonation>"
            if impersonate
            else ""
        )
        envelope = (
            f'<s:Envelope xmlns:s="{S}" xmlns:t="{T}" xmlns:m="{M}"><s:Header><t:RequestServerVersion Version="Exchange2013_SP1"/>'
            f"{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        )
        password = self.server.accounts["svc-mxsync"].encode()
        answer = requests.post(self.server.url, data=envelope.encode(), auth=(b"svc-mxsync", password), timeout=30)
        found = etree.fromstring(answer.content).find("s:Body", NS)
        assert found is not None
        return found[0]

    def code(self, body: str) -> str:
        """The response code of the first message, or of the fault."""
        answer = self.ask(body)
        return answer.findtext(".//m:ResponseCode", None, NS) or str(answer.findtext("faultcode")).partition(":")[2]

    def fill(self, text: str) -> str:
        """Names in capitals stand for ids."""
        item, store = self.item, self.server.store
        values = {
            "ITEM": f'<t:ItemId Id="{item.id}" ChangeKey="{item.change_key}"/>',
            "STALE": f'<t:ItemId Id="{item.id}" ChangeKey="AQAAAA=="/>',
            "KEYLESS": f'<t:ItemId Id="{item.id}"/>',
            "GONE": '<t:ItemId Id="AAMkGone" ChangeKey="AQAAAA=="/>',
            "BAD": '<t:ItemId Id="nonsense"/>',
            "PARENT": f'<m:ParentItemId Id="{item.id}" ChangeKey="{item.change_key}"/>',
            "ATTACHED": f'<t:AttachmentId Id="{item.attachments[0].id}"/>' if item.attachments else "",
            "DONE": f'<t:FolderId Id="{folder_at(store, ANNA, "Inbox/Done").id}"/>',
            "PUBLIC": f'<t:FolderId Id="{folder_at(store, "public", "Fairs").id}"/>',
        }
        for name, value in values.items():
            text = text.replace(name, value)
        return text


@pytest.fixture
def bench() -> Iterator[Bench]:
    with EwsServer() as server:
        server.store.add_mailbox("public")
        server.store.add_mailbox(ANNA, "Anna")
        yield Bench(server)


def create(tag: str, inside: str, folder: str = "inbox", how: str = 'MessageDisposition="SaveOnly"') -> str:
    home = f'<m:SavedItemFolderId><t:DistinguishedFolderId Id="{folder}"/></m:SavedItemFolderId>'
    return f"<m:CreateItem {how}>{home}<m:Items><t:{tag}>{inside}</t:{tag}></m:Items></m:CreateItem>"


def update(
    changes: str, id: str = "ITEM", how: str = 'ConflictResolution="NeverOverwrite" MessageDisposition="SaveOnly"'
) -> str:
    return f"<m:UpdateItem {how}><m:ItemChanges><t:ItemChange>{id}<t:Updates>{changes}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"


def set_field(uri: str, value: str, tag: str = "Message") -> str:
    return f'<t:SetItemField><t:FieldURI FieldURI="{uri}"/><t:{tag}>{value}</t:{tag}></t:SetItemField>'


def get(ids: str, shape: str = SHAPE) -> str:
    return f"<m:GetItem>{shape}<m:ItemIds>{ids}</m:ItemIds></m:GetItem>"


def find(
    more: str = "", folder: str = '<t:DistinguishedFolderId Id="inbox"/>', shape: str = SHAPE, after: str = ""
) -> str:
    return f'<m:FindItem Traversal="Shallow">{shape}{more}<m:ParentFolderIds>{folder}</m:ParentFolderIds>{after}</m:FindItem>'


def shape_with(paths: str, base: str = "IdOnly", more: str = "") -> str:
    return f"<m:ItemShape><t:BaseShape>{base}</t:BaseShape>{more}<t:AdditionalProperties>{paths}</t:AdditionalProperties></m:ItemShape>"


def sync(
    folder: str = '<t:DistinguishedFolderId Id="inbox"/>', state: str = "", shape: str = SHAPE, most: int = 512
) -> str:
    said = f"<m:SyncState>{state}</m:SyncState>" if state else ""
    return f"<m:SyncFolderItems>{shape}<m:SyncFolderId>{folder}</m:SyncFolderId>{said}<m:MaxChangesReturned>{most}</m:MaxChangesReturned></m:SyncFolderItems>"


def restrict(test: str) -> str:
    return find(f"<m:Restriction>{test}</m:Restriction>")


MIME = base64.b64encode(MAIL).decode()
SUBJECT = '<t:FieldURI FieldURI="item:Subject"/>'
CONSTANT = '<t:FieldURIOrConstant><t:Constant Value="Hello"/></t:FieldURIOrConstant>'
OUR = '<t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="Serial" PropertyType="String"/>'
TIMES = "<t:Start>2026-11-24T09:00:00Z</t:Start><t:End>2026-11-24T10:00:00Z</t:End>"
WEEKLY = (
    "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Tuesday</t:DaysOfWeek></t:WeeklyRecurrence>"
    "<t:NumberedRecurrence><t:StartDate>2026-11-24</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>"
)
EVENTS = "<t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes>"
ATTACH = "<t:FileAttachment><t:Name>b.txt</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment>"

# operation and variant → (request, response code). Names in capitals are filled in.
VARIANTS: dict[str, tuple[str, str]] = {
    "GetItem ids": (get("ITEM"), "NoError"),
    "GetItem default": (get("ITEM", "<m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>"), "NoError"),
    "GetItem everything": (get("ITEM", "<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>"), "NoError"),
    "GetItem mime": (get("ITEM", "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>"), "NoError"),
    "GetItem text body": (get("ITEM", shape_with('<t:FieldURI FieldURI="item:Body"/>', more="<t:BodyType>Text</t:BodyType>")), "NoError"),
    "GetItem extended": (get("ITEM", shape_with(OUR + '<t:ExtendedFieldURI PropertyTag="0x300B" PropertyType="Binary"/>')), "NoError"),
    "GetItem attachments": (get("ITEM", shape_with('<t:FieldURI FieldURI="item:Attachments"/>')), "NoError"),
    "GetItem indexed": (get("ITEM", shape_with('<t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="HomePhone"/>')), "NoError"),
    "GetItem gone": (get("GONE"), "ErrorItemNotFound"),
    "GetItem malformed": (get("BAD"), "ErrorInvalidIdMalformed"),
    "GetItem wrong extended": (get("ITEM", shape_with('<t:ExtendedFieldURI PropertyName="x" PropertyType="String"/>')), "ErrorInvalidExtendedProperty"),
    "FindItem": (find(), "NoError"),
    "FindItem page": (find('<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'), "NoError"),
    "FindItem sorted": (find('<m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder></m:SortOrder>'), "NoError"),
    "FindItem with properties": (find(shape=shape_with(SUBJECT)), "NoError"),
    "FindItem with body": (find(shape=shape_with('<t:FieldURI FieldURI="item:Body"/>')), "ErrorInvalidPropertyRequest"),
    "FindItem public": (find(folder="PUBLIC"), "NoError"),
    "FindItem associated": (find().replace("Shallow", "Associated"), "NoError"),
    "FindItem equal": (restrict(f"<t:IsEqualTo>{SUBJECT}{CONSTANT}</t:IsEqualTo>"), "NoError"),
    "FindItem unequal": (restrict(f"<t:IsNotEqualTo>{SUBJECT}{CONSTANT}</t:IsNotEqualTo>"), "NoError"),
    "FindItem greater": (restrict(f"<t:IsGreaterThanOrEqualTo>{SUBJECT}{CONSTANT}</t:IsGreaterThanOrEqualTo>"), "NoError"),
    "FindItem contains": (restrict(f'<t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase">{SUBJECT}<t:Constant Value="ell"/></t:Contains>'), "NoError"),
    "FindItem exists": (restrict(f"<t:Exists>{OUR}</t:Exists>"), "NoError"),
    "FindItem and not or": (restrict(f"<t:And><t:Not><t:Exists>{OUR}</t:Exists></t:Not><t:Or><t:Exists>{SUBJECT}</t:Exists><t:Exists>{OUR}</t:Exists></t:Or></t:And>"), "NoError"),
    "CreateItem mime": (create("Message", f"<t:MimeContent>{MIME}</t:MimeContent>"), "NoError"),
    "CreateItem message": (create("Message", "<t:Subject>x</t:Subject>"), "NoError"),
    "CreateItem message without disposition": (create("Message", "<t:Subject>x</t:Subject>", how=""), "ErrorMessageDispositionRequired"),
    "CreateItem contact": (create("Contact", "<t:GivenName>Jane</t:GivenName>", "contacts"), "NoError"),
    "CreateItem contact of no contact's class": (create("Contact", "<t:ItemClass>IPM.Machine</t:ItemClass>", "contacts"), "ErrorObjectTypeChanged"),
    "CreateItem appointment": (create("CalendarItem", f"<t:Subject>x</t:Subject>{TIMES}", "calendar", 'SendMeetingInvitations="SendToNone"'), "NoError"),
    "CreateItem series": (create("CalendarItem", f"<t:Subject>x</t:Subject>{TIMES}{WEEKLY}", "calendar", 'SendMeetingInvitations="SendToNone"'), "NoError"),
    "CreateItem appointment without invitations": (create("CalendarItem", TIMES, "calendar", ""), "ErrorSendMeetingInvitationsRequired"),
    "CreateItem task": (create("Task", "<t:Subject>x</t:Subject><t:Status>InProgress</t:Status>", "tasks"), "NoError"),
    "CreateItem post": (create("PostItem", "<t:Subject>x</t:Subject>"), "NoError"),
    "CreateItem journal": (create("Message", "<t:ItemClass>IPM.Activity</t:ItemClass>", "journal"), "NoError"),
    "CreateItem note": (create("Message", "<t:ItemClass>IPM.StickyNote</t:ItemClass>", "notes"), "NoError"),
    "CreateItem extended": (create("Message", f"<t:ExtendedProperty>{OUR}<t:Value>12</t:Value></t:ExtendedProperty>"), "NoError"),
    "CreateItem attached": (create("Message", f"<t:Attachments>{ATTACH}</t:Attachments>"), "NoError"),
    "CreateItem two": (create("Message", "<t:Subject>x</t:Subject>").replace("</m:Items>", "<t:Message/></m:Items>"), "NoError"),
    "UpdateItem set": (update(set_field("item:Subject", "<t:Subject>y</t:Subject>")), "NoError"),
    "UpdateItem categories": (update(set_field("item:Categories", "<t:Categories><t:String>A</t:String></t:Categories>")), "NoError"),
    "UpdateItem read": (update(set_field("message:IsRead", "<t:IsRead>true</t:IsRead>")), "NoError"),
    "UpdateItem flag": (update(set_field("item:Flag", "<t:Flag><t:FlagStatus>Flagged</t:FlagStatus></t:Flag>")), "NoError"),
    "UpdateItem extended": (update(f"<t:SetItemField>{OUR}<t:Message><t:ExtendedProperty>{OUR}<t:Value>1</t:Value></t:ExtendedProperty></t:Message></t:SetItemField>"), "NoError"),
    "UpdateItem delete": (update(f"<t:DeleteItemField>{SUBJECT}</t:DeleteItemField>"), "NoError"),
    "UpdateItem stale": (update(set_field("item:Subject", "<t:Subject>y</t:Subject>"), "STALE"), "ErrorIrresolvableConflict"),
    "UpdateItem merging": (update(set_field("item:Subject", "<t:Subject>y</t:Subject>"), "STALE", 'ConflictResolution="AutoResolve" MessageDisposition="SaveOnly"'), "NoError"),
    "UpdateItem without a key": (update(set_field("item:Subject", "<t:Subject>y</t:Subject>"), "KEYLESS"), "ErrorChangeKeyRequired"),
    "UpdateItem read-only": (update(set_field("item:Size", "<t:Size>1</t:Size>")), "ErrorInvalidPropertySet"),
    "UpdateItem of another kind": (update(set_field("task:Status", "<t:Status>Completed</t:Status>", "Task")), "ErrorInvalidPropertySet"),
    "UpdateItem mismatched": (update(set_field("item:Subject", "<t:Importance>High</t:Importance>")), "ErrorUpdatePropertyMismatch"),
    "UpdateItem two in one": (update(set_field("item:Subject", "<t:Subject>y</t:Subject><t:Importance>High</t:Importance>")), "ErrorIncorrectUpdatePropertyCount"),
    "UpdateItem without disposition": (update(set_field("item:Subject", "<t:Subject>y</t:Subject>"), how='ConflictResolution="NeverOverwrite"'), "ErrorMessageDispositionRequired"),
    "DeleteItem to Deleted Items": ('<m:DeleteItem DeleteType="MoveToDeletedItems"><m:ItemIds>ITEM</m:ItemIds></m:DeleteItem>', "NoError"),
    "DeleteItem hard": ('<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>ITEM</m:ItemIds></m:DeleteItem>', "NoError"),
    "DeleteItem gone": ('<m:DeleteItem DeleteType="SoftDelete"><m:ItemIds>GONE</m:ItemIds></m:DeleteItem>', "ErrorItemNotFound"),
    "MoveItem": ("<m:MoveItem><m:ToFolderId>DONE</m:ToFolderId><m:ItemIds>ITEM</m:ItemIds></m:MoveItem>", "NoError"),
    "MoveItem nowhere": ('<m:MoveItem><m:ToFolderId><t:FolderId Id="x"/></m:ToFolderId><m:ItemIds>ITEM</m:ItemIds></m:MoveItem>', "ErrorFolderNotFound"),
    "CopyItem": ("<m:CopyItem><m:ToFolderId>DONE</m:ToFolderId><m:ItemIds>ITEM</m:ItemIds></m:CopyItem>", "NoError"),
    "SendItem what was sent": ('<m:SendItem SaveItemToFolder="true"><m:ItemIds>ITEM</m:ItemIds></m:SendItem>', "ErrorInvalidRecipients"),
    "GetAttachment": ("<m:GetAttachment><m:AttachmentIds>ATTACHED</m:AttachmentIds></m:GetAttachment>", "NoError"),
    "GetAttachment gone": ('<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="x.0"/></m:AttachmentIds></m:GetAttachment>', "ErrorItemNotFound"),
    "CreateAttachment": (f"<m:CreateAttachment>PARENT<m:Attachments>{ATTACH}</m:Attachments></m:CreateAttachment>", "NoError"),
    "DeleteAttachment": ("<m:DeleteAttachment><m:AttachmentIds>ATTACHED</m:AttachmentIds></m:DeleteAttachment>", "NoError"),
    "GetFolder": (f'<m:GetFolder>{FOLDER_SHAPE.format("AllProperties")}<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>', "NoError"),
    "GetFolder default": (f'<m:GetFolder>{FOLDER_SHAPE.format("Default")}<m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>', "NoError"),
    "GetFolder of a stranger": (f'<m:GetFolder>{FOLDER_SHAPE.format("IdOnly")}<m:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>x@y.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder>', "ErrorNonExistentMailbox"),
    "FindFolder deep": (f'<m:FindFolder Traversal="Deep">{FOLDER_SHAPE.format("AllProperties")}<m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>', "NoError"),
    "FindFolder public": (f'<m:FindFolder Traversal="Shallow">{FOLDER_SHAPE.format("Default")}<m:ParentFolderIds><t:DistinguishedFolderId Id="publicfoldersroot"/></m:ParentFolderIds></m:FindFolder>', "NoError"),
    "FindFolder public deep": (f'<m:FindFolder Traversal="Deep">{FOLDER_SHAPE.format("Default")}<m:ParentFolderIds><t:DistinguishedFolderId Id="publicfoldersroot"/></m:ParentFolderIds></m:FindFolder>', "ErrorInvalidFolderTypeForOperation"),
    "CreateFolder": ('<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>New</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>', "NoError"),
    "CreateFolder of contacts": ('<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="contacts"/></m:ParentFolderId><m:Folders><t:ContactsFolder><t:DisplayName>New</t:DisplayName></t:ContactsFolder></m:Folders></m:CreateFolder>', "NoError"),
    "CreateFolder twice": ('<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>Inbox</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>', "ErrorFolderExists"),
    "UpdateFolder": ('<m:UpdateFolder><m:FolderChanges><t:FolderChange>DONE<t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:Folder><t:DisplayName>Old</t:DisplayName></t:Folder></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>', "NoError"),
    "DeleteFolder": ('<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds>DONE</m:FolderIds></m:DeleteFolder>', "NoError"),
    "DeleteFolder Inbox": ('<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:DeleteFolder>', "ErrorDeleteDistinguishedFolder"),
    "EmptyFolder": ('<m:EmptyFolder DeleteType="SoftDelete" DeleteSubFolders="false"><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:EmptyFolder>', "NoError"),
    "MarkAllItemsAsRead": ('<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:MarkAllItemsAsRead>', "NoError"),
    "SyncFolderItems": (sync(), "NoError"),
    "SyncFolderItems of one": (sync(most=1), "NoError"),
    "SyncFolderItems with properties": (sync(shape=shape_with(SUBJECT)), "NoError"),
    "SyncFolderItems with a nonsense state": (sync(state="nonsense"), "ErrorInvalidSyncStateData"),
    "SyncFolderItems public": (sync("PUBLIC"), "ErrorInvalidFolderTypeForOperation"),
    "SyncFolderHierarchy": (f"<m:SyncFolderHierarchy>{FOLDER_SHAPE.format('Default')}</m:SyncFolderHierarchy>", "NoError"),
    "SyncFolderHierarchy with a nonsense state": (f"<m:SyncFolderHierarchy>{FOLDER_SHAPE.format('IdOnly')}<m:SyncState>nonsense</m:SyncState></m:SyncFolderHierarchy>", "ErrorInvalidSyncStateData"),
    "SyncFolderHierarchy public": (f'<m:SyncFolderHierarchy>{FOLDER_SHAPE.format("IdOnly")}<m:SyncFolderId><t:DistinguishedFolderId Id="publicfoldersroot"/></m:SyncFolderId></m:SyncFolderHierarchy>', "ErrorInvalidFolderTypeForOperation"),
    "FindItem of a calendar's days": ('<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:CalendarView StartDate="2026-11-01T00:00:00Z" EndDate="2026-12-01T00:00:00Z"/><m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds></m:FindItem>', "NoError"),
    "GetServerTimeZones": ('<m:GetServerTimeZones ReturnFullTimeZoneData="false"/>', "NoError"),
    "ResolveNames": ('<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>Anna</m:UnresolvedEntry></m:ResolveNames>', "NoError"),
    "ResolveNames of nobody": ('<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>Zoe</m:UnresolvedEntry></m:ResolveNames>', "ErrorNameResolutionNoResults"),
    "Subscribe streaming": (f'<m:Subscribe><m:StreamingSubscriptionRequest SubscribeToAllFolders="true">{EVENTS}</m:StreamingSubscriptionRequest></m:Subscribe>', "NoError"),
    "Subscribe pull": (f'<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds>{EVENTS}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>', "NoError"),
    "Subscribe to nothing": (f"<m:Subscribe><m:StreamingSubscriptionRequest>{EVENTS}</m:StreamingSubscriptionRequest></m:Subscribe>", "ErrorInvalidSubscriptionRequest"),
    "Unsubscribe unknown": ("<m:Unsubscribe><m:SubscriptionId>x</m:SubscriptionId></m:Unsubscribe>", "ErrorSubscriptionNotFound"),
}  # fmt: skip


def test_there_are_enough_variants() -> None:
    assert len(VARIANTS) >= 60
    assert len({name.split()[0] for name in VARIANTS}) >= 24


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_answered_as_the_documents_say(bench: Bench, variant: str) -> None:
    request, code = VARIANTS[variant]
    assert bench.code(bench.fill(request)) == code
    assert bench.server.violations == []


def test_what_is_not_valid_is_refused_and_noted(bench: Bench) -> None:
    assert bench.code("<m:GetItem><m:ItemIds/></m:GetItem>") == "ErrorSchemaValidation"
    assert len(bench.server.violations) == 1
    assert (
        bench.code(
            bench.fill(
                update(
                    set_field("item:Subject", "<t:Subject>y</t:Subject>"),
                    how='ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"',
                )
            )
        )
        == "NoError"
    )
    assert bench.server.violations[1] == "UpdateItem with AlwaysOverwrite"


def test_synchronisation_in_pages_of_at_most_512(bench: Bench) -> None:
    for _ in range(1030):
        deliver(bench.server.store, bench.inbox, b"Subject: x\r\n\r\n")
    state, sizes = "", []
    while True:
        answer = bench.ask(sync(state=state))
        sizes.append(len(answer.findall(".//m:Changes/t:Create", NS)))
        state = answer.findtext(".//m:SyncState", "", NS)
        if answer.findtext(".//m:IncludesLastItemInRange", "", NS) == "true":
            break
    assert sizes == [512, 512, 7]
    bench.server.store.touch(bench.item)
    bench.server.store.drop(bench.server.store.in_folder(bench.inbox.id)[5])
    answer = bench.ask(sync(state=state))
    kinds = sorted(etree.QName(change).localname for change in answer.find(".//m:Changes", NS))
    assert kinds == ["Delete", "Update"]


def test_pull_notifications(bench: Bench) -> None:
    subscription = bench.ask(VARIANTS["Subscribe pull"][0]).findtext(".//m:SubscriptionId", "", NS)
    events = f"<m:GetEvents><m:SubscriptionId>{subscription}</m:SubscriptionId><m:Watermark>AQAAAA==</m:Watermark></m:GetEvents>"
    assert bench.ask(events).find(".//t:StatusEvent", NS) is not None
    new = deliver(bench.server.store, bench.inbox, MAIL)
    assert bench.ask(events).find(".//t:CreatedEvent/t:ItemId", NS).get("Id") == new.id
    assert (
        bench.code(f"<m:Unsubscribe><m:SubscriptionId>{subscription}</m:SubscriptionId></m:Unsubscribe>") == "NoError"
    )
    assert bench.server.violations == []


def test_streaming_of_an_unknown_subscription(bench: Bench) -> None:
    request = (
        "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>x</t:SubscriptionId></m:SubscriptionIds>"
        "<m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>"
    )
    assert bench.code(request) == "ErrorInvalidSubscription"
    assert bench.server.violations == []


def test_a_draft_is_sent_once(bench: Bench) -> None:
    answer = bench.ask(create("Message", "<t:Subject>x</t:Subject>", "drafts"))
    id = answer.find(".//t:ItemId", NS).get("Id")
    request = f'<m:SendItem SaveItemToFolder="true"><m:ItemIds><t:ItemId Id="{id}"/></m:ItemIds></m:SendItem>'
    assert bench.code(request) == "NoError"
    assert len(bench.server.sent) == 1


def test_impersonation_and_logins(bench: Bench) -> None:
    request = get(f'<t:ItemId Id="{bench.item.id}"/>')
    own = bench.ask(request, impersonate=False)
    assert own.findtext(".//m:ResponseCode", None, NS) == "ErrorAccessDenied"
    assert requests.post(bench.server.url, data=b"x", auth=("svc-mxsync", "wrong"), timeout=30).status_code == 401
    bench.server.impersonators.clear()
    assert bench.code(request) == "ErrorImpersonateUserDenied"


def test_the_store_is_safe_for_threads(bench: Bench) -> None:
    made: list[StoredItem] = []

    def work() -> None:
        for _ in range(20):
            bench.code(create("Message", "<t:Subject>x</t:Subject>"))
            time.sleep(0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = bench.server.store.in_folder(bench.inbox.id)
    assert len(made) == 81 and len({item.change for item in made}) == 81
