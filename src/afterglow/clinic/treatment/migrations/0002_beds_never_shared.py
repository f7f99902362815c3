"""Two sessions never share a bed, not even in the past: a late reading must find one patient."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("treatment", "0001_sessions_and_alarms")]

    operations = [
        BtreeGistExtension(),
        migrations.AddConstraint(
            model_name="session",
            constraint=ExclusionConstraint(
                name="one_session_in_a_bed_at_a_time",
                expressions=[
                    ("bed", "="),
                    (
                        models.Func(
                            "started_at",
                            "ended_at",
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
            ),
        ),
    ]
