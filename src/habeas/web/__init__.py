"""The release desk in a browser: pages and documents over the desk's use cases. Thin; it decides nothing."""
