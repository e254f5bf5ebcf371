"""An advisor for people who receive overdue-debt SMS: the engine, free of any channel."""
