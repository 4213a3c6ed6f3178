"""microsoft-agents, botbuilder's successor. Its types are known here and nowhere else."""
