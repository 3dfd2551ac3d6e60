"""Published strategies: Hypothesis generators of records, instruments and law for tests of any floor."""
