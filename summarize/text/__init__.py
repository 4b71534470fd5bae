"""The text itself, never changed: spans, sentences, roles, anchors to hold claims to. English where words matter."""
