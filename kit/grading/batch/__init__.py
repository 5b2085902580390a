"""A whole class: its jobs, what is stored of them, what still holds, and how it is going."""
