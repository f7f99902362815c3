"""What the model proposed, what a person signed, and who else agreed, as guarded facts."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('record', '0001_chain_and_guards'),
        ('people', '0001_staff_and_patients'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('session_number', models.PositiveIntegerField()),
                ('planned_for', models.DateField()),
                ('drug', models.CharField(max_length=12)),
                ('route', models.CharField(max_length=16)),
                ('amount_mg', models.FloatField(help_text='mg of base')),
                ('duration_min', models.FloatField()),
                ('weight_kg', models.FloatField(help_text='The weight the dose was reckoned for')),
                ('concentration_mg_per_ml', models.FloatField()),
                ('made_up_to_ml', models.FloatField()),
                ('baseline', models.JSONField(help_text='core.body.Baseline, as the plan assumed it')),
                ('limits', models.JSONField(help_text='core.dosing.propose.Limits in force at signing')),
                ('series', models.JSONField(help_text='Days of the visits still to come, ISO dates')),
                ('differs_because', models.TextField(blank=True, help_text="Why the signer left the model's proposal")),
                ('needs_second', models.BooleanField(help_text='Not usable until a second prescriber signs too')),
                ('signed_as', models.CharField(help_text='Printed name of the signer', max_length=120)),
                ('policy_version', models.CharField(max_length=40)),
                ('model_version', models.CharField(max_length=40)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='planning.plan')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Countersignature',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('signed_as', models.CharField(max_length=120)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='planning.countersignature')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='countersignature', to='planning.plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('session_number', models.PositiveIntegerField()),
                ('inputs', models.JSONField(help_text='planning.inputs.Inputs')),
                ('result', models.JSONField(help_text="{'proposal': ...} or {'refusal': ...}")),
                ('policy_version', models.CharField(max_length=40)),
                ('model_version', models.CharField(max_length=40)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='planning.proposal')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='plan',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='planning.proposal'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['patient', '-happened_at'], name='proposal_by_time'),
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(fields=['patient', '-happened_at'], name='plan_by_time'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('amount_mg__gt', 0), ('duration_min__gt', 0), ('weight_kg__gt', 0)), name='plan_gives_something_over_some_time'),
        ),
        migrations.RunSQL("SELECT record_guard('planning_proposal')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('planning_plan')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('planning_countersignature')", migrations.RunSQL.noop),
    ]
