"""A rate says which step of the signed plan it follows. Without one, a person set it by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chart', '0001_facts_of_the_body'),
    ]

    operations = [
        migrations.AddField(
            model_name='dosegiven',
            name='plan_step',
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text='The step of the signed plan that this rate follows; without it, set by hand',
                null=True,
            ),
        ),
    ]
