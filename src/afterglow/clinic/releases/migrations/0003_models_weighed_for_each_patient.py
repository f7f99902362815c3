"""Which models of the library plan for patients. One signed before names none: the default alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0002_a_version_may_be_signed_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='modelrelease',
            name='structures',
            field=models.JSONField(
                blank=True,
                help_text='Ids of the models weighed for each patient; without them, the default alone',
                null=True,
            ),
        ),
    ]
