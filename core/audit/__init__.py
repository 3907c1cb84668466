"""Who did what, when, to which patient; append-only and chained."""
