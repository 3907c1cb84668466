"""A specialist's side: routing, worklist, claim, opinion."""
