"""Floor 8: documents and pictures of answers. Thin: every figure comes from below."""
