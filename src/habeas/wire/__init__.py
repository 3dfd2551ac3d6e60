"""Floor 5: facts and answers as bytes.

Canonical, versioned JSON of records and answers: the same answer is the same bytes, today and in ten
years.
"""
