"""The course as a book on the web: its start page, its style, and how it is made."""
