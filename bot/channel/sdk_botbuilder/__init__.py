"""botbuilder, the default SDK. Its types, and msrest's, are known here and nowhere else."""
