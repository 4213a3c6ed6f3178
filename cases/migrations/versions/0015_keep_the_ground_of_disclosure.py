"""Keep on what ground a provider may read content, the decision behind it, and the most that may be shown there."""

import sqlalchemy as sa
from alembic import op

revision = "0015_keep_the_ground"
down_revision = "0014_chain_the_account"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("disclosure_basis", sa.String(24)))
    op.add_column("unit", sa.Column("disclosure_ref", sa.String(80)))
    op.add_column("unit", sa.Column("mode_cap", sa.String(8)))


def downgrade() -> None:
    op.drop_column("unit", "mode_cap")
    op.drop_column("unit", "disclosure_ref")
    op.drop_column("unit", "disclosure_basis")
