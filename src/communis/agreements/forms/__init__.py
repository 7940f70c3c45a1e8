"""What a person may type about conventions."""
