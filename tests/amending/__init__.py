"""Documents that amend other documents."""
