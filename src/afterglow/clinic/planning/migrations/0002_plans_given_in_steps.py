"""A plan may be given in steps: their shape and amounts as data. Without them, at one rate."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0001_proposals_and_signed_plans'),
    ]

    operations = [
        migrations.AddField(
            model_name='plan',
            name='shape',
            field=models.JSONField(
                blank=True,
                help_text="{'profile': ..., 'steps': [{'amount_mg', 'lasts_min'}]}; without it, one rate",
                null=True,
            ),
        ),
    ]
