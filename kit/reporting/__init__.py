"""Reports: facts, tables and figures of finished runs become a checked PDF.

`build.build` does the whole of it. Nothing here trains, and nothing here knows an assignment.
"""
