"""The lints: what a specification may say and probably does not mean, a module for each rule."""
