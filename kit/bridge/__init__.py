"""The bridge: values cross it, verdicts never do.

`wire` is the format, `session` and `proxies` are the trusted side, `server` runs in the jail.
"""
