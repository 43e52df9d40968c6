"""The shell target: one POSIX script that checks a node and changes nothing."""
