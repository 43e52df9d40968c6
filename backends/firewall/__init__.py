"""What the firewall targets share: flows as permits, and what a rule set says for people."""
