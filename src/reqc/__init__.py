"""reqc: one source for the check, the fix, the firewall and the page."""

__version__ = "0.1.0"
