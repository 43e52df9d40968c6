"""The ports target: the table of traffic that firewall teams ask for, as CSV, Markdown or JSON."""
