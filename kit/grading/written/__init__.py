"""Written questions: answers read from what was handed in, scored by the key, or put in a queue.

Nothing of a submission runs: TOML, Markdown, notebooks and LaTeX are read as text.
"""
