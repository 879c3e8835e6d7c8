"""Every partner's terms side by side: what rivals pay on the same goods, and which measure makes the difference."""
