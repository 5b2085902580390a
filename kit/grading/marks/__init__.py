"""From raw points to a mark: components, what people decide, penalties, lateness."""
