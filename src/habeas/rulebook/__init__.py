"""The law as data: one YAML file for each enactment, under the path of its place (CC0-1.0)."""
