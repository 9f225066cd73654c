"""From trace to meaning: measures, statistics, tables, figures, chronologies."""
