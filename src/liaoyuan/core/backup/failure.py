"""What may go wrong with a backup, as a sentence for the operator."""


class BackupError(Exception):
    """A backup cannot be made, read or restored. The message says what is wrong and, where it helps, what to do."""
