"""The targets: each reads one of the four small languages and writes one kind of artefact."""
