"""The loop for ever: schedule, notifications, hot reload, health, metrics."""
