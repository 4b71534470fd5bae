"""Who does many things at a time. A runner draws work lazily, and gives back each result as it is done."""
