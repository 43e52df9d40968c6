# --- facts: what the node is, for a judge elsewhere ------------------------------------------------

report_facts() { # Writes one JSON document and judges nothing.
  emit "{\"schema\": \"reqc.facts/1\"}$newline"
}
