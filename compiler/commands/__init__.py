"""The commands of `reqc`: each turns its arguments into an exit status."""
