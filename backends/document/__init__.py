"""What documents for people say, in words and without markup: targets of prose share it."""
