"""Response codes of Exchange (MS-OXWSCDATA 2.2.5.24) → what is to be done, with a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mxsync.errors import (
    AlreadyExists,
    BadContent,
    CursorExpired,
    NotFound,
    ProtocolViolation,
    RateLimited,
    Refused,
    RevisionMismatch,
    ServerError,
    TimedOut,
    Transient,
    Unauthorized,
    Unavailable,
)

_ASK: Final = "ask the Exchange administrator"
_GROUPS: Final[Mapping[type[ServerError], Mapping[str, str]]] = {
    RateLimited: {
        "ErrorResultSetTooBig": "Exchange found more than it answers at once",
        "ErrorServerBusy": "Exchange asks for less: its throttling policy has cut in",
        "ErrorExceededConnectionCount": "Exchange has as many connections of this account open as its policy allows",
        "ErrorExceededSubscriptionCount": "Exchange has as many subscriptions of this account as its policy allows",
        "ErrorExceededFindCountLimit": "Exchange found more than its policy lets it answer at once",
        "ErrorTooManyObjectsOpened": "Exchange has too many objects of this account open",
        "ErrorInsufficientResources": "Exchange is short of resources",
        "ErrorBatchProcessingStopped": "Exchange stopped in the middle of a batch",
        "ErrorProxyRequestProcessingFailed": "the Exchange server could not pass the request on to the mailbox's",
    },
    TimedOut: {
        "ErrorRequestAborted": "Exchange broke the request off",
        "ErrorTimeoutExpired": "Exchange took longer than it allows itself",
        "ErrorMessageTrackingTransientError": "Exchange had a passing trouble",
        "ErrorProxyCallFailed": "the Exchange server could not reach the mailbox's server",
        "ErrorSubmissionQuotaExceeded": "Exchange sends no more for this account for a while",
    },
    Unavailable: {
        "ErrorMailboxLogonFailed": "Exchange could not open the mailbox",
        "ErrorReadEventsFailed": "Exchange could not read its notifications",
        "ErrorMissedNotificationEvents": "Exchange has lost some of its notifications",
        "ErrorNewEventStreamConnectionOpened": "the subscription is listened to by another connection",
        "ErrorNoPublicFolderServerAvailable": "no server of public folders answers",
        "ErrorDataSourceOperation": "Exchange had a trouble with its data",
        "ErrorInternalServerTransientError": "Exchange had a passing trouble",
        "ErrorInternalServerError": "Exchange had a trouble of its own; its event log says which",
        "ErrorMailboxStoreUnavailable": "the mailbox's database is not mounted or not reachable",
        "ErrorMailboxMoveInProgress": "the mailbox is being moved to another database",
        "ErrorADUnavailable": "Exchange cannot reach the Active Directory",
        "ErrorADOperation": "the Active Directory refused what Exchange asked of it",
        "ErrorADSessionFilter": "the Active Directory could not be searched",
        "ErrorConnectionFailed": "Exchange lost the connection to the mailbox's database",
        "ErrorMailboxFailover": "the mailbox's database is moving to another server",
        "ErrorNoRespondingCASInDestinationSite": "no Exchange server in the mailbox's site answers",
        "ErrorNoDestinationCASDueToVersionMismatch": "no Exchange server of the right version is there for the mailbox",
        "ErrorProxyServiceDiscoveryFailed": "Exchange does not find the server of the mailbox's site",
        "ErrorClientDisconnected": "the connection was broken off before Exchange was done",
        "ErrorNotEnoughMemory": "the Exchange server is out of memory",
    },
    CursorExpired: {
        "ErrorInvalidSyncStateData": "Exchange no longer knows the point up to which the folder was read",
        "ErrorSyncFolderNotFound": "the folder that was read is gone, or was made anew",
        "ErrorInvalidWatermark": "Exchange no longer knows the point up to which it has notified",
    },
    RevisionMismatch: {
        "ErrorIrresolvableConflict": "the item changed since it was read",
        "ErrorStaleObject": "the item changed since it was read",
        "ErrorChangeKeyRequired": "the item's change key is needed",
        "ErrorInvalidChangeKey": "the item's change key is no longer valid",
        "ErrorChangeKeyRequiredForWriteOperations": "the item's change key is needed to write it",
    },
    NotFound: {
        "ErrorItemNotFound": "the item is not there any more",
        "ErrorFolderNotFound": "the folder is not there any more",
        "ErrorParentFolderNotFound": "the folder above it is not there any more",
        "ErrorToFolderNotFound": "the folder that it was to go to is not there",
        "ErrorSavedItemFolderNotFound": "the folder that it was to be saved in is not there",
        "ErrorSubscriptionNotFound": "Exchange has forgotten the subscription to notifications",
        "ErrorInvalidSubscription": "Exchange has forgotten the subscription to notifications",
        "ErrorExpiredSubscription": "the subscription to notifications has run out",
        "ErrorAttachmentNestLevelLimitExceeded": "the attachment lies deeper than Exchange reads",
        "ErrorCannotOpenFileAttachment": "the attachment cannot be opened",
        "ErrorInvalidAttachmentId": "the attachment is not there any more",
        "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange": "the recurring appointment has no such occurrence",
        "ErrorCalendarOccurrenceIsDeletedFromRecurrence": "the occurrence was deleted from its series",
    },
    AlreadyExists: {
        "ErrorFolderExists": "there is a folder of that name already",
        "ErrorDuplicateInputFolderNames": "two folders of one name were asked for",
    },
    BadContent: {
        "ErrorUnsupportedRecurrence": "Exchange does not take the recurrence",
        "ErrorPropertyValidationFailure": "Exchange does not take the value of a field",
        "ErrorInvalidPercentCompleteValue": "a task is done to between 0 and 100 percent",
        "ErrorInvalidCompleteDate": "a task cannot be done in the future",
        "ErrorRequiredPropertyMissing": "Exchange wants one more field",
        "ErrorVirusDetected": "the item holds a virus",
        "ErrorVirusMessageDeleted": "the item held a virus and was deleted",
        "ErrorItemPropertyRequestFailed": "Exchange could not read the item",
        "ErrorInvalidContactEmailAddress": "an address of the contact is none",
        "ErrorUnsupportedMapiPropertyType": "a named property is of a type that Exchange does not read",
        "ErrorFolderCorrupt": "the folder is corrupt in the mailbox; `New-MailboxRepairRequest` may mend it",
        "ErrorMimeContentInvalid": "Exchange cannot read the message",
        "ErrorMimeContentInvalidBase64String": "Exchange cannot read the message",
        "ErrorMimeContentConversionFailed": "Exchange cannot turn the message into MIME",
        "ErrorContentConversionFailed": "Exchange cannot convert the item's content",
        "ErrorCorruptData": "the item is corrupt in the mailbox; `New-MailboxRepairRequest` may mend it",
        "ErrorItemCorrupt": "the item is corrupt in the mailbox; `New-MailboxRepairRequest` may mend it",
        "ErrorPropertyUpdate": "Exchange does not take one of the fields",
        "ErrorItemSave": "Exchange cannot save the item",
        "ErrorItemSavePropertyError": "Exchange does not take one of the fields",
        "ErrorInvalidExtendedProperty": "a named property is not named as Exchange wants it",
        "ErrorInvalidExtendedPropertyValue": "a named property is of another type in the mailbox",
        "ErrorInvalidPropertyRequest": "Exchange does not know a property of this item",
        "ErrorInvalidPropertySet": "Exchange lets nobody set this property",
        "ErrorInvalidPropertyDelete": "Exchange lets nobody empty this property",
        "ErrorInvalidPropertyForOperation": "the property goes with another kind of item",
        "ErrorInvalidValueForProperty": "Exchange does not take the value",
        "ErrorUnsupportedPropertyDefinition": "Exchange cannot read a property of this item",
        "ErrorObjectTypeChanged": "the item's class is not one of its kind; a contact's begins with IPM.Contact",
        "ErrorIncorrectUpdatePropertyCount": "an update names more than one property",
        "ErrorUpdatePropertyMismatch": "an update's property is not the one that it names",
        "ErrorRecurrenceHasNoOccurrence": "the recurrence has no occurrence",
        "ErrorRecurrenceEndDateTooBig": "the recurrence ends too late for Exchange",
        "ErrorCalendarInvalidRecurrence": "Exchange does not take the recurrence",
        "ErrorCalendarEndDateIsEarlierThanStartDate": "the appointment ends before it begins",
        "ErrorCalendarDurationIsTooLong": "the appointment is longer than five years",
        "ErrorCalendarOutOfRange": "the appointment lies outside of Exchange's calendar",
        "ErrorCalendarInvalidTimeZone": "Exchange does not know the time zone",
        "ErrorTimeZone": "Exchange does not know the time zone",
        "ErrorValueOutOfRange": "a value is out of range",
        "ErrorMessageSizeExceeded": "the item is larger than `Set-TransportConfig` or the mailbox allows",
        "ErrorAttachmentSizeLimitExceeded": "the attachment is larger than Exchange allows",
        "ErrorRequestStreamTooBig": "the request is larger than the web server allows",
        "ErrorDataSizeLimitExceeded": "the content is larger than Exchange allows",
        "ErrorInvalidRecipients": "Exchange does not take the recipients",
        "ErrorInvalidSmtpAddress": "an address is none",
        "ErrorUnsupportedMimeConversion": "Exchange cannot turn this kind of item into MIME",
        "ErrorUnsupportedTypeForConversion": "Exchange cannot convert this kind of item",
        "ErrorCannotCreateCalendarItemInNonCalendarFolder": "an appointment can only be made in a calendar",
        "ErrorCannotCreateContactInNonContactFolder": "a contact can only be made in a folder of contacts",
        "ErrorCannotCreateTaskInNonTaskFolder": "a task can only be made in a folder of tasks",
        "ErrorCannotCreatePostItemInNonMailFolder": "a post can only be made in a folder of mail",
        "ErrorNameResolutionNoResults": "Exchange knows nobody of that name",
        "ErrorInvalidIdMalformed": "the item's id is none of Exchange's",
        "ErrorInvalidIdEmpty": "the item's id is empty",
        "ErrorInvalidId": "the item's id is none of Exchange's",
        "ErrorInvalidIdXml": "the item's id is none of Exchange's",
        "ErrorInvalidIdReturnedByResolveNames": "the item's id is none of Exchange's",
        "ErrorInvalidFolderId": "the folder's id is none of Exchange's",
    },
    Refused: {
        "ErrorAccessDenied": (
            "access is denied: the account lacks rights on the folder or mailbox; an administrator grants them with "
            "`Add-MailboxPermission -AccessRights FullAccess`, on a public folder with "
            "`Add-PublicFolderClientPermission`"
        ),
        "ErrorCreateItemAccessDenied": "the account may not make items in that folder",
        "ErrorDeleteItemsFailed": "Exchange could not delete the item",
        "ErrorCannotDeleteObject": "Exchange lets nobody delete the item there",
        "ErrorCannotDeleteTaskOccurrence": "Exchange does not delete an occurrence of a task",
        "ErrorMoveCopyFailed": "Exchange could not move or copy the item",
        "ErrorCannotSetCalendarPermissionOnNonCalendarFolder": "the right goes with calendars only",
        "ErrorInvalidFolderTypeForOperation": "the folder is of a kind that Exchange does not do this with",
        "ErrorInvalidParentFolder": "a folder of that kind cannot lie there",
        "ErrorFolderSave": "Exchange cannot save the folder",
        "ErrorFolderSavePropertyError": "Exchange does not take a property of the folder",
        "ErrorCreateSubfolderAccessDenied": "the account may not make folders there",
        "ErrorDeleteDistinguishedFolder": "Exchange keeps its own folders",
        "ErrorMoveDistinguishedFolder": "Exchange keeps its own folders where they are",
        "ErrorWrongServerVersion": "another version of Exchange has the folder",
        "ErrorCrossMailboxMoveCopy": "Exchange does not move items between these mailboxes",
        "ErrorPublicFolderOperationFailed": "the public folder's mailbox could not do it",
        "ErrorPublicFolderServerNotFound": "no server has a copy of the public folder",
        "ErrorPublicFolderRequestProcessingFailed": "the public folder's mailbox could not be reached",
        "ErrorPublicFolderMailboxDiscoveryFailed": (
            "no public folder mailbox is there for the account; an administrator sets one with "
            "`Set-Mailbox -DefaultPublicFolderMailbox`"
        ),
        "ErrorMessageDispositionRequired": "Exchange wants to know whether the message is to be sent",
        "ErrorSendMeetingInvitationsRequired": "Exchange wants to know whether invitations are to be sent",
        "ErrorSendMeetingInvitationsOrCancellationsRequired": "Exchange wants to know whether updates are to be sent",
        "ErrorSendMeetingCancellationsRequired": "Exchange wants to know whether cancellations are to be sent",
        "ErrorAffectedTaskOccurrencesRequired": "Exchange wants to know which occurrences of the task are meant",
        "ErrorInvalidOperation": "Exchange does not do this here",
        "ErrorUnsupportedPathForQuery": "Exchange does not search by that property",
        "ErrorUnsupportedQueryFilter": "Exchange does not search like that",
        "ErrorMissingInformationEmailAddress": "an address is missing",
    },
    Unauthorized: {
        "ErrorSubscriptionAccessDenied": "the account may not subscribe to the mailbox's notifications",
        "ErrorProxyRequestNotAllowed": "the Exchange servers do not pass requests on for this account",
        "ErrorImpersonateUserDenied": (
            "the account may not act for the mailbox; an administrator grants it with "
            "`New-ManagementRoleAssignment -Role ApplicationImpersonation -User ACCOUNT`"
        ),
        "ErrorImpersonationDenied": "the account may not act for others; see docs/exchange.md, the impersonation role",
        "ErrorImpersonationFailed": "Exchange could not act for the mailbox's user",
        "ErrorNoPublicFolderReplicaAvailable": "no copy of the public folders can be reached",
        "ErrorNonExistentMailbox": "there is no mailbox of that address; look with `Get-Mailbox ADDRESS`",
        "ErrorNonPrimarySmtpAddress": "the address is not the mailbox's primary one; configure the primary address",
        "ErrorMissingEmailAddress": "the account itself has no mailbox, and no mailbox was named",
        "ErrorMailboxConfiguration": "the mailbox's configuration is broken",
        "ErrorAccountDisabled": "the account is disabled; an administrator enables it with `Enable-ADAccount`",
        "ErrorPasswordExpired": "the account's password has expired",
        "ErrorPasswordChangeRequired": "the account's password has to be changed first",
        "ErrorUserNotAllowedByPolicy": "a policy keeps the account out",
        "ErrorUserNotUnifiedMessagingEnabled": "the mailbox is not enabled for this",
        "ErrorCallerIsInvalidADAccount": "the account is not one of the Active Directory",
        "ErrorTokenSerializationDenied": "the Exchange server may not pass the login on",
        "ErrorUnableToGetUserOofSettings": "the mailbox cannot be opened",
        "ErrorQuotaExceeded": "the mailbox is full; look with `Get-MailboxStatistics`",
        "ErrorMailboxDataArrayEmpty": "no mailbox was named",
        "ErrorAccessModeSpecified": "Exchange does not take this way of acting for others",
        "ErrorDelegateNoUser": "the account is no delegate of the mailbox",
    },
    ProtocolViolation: {
        "ErrorInvalidIndexedPagingParameters": "Exchange does not take the page",
        "ErrorRestrictionTooComplex": "Exchange finds the search too complex",
        "ErrorInvalidRestriction": "Exchange does not take the search",
        "ErrorSchemaValidation": "Exchange does not understand the request",
        "ErrorInvalidRequest": "Exchange does not understand the request",
        "ErrorInvalidServerVersion": "this version of Exchange does not know the request's (2013 SP1 is the oldest)",
        "ErrorIncorrectSchemaVersion": "this version of Exchange does not know the request's (2013 SP1 is the oldest)",
        "ErrorInvalidSchemaVersionForMailboxVersion": "the mailbox lies on an Exchange older than 2013 SP1",
        "ErrorInvalidPagingMaxRows": "Exchange does not take the size of a page",
        "ErrorInvalidSubscriptionRequest": "Exchange does not take the subscription",
        "ErrorUnsupportedCulture": "Exchange does not know the language",
    },
}
CODES: Final[Mapping[str, tuple[type[ServerError], str]]] = {
    code: (kind, sentence) for kind, codes in _GROUPS.items() for code, sentence in codes.items()
}
"""Response code to the class of error (whose disposition the engine obeys) and its sentence."""


def error_of(code: str, text: str = "", *, where: str = "", backoff: float | None = None) -> ServerError:
    """The error for a response code. `where` names the item or mailbox; `backoff`: seconds that Exchange asks for."""
    kind, sentence = CODES.get(code, (Refused, "Exchange refused"))
    shown = f"{where}: {sentence}" if where else sentence
    told = f" ({code}{': ' + ' '.join(text.split())[:200] if text and code not in CODES else ''})"
    if issubclass(kind, Transient):
        return kind(shown + told, retry_after=backoff if backoff is not None else 10.0)
    return kind(shown + told)


def advice(text: str) -> str:
    """For a trouble that only the administrator can mend."""
    return f"{text}; {_ASK}"
