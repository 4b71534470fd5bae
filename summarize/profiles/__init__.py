"""What outlets do over many stories, beside the others that tell the same ones."""
