"""Floor 8: the `habeas` command. Thin: it reads arguments, asks the desk and prints."""
