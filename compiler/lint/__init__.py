"""The lints: what a specification may say and probably does not mean, a module for each rule.

A new rule is a module with a `RULE`, its line in the table, a page in `explanations`, and a bad and
a good case in `tests/lint/cases`; the tests tell what is missing.
"""
