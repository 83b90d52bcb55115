"""One folder a kind of mailbox server. Each implements `mxsync.ports.connector.MailConnector`; none knows another."""
