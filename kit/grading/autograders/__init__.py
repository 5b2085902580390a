"""Zips that grade elsewhere: stock otter's, and Gradescope's with the kit's own judge."""
