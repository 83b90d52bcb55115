"""The scenarios of test_system_verify.py on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

import test_system_verify
from exchange_tenants import moved_to_exchange
from test_system_verify import *  # noqa: F403

from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_verify)
