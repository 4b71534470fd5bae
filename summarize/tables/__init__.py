"""Results as tidy tables: one row a finding, documented columns, the words that prove it in each."""
