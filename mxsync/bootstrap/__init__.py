"""The only place that wires the parts together: from a configuration to a tenant that can be worked with."""

from mxsync.bootstrap.tenant import Tenant

__all__ = ["Tenant"]
